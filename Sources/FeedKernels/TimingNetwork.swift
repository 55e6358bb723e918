// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What an edge shows.
package enum TimingKind: String, Sendable {
    /// The two belong to one group.
    case coordinated
    /// They meet more often than activity explains, but belong to no group.
    case sharedSource = "shared-source"
    /// Chance explains it.
    case none
}

/// Two accounts that met, and how probable that is by chance.
package struct TimingEdge: Sendable {
    /// The account whose identifier comes first in byte order.
    package let from: UInt32
    /// The other account.
    package let to: UInt32
    /// Objects in which they meet.
    package let weight: Int
    /// Episodes of meetings in telling objects.
    package let episodeCount: Int
    /// Telling objects that both shared.
    package let tellingCount: Int
    /// The meetings in these that chance would bring.
    package let expected: Double
    /// The probability of so many episodes if chance dealt out each object's times.
    package let timing: Double
    /// The probability of so many if only activity and popularity decided who shares what when.
    package let choice: Double
    /// What it shows.
    package fileprivate(set) var kind = TimingKind.none
    /// Whether they met in enough episodes for their choices to be judged.
    let isCandidate: Bool
}

/// The groups and edges that Resguardo's rule finds.
package struct TimingNetwork: Sendable {
    /// The shares that they were found in.
    package let shares: ShareTable
    /// The rule.
    package let rule: TimingRule
    /// The edges in byte order of their accounts.
    package private(set) var edges: [TimingEdge]
    /// The groups, largest first.
    package private(set) var communities: [TimingCommunity]
    /// The families that were tested, best first.
    package let families: [TimingFamily]
    /// How many of them are declared.
    package let declaredCount: Int
    /// How many accounts might have been asked whether they belong to a group, of all groups.
    package let askedCount: Int
    /// How many pairs might have been judged by choice.
    package let choiceHypotheses: Int
    /// The largest probability of choice that makes an edge one of shared source; -1 if none does.
    package let choiceLimit: Double

    private static let rangeCount = 64

    /// Finds groups, and judges the pairs of accounts that met.
    ///
    /// - Throws: `.tooManyPairs` before memory for them is taken.
    /// - Complexity: O(n + p) for n shares and p pairs within the window, and for each family,
    ///   group and edge its accounts times their objects times the hours of these.
    package init(
        of shares: ShareTable,
        rule: TimingRule,
        cores: Cores
    ) throws(FeedKernelError) {
        let found = try CoSharePairs(
            of: shares,
            rule: CoShareRule(
                windowSeconds: rule.windowSeconds,
                minimumParticipation: 1,
                pairCountMax: rule.pairCountMax
            ),
            cores: cores
        )
        let profiles = TimingProfiles(shares, windowSeconds: rule.windowSeconds)
        let meetings = TimingMeetings(found, profiles, rule)
        let families = TimingFamilies(meetings, profiles, shares, rule, cores: cores)
        let members = TimingMembers(
            families.groups,
            meetings,
            profiles,
            shares,
            rule,
            cores: cores
        )
        self.shares = shares
        self.rule = rule
        self.families = families.tested
        declaredCount = families.declaredCount
        askedCount = members.askedCount
        communities = members.communities
        var home = [Int32](repeating: -1, count: shares.accounts.count)
        for (index, community) in communities.enumerated() {
            for account in community.accounts { home[Int(account)] = Int32(index) }
        }
        let within = meetings.starts(within: home)
        edges = Self.judged(
            Set(within).union(meetings.candidates).sorted(),
            meetings,
            profiles,
            shares,
            rule,
            cores: cores
        )
        choiceHypotheses = profiles.choiceHypotheses(minimum: rule.minimum)
        choiceLimit = Chance.limitOfAny(
            edges.filter(\.isCandidate).map(\.choice),
            hypotheses: choiceHypotheses,
            rate: rule.rate
        )
        for index in edges.indices {
            let home = (home[Int(edges[index].from)], home[Int(edges[index].to)])
            if home.0 >= 0 && home.0 == home.1 {
                edges[index].kind = .coordinated
            } else if edges[index].choice <= choiceLimit {
                edges[index].kind = .sharedSource
            }
        }
        describe(within, meetings, home)
    }

    /// Judges pairs of accounts.
    private static func judged(
        _ starts: [Int],
        _ meetings: TimingMeetings,
        _ profiles: TimingProfiles,
        _ shares: ShareTable,
        _ rule: TimingRule,
        cores: Cores
    ) -> [TimingEdge] {
        var isMet = [Bool](repeating: false, count: shares.accounts.count)
        for start in starts {
            let ends = meetings.ends(start)
            isMet[Int(ends.first)] = true
            isMet[Int(ends.second)] = true
        }
        let (ranks, accounts) = shares.accounts.ranks(where: isMet)
        let rhythms = cores.map(accounts.count) { profiles.rhythm(of: accounts[$0], in: shares) }
        let size = starts.count / rangeCount + 1
        let judge = TimingJudge(profiles: profiles, rule: rule, ranks: ranks, rhythms: rhythms)
        let parts = cores.map(rangeCount) { index in
            let first = min(index * size, starts.count)
            return starts[first..<min(first + size, starts.count)].map { start in
                judge.edge(meetings.meeting(start))
            }
        }
        return parts.joined().sorted { left, right in
            (ranks[Int(left.from)], ranks[Int(left.to)])
                < (ranks[Int(right.from)], ranks[Int(right.to)])
        }
    }

    /// Says how well the communities hold together.
    private mutating func describe(
        _ within: [Int],
        _ meetings: TimingMeetings,
        _ home: [Int32]
    ) {
        var starts = communities.map { _ in [Int]() }
        for start in within { starts[Int(home[Int(meetings.ends(start).first)])].append(start) }
        for index in communities.indices {
            communities[index].edgeCount = starts[index].count
            communities[index].stability = stability(communities[index], starts[index], meetings)
        }
        for family in families.prefix(declaredCount).reversed() {
            for account in family.accounts where home[Int(account)] >= 0 {
                communities[Int(home[Int(account)])].evidence = family.evidence
            }
        }
    }

    /// The mean part of a community that stays in one piece, over the folds.
    private func stability(
        _ community: TimingCommunity,
        _ starts: [Int],
        _ meetings: TimingMeetings
    ) -> Double {
        let accounts = community.accounts
        var places: [UInt32: Int] = [:]
        for (place, account) in accounts.enumerated() { places[account] = place }
        let empty = DisjointSets(count: accounts.count)
        var folds = [DisjointSets](repeating: empty, count: TimingRule.foldCount)
        for start in starts {
            let meeting = meetings.meeting(start)
            guard let first = places[meeting.first], let second = places[meeting.second] else {
                continue
            }
            for fold in folds.indices {
                let times = zip(meeting.objects, meeting.times)
                    .filter { $0.0 % UInt32(TimingRule.foldCount) != UInt32(fold) }
                    .map(\.1)
                let count = Chance.episodes(times.sorted(), gap: rule.gapSeconds)
                if count >= TimingRule.leastMeetings { folds[fold].join(first, second) }
            }
        }
        var sum = 0.0
        for fold in folds.indices {
            var sets = folds[fold]
            var sizes = [Int](repeating: 0, count: accounts.count)
            for place in accounts.indices { sizes[sets.root(place)] += 1 }
            let largest = sizes.max() ?? 0
            sum += largest > 1 ? Double(largest) / Double(accounts.count) : 0
        }
        return sum / Double(TimingRule.foldCount)
    }
}

