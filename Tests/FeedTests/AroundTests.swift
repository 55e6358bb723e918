// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Feed
import FeedKernels
import SnapshotFormat
import Testing

/// Who shares what known accounts share: `docs/spec/around.md`.
@Suite struct AroundTests {
    private static let start = AccountFixture.start
    private static let day = AccountFixture.day

    /// Where the known accounts are anybody, somebody is found as seldom as was promised.
    @Test func strangersHaveNobodyAroundThem() throws {
        var found = 0
        for seed in 0..<60 {
            var society = AroundFixture(seed: UInt64(seed))
            let known = society.drawn([2, 6, 15][seed % 3])
            let near = try society.analysis(around: known).near
            if near.isEmpty { continue }
            found += 1
            print("seed \(seed): \(near)")
        }
        print("strangers: somebody near in \(found) of 60 societies")
        // Of 60 trials of probability 0.05, more than 8 come once in a thousand runs.
        #expect(found <= 8)
    }

    /// Known accounts that are all of one region, or that share a campaign which nobody else does:
    /// neither makes the people of their region suspects.
    @Test func whoIsOfTheSameRegionIsNotNear() throws {
        var found = 0
        for seed in 200..<260 {
            var society = AroundFixture(seed: UInt64(seed))
            var known: [String]
            if seed % 2 == 0 {
                known = society.drawn(8) { $0 % 2 == 0 }
            } else {
                known = (0..<8).map { "known\($0)" }
                society.campaign(known)
            }
            let near = try society.analysis(around: known).near
            if near.isEmpty { continue }
            found += 1
            print("seed \(seed): \(near)")
        }
        print("one region: somebody near in \(found) of 60 societies")
        #expect(found <= 8)
    }

    @Test func thoseAroundAreFoundAndPowerUsersAreNot() throws {
        var (hits, named, power) = (0, 0, 0)
        let seeds = 100..<120
        for seed in seeds {
            var society = AroundFixture(seed: UInt64(seed))
            let known = (0..<6).map { "known\($0)" }
            let around = (0..<10).map { "around\($0)" }
            society.campaign(known + around)
            // Those who share all day come by some of it too.
            society.campaign(["u0", "u40", "u80"], percent: 10)
            let near = Set(try society.analysis(around: known).near)
            hits += near.intersection(around).count
            named += near.count
            power += near.intersection(["u0", "u40", "u80"]).count
        }
        let recall = Double(hits) / Double(10 * seeds.count)
        let precision = Double(hits) / Double(max(1, named))
        print("planted: recall \(recall), precision \(precision), power users \(power)")
        #expect(recall >= 0.9)
        #expect(precision >= 0.9)
        #expect(power <= 2)
    }

    @Test func aNewsroomThatReportsIsNoBridge() throws {
        var society = AroundFixture(seed: 3)
        let known = (0..<6).map { "known\($0)" }
        society.campaign(known)
        society.campaign(["newsroom"], percent: 100)
        // Readers of the newsroom share what nobody else does.
        for reader in 0..<10 {
            for number in 0..<12 {
                let time = Self.start + Int64(number) * Self.day
                society.made.post("reader\(reader)", time, "https://room.example/\(number)")
                society.made.post("newsroom", time, "https://room.example/\(number)")
            }
        }
        #expect(try society.analysis(around: known).near.contains("newsroom"))
        let without = try society.analysis(around: known, trusted: ["newsroom"])
        #expect(without.near.isEmpty)
        let newsroom = try #require(without.accounts.first { $0.name == "newsroom" })
        #expect(newsroom.kind == .trusted)
        #expect((newsroom.objectCount, newsroom.score == nil) == (0, true))
    }

