// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import Statements
import Testing

@Suite struct SuspensionMaskTests {
    private static let week = SuspensionMask.weekSeconds
    private static let day: Int64 = 86_400
    private static let start: Int64 = 3000 * week

    private func id(_ number: Int) -> RegistryID {
        RegistryID(SHA256.hash(Array("account \(number)".utf8)))
    }

    private func mask(_ seed: UInt64) -> SuspensionMask {
        SuspensionMask(key: SHA256.hash(Array("mask \(seed)".utf8)))
    }

    private func period(
        _ state: StandingState,
        _ since: Int64,
        _ until: Int64?,
        _ reason: RegistryReason? = nil
    ) -> StandingPeriod {
        let tier: StandingTier = state == .attested ? .attested : .none
        return StandingPeriod(state: state, tier: tier, since: since, until: until, reason: reason)
    }

    /// Attested for a year, and suspended for three days from `time` on.
    private func suspended(
        _ time: Int64,
        _ reason: RegistryReason = .routineReview
    ) -> [StandingPeriod] {
        let end = time + 3 * Self.day
        return [
            period(.attested, Self.start, time), period(.suspended, time, end, reason),
            period(.attested, end, Self.start + 52 * Self.week),
        ]
    }

    @Test func aMaskedSuspensionShowsInANextWeekAndForWholeWeeks() {
        let seed = UInt64.random(in: 0...UInt64.max)
        let mask = mask(seed)
        var early = 0
        let count = 2000
        for number in 0..<count {
            // On the fourth day of the eleventh week: a delay of less than three days never
            // reaches the week after the next.
            let time = Self.start + 10 * Self.week + 5 * Self.day + Self.day / 2
            let history = suspended(time)
            let days = (0..<30).map { time - time % Self.day + Int64($0) * Self.day }
            let firstDay = days.first { day in
                mask.shown(history, of: id(number), at: day).last { $0.since <= day }?.state
                    == .suspended && day >= Self.start + 11 * Self.week
            }
            let delay = (firstDay ?? 0) - (Self.start + 11 * Self.week)
            #expect(delay == 0 || delay == Self.week, "seed \(seed), account \(number)")
            if delay == 0 { early += 1 }
        }
        // 1.5 of 2 days of delay end before the week does, and covers show beside them.
        let expected = Double(count) * (0.75 + 0.25 * 0.02)
        let sigma = (expected * 0.25).squareRoot()
        #expect(abs(Double(early) - expected) < 5 * sigma, "seed \(seed): \(early)")
    }

