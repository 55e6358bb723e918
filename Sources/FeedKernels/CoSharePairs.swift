// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The pairs of shares that a rule finds, grouped by object in order of the objects' numbers and
/// within an object ordered by the older, then the newer share's time.
package struct CoSharePairs: Sendable {
    /// The shares that the pairs point into.
    package let shares: ShareTable
    /// The rule that found them.
    package let rule: CoShareRule
    /// The pairs.
    package let pairs: [SharePair]
    /// For each account whether it has enough shares.
    let isKept: [Bool]

    private static let rangeCount = 8

    /// Finds all pairs.
    ///
    /// Objects are cut into ranges of about as many shares, which are swept in parallel: each range
    /// is sorted by object and time, and every share looks ahead only as far as the window reaches.
    ///
    /// - Throws: `.tooManyPairs` before memory for them is taken.
    /// - Complexity: O(n + p), for n shares and p pairs within the window.
    package init(
        of shares: ShareTable,
        rule: CoShareRule,
        cores: Cores
    ) throws(FeedKernelError) {
        let isKept = Self.activeAccounts(shares, rule.minimumParticipation)
        let found = try Self.candidates(shares, isKept, rule, cores)
        let isParticipating = Self.participatingContents(shares, found, isKept, rule)
        self.init(found, of: shares, rule, isKept, isParticipating, cores)
    }

    /// Finds the pairs among shares of which another engine has seen to it that all accounts have
    /// enough of them, and which contents take part.
    ///
    /// - Throws: `.tooManyPairs` before memory for them is taken.
    package init(
        ofGathered shares: ShareTable,
        isParticipating: [Bool],
        rule: CoShareRule,
        cores: Cores
    ) throws(FeedKernelError) {
        let isKept = [Bool](repeating: true, count: shares.accounts.count)
        let found = try Self.candidates(shares, isKept, rule, cores)
        self.init(found, of: shares, rule, isKept, isParticipating, cores)
    }

    /// Holds no pairs but what they are about, where another engine has counted them.
    package init(countedIn shares: ShareTable, rule: CoShareRule) {
        self.shares = shares
        self.rule = rule
        isKept = [Bool](repeating: true, count: shares.accounts.count)
        pairs = []
    }

    /// Some of the pairs that were found.
    init(_ pairs: [SharePair], of whole: CoSharePairs) {
        shares = whole.shares
        rule = whole.rule
        isKept = whole.isKept
        self.pairs = pairs
    }

    /// Keeps the pairs of which a content takes part.
    private init(
        _ found: [[SharePair]],
        of shares: ShareTable,
        _ rule: CoShareRule,
        _ isKept: [Bool],
        _ isParticipating: [Bool],
        _ cores: Cores
    ) {
        let filtered = cores.map(found.count) { index in
            found[index].filter { pair in
                isParticipating[Int(shares.content[Int(pair.older)])]
                    || isParticipating[Int(shares.content[Int(pair.newer)])]
            }
        }
        self.shares = shares
        self.rule = rule
        self.isKept = isKept
        pairs = Array(filtered.joined())
    }

    /// All pairs of shares of kept accounts, range by range of objects.
    private static func candidates(
        _ shares: ShareTable,
        _ isKept: [Bool],
        _ rule: CoShareRule,
        _ cores: Cores
    ) throws(FeedKernelError) -> [[SharePair]] {
        let ranges = Partition.ranges(
            of: shares.object,
            valueCount: shares.objects.count,
            rangeCount: Self.rangeCount
        )
        let sweeps = cores.map(ranges.count) { index in
            CoShareSweep(shares, objects: ranges[index], isKept: isKept, rule.windowSeconds)
        }
        var candidateCount = 0
        for sweep in sweeps {
            let (sum, isOverflow) = candidateCount.addingReportingOverflow(sweep.candidateCount)
            guard !isOverflow, sum <= rule.pairCountMax else {
                throw .tooManyPairs(limit: rule.pairCountMax)
            }
            candidateCount = sum
        }
        return cores.map(sweeps.count) { sweeps[$0].pairs() }
    }

    /// Seconds between the two shares of a pair.
    package func delay(_ pair: SharePair) -> Int64 {
        shares.time[Int(pair.newer)] - shares.time[Int(pair.older)]
    }

    /// The first filter: accounts with enough shares.
    private static func activeAccounts(_ shares: ShareTable, _ minimum: Int) -> [Bool] {
        var counts = [Int](repeating: 0, count: shares.accounts.count)
        for account in shares.account { counts[Int(account)] += 1 }
        return counts.map { $0 >= minimum }
    }

    /// The second filter: contents that occur in pairs, of accounts with enough shares of such.
    static func participatingContents(
        _ shares: ShareTable,
        _ found: [[SharePair]],
        _ isKept: [Bool],
        _ rule: CoShareRule
    ) -> [Bool] {
        var isPaired = [Bool](repeating: false, count: shares.contents.count)
        for pairs in found {
            for pair in pairs {
                isPaired[Int(shares.content[Int(pair.older)])] = true
                isPaired[Int(shares.content[Int(pair.newer)])] = true
            }
        }
        var counts = [Int](repeating: 0, count: shares.accounts.count)
        for row in 0..<shares.count where isPaired[Int(shares.content[row])] {
            if isKept[Int(shares.account[row])] { counts[Int(shares.account[row])] += 1 }
        }
        var isParticipating = [Bool](repeating: false, count: shares.contents.count)
        for row in 0..<shares.count where isPaired[Int(shares.content[row])] {
            if counts[Int(shares.account[row])] >= rule.minimumParticipation {
                isParticipating[Int(shares.content[row])] = true
            }
        }
        return isParticipating
    }
}

