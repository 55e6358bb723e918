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
    static func firstRows(_ shares: ShareTable) -> [Bool] {
        var isNamed = [Bool](repeating: false, count: shares.contents.count)
        var isNamedAgain = isNamed
        for content in shares.content {
            if isNamed[Int(content)] { isNamedAgain[Int(content)] = true }
            isNamed[Int(content)] = true
        }
        // Most messages share one thing in one row, and need not be remembered.
        var seen: Set<UInt64> = []
        return (0..<shares.count).map { row in
            let content = shares.content[row]
            guard isNamedAgain[Int(content)] else { return true }
            return seen.insert(UInt64(content) << 32 | UInt64(shares.object[row])).inserted
        }
    }

    /// Counts messages into edges.
    static func edges(
        _ found: [ToolkitMeetings],
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

/// Messages of one account that another one met.
struct ToolkitMeetings: Sendable {
    /// The account whose message it is, and the other one, in the upper and the lower half.
    var ends: [UInt64] = []
    /// The messages.
    var contents: [UInt32] = []
}

/// The shares of a range of objects, sorted by object and time.
private struct ToolkitSweep: Sendable {
    private let windowSeconds: Int64
    private let object: [UInt32]
    private let time: [Int64]
    private let account: [UInt32]
    private let content: [UInt32]
    /// How many pairs of shares lie within the window, each in both directions.
    let pairCount: Int

    init(
        _ shares: ShareTable,
        objects: Range<UInt32>,
        isCounted: [Bool],
        _ windowSeconds: Int64
    ) {
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
        object = rows.map { shares.object[Int($0)] }
        time = rows.map { shares.time[Int($0)] }
        account = rows.map { shares.account[Int($0)] }
        content = rows.map { shares.content[Int($0)] }
        pairCount = Self.countPairs(object, time, windowSeconds)
    }

    private static func countPairs(
        _ object: [UInt32],
        _ time: [Int64],
        _ windowSeconds: Int64
    ) -> Int {
        var count = 0
        var first = 0
        for place in 0..<object.count {
            while object[first] != object[place] || time[place] - time[first] > windowSeconds {
                first += 1
            }
            count += 2 * (place - first)
        }
        return count
    }

    /// Each message with each account that met it, once.
    func meetings(accountCount: Int) -> ToolkitMeetings {
        var meetings = ToolkitMeetings()
        var seenAt = [UInt32](repeating: .max, count: accountCount)
        var first = 0
        for place in 0..<object.count {
            while object[first] != object[place] || time[place] - time[first] > windowSeconds {
                first += 1
            }
            var other = first
            while other < object.count, object[other] == object[place],
                time[other] - time[place] <= windowSeconds
            {
                let target = account[other]
                if target != account[place], seenAt[Int(target)] != UInt32(place) {
                    seenAt[Int(target)] = UInt32(place)
                    meetings.ends.append(UInt64(account[place]) << 32 | UInt64(target))
                    meetings.contents.append(content[place])
                }
                other += 1
            }
        }
        return meetings
    }
}
