// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed
import FeedKernels
import Foundation
import Storage
import Testing

@Suite struct DatasetTests {
    private static let header = "object_id,account_id,content_id,timestamp_share\n"

    private func edges(_ shares: ShareTable) throws -> String {
        let rule = try CoShareRule(windowSeconds: 60)
        let found = try CoSharePairs(of: shares, rule: rule, cores: .allCores)
        let network = CoShareEdges(of: found, cores: .allCores)
        var text = ""
        CoShareTables(found, network, cores: .allCores)
            .writeEdges { text += String(decoding: $0, as: UTF8.self) }
        return text
    }

    @Test func detectionFromADatasetEqualsCooRTweet() throws {
        let folder = "data/russian_coord_tweets"
        guard let csv = try FeedFixture.shared("\(folder)/russian_coord_tweets.csv"),
            let expected = try FeedFixture.shared(
                "\(folder)/expected/coortweet_w60_mp2_ew0.5/edges_canonical.csv"
            )
        else { return }
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            let report = try FeedFixture.add(csv, to: dataset)
            #expect(report.recordCount == 35_125)
            #expect(report.sharesAdded == 35_125)
            #expect(try edges(dataset.shares()) == String(decoding: expected, as: UTF8.self))
            let again = try FeedFixture.add(csv, to: dataset)
            #expect(again.sharesAdded == 0)
            #expect(again.postsAdded == 0)
            #expect(again.digest == report.digest)
        }
    }

    @Test func equalRecordsOfOneFileCountApart() throws {
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            let csv = Array((Self.header + "o,a,1,5\no,a,1,5\no,b,2,6\n").utf8)
            #expect(try FeedFixture.add(csv, to: dataset).sharesAdded == 3)
            #expect(try FeedFixture.add(csv, to: dataset).sharesAdded == 0)
            let more = Array((Self.header + "o,a,1,5\no,c,3,7\n").utf8)
            #expect(try FeedFixture.add(more, to: dataset).sharesAdded == 1)
            #expect(try dataset.shares().count == 4)
        }
    }

    @Test func malformedFilesLeaveTheDatasetAsItWas() throws {
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            let csv = Array((Self.header + "o,a,1,5\no,b,2,x\n").utf8)
            let fault = CSVFault(line: 3, column: 7, field: "timestamp_share", expected: .time)
            #expect(throws: FeedError.input(.csv(fault))) {
                try FeedFixture.add(csv, to: dataset)
            }
            #expect(try dataset.summary() == Dataset.Summary())
            let report = try FeedFixture.add(csv, to: dataset, isLenient: true)
            #expect(report.sharesAdded == 1)
            #expect(report.skippedCount == 1)
            #expect(report.faults == [fault])
        }
    }

    @Test func postsKeepTheirTextPlaceAndReactions() throws {
        let csv = """
            post_id,account_id,time,text,place,likes,image,paid,shared_object
            p1,a,2026-11-21 00:00:00,"Hola, ¿""qué"" tal?
            #Aviso #aviso https://e.example/x.",Cerro,7,1,1,o

            """
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            try FeedFixture.add(Array(csv.utf8), to: dataset, pieceSize: 7)
            let post = try #require(try dataset.posts().first)
            #expect(post.text.contains("\"qué\""))
            #expect(post.place == "Cerro")
            #expect(post.likes == 7)
            #expect(post.hasImage && post.isPaid)
            #expect(post.time == 1_795_219_200)
            let summary = try dataset.summary()
            #expect(summary.hashtagCount == 1)
            #expect(summary.linkCount == 1)
            #expect(summary.shareCount == 1)
            #expect(FeedPost.links(in: "https://e.example/x.") == ["https://e.example/x"])
        }
    }

    @Test func refusesWhatIsNoDataset() throws {
        try FeedFixture.withDataset { path in
            try Data("object_id\n".utf8).write(to: URL(filePath: path))
            #expect(throws: FeedError.dataset(.notADatabase)) {
                try Dataset(path: path, isCreated: true)
            }
        }
        try FeedFixture.withDataset { path in
            #expect(throws: FeedError.dataset(.cannotOpen)) {
                try Dataset(path: path, isCreated: false)
            }
        }
    }

    @Test func namesFormatsAndColumnsThatAreMissing() throws {
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            #expect(throws: FeedError.unknownFormat) {
                try FeedFixture.add(Array("a,b\n1,2\n".utf8), to: dataset)
            }
            #expect(throws: FeedError.input(.missingColumns(["text"]))) {
                let csv = Array("post_id,account_id,time\n".utf8)
                try FeedFixture.add(csv, to: dataset, format: .posts)
            }
            #expect(throws: FeedError.input(.emptyFile)) { try FeedFixture.add([], to: dataset) }
        }
    }

    @Test func equalRecordsAreCountedWhereAPostIsNewAndWhereItIsKnown() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var chance = TestGenerator(state: seed)
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            var known: [String: Int] = [:]
            for _ in 0..<20 {
                var rows: [String] = []
                for _ in 0..<Int.random(in: 0...60, using: &chance) {
                    let numbers = (0..<4).map { _ in Int.random(in: 0...2, using: &chance) }
                    rows.append("o\(numbers[0]),a\(numbers[1]),\(numbers[2]),\(numbers[3])")
                }
                let counts = Dictionary(rows.map { ($0, 1) }, uniquingKeysWith: +)
                let added = counts.reduce(0) { $0 + max(0, $1.value - known[$1.key, default: 0]) }
                known.merge(counts, uniquingKeysWith: max)
                let csv = Array((Self.header + rows.joined(separator: "\n")).utf8)
                #expect(try FeedFixture.add(csv, to: dataset).sharesAdded == added)
            }
            #expect(try dataset.shares().count == known.values.reduce(0, +))
        }
    }

    @Test func namesAreComparedAsBytes() throws {
        // Swift takes these two spellings of one letter for equal.
        let (short, long) = ("\u{e9}", "e\u{301}")
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            let rows = "\(short),\(short),1,5\n\(long),\(long),2,6\n"
            try FeedFixture.add(Array((Self.header + rows).utf8), to: dataset)
            let shares = try dataset.shares()
            #expect(shares.accounts.count == 2)
            #expect(shares.objects.count == 2)
        }
    }

    @Test func anAccountIsWhatItsLastRecordSays() throws {
        let csv = """
            post_id,account_id,time,text,handle,followers,paid
            p1,a,1,x,first,5,0
            p2,a,2,x,second,5,1
            p3,a,3,x,,,0
            p4,a,4,x,first,,0
            p5,b,5,x,b,1,0
            p6,b,6,x,b,1,0

            """
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            try FeedFixture.add(Array(csv.utf8), to: dataset)
            let posts = try dataset.posts()
            #expect(posts.map(\.isPaid) == [true, true, true, true, false, false])
            #expect(try dataset.summary().accountCount == 2)
        }
    }

    @Test func filesLongerThanAPieceAreReadWhole() throws {
        let rows = (0..<60_000).map { "o\($0 % 99),a\($0 % 77),\($0),\($0)\n" }.joined()
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            let csv = Array((Self.header + rows).utf8)
            let report = try FeedFixture.add(csv, to: dataset, pieceSize: csv.count)
            #expect(report.recordCount == 60_000)
            let shares = try dataset.shares()
            #expect(shares.time == (0..<60_000).map { Int64($0) })
            let fault = CSVFault(
                line: 60_002,
                column: 7,
                field: "timestamp_share",
                expected: .time
            )
            #expect(throws: FeedError.input(.csv(fault))) {
                try FeedFixture.add(csv + Array("o,a,1,x\n".utf8), to: dataset)
            }
        }
    }
}
