// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

extension ToolkitEdges {
    private static let blockCount = 64

    /// Finds the edges between messages whose objects, as sets of words, are similar.
    ///
    /// Spec: `docs/spec/feed-dataset.md`, section 3.7.
    ///
    /// - Throws: `.tooManyPairs` before memory for them is taken.
    package init(
        ofSimilar shares: ShareTable,
        rule: ToolkitRule,
        cores: Cores
    ) throws(FeedKernelError) {
        let sweep = SimilarSweep(
            shares,
            isCounted: Self.firstRows(shares),
            near: try SimilarObjects(of: shares.objects),
            rule.windowSeconds
        )
        let size = sweep.rowCount / Self.blockCount + 1
        let blocks = (0..<Self.blockCount).map { index in
            min(index * size, sweep.rowCount)..<min((index + 1) * size, sweep.rowCount)
        }
        var pairCount = 0
        for count in cores.map(blocks.count, { sweep.pairCount(blocks[$0]) }) {
            pairCount += count
            guard pairCount <= rule.pairCountMax else {
                throw .tooManyPairs(limit: rule.pairCountMax)
            }
        }
        let found = cores.map(blocks.count) { sweep.meetings(blocks[$0]) }
        self.shares = shares
        self.rule = rule
        edges = Self.edges(found, shares, rule.minimumWeight)
    }
}

/// Messages by object and time.
private struct SimilarSweep: Sendable {
    private let shares: ShareTable
    private let near: SimilarObjects
    private let windowSeconds: Int64
    private let rows: [UInt32]
    /// For each object where its rows begin, and for the last where they end.
    private var starts: [Int]
    private let times: [Int64]

    var rowCount: Int { rows.count }

    init(
        _ shares: ShareTable,
        isCounted: [Bool],
        near: SimilarObjects,
        _ windowSeconds: Int64
    ) {
        self.shares = shares
        self.near = near
        self.windowSeconds = windowSeconds
        var rows: [UInt32] = []
        for row in 0..<shares.count where isCounted[row] { rows.append(UInt32(row)) }
        // Stable, and times may be negative.
        rows.sort { left, right in
            (shares.object[Int(left)], shares.time[Int(left)], left)
                < (shares.object[Int(right)], shares.time[Int(right)], right)
        }
        self.rows = rows
        times = rows.map { shares.time[Int($0)] }
        starts = [Int](repeating: 0, count: shares.objects.count + 1)
        for row in rows { starts[Int(shares.object[Int(row)]) + 1] += 1 }
        for object in 0..<shares.objects.count { starts[object + 1] += starts[object] }
    }

    /// Places of messages of an object that lie within the window around a time.
    private func places(of object: UInt32, around time: Int64) -> Range<Int> {
        func place(_ isBefore: (Int64) -> Bool) -> Int {
            var (low, high) = (starts[Int(object)], starts[Int(object) + 1])
            while low < high {
                let middle = (low + high) / 2
                if isBefore(times[middle]) { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let first = place { $0 < time - windowSeconds }
        return first..<max(first, place { $0 <= time + windowSeconds })
    }

    private func ranges(around place: Int) -> [Range<Int>] {
        let object = shares.object[Int(rows[place])]
        // What says nothing meets nobody.
        guard !shares.objects[object].isEmpty else { return [] }
        return ([object] + near.others[Int(object)]).map { places(of: $0, around: times[place]) }
    }

    func pairCount(_ block: Range<Int>) -> Int {
        block.reduce(0) { sum, place in
            ranges(around: place).reduce(sum) { $0 + $1.count }
        }
    }

    /// Each message with each account that met it, once.
    func meetings(_ block: Range<Int>) -> ToolkitMeetings {
        var meetings = ToolkitMeetings()
        guard !block.isEmpty else { return meetings }
        var seenAt = [UInt32](repeating: .max, count: shares.accounts.count)
        for place in block {
            let row = Int(rows[place])
            for other in ranges(around: place).joined() {
                let target = shares.account[Int(rows[other])]
                guard target != shares.account[row], seenAt[Int(target)] != UInt32(place) else {
                    continue
                }
                seenAt[Int(target)] = UInt32(place)
                meetings.ends.append(UInt64(shares.account[row]) << 32 | UInt64(target))
                meetings.contents.append(shares.content[row])
            }
        }
        return meetings
    }
}
