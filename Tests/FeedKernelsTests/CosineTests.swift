// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FeedKernels
import Testing

/// What `feed-similarity.txtar` cannot see: cores and limits.
@Suite struct CosineTests {
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func everyBitIsTheSameOnAnyNumberOfCores(seed: UInt64) throws {
        let shares = try Self.shares(seed: seed, accountCount: 700)
        let rule = try CosineRule(minimumParticipation: 3, edgeWeightQuantile: 0.9)
        let one = try CosineEdges(of: shares, by: rule, cores: .single)
        let many = try CosineEdges(of: shares, by: rule, cores: .parallel)
        #expect(one.edges.count > 1000, "seed \(seed)")
        #expect(one.edges == many.edges, "seed \(seed)")
        #expect(one.threshold == many.threshold, "seed \(seed)")
        #expect(one.centrality.values == many.centrality.values, "seed \(seed)")
        #expect(one.centrality.values.contains { $0 > 0 }, "seed \(seed)")
    }

    @Test func accountsThatShareTheSameAreOneAndNeverMore() throws {
        var rows = "object_id,account_id,content_id,timestamp_share\n"
        for index in 0..<90 { rows += "o\(index % 30),a\(index / 30),c\(index),100\n" }
        let shares = try read(Array(rows.utf8)).shares
        let rule = try CosineRule(edgeWeightQuantile: 0)
        let found = try CosineEdges(of: shares, by: rule, cores: .single)
        #expect(found.edges.map(\.commonCount) == [30, 30, 30])
        #expect(found.edges.allSatisfy { $0.similarity > 1 - 1e-12 && $0.similarity <= 1 })
        let third = (1.0 / 3).squareRoot()
        #expect(found.centrality.values.allSatisfy { abs($0 - third) < 1e-9 })
    }

    @Test func tooMuchIsRefusedWhetherItIsWorkOrEdges() throws {
        var rows = "object_id,account_id,content_id,timestamp_share\n"
        for content in 0..<100 { rows += "o,a\(content),c\(content),100\n" }
        let shares = try read(Array(rows.utf8)).shares
        #expect(throws: FeedKernelError.tooManySimilar(limit: 4949)) {
            let rule = try CosineRule(minimumParticipation: 1, productCountMax: 4949)
            return try CosineEdges(of: shares, by: rule, cores: .single)
        }
        #expect(throws: FeedKernelError.tooManySimilar(limit: 4949)) {
            let rule = try CosineRule(minimumParticipation: 1, edgeCountMax: 4949)
            return try CosineEdges(of: shares, by: rule, cores: .parallel)
        }
        let rule = try CosineRule(
            minimumParticipation: 1,
            edgeCountMax: 4950,
            productCountMax: 4950
        )
        #expect(try CosineEdges(of: shares, by: rule, cores: .parallel).edges.count == 4950)
    }

    @Test(arguments: [-0.1, 1.1, .nan, .infinity])
    func whatIsNoPartIsRefused(value: Double) {
        #expect(throws: FeedKernelError.parameterOutOfRange("edge-weight")) {
            try CosineRule(edgeWeightQuantile: value)
        }
        #expect(throws: FeedKernelError.parameterOutOfRange("min-similarity")) {
            try CosineRule(minimumSimilarity: value)
        }
        #expect(throws: FeedKernelError.parameterOutOfRange("prune-below")) {
            try CosineRule(pruneBelow: value * 100)
        }
    }

    private static func shares(seed: UInt64, accountCount: Int) throws -> ShareTable {
        var generator = SeededGenerator(seed: seed)
        var rows = "object_id,account_id,content_id,timestamp_share\n"
        for content in 0..<(accountCount * 9) {
            let object = Int.random(in: 0...200, using: &generator)
            let account = Int.random(in: 0..<accountCount, using: &generator)
            rows += "o\(object * object / 300),a\(account),c\(content),\(content)\n"
        }
        return try read(Array(rows.utf8)).shares
    }
}
