// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension RegistryState {
    /// How an account of a subject stood and will stand if nothing new happens.
    ///
    /// Facts about a day never change with what is appended later, so the history of a longer log
    /// continues the history of each prefix.
    ///
    /// Spec: `docs/spec/registry.md`, section 5.
    ///
    /// - Returns: Periods in ascending order, without gaps; empty for a stranger.
    /// - Complexity: O(v²) in the vouches of the subject.
    package func history(of subject: RegistryID, account: RegistryID) -> [StandingPeriod] {
        guard let subject = subjects[subject], subject.accounts.contains(account) else {
            return []
        }
        var periods: [StandingPeriod] = []
        var wasAttested = false
        for moment in moments(of: subject, account) {
            let facts = facts(of: subject, account, at: moment, wasAttested: wasAttested)
            let judgement = Self.judge(facts)
            wasAttested = wasAttested || judgement.state == .attested
            if let last = periods.last {
                let same =
                    last.state == judgement.state && last.tier == judgement.tier
                    && last.reason == judgement.reason
                if same { continue }
                periods[periods.count - 1] = last.ending(at: moment)
            }
            periods.append(
                StandingPeriod(
                    state: judgement.state,
                    tier: judgement.tier,
                    since: moment,
                    until: nil,
                    reason: judgement.reason
                )
            )
        }
        return periods
    }

    /// How an account stands at a moment.
    package func standing(
        of subject: RegistryID,
        account: RegistryID,
        at time: Int64
    ) -> StandingPeriod? {
        history(of: subject, account: account).first { $0.contains(time) }
    }

    /// What is true of an account at a moment.
    struct Facts {
        let closure: Subject.Closure?
        let suspension: RegistryReason?
        let hasControl: Bool
        let tier: StandingTier
        let isPending: Bool
        let wasAttested: Bool
    }

    /// What the facts amount to: the first row that fits.
    ///
    /// Negative rows come first.
    ///
    /// Spec: `docs/spec/registry.md`, section 5.1.
    static func judge(
        _ facts: Facts
    ) -> (state: StandingState, tier: StandingTier, reason: RegistryReason?) {
        if let closure = facts.closure { return (closure.state, .none, closure.reason) }
        if let reason = facts.suspension { return (.suspended, .none, reason) }
        if !facts.hasControl { return (facts.wasAttested ? .lapsed : .registered, .none, nil) }
        if facts.tier >= .attested { return (.attested, facts.tier, nil) }
        if facts.isPending { return (.pending, .provisional, nil) }
        if facts.tier == .provisional { return (.provisional, .provisional, nil) }
        return (facts.wasAttested ? .lapsed : .controlled, .none, nil)
    }

    /// The moments at which something about an account can change, ascending.
    private func moments(of subject: Subject, _ account: RegistryID) -> [Int64] {
        var moments: Set<Int64> = [subject.registeredAt]
        for control in subject.controls where control.account == account {
            moments.formUnion([control.span.lowerBound, control.span.upperBound])
        }
        for charter in charters.map(\.since) { moments.insert(charter) }
        for vouch in subject.vouches where vouch.accounts.contains(account) {
            moments.formUnion([vouch.since, end(of: vouch)])
            for (_, charter) in charters {
                let rules = charter.rules
                moments.insert(vouch.since + Int64(rules.objectionDays) * Self.day)
                moments.insert(vouch.since + Int64(rules.provisionalDays) * Self.day)
            }
        }
        for suspension in subject.suspensions {
            moments.formUnion([suspension.span.lowerBound, suspension.span.upperBound])
        }
        for closure in [subject.revocation, subject.closure].compactMap({ $0 }) {
            moments.insert(closure.since)
        }
        return moments.filter { $0 >= subject.registeredAt }.sorted()
    }

    private func facts(
        of subject: Subject,
        _ account: RegistryID,
        at time: Int64,
        wasAttested: Bool
    ) -> Facts {
        let closures = [subject.closure, subject.revocation].compactMap { $0 }
        let vouches = subject.vouches.filter { $0.accounts.contains(account) }
        let tally = tally(vouches, at: time)
        return Facts(
            closure: closures.first { $0.since <= time },
            suspension: subject.suspensions.last { $0.span.contains(time) }?.reason,
            hasControl: subject.controls(account, at: time),
            tier: tally.tier,
            isPending: tally.isPending,
            wasAttested: wasAttested
        )
    }

    /// What the vouches amount to.
    ///
    /// Those of different quarters are never added together: a sealed vouch shows a different tag
    /// in each, and nobody could tell one organisation from two.
    private func tally(
        _ vouches: [Subject.Vouch],
        at time: Int64
    ) -> (tier: StandingTier, isPending: Bool) {
        guard let rules = charter(at: time)?.rules else { return (.none, false) }
        let maturity = time - Int64(rules.objectionDays) * Self.day
        let freshness = time - Int64(rules.provisionalDays) * Self.day
        var best = StandingTier.none
        var isPending = false
        for epoch in Set(vouches.map(\.epoch)) {
            let counting = vouches.filter { $0.epoch == epoch && counts($0, at: time) }
            let mature = counting.filter { $0.since <= maturity }.map(\.constituency)
            let all = counting.map(\.constituency)
            if rules.attested.isMet(by: mature) {
                let isStrong =
                    rules.strong.isMet(by: mature)
                    && wasAttested(by: vouches, beforeThe: epoch, rules)
                best = max(best, isStrong ? .strong : .attested)
            } else if rules.attested.isMet(by: all) {
                isPending = true
            } else if rules.provisional.isMet(by: all) {
                let old = counting.filter { $0.since <= freshness }.map(\.constituency)
                if !rules.provisional.isMet(by: old) { best = max(best, .provisional) }
            }
        }
        return (best, isPending)
    }

    /// Whether the quarter before `epoch` ended with enough vouches of its own.
    private func wasAttested(
        by vouches: [Subject.Vouch],
        beforeThe epoch: RegistryEpoch,
        _ rules: RegistryRules
    ) -> Bool {
        let earlier = vouches.filter { vouch in
            vouch.epoch.next == epoch && counts(vouch, at: epoch.start - 1)
        }
        return rules.attested.isMet(by: earlier.map(\.constituency))
    }

    private func counts(_ vouch: Subject.Vouch, at time: Int64) -> Bool {
        vouch.since <= time && time < end(of: vouch)
    }

    /// When a vouch stops counting: at its expiry, its withdrawal, or its maker's removal.
    private func end(of vouch: Subject.Vouch) -> Int64 {
        let removal = verifiers[vouch.verifier]?.removedAt ?? .max
        return min(vouch.until, vouch.withdrawnAt ?? .max, removal)
    }
}

