// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What each named condition and moment of the tables means.
///
/// Spec: `docs/spec/switch.md`, sections 5.2 and 5.3.
extension SwitchFacts {
    /// Whether a condition on a statement holds.
    func holds(
        _ condition: SwitchAdmission.Guard,
        for event: SwitchEvent,
        in state: SwitchState
    ) -> Bool {
        switch condition {
        case .ofThisEpoch: event.epoch == epoch
        case .ofNextEpoch: event.epoch == epoch + 1
        case .isOpen: !state.isFinal
        case .inArmed: state == .armed
        case .inReleased: state == .released
        case .notDead: !isDeadForCertain
        case .notUnderDuress: duress == nil
        case .underDuress: duress != nil
        case .isNewer: signTime(of: event) > cycleStart
        case .sinceAbsence: holdUntil == nil || signTime(of: event) > holdSigned
        case .isNoOlder: signTime(of: event) >= cycleStart
        case .cycleBegun: signTime(of: event) <= event.time
        case .fewInARow: holdsInARow < limits.holdsInARowMax
        case .higherNumber, .endsLater, .shortEnough, .namesThisStay, .firstOfTrustee,
            .newRequest, .namesARequest, .namesThisCycle, .isDelivered, .newerDrill:
            says(condition, event)
        }
    }

    /// The conditions that look into a statement.
    private func says(_ condition: SwitchAdmission.Guard, _ event: SwitchEvent) -> Bool {
        switch (condition, event.kind) {
        case (.higherNumber, .attestation(let trustee, let number, _, _)):
            number > answers[trustee]?.number ?? 0
        case (.endsLater, .hold(let until, _)): until > event.time
        case (.shortEnough, .hold(let until, _)):
            until - signTime(of: event) <= limits.holdSecondsMax
        case (.namesThisStay, .delay(_, _, let since)):
            SwitchStay.isMeant(by: since, since: pendingSince)
        case (.namesThisStay, .intent(_, let since)):
            SwitchStay.isMeant(by: since, since: releasingSince)
        case (.firstOfTrustee, .delay(let trustee, _, _)): delays[trustee] == nil
        case (.firstOfTrustee, .intent(let trustee, _)): intents[trustee] == nil
        case (.newRequest, .revocation(let digest)): ending?.digest != digest
        case (.newRequest, .arming(_, let digest, _)): nextEpoch?.digest != digest
        case (.namesARequest, .consent(_, let digest)):
            ending?.digest == digest || nextEpoch?.digest == digest
        case (.namesThisCycle, .reminder(let cycle, _)): cycle == cycleStart
        case (.isDelivered, .reminder(_, let isDelivered)): isDelivered
        case (.newerDrill, .drill(let trustee, _)):
            signTime(of: event) > drills[trustee] ?? armedAt - 1
        default: preconditionFailure("a condition stands at a statement that it can not judge")
        }
    }

    /// Whether a condition on a transition holds.
    func holds(_ condition: SwitchTransition.Guard, now: Int64) -> Bool {
        switch condition {
        case .checkedIn: cycleStart > cycleInForce
        case .agreed: epoch > epochInForce
        case .noShareOut: !hasReleaseShare
        case .graceRuns: now < suspectAt
        case .dead: isDeadForCertain
        case .answersFail: answersSufficeAt().map { $0 > now } ?? true
        case .underDuress: duress != nil
        case .notUnderDuress: duress == nil
        }
    }

    /// When a moment comes if nothing else happens, seen from `now`; `nil` if it never will.
    ///
    /// A moment that has passed means *now*.
    func time(of moment: SwitchTransition.Moment, now: Int64) -> Int64? {
        switch moment {
        case .now: now
        case .sharesComplete: sharesAreComplete ? now : nil
        case .endingMatures: endsAt()
        case .holdBegins: holdUntil.map { _ in now }
        case .holdEnds: holdUntil
        case .due: dueAt
        case .overdue: overdueAt
        case .suspect: suspectAt
        case .answersSuffice: answersSufficeAt()
        case .vetoEnds: vetoEndsAt()
        }
    }
}
