// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FeedKernels
import Foundation
import Testing

/// Random small inputs against `../shared/tools/feed/ref_coshare.py`, which reproduces CooRTweet.
@Suite struct CoShareReferenceTests {
    private static let tool = Outside.shared.appending(path: "tools/feed/ref_coshare.py")

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    func agreesWithReferenceOnRandomShares(seed: UInt64) throws {
        guard try Outside.bytes("tools/feed/ref_coshare.py") != nil else { return }
        var generator = SeededGenerator(seed: seed)
        let participation = Int.random(in: 1...4, using: &generator)
        let window: Int64 = [0, 1, 10, 60].randomElement(using: &generator) ?? 10
        let quantile: Double = [0, 0.5, 0.9, 1].randomElement(using: &generator) ?? 0.5
        let csv = Self.shares(&generator)
        let tables = try Tables(
            csv,
            window: window,
            participation: participation,
            quantile: quantile,
            cores: .parallel
        )
        guard let expected = try reference(csv, window, participation, quantile) else {
            // The reference has no quantile of no edges.
            #expect(tables.pairs.split(separator: "\n").count == 1, "seed \(seed)")
            return
        }
        #expect(
            tables.pairs.split(separator: "\n").sorted()
                == expected.pairs.split(separator: "\n").sorted(),
            "seed \(seed)"
        )
        let ours = tables.edges.split(separator: "\n")
        let theirs = expected.edges.split(separator: "\n")
        #expect(ours.count == theirs.count, "seed \(seed)")
        for (left, right) in zip(ours, theirs) {
            #expect(Self.isEqual(left, right), "seed \(seed): \(left) instead of \(right)")
        }
    }

    /// Few accounts, objects and seconds, so that ties, duplicates and origins abound.
    private static func shares(_ generator: inout SeededGenerator) -> [UInt8] {
        let accountCount = Int.random(in: 2...12, using: &generator)
        let objectCount = Int.random(in: 1...6, using: &generator)
        let rowCount = Int.random(in: 1...120, using: &generator)
        let spread = Int.random(in: 1...400, using: &generator)
        var rows = ""
        for row in 0..<rowCount {
            let object = Int.random(in: 0..<objectCount, using: &generator)
            let account = Int.random(in: 0..<accountCount, using: &generator)
            let isRepeated = Int.random(in: 0..<8, using: &generator) == 0
            let isOrigin = Int.random(in: 0..<12, using: &generator) == 0
            let content =
                isOrigin
                ? "o\(object)" : "c\(isRepeated ? Int.random(in: 0...row, using: &generator) : row)"
            let time = 1_700_000_000 + Int.random(in: 0...spread, using: &generator)
            rows += "o\(object),a\(account),\(content),\(time)\n"
        }
        return csv(rows)
    }

    private func reference(
        _ csv: [UInt8],
        _ window: Int64,
        _ participation: Int,
        _ quantile: Double
    ) throws -> (pairs: String, edges: String)? {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // What cannot be removed is left in a temporary place.
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = folder.appending(path: "in.csv")
        try Data(csv).write(to: input)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", Self.tool.path, "coortweet", input.path, folder.path, "\(window)",
            "\(participation)", "\(quantile)",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return (
            try String(contentsOf: folder.appending(path: "pairs.csv"), encoding: .utf8),
            try String(contentsOf: folder.appending(path: "edges.csv"), encoding: .utf8)
        )
    }

    /// Texts alike, numbers alike to 1e-9: CooRTweet's own writer rounds the last digit otherwise.
    private static func isEqual(_ left: Substring, _ right: Substring) -> Bool {
        let fields = (left.split(separator: ","), right.split(separator: ","))
        guard fields.0.count == fields.1.count else { return false }
        return zip(fields.0, fields.1).allSatisfy { ours, theirs in
            if ours == theirs { return true }
            guard let first = Double(ours), let second = Double(theirs) else { return false }
            return abs(first - second) <= 1e-9 * max(abs(first), abs(second))
        }
    }
}
