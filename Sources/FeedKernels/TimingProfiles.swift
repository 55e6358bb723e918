// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// An hour of an object's life.
struct HourBin: Sendable {
    /// The day's place among all days of the data.
    var day: Int
    /// The hour of that day, UTC.
    var clock: Int
    /// The object's shares in that hour.
    var shares: Double
    /// The pairs of its shares within the window of which the older is in that hour.
    var pairs: Double
}

/// When each object was shared, and when and what each account shared.
struct TimingProfiles: Sendable {
    /// The bins of all objects, in order of objects and hours.
    private(set) var bins: [HourBin] = []
    /// Where an object's bins start.
    private(set) var binStarts: [Int] = []
    /// For each object, the part of the pairs of its shares that lie within the window.
    private(set) var even: [Double] = []
    /// The pairs of all objects by hour.
    private(set) var meetings: [HourBin] = []
    /// The pairs by hour of the objects that are not telling.
    private(set) var blindMeetings: [HourBin] = []
    /// For each day, the shares of it.
    private(set) var days: [Double]
    /// For each hour of the day, the shares of it, smoothed.
    private(set) var clocks: [Double]
    /// The matchable shares.
    let count: Int

    /// The objects of all accounts, in order of accounts and objects, and how often each was
    /// shared.
    private(set) var objects: [UInt32] = []
    private(set) var repeats: [UInt32] = []
    /// Where an account's objects start.
    private(set) var objectStarts: [Int] = []
    /// The shares of all accounts, in order of accounts, objects and times.
    let accountRows: [UInt32]
    private var rowStarts: [Int] = []
    /// The shares of all objects, in order of objects and times.
    let objectRows: [UInt32]
    /// Where an object's shares start.
    private(set) var slotStarts: [Int] = []
    /// For each share its place among those of its object.
    private(set) var slotOfRow: [UInt32]
    private let dayOfRow: [Int32]

    /// Sorts the shares by object and by account, and counts them.
    ///
    /// - Complexity: O(n) for n shares.
    init(_ shares: ShareTable, windowSeconds: Int64) {
        var rows: [UInt32] = []
        for row in 0..<shares.count where shares.isMatchable[row] { rows.append(UInt32(row)) }
        count = rows.count
        var earliest = Timestamp.magnitudeMax
        for row in rows { earliest = min(earliest, shares.time[Int(row)]) }
        var keys = rows.map { UInt64(shares.time[Int($0)] - earliest) }
        RadixSort.sort(&keys, with: &rows)

        var dayNumbers: [Int64] = []
        var dayOfRow = [Int32](repeating: -1, count: shares.count)
        days = []
        var clockCounts = [Double](repeating: 0, count: 24)
        for row in rows {
            let hour = Self.hour(shares.time[Int(row)])
            let day = Self.floored(hour, 24)
            if dayNumbers.last != day {
                dayNumbers.append(day)
                days.append(0)
            }
            dayOfRow[Int(row)] = Int32(days.count - 1)
            days[days.count - 1] += 1
            clockCounts[Int(hour - day * 24)] += 1
        }
        self.dayOfRow = dayOfRow
        clocks = Self.smoothed(clockCounts)

        var byObject = rows
        keys = byObject.map { UInt64(shares.object[Int($0)]) }
        RadixSort.sort(&keys, with: &byObject)
        var byAccount = byObject
        keys = byAccount.map { UInt64(shares.account[Int($0)]) }
        RadixSort.sort(&keys, with: &byAccount)
        accountRows = byAccount
        objectRows = byObject
        slotOfRow = [UInt32](repeating: 0, count: shares.count)
        countObjects(shares, byObject, windowSeconds)
        countAccounts(shares)
    }

    /// The hour of a time, counted from 1970.
    private static func hour(_ time: Int64) -> Int64 { floored(time, 3600) }