    @Test func whatIsSaidIsWhatWasShared() throws {
        var society = AroundFixture(seed: 11)
        let known = (0..<6).map { "known\($0)" }
        society.campaign(known + ["ally"], percent: 80)
        let analysis = try society.analysis(around: known)
        let ally = try #require(analysis.accounts.first { $0.name == "ally" })
        let near = try #require(ally.near)
        #expect((1...6).contains(near.knownCount))
        #expect(near.evidence.count == 5)
        for (place, found) in near.evidence.enumerated() {
            #expect(found.object.contains("site"))
            #expect((2...7).contains(found.accountCount))
            #expect(found.known.count < found.accountCount)
            #expect(place == 0 || found.share <= near.evidence[place - 1].share)
            for account in found.known { #expect(known.contains(analysis.accounts[account].name)) }
        }
        #expect(near.evidence.reduce(0) { $0 + $1.share } <= 1)
        #expect(near.confidence <= 0.995 && near.confidence >= 0.95)
        let table = String(decoding: analysis.accountTable, as: UTF8.self)
        let row = try #require(table.split(separator: "\n").first { $0.contains(",ally,") })
        #expect(row.contains("known accounts"))
        #expect(row.contains("cuentas conocidas"))
        #expect(!table.contains("belongs"))
        let cluster = try #require(analysis.clusters.first)
        #expect(cluster.accounts.contains { analysis.accounts[$0].name == "ally" })
        #expect(!cluster.known.isEmpty)
    }

    /// Who passes on the posts of a known account is tied to it, in the data or only named.
    @Test func passingOnTiesToTheAuthor() throws {
        for isGone in [false, true] {
            var society = AroundFixture(seed: 4)
            for number in Int64(0)..<12 {
                let time = Self.start + number * Self.day
                for reader in 0..<4 {
                    society.made.post(
                        "reader\(reader)",
                        time + 60,
                        repostOf: isGone ? "gone\(number)" : "first",
                        source: "author"
                    )
                }
            }
            society.made.post("author", Self.start)
            let analysis = try society.analysis(around: ["author"])
            let author = try #require(analysis.accounts.first { $0.name == "author" })
            #expect(author.objectCount == (isGone ? 12 : 1))
            #expect(analysis.objectCounts[1] == (isGone ? 12 : 1))
        }
    }

    @Test func theSameOnOneCoreAndOnAll() throws {
        var society = AroundFixture(seed: 9)
        let known = (0..<5).map { "known\($0)" }
        society.campaign(known + ["a", "b", "c"])
        let tables = try [Cores.single, .allCores].map { cores in
            let analysis = try society.analysis(around: known, cores: cores)
            return [
                analysis.accountTable, analysis.clusterTable, analysis.evidenceTable,
                analysis.knownTable, analysis.json.canonicalBytes,
            ]
        }
        #expect(tables[0] == tables[1])
        var rule = AroundRule()
        rule.seed = 1
        let other = try society.analysis(around: known, rule: rule)
        // The lot says who is named, never how near anybody is.
        let scores = try society.analysis(around: known).accounts.map(\.score)
        #expect(other.accounts.map(\.score) == scores)
    }

    @Test func theRegistrySaysWhoIsKnownAndWhoIsTrusted() throws {
        var society = AroundFixture(seed: 6)
        society.campaign(["member", "unsure", "source", "ally"], percent: 90)
        let known = KnownAccounts(
            snapshot: try FeedFixture.snapshot(alsoDesignated: ["elsewhere", "u3"]),
            asOf: FeedFixture.now
        )
        try society.made.withDataset { dataset in
            let analysis = try AroundAnalysis(of: dataset, around: known, cores: .allCores)
            let kinds = Dictionary(
                uniqueKeysWithValues: analysis.accounts.map { ($0.name, $0.kind) }
            )
            #expect(kinds["member"] == .designated)
            #expect(kinds["u3"] == .designated)
            #expect(kinds["source"] == .trusted)
            // A designation that is not sure is no ground for anything.
            #expect(kinds["unsure"] == .some(nil))
            #expect(analysis.missing.map(\.name) == ["elsewhere"])
            // Before and after, nobody is known.
            let late = KnownAccounts(
                snapshot: try FeedFixture.snapshot(),
                asOf: FeedFixture.now + 20 * FeedFixture.day
            )
            let empty = try AroundAnalysis(of: dataset, around: late, cores: .allCores)
            #expect((empty.designatedCount, empty.near.count) == (0, 0))
        }
    }

    @Test func badInputSaysNothingWrong() throws {
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            let known = try KnownAccounts(csv: Array("account_id\na\n".utf8))
            #expect(throws: FeedError.noPosts) {
                try AroundAnalysis(of: dataset, around: known, cores: .single)
            }
        }
        var society = AroundFixture(seed: 1)
        // One thing that everybody shares says nothing.
        for account in society.people {
            society.made.post(account, Self.start, "https://all.example/1")
        }
        #expect(try society.analysis(around: society.people).near.isEmpty)
        #expect(try society.analysis(around: ["u3"]).near.count < 5)
        let nobody = try society.analysis(around: ["x", "y"])
        #expect(nobody.missing.map(\.name) == ["x", "y"])
        #expect((nobody.designatedCount, nobody.near.count) == (0, 0))
        for text in ["a\nb\n", "account_id,class\na,friend\n", "account_id\n\"\"\n"] {
            #expect(throws: FeedError.self) { try KnownAccounts(csv: Array(text.utf8)) }
        }
        let twice = "account_id,class\na,designated\na,trusted\n"
        #expect(throws: FeedError.self) { try KnownAccounts(csv: Array(twice.utf8)) }
        let again = try KnownAccounts(csv: Array("account_id\na\na\nb\n".utf8))
        #expect(again.repeatedCount == 1)
    }

    /// A thing that only known accounts share, passed on once: that is one post.
    @Test func onePostMakesNobodyNear() throws {
        var society = AroundFixture(seed: 8)
        let known = (0..<6).map { "known\($0)" }
        society.campaign(known, percent: 90)
        let once = "https://site1.example/campaign/1 https://site2.example/campaign/2 #uno #dos"
        society.made.post("once", Self.start, once)
        let analysis = try society.analysis(around: known)
        let account = try #require(analysis.accounts.first { $0.name == "once" })
        #expect((account.objectCount, account.score) == (4, 0))
        #expect(!analysis.near.contains("once"))
    }

    @Test func tooManyScoresAreRefused() throws {
        let ties = (0..<UInt32(300_000)).map {
            SharedGraph.Tie(account: $0, object: $0 / 2, time: 0)
        }
        let graph = SharedGraph(ties, objectCount: 150_000)
        #expect(throws: FeedKernelError.tooManyPairs(limit: NearnessChance.scoreCountMax)) {
            try NearnessChance(
                in: graph,
                around: [0],
                drawCount: 1999,
                seed: 0,
                rate: 0.05,
                cores: .single
            )
        }
    }
}