    // A period without an end before another one made a platform's whole snapshot unreadable.
    @Test func whatFollowsInTheSameWeekComesAfterTheMask() {
        let seed = UInt64.random(in: 0...UInt64.max)
        let mask = mask(seed)
        for number in 0..<2000 {
            let time = Self.start + 10 * Self.week + Int64(number % 7) * Self.day
            let taken = Self.start + 11 * Self.week + Int64(number % 5) * Self.day
            let history = [
                period(.attested, Self.start, time),
                period(.suspended, time, time + Self.day, .routineReview),
                period(.attested, time + Self.day, taken), period(.takenOver, taken, nil),
            ]
            for day in 0..<14 {
                let date = taken + Int64(day) * Self.day
                let shown = mask.shown(history, of: id(number), at: date)
                for (before, after) in zip(shown, shown.dropFirst()) {
                    #expect(
                        before.until.map { $0 <= after.since } == true,
                        "seed \(seed), account \(number), day \(day)"
                    )
                }
            }
        }
    }

    @Test func coversAreOneWeekInFiftyAndLookLikeSuspensions() {
        let seed = UInt64.random(in: 0...UInt64.max)
        let mask = mask(seed)
        let (accounts, weeks) = (1000, Int64(52))
        var covers: Int64 = 0
        for number in 0..<accounts {
            let history = [period(.attested, Self.start, Self.start + weeks * Self.week)]
            let shown = mask.shown(history, of: id(number), at: Self.start + 60 * Self.week)
            for period in shown where period.state == .suspended {
                #expect(period.since % Self.week == 0 && period.reason == .routineReview)
                let until = period.until ?? 0
                #expect(until % Self.week == 0)
                covers += (until - period.since) / Self.week
            }
            #expect(isWhole(shown, from: Self.start, to: Self.start + weeks * Self.week))
        }
        let share = Double(SuspensionMask.coverOdds) / 65_536
        let mean = Double(accounts) * Double(weeks) * share
        let sigma = (mean * (1 - share)).squareRoot()
        #expect(abs(Double(covers) - mean) < 5 * sigma, "seed \(seed): \(covers) of \(mean)")
    }

    /// What is told at a moment has the same form for a cover and for a suspension.
    @Test func whatShowsAtAMomentTellsNoCoverFromASuspension() {
        let seed = UInt64.random(in: 0...UInt64.max)
        let mask = mask(seed)
        var counts = (covers: 0, real: 0)
        for number in 0..<3000 {
            let date = Self.start + 20 * Self.week + Int64(number % 7) * Self.day
            let isReal = number % 2 == 0
            let history =
                isReal
                ? suspended(Self.start + 19 * Self.week + Self.day)
                : [period(.attested, Self.start, Self.start + 52 * Self.week)]
            let shown = mask.shown(history, of: id(number), at: date)
            guard let last = shown.last, last.state == .suspended,
                last.since == Self.start + 20 * Self.week
            else { continue }
            if isReal { counts.real += 1 } else { counts.covers += 1 }
            let expected = period(.suspended, Self.start + 20 * Self.week, nil, .routineReview)
            #expect(last == expected, "seed \(seed)")
            #expect(shown.dropLast().allSatisfy { $0.state == .attested || $0.until != nil })
        }
        #expect(counts.covers > 0 && counts.real > 1000, "seed \(seed)")
    }

    @Test func laterSnapshotsRepeatWhatEarlierOnesShowed() {
        let seed = UInt64.random(in: 0...UInt64.max)
        let mask = mask(seed)
        for number in 0..<300 {
            let history = suspended(Self.start + 10 * Self.week + Int64(number) * 3600)
            let later = mask.shown(history, of: id(number), at: Self.start + 40 * Self.week)
            for week in 1..<30 {
                let date = Self.start + Int64(week) * Self.week + Self.day
                let then = mask.shown(history, of: id(number), at: date)
                let (before, after) = (state(then, date), state(later, date))
                #expect(before == after, "seed \(seed), account \(number), week \(week)")
            }
        }
    }

    @Test func whatMustShowAtOnceDoes() {
        let mask = mask(1)
        for reason in RegistryReason.allCases where reason != .routineReview {
            let history = suspended(Self.start + 10 * Self.week + Self.day, reason)
            let shown = mask.shown(history, of: id(1), at: Self.start + 10 * Self.week + Self.day)
            #expect(shown.contains { $0.reason == reason && $0.state == .suspended })
        }
        let time = Self.start + 10 * Self.week + Self.day
        let taken = [
            period(.attested, Self.start, time),
            period(.suspended, time, time + Self.day, .routineReview),
            period(.takenOver, time + Self.day, nil, .accountTakeover),
        ]
        let shown = mask.shown(taken, of: id(2), at: time + 2 * Self.day)
        #expect(shown.last == taken.last)
        #expect(state(shown, time + Self.day) == .takenOver)
        let fresh = [period(.suspended, time, nil, .routineReview)]
        #expect(mask.shown(fresh, of: id(3), at: time) == fresh)
    }

    private func state(_ periods: [StandingPeriod], _ time: Int64) -> StandingState? {
        periods.first { $0.contains(time) }?.state
    }

    private func isWhole(_ periods: [StandingPeriod], from: Int64, to: Int64) -> Bool {
        let ends = periods.map { $0.until ?? .max }
        return periods.first?.since == from && ends.last == to
            && zip(periods.dropFirst(), ends).allSatisfy { $0.since == $1 }
    }
}