extension StandingPeriod {
    fileprivate func ending(at time: Int64) -> StandingPeriod {
        StandingPeriod(state: state, tier: tier, since: since, until: time, reason: reason)
    }
}

/// A vouch that counts at some moment, for those who want to know why.
package struct CountedVouch: Equatable, Sendable {
    /// Who vouches.
    package let verifier: RegistryID
    /// For which constituency.
    package let constituency: String
    /// For which quarter.
    package let epoch: RegistryEpoch
    /// From when, seconds since 1970.
    package let since: Int64
    /// Until when, seconds since 1970.
    package let until: Int64
    /// The vouch's log entry.
    package let entry: RegistryID
}

extension RegistryState {
    /// The vouches that count for an account at a moment, in the order of the log.
    package func vouches(
        for subject: RegistryID,
        account: RegistryID,
        at time: Int64
    ) -> [CountedVouch] {
        guard let subject = subjects[subject] else { return [] }
        return subject.vouches
            .filter { $0.accounts.contains(account) && counts($0, at: time) }
            .map { vouch in
                CountedVouch(
                    verifier: vouch.verifier,
                    constituency: vouch.constituency,
                    epoch: vouch.epoch,
                    since: vouch.since,
                    until: end(of: vouch),
                    entry: vouch.entry
                )
            }
    }
}