/// Computes the probabilities of pairs of accounts.
private struct TimingJudge: Sendable {
    let profiles: TimingProfiles
    let rule: TimingRule
    let ranks: [UInt32]
    let rhythms: [Rhythm]

    func edge(_ meeting: TimingMeeting) -> TimingEdge {
        let left = rhythms[Int(ranks[Int(meeting.first)])]
        let right = rhythms[Int(ranks[Int(meeting.second)])]
        let trials = trials(meeting, left, right)
        let chances = trials.map(\.chance)
        let count = Chance.episodes(trials.compactMap(\.time).sorted(), gap: rule.gapSeconds)
        let all = Chance.episodes(meeting.times.sorted(), gap: rule.gapSeconds)
        let isOrdered = ranks[Int(meeting.first)] < ranks[Int(meeting.second)]
        return TimingEdge(
            from: isOrdered ? meeting.first : meeting.second,
            to: isOrdered ? meeting.second : meeting.first,
            weight: meeting.objects.count,
            episodeCount: count,
            tellingCount: trials.count,
            expected: chances.reduce(0, +),
            timing: count >= rule.minimum ? Chance.timingTail(chances, count).tail : 1,
            choice: Chance.choiceTail(mean(meeting, left, right), all),
            isCandidate: all >= rule.minimum
        )
    }

    /// The telling objects that both shared, in ascending order.
    private func trials(
        _ meeting: TimingMeeting,
        _ left: Rhythm,
        _ right: Rhythm
    ) -> [TimingTrial] {
        var trials: [TimingTrial] = []
        let mine = profiles.objectRange(of: meeting.first)
        let theirs = profiles.objectRange(of: meeting.second)
        var (own, other) = (mine.lowerBound, theirs.lowerBound)
        var met = 0
        while own < mine.upperBound && other < theirs.upperBound {
            let object = profiles.objects[own]
            if object != profiles.objects[other] {
                if object < profiles.objects[other] { own += 1 } else { other += 1 }
                continue
            }
            while met < meeting.objects.count && meeting.objects[met] < object { met += 1 }
            if profiles.isTelling(object) {
                let repeats = Double(profiles.repeats[own]) * Double(profiles.repeats[other])
                let isMet = met < meeting.objects.count && meeting.objects[met] == object
                trials.append(
                    TimingTrial(
                        chance: chance(object, left, right, repeats),
                        time: isMet ? meeting.times[met] : nil
                    )
                )
            }
            own += 1
            other += 1
        }
        return trials
    }

    /// At least the probability that two sharers meet if the object's times fell to them by chance.
    private func chance(
        _ object: UInt32,
        _ left: Rhythm,
        _ right: Rhythm,
        _ repeats: Double
    ) -> Double {
        var count = 0.0
        var sums = (left: 0.0, right: 0.0, both: 0.0)
        let range = profiles.binStarts[Int(object)]..<profiles.binStarts[Int(object) + 1]
        for bin in profiles.bins[range] {
            let factors = (left.factor(bin), right.factor(bin))
            count += bin.shares
            sums.left += bin.shares * factors.0
            sums.right += bin.shares * factors.1
            sums.both += 2 * bin.pairs * factors.0 * factors.1
        }
        let byRhythm = sums.both / (sums.left * sums.right) * count / (count - 1)
        return min(1, max(profiles.even[Int(object)], byRhythm) * repeats)
    }

    /// How often two accounts meet if only activity decides what they share.
    private func mean(
        _ meeting: TimingMeeting,
        _ left: Rhythm,
        _ right: Rhythm
    ) -> Double {
        var sum = 0.0
        for bin in profiles.meetings { sum += bin.pairs * left.factor(bin) * right.factor(bin) }
        let total = Double(profiles.count)
        let parts = (
            Double(profiles.shareCount(of: meeting.first)) / total,
            Double(profiles.shareCount(of: meeting.second)) / total
        )
        return sum * (2 * parts.0 * parts.1)
    }
}
