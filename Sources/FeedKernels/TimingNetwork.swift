// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What an edge shows.
package enum TimingKind: String, Sendable {
    /// The two meet more often than the times of what they share explain.
    case coordinated
    /// They share the same rare things at the same time, as everybody does who shares these.
    case sharedSource = "shared-source"
    /// Chance explains it.
    case none
}

/// A pair of accounts that met in enough episodes to be judged.
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
    package var tellingCount: Int { trials.count }
    /// The meetings in these that chance would bring.
    package let expected: Double
    /// The probability of so many episodes if chance dealt out each object's times.
    package let timing: Double
    /// The probability of so many if only activity and popularity decided who shares what when.
    package let choice: Double
    /// What it shows.
    package fileprivate(set) var kind = TimingKind.none

    let trials: [TimingTrial]
}

/// A telling object that two accounts shared.
struct TimingTrial: Sendable {
    let object: UInt32
    /// The probability that they meet in it.
    let chance: Double
    /// When they met; `nil` if they did not.
    let time: Int64?
}

/// The edges that Resguardo's rule judges, in byte order of their accounts.
package struct TimingNetwork: Sendable {
    /// The shares that it was found in.
    package let shares: ShareTable
    /// The rule.
    package let rule: TimingRule
    /// The edges.
    package private(set) var edges: [TimingEdge]
    /// How many pairs might have been judged by timing, at least.
    package let timingHypotheses: Int
    /// How many pairs might have been judged by choice.
    package let choiceHypotheses: Int
    /// The largest probability of timing that makes an edge coordinated; -1 if none does.
    package let timingLimit: Double
    /// The largest probability of choice that makes an edge one of shared source; -1 if none does.
    package let choiceLimit: Double

    private static let rangeCount = 64

    /// Judges all pairs of accounts.
    ///
    /// - Throws: `.tooManyPairs` before memory for them is taken.
    /// - Complexity: O(n + p) for n shares and p pairs within the window, and for each candidate
    ///   its objects times its episodes.
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
        let candidates = Self.candidates(found, rule)
        var isCandidate = [Bool](repeating: false, count: shares.accounts.count)
        for candidate in candidates {
            isCandidate[Int(candidate.first)] = true
            isCandidate[Int(candidate.second)] = true
        }
        let (ranks, accounts) = shares.accounts.ranks(where: isCandidate)
        let rhythms = cores.map(accounts.count) { profiles.rhythm(of: accounts[$0], in: shares) }
        let size = candidates.count / Self.rangeCount + 1
        let judge = TimingJudge(profiles: profiles, rule: rule, ranks: ranks, rhythms: rhythms)
        let parts = cores.map(Self.rangeCount) { index in
            let first = min(index * size, candidates.count)
            return candidates[first..<min(first + size, candidates.count)].map(judge.edge)
        }
        edges = parts.joined().sorted { left, right in
            (ranks[Int(left.from)], ranks[Int(left.to)])
                < (ranks[Int(right.from)], ranks[Int(right.to)])
        }
        self.shares = shares
        self.rule = rule
        timingHypotheses = profiles.timingHypotheses(minimum: rule.minimum)
        choiceHypotheses = profiles.choiceHypotheses(minimum: rule.minimum)
        timingLimit = Chance.limit(
            of: edges.map(\.timing),
            hypotheses: timingHypotheses,
            rate: rule.rate
        )
        choiceLimit = Chance.limit(
            of: edges.map(\.choice),
            hypotheses: choiceHypotheses,
            rate: rule.rate
        )
        for index in edges.indices {
            if edges[index].timing <= timingLimit {
                edges[index].kind = .coordinated
            } else if edges[index].choice <= choiceLimit {
                edges[index].kind = .sharedSource
            }
        }
    }

    /// The pairs of accounts with enough episodes, and where they met.
    private static func candidates(
        _ found: CoSharePairs,
        _ rule: TimingRule
    ) -> [TimingCandidate] {
        let shares = found.shares
        var keys = found.pairs.map { pair in
            let older = shares.account[Int(pair.older)]
            let newer = shares.account[Int(pair.newer)]
            return UInt64(min(older, newer)) << 32 | UInt64(max(older, newer))
        }
        var pairs = Array(0..<UInt32(keys.count))
        // Stable: the pairs of two accounts stay in order of objects, and of times in each.
        RadixSort.sort(&keys, with: &pairs)
        var candidates: [TimingCandidate] = []
        var first = 0
        while first < keys.count {
            var candidate = TimingCandidate(
                first: UInt32(keys[first] >> 32),
                second: UInt32(truncatingIfNeeded: keys[first])
            )
            var last = first
            while last < keys.count && keys[last] == keys[first] {
                let older = Int(found.pairs[Int(pairs[last])].older)
                if candidate.objects.last != shares.object[older] {
                    candidate.objects.append(shares.object[older])
                    candidate.times.append(shares.time[older])
                }
                last += 1
            }
            first = last
            guard candidate.objects.count >= rule.minimum else { continue }
            candidate.episodeCount = Chance.episodes(
                candidate.times.sorted(),
                gap: rule.gapSeconds
            )
            if candidate.episodeCount >= rule.minimum { candidates.append(candidate) }
        }
        return candidates
    }
}

