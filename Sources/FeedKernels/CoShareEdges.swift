// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// One edge of the co-share network.
package struct CoShareEdge: Equatable, Sendable {
    /// The account whose identifier comes first in byte order.
    package var from: UInt32
    /// The other account.
    package var to: UInt32
    /// The number of pairs.
    package var weight: UInt32
    /// Distinct contents on the older side of the pairs, whichever account they belong to.
    package var olderContentCount: UInt32
    /// Distinct contents on the newer side.
    package var newerContentCount: UInt32
    /// The sum of the pairs' delays, in seconds.
    package var delaySum: Int64

    /// The mean delay in seconds.
    package var averageDelay: Double { Double(delaySum) / Double(weight) }

    /// The smaller of the two content counts over the larger.
    package var symmetry: Double {
        let counts = (olderContentCount, newerContentCount)
        return Double(min(counts.0, counts.1)) / Double(max(counts.0, counts.1))
    }
}

/// The undirected network of accounts that co-share, its edges in byte order of their accounts.
package struct CoShareEdges: Sendable {
    /// The edges.
    package let edges: [CoShareEdge]
    /// The weight that an edge must exceed; the quantile of the rule.
    package let threshold: Double

    private static let rangeCount = 8

    /// Counts pairs into edges.
    ///
    /// - Complexity: O(p) for p pairs.
    package init(of found: CoSharePairs, cores: Cores) {
        let shares = found.shares
        var isPaired = [Bool](repeating: false, count: shares.accounts.count)
        for pair in found.pairs {
            isPaired[Int(shares.account[Int(pair.older)])] = true
            isPaired[Int(shares.account[Int(pair.newer)])] = true
        }
        let (ranks, accounts) = shares.accounts.ranks(where: isPaired)
        let rankBits = UInt64(64 - accounts.count.leadingZeroBitCount)
        let keys = Self.keys(found, ranks, rankBits, cores)
        let ranges = Partition.ranges(
            of: keys.map { UInt32(truncatingIfNeeded: $0 >> rankBits) },
            valueCount: accounts.count,
            rangeCount: Self.rangeCount
        )
        let parts = cores.map(ranges.count) { index in
            Self.edges(found, keys, rankBits, ranges[index], accounts)
        }
        edges = Array(parts.joined())
        threshold = Quantile.of(edges.map { Double($0.weight) }, found.rule.edgeWeightQuantile)
    }

    /// Takes edges that another engine has counted, in byte order of their accounts.
    package init(counted edges: [CoShareEdge], rule: CoShareRule) {
        self.edges = edges
        threshold = Quantile.of(edges.map { Double($0.weight) }, rule.edgeWeightQuantile)
    }

    /// Whether an edge is over the threshold.
    package func isStrong(_ edge: CoShareEdge) -> Bool { Double(edge.weight) > threshold }

    /// The ranks of the two accounts of each pair, the lower one in the high bits.
    private static func keys(
        _ found: CoSharePairs,
        _ ranks: [UInt32],
        _ rankBits: UInt64,
        _ cores: Cores
    ) -> [UInt64] {
        let size = found.pairs.count / rangeCount + 1
        let parts = cores.map(rangeCount) { index in
            let first = min(index * size, found.pairs.count)
            let last = min(first + size, found.pairs.count)
            return found.pairs[first..<last].map { pair in
                let older = UInt64(ranks[Int(found.shares.account[Int(pair.older)])])
                let newer = UInt64(ranks[Int(found.shares.account[Int(pair.newer)])])
                return min(older, newer) << rankBits | max(older, newer)
            }
        }
        return Array(parts.joined())
    }

    /// The edges whose first account lies in a range of ranks.
    private static func edges(
        _ found: CoSharePairs,
        _ pairKeys: [UInt64],
        _ rankBits: UInt64,
        _ range: Range<UInt32>,
        _ accounts: [UInt32]
    ) -> [CoShareEdge] {
        var keys: [UInt64] = []
        var pairs: [UInt32] = []
        let lowest = UInt64(range.lowerBound) << rankBits
        let beyond = UInt64(range.upperBound) << rankBits
        for (index, key) in pairKeys.enumerated() where key >= lowest && key < beyond {
            keys.append(key)
            pairs.append(UInt32(index))
        }
        RadixSort.sort(&keys, with: &pairs)
        var edges: [CoShareEdge] = []
        var older: [UInt32] = []
        var newer: [UInt32] = []
        let rankMask = (UInt64(1) << rankBits) - 1
        var first = 0
        while first < keys.count {
            older.removeAll(keepingCapacity: true)
            newer.removeAll(keepingCapacity: true)
            var delaySum: Int64 = 0
            var last = first
            while last < keys.count && keys[last] == keys[first] {
                let pair = found.pairs[Int(pairs[last])]
                older.append(found.shares.content[Int(pair.older)])
                newer.append(found.shares.content[Int(pair.newer)])
                delaySum += found.delay(pair)
                last += 1
            }
            edges.append(
                CoShareEdge(
                    from: accounts[Int(keys[first] >> rankBits)],
                    to: accounts[Int(keys[first] & rankMask)],
                    weight: UInt32(last - first),
                    olderContentCount: distinctCount(&older),
                    newerContentCount: distinctCount(&newer),
                    delaySum: delaySum
                )
            )
            first = last
        }
        return edges
    }

    /// Sorts the values.
    private static func distinctCount(_ values: inout [UInt32]) -> UInt32 {
        if values.count == 1 { return 1 }
        values.sort()
        var count: UInt32 = 1
        for index in 1..<values.count where values[index] != values[index - 1] { count += 1 }
        return count
    }
}
