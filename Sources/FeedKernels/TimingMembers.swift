// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// An account that belongs to a group.
package struct TimingMember: Equatable, Sendable {
    /// The account.
    package let account: UInt32
    /// In how many episodes it meets the others.
    package let meetingCount: Int
    /// The probability that it meets them as often by chance.
    package let probability: Double
}

/// Accounts that act together.
package struct TimingCommunity: Equatable, Sendable {
    /// The accounts that its families named, in byte order of their identifiers.
    package internal(set) var core: [TimingMember]
    /// Accounts that meet these too often, in byte order.
    package internal(set) var attached: [TimingMember]
    /// The greatest evidence of a family that its accounts are in: an e-value.
    package internal(set) var evidence = 0.0
    /// How many pairs of its accounts met.
    package internal(set) var edgeCount = 0
    /// The mean part of it that stays joined when a fifth of the objects is left out.
    package internal(set) var stability = 0.0

    /// All its accounts.
    package var accounts: [UInt32] { (core + attached).map(\.account) }
}

/// Who belongs to groups.
struct TimingMembers: Sendable {
    /// The groups that have two accounts or more, largest first; among equals, the one whose first
    /// account comes first.
    let communities: [TimingCommunity]
    /// How many accounts might have been asked, of all groups.
    let askedCount: Int

    init(
        _ groups: [[UInt32]],
        _ meetings: TimingMeetings,
        _ profiles: TimingProfiles,
        _ shares: ShareTable,
        _ rule: TimingRule,
        cores: Cores
    ) {
        var home = [Int32](repeating: -1, count: shares.accounts.count)
        for (place, group) in groups.enumerated() {
            for account in group { home[Int(account)] = Int32(place) }
        }
        let near = meetings.near(home, groupCount: groups.count)
        let answers = cores.map(groups.count) { place in
            TimingInquiry(groups[place], meetings, profiles, shares, rule).answers(near[place])
        }
        askedCount = answers.reduce(0) { $0 + $1.candidateCount }
        var found = groups.map { _ in TimingCommunity(core: [], attached: []) }
        let limit = Chance.limit(
            of: answers.flatMap { $0.named.map(\.probability) },
            hypotheses: Double(groups.reduce(0) { $0 + $1.count }),
            rate: rule.rate
        )
        var isTaken = [Bool](repeating: false, count: shares.accounts.count)
        for (place, answer) in answers.enumerated() {
            found[place].core = answer.named.filter { $0.probability <= limit }
            for member in found[place].core { isTaken[Int(member.account)] = true }
        }
        let limitOfOthers = Chance.limit(
            of: answers.flatMap { $0.others.map(\.probability) },
            hypotheses: Double(askedCount),
            rate: rule.rate
        )
        let others = answers.enumerated()
            .flatMap { place, answer in answer.others.map { (place: place, member: $0) } }
            .filter { $0.member.probability <= limitOfOthers }
            .sorted { ($0.member.probability, $0.place) < ($1.member.probability, $1.place) }
        for (place, member) in others where !isTaken[Int(member.account)] {
            isTaken[Int(member.account)] = true
            found[place].attached.append(member)
        }
        communities = Self.ordered(found, shares.accounts)
    }

    private static func ordered(
        _ found: [TimingCommunity],
        _ names: StringTable
    ) -> [TimingCommunity] {
        var isMember = [Bool](repeating: false, count: names.count)
        for account in found.flatMap(\.accounts) { isMember[Int(account)] = true }
        let ranks = names.ranks(where: isMember).ranks
        func rank(_ account: UInt32) -> UInt32 { ranks[Int(account)] }
        return
            found
            .filter { $0.core.count + $0.attached.count > 1 }
            .map { community in
                var sorted = community
                sorted.core.sort { rank($0.account) < rank($1.account) }
                sorted.attached.sort { rank($0.account) < rank($1.account) }
                return (community: sorted, first: sorted.accounts.map(rank).min() ?? 0)
            }
            .sorted { left, right in
                (right.community.accounts.count, left.first)
                    < (left.community.accounts.count, right.first)
            }
            .map(\.community)
    }
}

/// When a group's accounts were in what they share, to ask who meets them.
private struct TimingInquiry {
    /// What was found of the accounts that met the group.
    struct Answers: Sendable {
        var candidateCount: Int
        var named: [TimingMember] = []
        var others: [TimingMember] = []
    }

    private let group: [UInt32]
    private let meetings: TimingMeetings
    private let profiles: TimingProfiles
    private let shares: ShareTable
    private let rule: TimingRule
    private let holdings: TimingHoldings
    /// By hour, how many pairs of objects that are not telling the group's activity makes likely.
    private let pulls: [Double]
    private var dealings: [TimingDealing?]

