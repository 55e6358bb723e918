// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// All that the transitions of a switch look at: what was said, by whom, when.
///
/// Events change facts and never the state; the table in ``SwitchTransition`` alone does that.
///
/// Spec: `docs/spec/switch.md`, section 5.2.
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

    /// The owner's request for a new epoch.
    struct NextEpoch: Equatable, Sendable {
        let digest: [UInt8]
        let terms: SwitchTerms
        let signed: Int64
        var consents: Set<TrusteeNumber> = []
    }

    /// What the trustees know and a captor does not.
    struct Duress: Equatable, Sendable {
        /// Who names which checkpoint for the check-in that clears it.
        var clearings: [TrusteeNumber: [UInt8]] = [:]
        /// Clean check-ins since, by the checkpoints that they were signed over.
        var checkIns: [[UInt8]: Int64] = [:]
    }

    let limits: SwitchLimits
    let quorums: SwitchQuorums
    /// What was agreed at the arming in force.
    package internal(set) var terms: SwitchTerms
    /// The arming in force, from 1, and the one that the present state counts from.
    package internal(set) var epoch: Int64
    var epochInForce: Int64
    /// When it took effect; numbered cycles count from here.
    package internal(set) var armedAt: Int64
    var downtime = Downtime()

    /// Time of the last clean check-in, or what counts as one.
    package internal(set) var cycleStart: Int64
    /// The check-in that the present state counts from; older than ``cycleStart`` for the one
    /// instant between a check-in and its transition.
    var cycleInForce: Int64
    /// When a reminder of this cycle was first delivered.
    package internal(set) var remindedAt: Int64?
    var answers: [TrusteeNumber: Answer] = [:]
    /// k+1 trustees say *dead* with evidence, and fewer than k have said *alive* since.
    package internal(set) var isDeadForCertain = false
    package internal(set) var holdUntil: Int64?
    /// When the owner signed the hold: a check-in of before does not end it.
    var holdSigned: Int64 = .min
    var holdsInARow: Int64 = 0
    var delays: [TrusteeNumber: Int64] = [:]
    /// When the present stay in PENDING began, and the length of earlier stays in this cycle.
    package internal(set) var pendingSince: Int64?
    var pendingSeconds: Int64 = 0
    package internal(set) var releasingSince: Int64?
    /// Intents for the present release, with their times.
    package internal(set) var intents: [TrusteeNumber: Int64] = [:]
    /// Whether a share has come out in the present release when shares were allowed.
    ///
    /// As soon as a trustee who obeys the rules publishes, nothing can be taken back. Shares out of
    /// season are those of trustees who do not, and do not bind the owner's hands.
    package internal(set) var hasReleaseShare = false
    /// Trustees whose shares are out, by epoch: an old dealing stays what it is.
    package internal(set) var sharesByEpoch: [Int64: Set<TrusteeNumber>] = [:]
    var thresholds: [Int64: Int]
    /// A share was out when the owner checked in: the old dealing can still be completed.
    package internal(set) var needsReshare = false
    var ending: Ending?
    var nextEpoch: NextEpoch?
    /// Set in the trustees' view only.
    var duress: Duress?
    /// The last drill of each trustee; arming is the first.
    var drills: [TrusteeNumber: Int64] = [:]
    /// When each trustee was last heard of.
    var lastHeard: [TrusteeNumber: Int64] = [:]
    /// Successors who have signed that they have the case.
    package internal(set) var receipts: Set<[UInt8]> = []

    init(terms: SwitchTerms, epoch: Int64, armedAt time: Int64, rules: SwitchRules) {
        limits = rules.limits
        quorums = rules.quorums
        self.terms = terms
        self.epoch = epoch
        epochInForce = epoch
        armedAt = time
        cycleStart = time
        cycleInForce = time
        thresholds = [epoch: terms.threshold]
    }

    // MARK: What follows from the facts

    /// Trustees whose shares of the armed dealing are out.
    package var shares: Set<TrusteeNumber> { sharesByEpoch[epoch] ?? [] }

    /// Whether k shares of one epoch, whichever, are out.
    var sharesAreComplete: Bool {
        sharesByEpoch.contains { epoch, shares in
            thresholds[epoch].map { shares.count >= $0 } ?? false
        }
    }

    /// When the owner is expected.
    package var dueAt: Int64 { cycleDeadline(terms.profile.intervalSeconds) }

    /// When the reminders become urgent: half of the grace.
    package var overdueAt: Int64 {
        cycleDeadline(terms.profile.intervalSeconds + terms.profile.graceSeconds / 2)
    }

    /// When the trustees are asked: after the grace, and not before a reminder was delivered unless
    /// that takes too long.
    package var suspectAt: Int64 {
        graceEndsAt(cycleDeadline(terms.profile.intervalSeconds + terms.profile.graceSeconds))
    }

    /// How many trustees' newest answer is one of `verdicts` and has not lapsed.
    package func count(of verdicts: [Attestation.Verdict]) -> Int {
        answers.values.count { verdicts.contains($0.verdict) && !$0.hasLapsed }
    }

    /// From when on the answers suffice for PENDING, or `nil` if they do not.
    func answersSufficeAt() -> Int64? {
        if isDeadForCertain { return .min }
        guard !answers.isEmpty else { return nil }
        if count(of: [.dead, .taken]) >= terms.threshold + quorums.answers { return suspectAt }
        if count(of: [.dead, .taken, .unknown]) >= terms.threshold + quorums.guesses {
            let profile = terms.profile
            let seconds = profile.intervalSeconds + 2 * profile.graceSeconds
            let planned = cycleDeadline(profile.intervalSeconds + profile.graceSeconds)
            return cycleDeadline(seconds) + (graceEndsAt(planned) - planned)
        }
        return nil
    }

    /// All delays together, cut at their limit.
    package var delaySeconds: Int64 {
        min(delays.values.reduce(0, +), limits.delaySecondsSumMax)
    }

    /// When the veto window of the present stay in PENDING ends.
    package func vetoEndsAt() -> Int64? {
        guard let since = pendingSince else { return nil }
        let window = max(terms.profile.vetoSeconds + delaySeconds - pendingSeconds, 0)
        let end =
            downtime.isEmpty
            ? since + window
            : downtime.deadline(window, after: since, creditMax: creditLeft(at: since))
        return isDeadForCertain ? end : max(end, cycleStart + limits.floorSeconds)
    }

    /// When shares may be published, if the release goes on: k intents have stood for an hour.
    package func sharesAllowedAt() -> Int64? {
        let needed = terms.threshold + quorums.intents
        let times = intents.values.sorted()
        guard releasingSince != nil, times.count >= needed else { return nil }
        return times[needed - 1] + limits.intentSeconds
    }

    /// When the owner's request to end the switch takes effect, or `nil` while consents are
    /// missing.
    func endsAt() -> Int64? {
        guard let ending, ending.consents.count >= terms.threshold + quorums.consents else {
            return nil
        }
        return ending.time + limits.revocationSeconds
    }

    // MARK: Deadlines

    private func graceEndsAt(_ planned: Int64) -> Int64 {
        guard terms.hasReminders else { return planned }
        let latest = planned + limits.reminderSecondsMax
        return remindedAt.map { min(max(planned, $0), latest) } ?? latest
    }

    private func cycleDeadline(_ seconds: Int64) -> Int64 {
        guard !downtime.isEmpty else { return cycleStart + seconds }
        let creditMax = limits.downtimeSecondsMax
        return downtime.deadline(seconds, after: cycleStart, creditMax: creditMax)
    }

    /// The credit that a cycle has not used up before `time`.
    func creditLeft(at time: Int64) -> Int64 {
        max(limits.downtimeSecondsMax - downtime.seconds(from: cycleStart, to: time), 0)
    }
}
