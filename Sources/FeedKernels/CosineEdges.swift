// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// How alike accounts are in what they share, exactly, for each pair with a thing in common.
///
/// All similarities are computed row by row, twice: to count them, and to keep those that are
/// declared. Spec: `docs/spec/similarity.md`, section 1.
package struct CosineEdges: Sendable {
    /// The declared edges, in byte order of their accounts.
    package let edges: [CosineEdge]
    /// How many edges there are.
    package let edgeCount: Int
    /// The least similarity of a declared edge; the quantile of the rule.
    package let threshold: Double
    /// The accounts that were compared, in byte order.
    package let accounts: [UInt32]
    /// How many things they were compared by.
    package let objectCount: Int
    /// The centrality of ``accounts``.
    package let centrality: EigenvectorCentrality
    /// The least centrality of an account that is not pruned.
    package let centralityMin: Double

    private static let blockCount = 256

    /// Compares.
    ///
    /// Sums run in the order of things: the same bits with any number of cores.
    ///
    /// - Throws: `.tooManySimilar` before more products are made, or edges kept, than the rule
    ///   allows.
    /// - Complexity: O(Σ k²) time for k sharers of a thing; memory for accounts, shares and
    ///   declared edges.
    package init(
        of shares: ShareTable,
        by rule: CosineRule,
        cores: Cores
    ) throws(FeedKernelError) {
        let vectors = CosineVectors(of: shares, by: rule)
        guard let productCount = vectors.productCount, productCount <= rule.productCountMax else {
            throw .tooManySimilar(limit: rule.productCountMax)
        }
        let centrality = EigenvectorCentrality(of: vectors, cores: cores)
        let least = rule.pruneBelow.map { Quantile.of(centrality.values, $0 / 100) } ?? 0
        let isPruned = centrality.values.map { $0 < least }
        let counts = Self.histogram(vectors, rule.minimumSimilarity, cores)
        let edgeCount = counts.reduce(0, +)
        let quantile = Quantile(of: edgeCount, rule.edgeWeightQuantile)
        // All edges that may be declared, and those of the bin in which the threshold lies.
        let floor = rule.edgeWeightQuantile == 0 ? 0 : Self.bin(in: counts, of: quantile.lower)
        let found = try Self.edges(vectors, rule, cores) { row, other, similarity in
            Self.bin(of: similarity) >= floor
                && (floor > 0 || !isPruned[row] && !isPruned[other])
        }
        var threshold = 0.0
        if floor > 0 {
            threshold = quantile.value(
                of: found.map(\.edge.similarity),
                skipping: counts[..<floor].reduce(0, +)
            )
        }
        edges = found.compactMap { row, other, edge in
            edge.similarity >= threshold && !isPruned[row] && !isPruned[other] ? edge : nil
        }
        self.edgeCount = edgeCount
        self.threshold = threshold
        self.centrality = centrality
        centralityMin = least
        accounts = vectors.accounts
        objectCount = (1..<vectors.sharerStarts.count)
            .count { vectors.sharerStarts[$0] > vectors.sharerStarts[$0 - 1] }
    }

    // MARK: Bins

    /// Similarities from 2^-60 on in steps of a 4096th, lighter ones in the first.
    private static func bin(of similarity: Double) -> Int {
        max(0, Int(similarity.bitPattern >> 40) - (1023 - 60) << 12)
    }

    private static let binCount = (60 << 12) + 1

    /// How many edges each bin has.
    private static func histogram(
        _ vectors: CosineVectors,
        _ minimum: Double,
        _ cores: Cores
    ) -> [Int] {
        let counts = Mutex([Int](repeating: 0, count: binCount))
        _ = cores.map(blockCount) { index in
            var own = [Int](repeating: 0, count: binCount)
            vectors.forEachPair(from: block(index, vectors)) { _, _, similarity, _ in
                if similarity >= minimum { own[bin(of: similarity)] += 1 }
            }
            counts.withLock { sums in for bin in own.indices { sums[bin] += own[bin] } }
        }
        return counts.withLock { $0 }
    }

    /// The bin of the value with so many before it.
    private static func bin(in counts: [Int], of place: Int) -> Int {
        var before = 0
        for (bin, count) in counts.enumerated() {
            before += count
            if before > place { return bin }
        }
        return 0
    }

    private static func block(_ index: Int, _ vectors: CosineVectors) -> Range<Int> {
        let count = vectors.accounts.count
        let size = count / blockCount + 1
        return min(index * size, count)..<min((index + 1) * size, count)
    }

    // MARK: Edges

    private typealias Placed = (row: Int, other: Int, edge: CosineEdge)

    private static func edges(
        _ vectors: CosineVectors,
        _ rule: CosineRule,
        _ cores: Cores,
        where isKept: @Sendable (_ row: Int, _ other: Int, _ similarity: Double) -> Bool
    ) throws(FeedKernelError) -> [Placed] {
        let total = Mutex(0)
        let parts = try cores.map(blockCount) { index throws(FeedKernelError) in
            var edges: [Placed] = []
            for row in block(index, vectors) {
                var added: [Placed] = []
                vectors.forEachPair(from: row..<(row + 1)) { row, other, similarity, common in
                    guard similarity >= rule.minimumSimilarity, isKept(row, other, similarity)
                    else { return }
                    let edge = CosineEdge(
                        from: vectors.accounts[row],
                        to: vectors.accounts[other],
                        commonCount: common,
                        similarity: similarity
                    )
                    added.append((row, other, edge))
                }
                added.sort { $0.other < $1.other }
                edges += added
                let hasRoom = total.withLock { sum in
                    sum += added.count
                    return sum <= rule.edgeCountMax
                }
                guard hasRoom else { throw .tooManySimilar(limit: rule.edgeCountMax) }
            }
            return edges
        }
        return Array(parts.joined())
    }
}
