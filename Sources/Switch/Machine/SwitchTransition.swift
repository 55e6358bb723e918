// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// One way from state to state: the rule, where it applies, on what conditions, and from which
/// moment on.
///
/// Data and nothing else: tests change it, the diagram is drawn from it.
///
/// Spec: `docs/spec/switch.md`, section 5.3.
package struct SwitchTransition: Equatable, Sendable {
    /// Why the state changes.
    package enum Rule: String, CaseIterable, Sendable {
        case sharesPublished = "shares-published"
        case revoked
        case rearmed = "re-armed"
        case checkedIn = "checked-in"
        case calledOff = "called-off"
        case absenceAnnounced = "absence-announced"
        case absenceOver = "absence-over"
        case deadForCertain = "dead-for-certain"
        case absenceVoid = "absence-void"
        case intervalOver = "interval-over"
        case graceHalfOver = "grace-half-over"
        case graceOver = "grace-over"
        case trusteesAnswered = "trustees-answered"
        case alarmWithdrawn = "alarm-withdrawn"
        case answersWithdrawn = "answers-withdrawn"
        case vetoOver = "veto-over"
    }

    /// A condition that holds or does not.
    package enum Guard: String, CaseIterable, Sendable {
        /// The owner has checked in since the state was entered.
        case checkedIn = "a newer check-in"
        /// k trustees have agreed to a new epoch.
        case agreed = "k consents to a new epoch"
        /// No share of this release has come out since shares were allowed.
        case noShareOut = "no share of this release is out"
        /// The grace has not passed.
        case graceRuns = "grace has not passed"
        /// k+1 trustees say dead, with evidence.
        case dead = "k+1 dead"
        /// The trustees' answers do not suffice, or not yet.
        case answersFail = "answers do not suffice"
        /// The trustees have seen a sign of duress, which nobody has cleared.
        case underDuress = "duress"
        /// They have not.
        case notUnderDuress = "no duress"
    }

    /// From when on a transition is taken, if its conditions hold.
    package enum Moment: String, CaseIterable, Sendable {
        case now = "at once"
        case sharesComplete = "k shares of one epoch"
        case endingMatures = "k consents, and 72 h after the request"
        case holdBegins = "a hold"
        case holdEnds = "its end"
        case due = "interval"
        case overdue = "interval + grace / 2"
        case suspect = "interval + grace, and a reminder or 48 h"
        case answersSuffice = "answers suffice"
        case vetoEnds = "veto window and delays"
    }

    /// The name of the rule.
    package var rule: Rule
    /// The states it leads out of.
    package var from: [SwitchState]
    /// The state it leads to.
    package var to: SwitchState
    /// All of these have to hold.
    package var guards: [Guard]
    /// From when on.
    package var moment: Moment

    private init(
        _ rule: Rule,
        from: [SwitchState],
        to: SwitchState,
        if guards: [Guard] = [],
        at moment: Moment
    ) {
        self.rule = rule
        self.from = from
        self.to = to
        self.guards = guards
        self.moment = moment
    }

    /// States in which the owner's word and the trustees' answers still count.
    package static let open: [SwitchState] = [.armed, .due, .overdue, .suspect, .pending, .hold]

    /// All transitions.
    ///
    /// Of several that hold at the same moment the first one is taken.
    package static let table: [SwitchTransition] = [
        // k verified shares are k verified shares, whatever else was said.
        .init(
            .sharesPublished,
            from: open + [.releasing, .revoked],
            to: .released,
            at: .sharesComplete
        ),
        .init(
            .revoked,
            from: open + [.releasing],
            to: .revoked,
            if: [.noShareOut, .notUnderDuress],
            at: .endingMatures
        ),
        .init(.rearmed, from: open + [.releasing], to: .armed, if: [.agreed], at: .now),
        .init(.checkedIn, from: open, to: .armed, if: [.checkedIn], at: .now),
        // A release that has begun is called off by a check-in which leaves no doubt, and only
        // while no share is out.
        .init(
            .calledOff,
            from: [.releasing],
            to: .armed,
            if: [.checkedIn, .graceRuns, .noShareOut],
            at: .now
        ),
        .init(.absenceAnnounced, from: [.armed], to: .hold, at: .holdBegins),
        .init(.absenceOver, from: [.hold], to: .armed, at: .holdEnds),
        // k+1 trustees with evidence need not wait for a deadline. In SUSPECT they are answers.
        .init(
            .deadForCertain,
            from: [.armed, .due, .overdue, .hold],
            to: .pending,
            if: [.dead],
            at: .now
        ),
        .init(.absenceVoid, from: [.hold], to: .armed, if: [.underDuress], at: .now),
        .init(.intervalOver, from: [.armed], to: .due, at: .due),
        .init(.graceHalfOver, from: [.due], to: .overdue, at: .overdue),
        .init(.graceOver, from: [.overdue], to: .suspect, at: .suspect),
        .init(.trusteesAnswered, from: [.suspect], to: .pending, at: .answersSuffice),
        .init(
            .alarmWithdrawn,
            from: [.pending],
            to: .armed,
            if: [.answersFail, .graceRuns],
            at: .now
        ),
        .init(.answersWithdrawn, from: [.pending], to: .suspect, if: [.answersFail], at: .now),
        .init(.vetoOver, from: [.pending], to: .releasing, at: .vetoEnds),
    ]
}
