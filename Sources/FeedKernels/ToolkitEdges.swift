// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The edges that the toolkit's rule finds, in byte order of source and target.
package struct ToolkitEdges: Sendable {
    /// The shares that they were found in.
    package let shares: ShareTable
    /// The rule that found them.
    package let rule: ToolkitRule
    /// The edges.
    package let edges: [ToolkitEdge]

    private static let rangeCount = 8

    /// Finds all edges.
    ///
    /// As in the toolkit, a message counts once for each thing that it shares, and the first row
    /// of it tells when; accounts do not meet themselves.
    ///
    /// - Throws: `.tooManyPairs` before memory for them is taken.
    /// - Complexity: O(n + p), for n shares and p pairs within the window.
    package init(
        of shares: ShareTable,
        rule: ToolkitRule,
        cores: Cores
    ) throws(FeedKernelError) {
        let isCounted = Self.firstRows(shares)
        let ranges = Partition.ranges(
            of: shares.object,
            valueCount: shares.objects.count,
            rangeCount: Self.rangeCount
        )
        let sweeps = cores.map(ranges.count) { index in
            ToolkitSweep(shares, objects: ranges[index], isCounted: isCounted, rule.windowSeconds)
        }
        var pairCount = 0
        for sweep in sweeps {
            let (sum, isOverflow) = pairCount.addingReportingOverflow(sweep.pairCount)
            guard !isOverflow, sum <= rule.pairCountMax else {
                throw .tooManyPairs(limit: rule.pairCountMax)
            }
            pairCount = sum
        }
        let accountCount = shares.accounts.count
        let found = cores.map(sweeps.count) { sweeps[$0].meetings(accountCount: accountCount) }
        self.shares = shares
        self.rule = rule
        edges = Self.edges(found, shares, rule.minimumWeight)
    }

    /// Takes edges that another engine has counted, in byte order of their accounts.
    package init(counted edges: [CoShareEdge], in shares: ShareTable, rule: ToolkitRule) {
        self.shares = shares
        self.rule = rule
        self.edges = edges.map { edge in
            ToolkitEdge(source: edge.from, target: edge.to, weight: Int(edge.weight))
        }
    }

    /// Which rows count: the first one of each message and thing.
    private static func firstRows(_ shares: ShareTable) -> [Bool] {
        var seen: Set<UInt64> = []
        seen.reserveCapacity(shares.count)
        return (0..<shares.count).map { row in
            seen.insert(UInt64(shares.content[row]) << 32 | UInt64(shares.object[row])).inserted
        }
    }

    private static func edges(
        _ found: [ToolkitSweep.Meetings],
        _ shares: ShareTable,
        _ minimumWeight: Int
    ) -> [ToolkitEdge] {
        var isMarked = [Bool](repeating: false, count: shares.accounts.count)
        for part in found {
            for ends in part.ends {
                isMarked[Int(ends >> 32)] = true
                isMarked[Int(ends & 0xffff_ffff)] = true
            }
        }
        let (ranks, ids) = shares.accounts.ranks(where: isMarked)
        var keys: [UInt64] = []
        var contents: [UInt32] = []
        for part in found {
            keys += part.ends.map { ends in
                UInt64(ranks[Int(ends >> 32)]) << 32 | UInt64(ranks[Int(ends & 0xffff_ffff)])
            }
            contents += part.contents
        }
        RadixSort.sort(&keys, with: &contents)
        var edges: [ToolkitEdge] = []
        var first = 0
        while first < keys.count {
            var last = first + 1
            while last < keys.count, keys[last] == keys[first] { last += 1 }
            // A message that shares several things meets an account once.
            let weight = last - first == 1 ? 1 : Set(contents[first..<last]).count
            if weight >= minimumWeight {
                edges.append(
                    ToolkitEdge(
                        source: ids[Int(keys[first] >> 32)],
                        target: ids[Int(keys[first] & 0xffff_ffff)],
                        weight: weight
                    )
                )
            }
            first = last
        }
        return edges
    }
}

/// The shares of a range of objects, sorted by object and time.
private struct ToolkitSweep: Sendable {
    /// Messages of one account that another one met.
    struct Meetings: Sendable {
        /// The account whose message it is, and the other one, in the upper and the lower half.
        var ends: [UInt64] = []
        /// The messages.
        var contents: [UInt32] = []
    }

    private let shares: ShareTable
    private let rows: [UInt32]
    private let windowSeconds: Int64
    /// How many pairs of shares lie within the window, each in both directions.
    let pairCount: Int

    init(
        _ shares: ShareTable,
        objects: Range<UInt32>,
        isCounted: [Bool],
        _ windowSeconds: Int64
    ) {
        self.shares = shares
        self.windowSeconds = windowSeconds
        var rows: [UInt32] = []
        for row in 0..<shares.count where objects.contains(shares.object[row]) && isCounted[row] {
            // What shares nothing meets nobody.
            if !shares.objects[shares.object[row]].isEmpty { rows.append(UInt32(row)) }
        }
        let earliest = rows.map { shares.time[Int($0)] }.min() ?? 0
        var keys = rows.map { UInt64(shares.time[Int($0)] - earliest) }
        RadixSort.sort(&keys, with: &rows)
        for (index, row) in rows.enumerated() { keys[index] = UInt64(shares.object[Int(row)]) }
        RadixSort.sort(&keys, with: &rows)
        self.rows = rows
        pairCount = Self.countPairs(shares, rows, windowSeconds)
    }

    private static func countPairs(
        _ shares: ShareTable,
        _ rows: [UInt32],
        _ windowSeconds: Int64
    ) -> Int {
        var count = 0
        var first = 0
        for place in 0..<rows.count {
            let row = Int(rows[place])
            while shares.object[Int(rows[first])] != shares.object[row]
                || shares.time[row] - shares.time[Int(rows[first])] > windowSeconds
            {
                first += 1
            }
            count += 2 * (place - first)
        }
        return count
    }

    /// Each message with each account that met it, once.
    func meetings(accountCount: Int) -> Meetings {
        var meetings = Meetings()
        var seenAt = [UInt32](repeating: .max, count: accountCount)
        var first = 0
        for place in 0..<rows.count {
            let row = Int(rows[place])
            let (object, time) = (shares.object[row], shares.time[row])
            let account = shares.account[row]
            while shares.object[Int(rows[first])] != object
                || time - shares.time[Int(rows[first])] > windowSeconds
            {
                first += 1
            }
            var other = first
            while other < rows.count, shares.object[Int(rows[other])] == object,
                shares.time[Int(rows[other])] - time <= windowSeconds
            {
                let target = shares.account[Int(rows[other])]
                if target != account, seenAt[Int(target)] != UInt32(place) {
                    seenAt[Int(target)] = UInt32(place)
                    meetings.ends.append(UInt64(account) << 32 | UInt64(target))
                    meetings.contents.append(shares.content[row])
                }
                other += 1
            }
        }
        return meetings
    }
}
