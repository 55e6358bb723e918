// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension RegistryState {
    /// Days after objections in which vouches show nothing.
    ///
    /// Spec: `docs/spec/registry.md`, section 5.3.
    package static let cooldownDays: Int64 = 30
    /// How many members of rings have to object in one quarter.
    package static let objectionCount = 2
    /// After an appeal that nobody decides so long, a suspension lapses.
    package static let appealSeconds: Int64 = 14 * day
    /// How long there is to mend a takeover.
    package static let recoverySeconds: Int64 = 14 * day
    /// How long a death that was made known can be contradicted.
    package static let mourningSeconds: Int64 = 7 * day
    /// How long a subject is revoked before it may start again.
    package static let reopenSeconds: Int64 = 180 * day

    /// How an account of a subject stood and will stand if nothing new happens.
    ///
    /// Facts about a day never change with what is appended later, so the history of a longer log
    /// continues the history of each prefix.
    ///
    /// Spec: `docs/spec/registry.md`, section 5.
    ///
    /// - Parameters:
    ///   - subject: Whose.
    ///   - account: Its commitment.
    ///   - rows: The rule, or what tests make of it.
    /// - Returns: Periods in ascending order, without gaps; empty for a stranger.
    /// - Complexity: O(v²) in the vouches of the subject.
    package func history(
        of subject: RegistryID,
        account: RegistryID,
        by rows: [StandingRules.Row] = StandingRules.rows
    ) -> [StandingPeriod] {
        guard let subject = subjects[subject], subject.accounts.contains(account) else {
            return []
        }
        let objections = objections(to: subject)
        var periods: [StandingPeriod] = []
        var past = Past()
        for moment in moments(of: subject, account, objections) {
            var facts = facts(of: subject, account, at: moment, past)
            let isStopped =
                objections.contains(moment)
                || panels.panels(of: subject).contains { $0.panel.failedOn == moment }
            if isStopped, facts.tier < .attested {
                past.object(at: moment)
                facts = self.facts(of: subject, account, at: moment, past)
            }
            let state = StandingRules.judge(facts, by: rows)
            past.wasAttested = past.wasAttested || state == .attested
            let next = StandingPeriod(
                state: state,
                tier: Self.tier(state, facts),
                since: moment,
                until: nil,
                reason: Self.reason(state, facts)
            )
            if let last = periods.last {
                if last.isLike(next) { continue }
                periods[periods.count - 1] = last.ending(at: moment)
            }
            periods.append(next)
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

    private static func tier(_ state: StandingState, _ facts: StandingFacts) -> StandingTier {
        switch state {
        case .attested: facts.tier
        case .pending, .provisional: .provisional
        default: .none
        }
    }

    private static func reason(_ state: StandingState, _ facts: StandingFacts) -> RegistryReason? {
        switch state {
        case .withdrawn, .memorial: facts.closureReason
        case .revoked: facts.isLost ? .accountTakeover : facts.closureReason
        case .memorialPending: .deceased
        case .takenOver: .accountTakeover
        case .suspended: facts.suspension
        case .stale: .inactivity
        default: nil
        }
    }

    /// What an account's history leaves behind for its future.
    private struct Past {
        var wasAttested = false
        /// Vouches given until then count no more.
        var voidUntil = Int64.min
        /// Until then nothing is shown.
        var cooldownEnd = Int64.min

        /// Objections stop what is not attested yet; afterwards they come too late.
        mutating func object(at moment: Int64) {
            voidUntil = moment
            cooldownEnd = moment + RegistryState.cooldownDays * RegistryState.day
        }
    }

    /// The moments at which enough members of rings had objected.
    private func objections(to subject: Subject) -> [Int64] {
        let marks = subject.sealedActs.filter { $0.act == .object }
        return Set(marks.map(\.epoch)).compactMap { epoch in
            let days = marks.filter { $0.epoch == epoch }.map(\.since).sorted()
            return days.dropFirst(Self.objectionCount - 1).first
        }
    }

    /// The moments at which something about an account can change, ascending.
    private func moments(
        of subject: Subject,
        _ account: RegistryID,
        _ objections: [Int64]
    ) -> [Int64] {
        var moments: Set<Int64> = [subject.registeredAt]
        for control in subject.controls {
            moments.formUnion([control.span.lowerBound, control.span.upperBound])
        }
        for charter in charters.map(\.since) { moments.insert(charter) }
        for vouch in subject.vouches {
            moments.formUnion([vouch.since, end(of: vouch)])
            for (_, charter) in charters {
                let rules = charter.rules
                moments.insert(vouch.since + Int64(rules.objectionDays) * Self.day)
                moments.insert(vouch.since + Int64(rules.provisionalDays) * Self.day)
            }
        }
        for (_, panel) in panels.panels(of: subject) {
            moments.formUnion([panel.day, panel.concurredOn ?? panel.day])
            if let day = panel.failedOn {
                moments.formUnion([day, day + Self.cooldownDays * Self.day])
            }
        }
        moments.formUnion(disputeDays(subject.id))
        for day in objections { moments.formUnion([day, day + Self.cooldownDays * Self.day]) }
        for suspension in subject.suspensions {
            moments.formUnion([suspension.span.lowerBound, suspension.end])
        }
        for closure in subject.closures {
            moments.formUnion([closure.announcedAt, closure.since, closure.until])
        }
        for takeover in subject.takeovers {
            moments.formUnion([takeover.since, takeover.deadline])
        }
        moments.formUnion(subject.rotations + subject.reopenings)
        moments.formUnion(subject.canary?.moments ?? [])
        moments.remove(.max)
        return moments.filter { $0 >= subject.registeredAt }.sorted()
    }

    private func facts(
        of subject: Subject,
        _ account: RegistryID,
        at time: Int64,
        _ past: Past
    ) -> StandingFacts {
        var facts = StandingFacts()
        let closure = subject.closure(at: time)
        facts.closure = closure?.state
        facts.closureReason = closure?.reason
        facts.isLost = subject.isLost(at: time)
        facts.isDeathPending = subject.closures.contains { $0.isPending(at: time) }
        facts.isTakenOver = subject.takeover(at: time) != nil
        let silence = subject.canary?.silence(at: time) ?? .none
        facts.suspension =
            subject.suspensions.last { $0.covers(time) }?.reason
            ?? (silence == .silent ? .inactivity : nil)
        facts.isStale = silence == .stale
        facts.hasControl = subject.controls(account, at: time)
        facts.wasAttested = past.wasAttested
        if time >= past.cooldownEnd {
            let floor = subject.floor(at: time)
            let vouches = subject.vouches.filter {
                $0.accounts.contains(account) && $0.since > past.voidUntil && $0.since >= floor
            }
            (facts.tier, facts.isPending) = tally(vouches, of: subject.id, account, at: time)
        }
        return facts
    }

    /// What the vouches amount to.
    ///
    /// Those of different quarters are never added together: a sealed vouch shows a different tag
    /// in each, and nobody could tell one organisation from two.
    private func tally(
        _ vouches: [Subject.Vouch],
        of subject: RegistryID,
        _ account: RegistryID,
        at time: Int64
    ) -> (tier: StandingTier, isPending: Bool) {
        guard let rules = charter(at: time)?.rules else { return (.none, false) }
        let maturity = time - Int64(rules.objectionDays) * Self.day
        let freshness = time - Int64(rules.provisionalDays) * Self.day
        var best = StandingTier.none
        var isPending = false
        for epoch in Set(vouches.map(\.epoch)) {
            let panel = panels[subject, epoch]
            // A panel that said no closes the quarter for its subject.
            if panel?.hasFailed(at: time) == true { continue }
            let counting = vouches.filter { $0.epoch == epoch && counts($0, at: time) }
            let mature = counting.filter { $0.since <= maturity }.map(\.constituency)
            let all = counting.map(\.constituency)
            if rules.attested.isMet(by: mature), panel?.agrees(to: account, at: time) == true {
                let before = RegistryEpoch(containing: max(0, epoch.start - 1))
                let earlier = panels[subject, before]
                let isStrong =
                    rules.strong.isMet(by: mature)
                    && !hasUpheldDispute(
                        subject,
                        since: before.start,
                        at: time
                    )
                    && earlier?.agrees(to: account, at: epoch.start - 1) == true
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
        // A sealed one stays: nobody can tell whose it is.
        let removal = vouch.verifier.flatMap { verifiers[$0]?.removedAt } ?? .max
        return min(vouch.until, vouch.withdrawnAt ?? .max, removal)
    }
}

extension StandingPeriod {
    fileprivate func isLike(_ other: StandingPeriod) -> Bool {
        state == other.state && tier == other.tier && reason == other.reason
    }

    fileprivate func ending(at time: Int64) -> StandingPeriod {
        StandingPeriod(state: state, tier: tier, since: since, until: time, reason: reason)
    }
}

/// A vouch that counts at some moment, for those who want to know why.
package struct CountedVouch: Equatable, Sendable {
    /// Who vouches; `nil` for a member of the constituency's ring.
    package let verifier: RegistryID?
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
    /// The one-time key that takes it back, of a sealed one.
    package let key: RegistryKey?
}

extension RegistryState {
    /// The vouches that count for an account at a moment, in the order of the log.
    package func vouches(
        for subject: RegistryID,
        account: RegistryID,
        at time: Int64
    ) -> [CountedVouch] {
        guard let subject = subjects[subject] else { return [] }
        let floor = subject.floor(at: time)
        return subject.vouches
            .filter { $0.accounts.contains(account) && $0.since >= floor }
            .filter { counts($0, at: time) }
            .map { vouch in
                CountedVouch(
                    verifier: vouch.verifier,
                    constituency: vouch.constituency,
                    epoch: vouch.epoch,
                    since: vouch.since,
                    until: end(of: vouch),
                    entry: vouch.entry,
                    key: vouch.key
                )
            }
    }
}
