// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What the network says of one account, as CooRTweet's `account_stats` does.
package struct AccountStatistics: Equatable, Sendable {
    /// The account.
    package var account: UInt32
    /// The mean of its edges' mean delays.
    ///
    /// Edges that agree in delay and symmetry count once.
    package var averageDelay: Double
    /// The mean of its edges' symmetry scores, counted in the same manner.
    package var averageSymmetry: Double
    /// Distinct contents of the account in pairs.
    package var contentCount: Int
}

/// What the network says of one object, as CooRTweet's `group_stats` does.
package struct ObjectStatistics: Equatable, Sendable {
    /// The object.
    package var object: UInt32
    /// Distinct accounts at the *first* end of the strong edges to which the object contributed: a
    /// group of k accounts can have 1.
    package var accountCount: Int
}

extension CoShareEdges {
    /// Statistics of each account in the network, in byte order of their identifiers.
    ///
    /// - Complexity: O(e log e) for e edges, and O(p) for p pairs.
    package func accountStatistics(of found: CoSharePairs) -> [AccountStatistics] {
        let shares = found.shares
        var measures: [UInt32: [[Double]]] = [:]
        for edge in edges {
            let measure = [edge.averageDelay, edge.symmetry]
            measures[edge.from, default: []].append(measure)
            measures[edge.to, default: []].append(measure)
        }
        let contents = pairedContents(of: found)
        var isPaired = [Bool](repeating: false, count: shares.accounts.count)
        for account in measures.keys { isPaired[Int(account)] = true }
        return shares.accounts.ranks(where: isPaired).ids.map { account in
            let distinct = Self.distinct(measures[account] ?? [])
            return AccountStatistics(
                account: account,
                averageDelay: Self.mean(distinct.map { $0[0] }),
                averageSymmetry: Self.mean(distinct.map { $0[1] }),
                contentCount: contents[Int(account)]
            )
        }
    }

    /// The measures in order, each once.
    static func distinct(_ measures: [[Double]]) -> [[Double]] {
        var distinct: [[Double]] = []
        for measure in measures.sorted(by: { $0.lexicographicallyPrecedes($1) })
        where measure != distinct.last {
            distinct.append(measure)
        }
        return distinct
    }

    /// For each account, how many distinct contents it has in pairs.
    func pairedContents(of found: CoSharePairs) -> [Int] {
        let shares = found.shares
        var isPaired = [Bool](repeating: false, count: shares.count)
        for pair in found.pairs {
            isPaired[Int(pair.older)] = true
            isPaired[Int(pair.newer)] = true
        }
        var keys: [UInt64] = []
        for row in 0..<shares.count where isPaired[row] {
            keys.append(UInt64(shares.account[row]) << 32 | UInt64(shares.content[row]))
        }
        var unused = [UInt32](repeating: 0, count: keys.count)
        RadixSort.sort(&keys, with: &unused)
        var counts = [Int](repeating: 0, count: shares.accounts.count)
        for (index, key) in keys.enumerated() where index == 0 || key != keys[index - 1] {
            counts[Int(key >> 32)] += 1
        }
        return counts
    }

    /// The mean with an error below one unit in the last place (Neumaier's summation): what R's
    /// sums in 80 bits come to.
    static func mean(_ values: [Double]) -> Double {
        var sum = 0.0
        var lost = 0.0
        for value in values {
            let next = sum + value
            lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
            sum = next
        }
        return (sum + lost) / Double(values.count)
    }

    /// Statistics of each object that contributed to a strong edge, most accounts first.
    ///
    /// - Complexity: O(n + p) for n shares and p pairs.
    package func objectStatistics(of found: CoSharePairs) -> [ObjectStatistics] {
        let shares = found.shares
        let vertices = vertexOrder(of: found)
        var strong: Set<UInt64> = []
        for edge in edges where isStrong(edge) { strong.insert(Self.key(edge.from, edge.to)) }
        var firsts: [UInt32: Set<UInt32>] = [:]
        for pair in found.pairs {
            let older = shares.account[Int(pair.older)]
            let newer = shares.account[Int(pair.newer)]
            guard strong.contains(Self.key(older, newer)) else { continue }
            let first = vertices[Int(older)] < vertices[Int(newer)] ? older : newer
            firsts[shares.object[Int(pair.older)], default: []].insert(first)
        }
        var isCounted = [Bool](repeating: false, count: shares.objects.count)
        for object in firsts.keys { isCounted[Int(object)] = true }
        let statistics = shares.objects.ranks(where: isCounted).ids.map { object in
            ObjectStatistics(object: object, accountCount: firsts[object]?.count ?? 0)
        }
        // The identifiers' order decides among equals: this sort is stable.
        return statistics.sorted { $0.accountCount > $1.accountCount }
    }

    private static func key(_ left: UInt32, _ right: UInt32) -> UInt64 {
        UInt64(min(left, right)) << 32 | UInt64(max(left, right))
    }

    /// The order in which igraph meets the accounts.
    ///
    /// First come those that are the first end of an edge, then the others, both by the earliest
    /// pair. Pairs stand by object, newest row and oldest row,
    /// all in the order of rows grouped by account.
    private func vertexOrder(of found: CoSharePairs) -> [VertexKey] {
        let shares = found.shares
        var firstRow = [UInt64](repeating: .max, count: shares.objects.count)
        func position(_ row: UInt32) -> UInt64 {
            UInt64(shares.account[Int(row)]) << 32 | UInt64(row)
        }
        for row in 0..<UInt32(shares.count) where found.isKept[Int(shares.account[Int(row)])] {
            let object = Int(shares.object[Int(row)])
            firstRow[object] = min(firstRow[object], position(row))
        }
        let ranks = shares.accounts.ranks(where: found.isKept.map { _ in true }).ranks
        var order = [VertexKey](repeating: .last, count: shares.accounts.count)
        for pair in found.pairs {
            let older = Int(shares.account[Int(pair.older)])
            let newer = Int(shares.account[Int(pair.newer)])
            let object = firstRow[Int(shares.object[Int(pair.older)])]
            let rows = (position(pair.older), position(pair.newer))
            for account in [older, newer] {
                let isFirst = ranks[account] == min(ranks[older], ranks[newer])
                let key = VertexKey(
                    isSecond: isFirst ? 0 : 1,
                    object: object,
                    later: max(rows.0, rows.1),
                    earlier: min(rows.0, rows.1)
                )
                if key < order[account] { order[account] = key }
            }
        }
        return order
    }
}

/// Where an account first appears in CooRTweet's list of edges.
private struct VertexKey: Comparable {
    static let last = VertexKey(isSecond: 2, object: .max, later: .max, earlier: .max)

    var isSecond: UInt8
    var object: UInt64
    var later: UInt64
    var earlier: UInt64

    static func < (left: VertexKey, right: VertexKey) -> Bool {
        (left.isSecond, left.object, left.later, left.earlier)
            < (right.isSecond, right.object, right.later, right.earlier)
    }
}