/// Two accounts, and the objects in which they meet, in ascending order, with times.
private struct TimingCandidate: Sendable {
    let first: UInt32
    let second: UInt32
    var objects: [UInt32] = []
    var times: [Int64] = []
    var episodeCount = 0

    init(first: UInt32, second: UInt32) {
        self.first = first
        self.second = second
    }
}

/// Computes the probabilities of candidates.
private struct TimingJudge: Sendable {
    let profiles: TimingProfiles
    let rule: TimingRule
    let ranks: [UInt32]
    let rhythms: [Rhythm]

    func edge(_ candidate: TimingCandidate) -> TimingEdge {
        let left = rhythms[Int(ranks[Int(candidate.first)])]
        let right = rhythms[Int(ranks[Int(candidate.second)])]
        let trials = trials(candidate, left, right)
        let chances = trials.map(\.chance)
        let count = Chance.episodes(trials.compactMap(\.time).sorted(), gap: rule.gapSeconds)
        let isOrdered = ranks[Int(candidate.first)] < ranks[Int(candidate.second)]
        return TimingEdge(
            from: isOrdered ? candidate.first : candidate.second,
            to: isOrdered ? candidate.second : candidate.first,
            weight: candidate.objects.count,
            episodeCount: count,
            expected: chances.reduce(0, +),
            timing: count >= rule.minimum ? Chance.timingTail(chances, count) : 1,
            choice: Chance.choiceTail(mean(candidate, left, right), candidate.episodeCount),
            trials: trials
        )
    }

    /// The telling objects that both shared, in ascending order.
    private func trials(
        _ candidate: TimingCandidate,
        _ left: Rhythm,
        _ right: Rhythm
    ) -> [TimingTrial] {
        var trials: [TimingTrial] = []
        let mine = profiles.objectRange(of: candidate.first)
        let theirs = profiles.objectRange(of: candidate.second)
        var (own, other) = (mine.lowerBound, theirs.lowerBound)
        var met = 0
        while own < mine.upperBound && other < theirs.upperBound {
            let object = profiles.objects[own]
            if object != profiles.objects[other] {
                if object < profiles.objects[other] { own += 1 } else { other += 1 }
                continue
            }
            while met < candidate.objects.count && candidate.objects[met] < object { met += 1 }
            if profiles.isTelling(object) {
                let repeats = Double(profiles.repeats[own]) * Double(profiles.repeats[other])
                let isMet = met < candidate.objects.count && candidate.objects[met] == object
                trials.append(
                    TimingTrial(
                        object: object,
                        chance: chance(object, left, right, repeats),
                        time: isMet ? candidate.times[met] : nil
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
        _ candidate: TimingCandidate,
        _ left: Rhythm,
        _ right: Rhythm
    ) -> Double {
        var sum = 0.0
        for bin in profiles.meetings { sum += bin.pairs * left.factor(bin) * right.factor(bin) }
        let total = Double(profiles.count)
        let parts = (
            Double(profiles.shareCount(of: candidate.first)) / total,
            Double(profiles.shareCount(of: candidate.second)) / total
        )
        return sum * (2 * parts.0 * parts.1)
    }
}
