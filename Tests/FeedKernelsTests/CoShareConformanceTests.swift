// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FeedKernels
import Foundation
import Testing

/// CooRTweet 2.1.3's own tables on real data, byte for byte.
@Suite struct CoShareConformanceTests {
    private static let russian = "data/russian_coord_tweets"
    private static let german = "data/german_elections"

    @Test(arguments: [Int64(10), 60, 300])
    func agreesWithCooRTweetOnRussianRetweets(window: Int64) throws {
        guard let csv = try Outside.bytes("\(Self.russian)/russian_coord_tweets.csv") else {
            return
        }
        let folder = "\(Self.russian)/expected/coortweet_w\(window)_mp2_ew0.5"
        let tables = try Tables(csv, window: window, cores: .parallel)
        try expect(tables.pairs, "\(folder)/pairs.csv")
        try expect(tables.edges, "\(folder)/edges_canonical.csv")
        try expect(tables.accounts, "\(folder)/account_stats.csv")
        try expect(tables.objects, "\(folder)/group_stats.csv")
    }

    @Test(arguments: ["url", "phash"])
    func agreesWithCooRTweetOnGermanElections(kind: String) throws {
        guard let csv = try Outside.bytes("\(Self.german)/shares_\(kind).csv") else { return }
        let folder = "\(Self.german)/expected/coortweet_\(kind)_w60_mp2_ew0.5"
        let tables = try Tables(csv, window: 60, cores: .parallel)
        try expect(tables.pairs, "\(folder)/pairs.csv")
        try expect(tables.edges, "\(folder)/edges_canonical.csv")
    }

    @Test func agreesWithCooRTweetOnItsFastNetwork() throws {
        guard let csv = try Outside.bytes("\(Self.russian)/russian_coord_tweets.csv") else {
            return
        }
        let folder = "\(Self.russian)/expected/coortweet_w60_fast10_mp2_ew0.5"
        let tables = try Tables(csv, window: 60, fast: 10, cores: .parallel)
        try expect(tables.pairs, "\(folder)/pairs.csv")
        try expect(tables.edges, "\(folder)/edges_canonical.csv")
        try expect(tables.accounts, "\(folder)/account_stats.csv")
        #expect(tables.context == Self.context(ofEdges: tables.edges))
        #expect(try tables == Tables(csv, window: 60, fast: 10, cores: .reversed))
        #expect(throws: FeedKernelError.parameterOutOfRange("fast")) {
            try Tables(csv, window: 60, fast: 60)
        }
    }

    /// The context of the fast network, by the table of edges alone.
    private static func context(ofEdges table: String) -> String {
        let rows = table.split(separator: "\n").dropFirst().map { row in
            row.split(separator: ",", omittingEmptySubsequences: false)
        }
        let fast = Set(rows.filter { $0[13] == "1" }.flatMap { [$0[0], $0[1]] })
        var context = fast
        for row in rows where fast.contains(row[0]) || fast.contains(row[1]) {
            context.formUnion([row[0], row[1]])
        }
        let lines = context.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { account in
            "\(account),\(fast.contains(account) ? 1 : 0)"
        }
        return (["account_id,color_v"] + lines).map { $0 + "\n" }.joined()
    }

    @Test func resultDependsNeitherOnWorkersNorOnPieces() throws {
        guard let csv = try Outside.bytes("\(Self.russian)/russian_coord_tweets.csv") else {
            return
        }
        let tables = try Tables(csv, window: 60)
        #expect(try tables == Tables(csv, window: 60, cores: .parallel, pieceSize: 4099))
        #expect(try tables == Tables(csv, window: 60, cores: .reversed, pieceSize: 1 << 20))
    }

    private func expect(_ text: String, _ path: String) throws {
        guard let bytes = try Outside.bytes(path) else { return }
        let expected = String(decoding: bytes, as: UTF8.self)
        // Compared line by line, so that a failure names the line and not a megabyte.
        let pairs = zip(text.split(separator: "\n"), expected.split(separator: "\n"))
        for (line, (ours, theirs)) in pairs.enumerated() where ours != theirs {
            Issue.record("\(path):\(line + 1): \(ours) instead of \(theirs)")
            return
        }
        #expect(text == expected, "\(path): other length")
    }
}
