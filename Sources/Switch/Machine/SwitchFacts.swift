// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// All that the transitions of a switch look at: what was said, by whom, when.
///
/// Events change facts and never the state; the table in ``SwitchTransition`` alone does that.
package struct SwitchFacts: Equatable, Sendable {
    /// A trustee's newest answer.
    struct Answer: Equatable, Sendable {
        let number: Int64
        let verdict: Attestation.Verdict
        let hasEvidence: Bool
        let time: Int64
        /// Set for *taken* and *unknown* once the owner checked in after them.
        var hasLapsed = false
    }

    /// The owner's request to end the switch.
    struct Ending: Equatable, Sendable {
        let digest: [UInt8]
        let time: Int64
        var consents: Set<TrusteeNumber> = []
    }

    /// What was agreed at arming.
    package let terms: SwitchTerms
    /// Time of the last clean check-in, or what counts as one.
    package internal(set) var cycleStart: Int64
    /// The check-in that the present state counts from; older than ``cycleStart`` for the one
    /// instant between a check-in and its transition.
    var cycleInForce: Int64
    var answers: [TrusteeNumber: Answer] = [:]
    /// k+1 trustees say *dead* with evidence, and fewer than k have said *alive* since.
    package internal(set) var isDeadForCertain = false
    package internal(set) var holdUntil: Int64?
    var holdsInARow = 0
    var delays: [TrusteeNumber: Int64] = [:]
    /// When the present stay in PENDING began, and the length of earlier stays in this cycle.
    package internal(set) var pendingSince: Int64?
    var pendingSeconds: Int64 = 0
    package internal(set) var releasingSince: Int64?
    /// Intents for the present release, with their times.
    package internal(set) var intents: [TrusteeNumber: Int64] = [:]
    /// Trustees whose shares are out.
    package internal(set) var shares: Set<TrusteeNumber> = []
    /// A share was out when the owner checked in: the old dealing can still be completed.
    package internal(set) var needsReshare = false
    var ending: Ending?

    init(terms: SwitchTerms, armedAt time: Int64) {
        self.terms = terms
        cycleStart = time
        cycleInForce = time
    }

    // MARK: What follows from the facts

    /// When the owner is expected.
    package var dueAt: Int64 { cycleStart + terms.profile.intervalSeconds }
    /// When the reminders become urgent: half of the grace.
    package var overdueAt: Int64 { dueAt + terms.profile.graceSeconds / 2 }
    /// When the trustees are asked.
    package var suspectAt: Int64 { dueAt + terms.profile.graceSeconds }

    /// How many trustees' newest answer is one of `verdicts` and has not lapsed.
    package func count(of verdicts: Set<Attestation.Verdict>) -> Int {
        answers.values.count { verdicts.contains($0.verdict) && !$0.hasLapsed }
    }

    /// From when on the answers suffice for PENDING, or `nil` if they do not.
    ///
    /// Spec: `docs/spec/switch.md`, section 5.3.
    func answersSufficeAt() -> Int64? {
        if isDeadForCertain { return .min }
        if count(of: [.dead, .taken]) >= terms.threshold { return suspectAt }
        if count(of: [.dead, .taken, .unknown]) >= terms.threshold {
            return suspectAt + terms.profile.graceSeconds
        }
        return nil
    }

    /// All delays together, cut at their limit.
    package var delaySeconds: Int64 {
        min(delays.values.reduce(0, +), SwitchTerms.delaySecondsMax)
    }

    /// When the veto window of the present stay in PENDING ends.
    package func vetoEndsAt() -> Int64? {
        guard let pendingSince else { return nil }
        let window = terms.profile.vetoSeconds + delaySeconds - pendingSeconds
        let end = pendingSince + max(window, 0)
        return isDeadForCertain ? end : max(end, cycleStart + SwitchTerms.floorSeconds)
    }

    /// When shares may be published, if the release goes on: k intents have stood for an hour.
    package func sharesAllowedAt() -> Int64? {
        let times = intents.values.sorted()
        guard releasingSince != nil, times.count >= terms.threshold else { return nil }
        return times[terms.threshold - 1] + SwitchTerms.intentSeconds
    }

    /// When the owner's request to end the switch takes effect, or `nil` while consents are
    /// missing.
    func endsAt() -> Int64? {
        guard let ending, ending.consents.count >= terms.threshold else { return nil }
        return ending.time + SwitchTerms.revocationSeconds
    }
}