    private static func floored(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    private static func smoothed(_ counts: [Double]) -> [Double] {
        (0..<24).map { hour -> Double in
            let before = counts[(hour + 23) % 24]
            let after = counts[(hour + 1) % 24]
            return (before + 2 * counts[hour] + after) / 4
        }
    }

    /// Fills the bins of each object from its rows in order of time.
    private mutating func countObjects(
        _ shares: ShareTable,
        _ rows: [UInt32],
        _ windowSeconds: Int64
    ) {
        var totals: [Int: HourBin] = [:]
        var blind: [Int: HourBin] = [:]
        even = [Double](repeating: 0, count: shares.objects.count)
        binStarts = [Int](repeating: 0, count: shares.objects.count + 1)
        slotStarts = binStarts
        var first = 0
        for object in 0..<shares.objects.count {
            binStarts[object] = bins.count
            slotStarts[object] = first
            var last = first
            while last < rows.count && Int(shares.object[Int(rows[last])]) == object { last += 1 }
            var beyond = first
            var pairs = 0.0
            var current: Int64?
            for index in first..<last {
                let row = Int(rows[index])
                let time = shares.time[row]
                while beyond < last && shares.time[Int(rows[beyond])] - time <= windowSeconds {
                    beyond += 1
                }
                let hour = Self.hour(time)
                let day = Int(dayOfRow[row])
                let clock = Int(hour - Self.floored(hour, 24) * 24)
                if current != hour {
                    bins.append(HourBin(day: day, clock: clock, shares: 0, pairs: 0))
                    current = hour
                }
                let met = Double(beyond - index - 1)
                bins[bins.count - 1].shares += 1
                bins[bins.count - 1].pairs += met
                pairs += met
                slotOfRow[row] = UInt32(index - first)
            }
            let size = Double(last - first)
            if last - first > 1 { even[object] = 2 * pairs / (size * (size - 1)) }
            for bin in bins[binStarts[object]...] where bin.pairs > 0 {
                let empty = HourBin(day: bin.day, clock: bin.clock, shares: 0, pairs: 0)
                let hour = bin.day * 24 + bin.clock
                totals[hour, default: empty].pairs += bin.pairs
                if !isTelling(UInt32(object)) { blind[hour, default: empty].pairs += bin.pairs }
            }
            first = last
        }
        binStarts[shares.objects.count] = bins.count
        slotStarts[shares.objects.count] = first
        meetings = totals.sorted { $0.key < $1.key }.map(\.value)
        blindMeetings = blind.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Lists each account's objects.
    private mutating func countAccounts(_ shares: ShareTable) {
        rowStarts = [Int](repeating: 0, count: shares.accounts.count + 1)
        objectStarts = rowStarts
        var next = 0
        for account in 0..<shares.accounts.count {
            rowStarts[account] = next
            objectStarts[account] = objects.count
            while next < accountRows.count,
                Int(shares.account[Int(accountRows[next])]) == account
            {
                let object = shares.object[Int(accountRows[next])]
                if objects.count > objectStarts[account] && objects.last == object {
                    repeats[repeats.count - 1] += 1
                } else {
                    objects.append(object)
                    repeats.append(1)
                }
                next += 1
            }
        }
        rowStarts[shares.accounts.count] = next
        objectStarts[shares.accounts.count] = objects.count
    }

    /// How many shares an account has.
    func shareCount(of account: UInt32) -> Int {
        rowStarts[Int(account) + 1] - rowStarts[Int(account)]
    }

    /// Where an account's objects stand in ``objects``.
    func objectRange(of account: UInt32) -> Range<Int> {
        objectStarts[Int(account)]..<objectStarts[Int(account) + 1]
    }

    /// Whether meeting in an object says something.
    func isTelling(_ object: UInt32) -> Bool {
        let even = even[Int(object)]
        return even > 0 && even <= TimingRule.tellingMax
    }

    /// The part of all shares that are an account's.
    func part(of account: UInt32) -> Double { Double(shareCount(of: account)) / Double(count) }

    /// Where an account's shares stand in ``accountRows``.
    func rowRange(of account: UInt32) -> Range<Int> {
        rowStarts[Int(account)]..<rowStarts[Int(account) + 1]
    }

    /// The number of accounts with shares.
    var accountCount: Int {
        (0..<UInt32(objectStarts.count - 1)).count { !objectRange(of: $0).isEmpty }
    }

    /// The number of pairs of accounts with so many objects each.
    func choiceHypotheses(minimum: Int) -> Int {
        let accounts = (0..<UInt32(objectStarts.count - 1))
            .count { objectRange(of: $0).count >= minimum }
        return accounts * (accounts - 1) / 2
    }

    /// How much more than everybody an account shares by day and by hour of the day.
    func rhythm(of account: UInt32, in shares: ShareTable) -> Rhythm {
        var ownDays = [Double](repeating: 0, count: days.count)
        var ownClocks = [Double](repeating: 0, count: 24)
        let range = rowStarts[Int(account)]..<rowStarts[Int(account) + 1]
        for row in accountRows[range] {
            ownDays[Int(dayOfRow[Int(row)])] += 1
            let hour = Self.hour(shares.time[Int(row)])
            ownClocks[Int(hour - Self.floored(hour, 24) * 24)] += 1
        }
        let part = Double(range.count) / Double(count)
        let prior = TimingRule.prior
        let smooth = Self.smoothed(ownClocks)
        return Rhythm(
            days: days.indices.map { (ownDays[$0] + prior) / (days[$0] * part + prior) },
            clocks: clocks.indices.map { (smooth[$0] + prior) / (clocks[$0] * part + prior) }
        )
    }
}

/// How much more than everybody an account shares at a time.
struct Rhythm: Sendable {
    let days: [Double]
    let clocks: [Double]

    func factor(_ bin: HourBin) -> Double { days[bin.day] * clocks[bin.clock] }
}