    init(
        _ group: [UInt32],
        _ meetings: TimingMeetings,
        _ profiles: TimingProfiles,
        _ shares: ShareTable,
        _ rule: TimingRule
    ) {
        self.group = group
        self.meetings = meetings
        self.profiles = profiles
        self.shares = shares
        self.rule = rule
        holdings = TimingHoldings(profiles, shares, accounts: group) { _ in true }
        dealings = [TimingDealing?](repeating: nil, count: holdings.objectCount)
        let rhythms = group.map { profiles.rhythm(of: $0, in: shares) }
        let parts = group.map { profiles.part(of: $0) }
        pulls = profiles.blindMeetings.map { bin in
            var sum = 0.0
            for (part, rhythm) in zip(parts, rhythms) { sum += part * rhythm.factor(bin) }
            return bin.pairs * sum
        }
    }

    /// Asks every account that met the group, at the places where the pairs start.
    consuming func answers(_ near: [(account: UInt32, start: Int)]) -> Answers {
        let isCandidate = candidates()
        var answers = Answers(candidateCount: isCandidate.count { $0 })
        var first = 0
        while first < near.count {
            let account = near[first].account
            var last = first
            while last < near.count && near[last].account == account { last += 1 }
            if isCandidate[Int(account)] {
                let place = place(of: account)
                let member = ask(account, place, near[first..<last].map(\.start))
                if member.meetingCount >= TimingRule.leastMeetings {
                    if place == nil {
                        answers.others.append(member)
                    } else {
                        answers.named.append(member)
                    }
                }
            }
            first = last
        }
        return answers
    }

    private func place(of account: UInt32) -> Int? {
        var low = 0
        var high = group.count
        while low < high {
            let middle = (low + high) / 2
            if group[middle] < account { low = middle + 1 } else { high = middle }
        }
        return low < group.count && group[low] == account ? low : nil
    }

    /// Which accounts have enough objects that somebody else of the group shared too.
    private func candidates() -> [Bool] {
        var counts = [UInt8](repeating: 0, count: shares.accounts.count)
        var seen = [UInt32](repeating: .max, count: shares.accounts.count)
        for index in 0..<holdings.objectCount {
            let held = holdings[objectAt: index]
            guard let object = held.first?.object else { continue }
            if held.count == 1 { seen[Int(group[held[held.startIndex].place])] = object }
            let slots = profiles.slotStarts[Int(object)]..<profiles.slotStarts[Int(object) + 1]
            for row in profiles.objectRows[slots] {
                let account = Int(shares.account[Int(row)])
                guard seen[account] != object else { continue }
                seen[account] = object
                if counts[account] < UInt8.max { counts[account] += 1 }
            }
        }
        return counts.map { $0 >= TimingRule.leastMeetings }
    }

    /// How often an account meets the group's others, and how probable that is by chance.
    private mutating func ask(_ account: UInt32, _ place: Int?, _ starts: [Int]) -> TimingMember {
        var blind: [UInt32: Int64] = [:]
        for start in starts {
            let meeting = meetings.meeting(start)
            for (object, time) in zip(meeting.objects, meeting.times)
            where !profiles.isTelling(object) {
                blind[object] = min(time, blind[object] ?? time)
            }
        }
        var times = blind.map { (time: $0.value, object: Int($0.key)) }
        var chances: [Double] = []
        let rhythm = profiles.rhythm(of: account, in: shares)
        for holding in TimingHoldings.of(account, 0, profiles, shares)
        where profiles.isTelling(holding.object) {
            guard let index = holdings.index(of: holding.object) else { continue }
            let isInside = holdings[objectAt: index].contains { $0.place == place }
            guard holdings[objectAt: index].count > (isInside ? 1 : 0) else { continue }
            var dealing = dealings[index] ?? dealing(index)
            dealings[index] = nil
            if isInside { dealing.release(holding.slots) }
            let trial = dealing.trial(holding.slots, rhythm)
            if isInside { dealing.fix(holding.slots) }
            dealings[index] = dealing
            chances.append(trial.chance)
            if let time = trial.time { times.append((time, Int(holding.object))) }
        }
        let count = Chance.sittings(times, gap: rule.gapSeconds).count
        guard count >= TimingRule.leastMeetings else {
            return TimingMember(account: account, meetingCount: count, probability: 1)
        }
        var sum = 0.0
        for (bin, pull) in zip(profiles.blindMeetings, pulls) { sum += pull * rhythm.factor(bin) }
        let mean = 2 * profiles.part(of: account) * sum
        return TimingMember(
            account: account,
            meetingCount: count,
            probability: Chance.mixedTail(chances, mean, count)
        )
    }

    /// An object's slots with the times of the whole group known.
    private func dealing(_ index: Int) -> TimingDealing {
        let held = holdings[objectAt: index]
        var dealing = TimingDealing(
            profiles,
            shares,
            object: held[held.startIndex].object,
            window: rule.windowSeconds,
            launch: 0
        )
        for holding in held { dealing.fix(holding.slots) }
        return dealing
    }
}