/// The shares of a range of objects, sorted by object, time and order of appearance.
private struct CoShareSweep: Sendable {
    private let windowSeconds: Int64
    private let rows: [UInt32]
    private let object: [UInt32]
    private let time: [Int64]
    private let account: [UInt32]
    private let content: [UInt32]
    /// How many pairs of shares lie within the window, those of one account or content included.
    let candidateCount: Int

    init(
        _ shares: ShareTable,
        objects: Range<UInt32>,
        isKept: [Bool],
        _ windowSeconds: Int64
    ) {
        self.windowSeconds = windowSeconds
        let rows = Self.sortedRows(shares, objects, isKept)
        self.rows = rows
        object = rows.map { shares.object[Int($0)] }
        time = rows.map { shares.time[Int($0)] }
        account = rows.map { shares.account[Int($0)] }
        content = rows.map { shares.content[Int($0)] }
        candidateCount = Self.countCandidates(object, time, windowSeconds)
    }

    private static func sortedRows(
        _ shares: ShareTable,
        _ objects: Range<UInt32>,
        _ isKept: [Bool]
    ) -> [UInt32] {
        var rows: [UInt32] = []
        for row in 0..<shares.count where objects.contains(shares.object[row]) {
            if shares.isMatchable[row] && isKept[Int(shares.account[row])] {
                rows.append(UInt32(row))
            }
        }
        guard !rows.isEmpty else { return [] }
        var earliest = Timestamp.magnitudeMax
        for row in rows { earliest = min(earliest, shares.time[Int(row)]) }
        var keys = rows.map { UInt64(shares.time[Int($0)] - earliest) }
        RadixSort.sort(&keys, with: &rows)
        for (index, row) in rows.enumerated() { keys[index] = UInt64(shares.object[Int(row)]) }
        RadixSort.sort(&keys, with: &rows)
        orderTies(&rows, shares)
        return rows
    }

    /// Shares of one object at one time stand in order of their accounts' first appearance, and
    /// those of one account in order of appearance: CooRTweet groups its input by account first.
    private static func orderTies(_ rows: inout [UInt32], _ shares: ShareTable) {
        var first = 0
        while first < rows.count {
            let row = Int(rows[first])
            var last = first + 1
            while last < rows.count, shares.object[Int(rows[last])] == shares.object[row],
                shares.time[Int(rows[last])] == shares.time[row]
            {
                last += 1
            }
            if last - first > 1 {
                var keys = rows[first..<last].map {
                    UInt64(shares.account[Int($0)]) << 32 | UInt64($0)
                }
                keys.sort()
                for (offset, key) in keys.enumerated() {
                    rows[first + offset] = UInt32(truncatingIfNeeded: key)
                }
            }
            first = last
        }
    }

    private static func countCandidates(
        _ object: [UInt32],
        _ time: [Int64],
        _ windowSeconds: Int64
    ) -> Int {
        var count = 0
        var first = 0
        for row in 0..<object.count {
            while object[first] != object[row] || time[row] - time[first] > windowSeconds {
                first += 1
            }
            count += row - first
        }
        return count
    }

    /// All pairs of different accounts and contents within the window.
    func pairs() -> [SharePair] {
        var pairs: [SharePair] = []
        pairs.reserveCapacity(candidateCount)
        for older in 0..<rows.count {
            var newer = older + 1
            while newer < rows.count, object[newer] == object[older],
                time[newer] - time[older] <= windowSeconds
            {
                if account[newer] != account[older] && content[newer] != content[older] {
                    pairs.append(SharePair(older: rows[older], newer: rows[newer]))
                }
                newer += 1
            }
        }
        return pairs
    }
}

/// Cuts a range of values into parts that occur about equally often.
enum Partition {
    static func ranges(
        of values: [UInt32],
        valueCount: Int,
        rangeCount: Int
    ) -> [Range<UInt32>] {
        var counts = [Int](repeating: 0, count: valueCount)
        for value in values { counts[Int(value)] += 1 }
        let share = values.count / rangeCount + 1
        var ranges: [Range<UInt32>] = []
        var start: UInt32 = 0
        var filled = 0
        for value in 0..<UInt32(valueCount) {
            filled += counts[Int(value)]
            if filled >= share {
                ranges.append(start..<(value + 1))
                start = value + 1
                filled = 0
            }
        }
        if start < UInt32(valueCount) { ranges.append(start..<UInt32(valueCount)) }
        return ranges
    }
}
