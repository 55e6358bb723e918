// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// One way from state to state: the rule, where it applies, and from which moment on.
///
/// Spec: `docs/spec/switch.md`, section 5.3.
package struct SwitchTransition: Sendable {
    /// Why the state changes.
    package enum Rule: String, CaseIterable, Sendable {
        case sharesPublished = "shares-published"
        case revoked
        case checkedIn = "checked-in"
        case calledOff = "called-off"
        case absenceAnnounced = "absence-announced"
        case absenceOver = "absence-over"
        case intervalOver = "interval-over"
        case graceHalfOver = "grace-half-over"
        case graceOver = "grace-over"
        case deadForCertain = "dead-for-certain"
        case trusteesAnswered = "trustees-answered"
        case answersWithdrawn = "answers-withdrawn"
        case alarmWithdrawn = "alarm-withdrawn"
        case vetoOver = "veto-over"
    }

    /// The name of the rule.
    package let rule: Rule
    /// The states it leads out of.
    package let from: Set<SwitchState>
    /// The state it leads to.
    package let to: SwitchState
    /// From when on its guard holds if nothing else happens, seen from `now`; `nil` if it never
    /// will.
    ///
    /// A moment that has passed means *now*.
    let holdsAt: @Sendable (_ facts: SwitchFacts, _ now: Int64) -> Int64?

    private init(
        _ rule: Rule,
        from: Set<SwitchState>,
        to: SwitchState,
        holdsAt: @escaping @Sendable (_ facts: SwitchFacts, _ now: Int64) -> Int64?
    ) {
        self.rule = rule
        self.from = from
        self.to = to
        self.holdsAt = holdsAt
    }

    /// States in which the owner's word and the trustees' answers still count.
    private static let open: Set<SwitchState> = [
        .armed, .due, .overdue, .suspect, .pending, .hold,
    ]

    /// All transitions.
    ///
    /// Of several that hold at the same moment the first one is taken.
    package static let table: [SwitchTransition] = [
        // k verified shares are k verified shares, whatever else was said.
        .init(.sharesPublished, from: open.union([.releasing, .revoked]), to: .released) {
            facts,
            now in
            facts.shares.count >= facts.terms.threshold ? now : nil
        },
        .init(.revoked, from: open.union([.releasing]), to: .revoked) { facts, _ in
            facts.shares.isEmpty ? facts.endsAt() : nil
        },
        .init(.checkedIn, from: open, to: .armed) { facts, now in
            facts.cycleStart > facts.cycleInForce && !facts.isDeadForCertain ? now : nil
        },
        // A release that has begun is called off by a check-in which leaves no doubt, and only
        // while no share is out.
        .init(.calledOff, from: [.releasing], to: .armed) { facts, now in
            let isClean = facts.cycleStart > facts.cycleInForce && now < facts.suspectAt
            return isClean && facts.shares.isEmpty && !facts.isDeadForCertain ? now : nil
        },
        .init(.absenceAnnounced, from: [.armed], to: .hold) { facts, now in
            facts.holdUntil.map { _ in now }
        },
        .init(.absenceOver, from: [.hold], to: .armed) { facts, _ in facts.holdUntil },
        // k+1 trustees with evidence need not wait for a deadline.
        .init(.deadForCertain, from: [.armed, .due, .overdue, .suspect, .hold], to: .pending) {
            facts,
            now in
            facts.isDeadForCertain ? now : nil
        },
        .init(.intervalOver, from: [.armed], to: .due) { facts, _ in facts.dueAt },
        .init(.graceHalfOver, from: [.due], to: .overdue) { facts, _ in facts.overdueAt },
        .init(.graceOver, from: [.overdue], to: .suspect) { facts, _ in facts.suspectAt },
        .init(.trusteesAnswered, from: [.suspect], to: .pending) { facts, _ in
            facts.answersSufficeAt()
        },
        .init(.alarmWithdrawn, from: [.pending], to: .armed) { facts, now in
            facts.answersSufficeAt().map { $0 > now } ?? true && now < facts.suspectAt ? now : nil
        },
        .init(.answersWithdrawn, from: [.pending], to: .suspect) { facts, now in
            facts.answersSufficeAt().map { $0 > now } ?? true ? now : nil
        },
        .init(.vetoOver, from: [.pending], to: .releasing) { facts, _ in facts.vetoEndsAt() },
    ]
}
