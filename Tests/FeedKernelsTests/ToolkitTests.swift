// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FeedKernels
import Foundation
import Testing

/// The toolkit's own tables on real data, and `../shared/tools/feed/ref_coshare.py` on random
/// shares.
@Suite struct ToolkitTests {
    private static let tool = Outside.shared.appending(path: "tools/feed/ref_coshare.py")
    private static let russian = "data/russian_coord_tweets"

    @Test(arguments: [(Int64(10), 1), (60, 1), (60, 2), (300, 2)])
    func agreesWithTheToolkitOnRussianRetweets(window: Int64, weight: Int) throws {
        let folder = "\(Self.russian)/expected/toolkit_coretweet_w\(window)_mew\(weight)"
        guard let csv = try Outside.bytes("\(Self.russian)/russian_coord_tweets.csv"),
            let table = try Outside.bytes("\(folder)/edges_directed.csv")
        else { return }
        let theirs = String(decoding: table, as: UTF8.self).split(whereSeparator: \.isNewline)
            .dropFirst().map { $0.split(separator: ",").prefix(3).joined(separator: ",") }
        let ours = try Self.edges(csv, window, weight, .parallel)
        #expect(ours.count > 10)
        #expect(ours == theirs.sorted { Array($0.utf8).lexicographicallyPrecedes($1.utf8) })
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8, 9, 10])
    func agreesWithReferenceOnRandomShares(seed: UInt64) throws {
        guard try Outside.bytes("tools/feed/ref_coshare.py") != nil else { return }
        var generator = SeededGenerator(seed: seed)
        let window: Int64 = [0, 1, 10, 60].randomElement(using: &generator) ?? 10
        let weight = Int.random(in: 1...3, using: &generator)
        var rows = "object_id,account_id,content_id,timestamp_share\n"
        for content in 0..<400 {
            let object = Int.random(in: 0...12, using: &generator)
            let account = Int.random(in: 0...25, using: &generator)
            let time = 1_700_000_000 + Int.random(in: 0...900, using: &generator)
            rows += "o\(object),a\(account),c\(content % 380),\(time)\n"
        }
        let csv = Array(rows.utf8)
        let expected = try #require(try reference(csv, window, weight))
        #expect(try Self.edges(csv, window, weight, .parallel) == expected, "seed \(seed)")
        #expect(try Self.edges(csv, window, weight, .single) == expected, "seed \(seed)")
    }

    @Test func aMessageOfSeveralLinksMeetsAnAccountOnce() throws {
        let csv = """
            object_id,account_id,content_id,timestamp_share
            l1,ana,1,100
            l2,ana,1,100
            l1,eva,2,130
            l2,eva,3,90
            l2,eva,3,91
            """
        let edges = try Self.edges(Array((csv + "\n").utf8), 60, 1, .single)
        #expect(edges == ["ana,eva,1", "eva,ana,2"])
    }

    @Test func tooManyMeetingsAreRefusedBeforeTheyAreHeld() throws {
        var rows = "object_id,account_id,content_id,timestamp_share\n"
        for content in 0..<100 { rows += "o,a\(content),c\(content),100\n" }
        let shares = try read(Array(rows.utf8)).shares
        let rule = try ToolkitRule(pairCountMax: 9899)
        #expect(throws: FeedKernelError.tooManyPairs(limit: 9899)) {
            try ToolkitEdges(of: shares, rule: rule, cores: .single)
        }
        #expect(throws: FeedKernelError.parameterOutOfRange("min-weight")) {
            try ToolkitRule(minimumWeight: 0)
        }
    }

    /// `source,target,weight`, in byte order.
    private static func edges(
        _ csv: [UInt8],
        _ window: Int64,
        _ weight: Int,
        _ cores: Cores
    ) throws -> [String] {
        let shares = try read(csv).shares
        let rule = try ToolkitRule(windowSeconds: window, minimumWeight: weight)
        return try ToolkitEdges(of: shares, rule: rule, cores: cores).edges.map { edge in
            let accounts = shares.accounts
            return "\(accounts.text(edge.source)),\(accounts.text(edge.target)),\(edge.weight)"
        }
    }

    private func reference(_ csv: [UInt8], _ window: Int64, _ weight: Int) throws -> [String]? {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // What cannot be removed is left in a temporary place.
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = folder.appending(path: "in.csv")
        try Data(csv).write(to: input)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", Self.tool.path, "toolkit", input.path, folder.path, "\(window)", "\(weight)",
            "link",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        let table = try String(
            contentsOf: folder.appending(path: "edges_directed.csv"),
            encoding: .utf8
        )
        return table.split(separator: "\n").dropFirst().map(String.init)
    }
}
