// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Two accounts, and the objects in which they meet, in ascending order, with times.
struct TimingMeeting: Sendable {
    let first: UInt32
    let second: UInt32
    fileprivate(set) var objects: [UInt32] = []
    fileprivate(set) var times: [Int64] = []
}

/// Two accounts that meet more often than their activity explains.
struct TimingLink: Sendable {
    let first: UInt32
    let second: UInt32
    let probability: Double
}

/// All pairs of accounts that meet, each pair's shares side by side.
struct TimingMeetings: Sendable {
    private let shares: ShareTable
    private let found: [SharePair]
    private let keys: [UInt64]
    private let order: [UInt32]

    /// Where pairs of accounts with enough episodes start.
    private(set) var candidates: [Int] = []
    /// The links that the objects outside each half suggest.
    private(set) var links: [[TimingLink]]

    /// Sorts pairs of shares by their accounts, and judges which accounts are linked.
    ///
    /// - Complexity: O(p) for p pairs.
    init(_ pairs: CoSharePairs, _ profiles: TimingProfiles, _ rule: TimingRule) {
        shares = pairs.shares
        found = pairs.pairs
        let shares = pairs.shares
        var keys = found.map { pair in
            let older = shares.account[Int(pair.older)]
            let newer = shares.account[Int(pair.newer)]
            return UInt64(min(older, newer)) << 32 | UInt64(max(older, newer))
        }
        var order = Array(0..<UInt32(keys.count))
        // Stable: the pairs of two accounts stay in order of objects, and of times in each.
        RadixSort.sort(&keys, with: &order)
        self.keys = keys
        self.order = order
        links = [[TimingLink]](repeating: [], count: Int(TimingRule.halfCount))
        judge(profiles, rule)
    }

    private mutating func judge(_ profiles: TimingProfiles, _ rule: TimingRule) {
        let accounts = Double(profiles.accountCount)
        let pairs = profiles.meetings.reduce(0) { $0 + $1.pairs }
        var start = 0
        while start < keys.count {
            let end = end(start)
            defer { start = end }
            guard end - start >= TimingRule.leastMeetings else { continue }
            let meeting = meeting(start)
            guard meeting.objects.count >= TimingRule.leastMeetings else { continue }
            let count = Chance.episodes(meeting.times.sorted(), gap: rule.gapSeconds)
            if count >= rule.minimum { candidates.append(start) }
            guard count >= TimingRule.leastMeetings else { continue }
            let parts = (profiles.part(of: meeting.first), profiles.part(of: meeting.second))
            for half in 0..<TimingRule.halfCount {
                let times = zip(meeting.objects, meeting.times).filter { object, _ in
                    !profiles.isTelling(object) || object % TimingRule.halfCount != half
                }
                let count = Chance.episodes(times.map(\.1).sorted(), gap: rule.gapSeconds)
                guard count >= TimingRule.leastMeetings else { continue }
                let probability = Chance.choiceTail(2 * parts.0 * parts.1 * pairs, count)
                guard probability * accounts <= 1 else { continue }
                links[Int(half)].append(
                    TimingLink(
                        first: meeting.first,
                        second: meeting.second,
                        probability: probability
                    )
                )
            }
        }
    }

    private func end(_ start: Int) -> Int {
        var end = start + 1
        while end < keys.count && keys[end] == keys[start] { end += 1 }
        return end
    }

    /// The two accounts whose pairs start at a place.
    func ends(_ start: Int) -> (first: UInt32, second: UInt32) {
        (UInt32(keys[start] >> 32), UInt32(truncatingIfNeeded: keys[start]))
    }

    /// The meetings of the two accounts whose pairs start at a place: made when they are looked at,
    /// since those of millions of pairs do not fit side by side.
    func meeting(_ start: Int) -> TimingMeeting {
        let ends = ends(start)
        var meeting = TimingMeeting(first: ends.first, second: ends.second)
        for index in start..<end(start) {
            let older = Int(found[Int(order[index])].older)
            if meeting.objects.last != shares.object[older] {
                meeting.objects.append(shares.object[older])
                meeting.times.append(shares.time[older])
            }
        }
        return meeting
    }

    /// For each group, its pairs of accounts of which one or both are in it.
    ///
    /// - Parameters:
    ///   - home: For each account its group, or -1.
    ///   - groupCount: How many groups there are.
    /// - Returns: For each group the accounts that met it, each with the places where their pairs
    ///   start, in ascending order of accounts and places.
    func near(_ home: [Int32], groupCount: Int) -> [[(account: UInt32, start: Int)]] {
        var near = [[(account: UInt32, start: Int)]](repeating: [], count: groupCount)
        var start = 0
        while start < keys.count {
            let ends = ends(start)
            for (own, other) in [(ends.0, ends.1), (ends.1, ends.0)] where home[Int(own)] >= 0 {
                near[Int(home[Int(own)])].append((other, start))
            }
            start = end(start)
        }
        return near.map { $0.sorted { ($0.account, $0.start) < ($1.account, $1.start) } }
    }

    /// Where pairs of accounts of one group start, if each account has a group or -1.
    func starts(within home: [Int32]) -> [Int] {
        var starts: [Int] = []
        var start = 0
        while start < keys.count {
            let ends = ends(start)
            let place = home[Int(ends.first)]
            if place >= 0 && place == home[Int(ends.second)] { starts.append(start) }
            start = end(start)
        }
        return starts
    }
}
