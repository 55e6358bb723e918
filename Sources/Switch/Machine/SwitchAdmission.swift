// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Which statements count, and on what conditions: what fails one of them is void and changes
/// nothing.
///
/// Data and nothing else, as SwitchTransition.
///
/// Spec: `docs/spec/switch.md`, section 5.2.
package struct SwitchAdmission: Equatable, Sendable {
    /// What is said, seen by one reader.
    package enum Matter: String, CaseIterable, Sendable {
        case checkIn = "check-in"
        case forcedCheckIn = "check-in that shows duress"
        case checkInUnderDuress = "clean check-in under duress"
        case words
        case attestation, hold, delay, revocation
        case newEpoch = "new epoch"
        case consent, intent, share, reminder, drill, clearing, receipt
    }

    /// A condition on a statement.
    package enum Guard: String, CaseIterable, Sendable {
        case ofThisEpoch = "of the epoch in force"
        case ofNextEpoch = "of the next epoch"
        case isOpen = "not final"
        case inArmed = "in ARMED"
        case inReleased = "in RELEASED"
        case notDead = "not while k+1 say dead"
        case notUnderDuress = "not under duress"
        case underDuress = "under duress"
        case isNewer = "newer than the last check-in"
        case sinceAbsence = "newer than the absence"
        case isNoOlder = "not older than the last check-in"
        case cycleBegun = "its cycle has begun"
        case higherNumber = "higher number than before"
        case endsLater = "ends later than now"
        case shortEnough = "at most 30 d"
        case fewInARow = "fewer than 2 in a row"
        case namesThisStay = "names this stay in the state"
        case firstOfTrustee = "the trustee's first"
        case newRequest = "not the request that stands"
        case namesARequest = "names a request that stands"
        case namesThisCycle = "names this cycle"
        case isDelivered = "delivered"
        case newerDrill = "newer than the trustee's last"
    }

    /// What is said.
    package var matter: Matter
    /// All of these have to hold.
    package var guards: [Guard]

    /// All kinds of statements.
    package static let table: [SwitchAdmission] = [
        .init(matter: .checkIn, guards: [.isNewer, .sinceAbsence, .notDead]),
        .init(matter: .forcedCheckIn, guards: [.isNewer]),
        .init(matter: .checkInUnderDuress, guards: [.cycleBegun, .isNewer, .notDead]),
        .init(matter: .words, guards: [.cycleBegun, .isNewer, .sinceAbsence, .notDead]),
        .init(matter: .attestation, guards: [.ofThisEpoch, .higherNumber]),
        .init(
            matter: .hold,
            guards: [
                .inArmed, .isNoOlder, .endsLater, .shortEnough, .fewInARow, .notUnderDuress,
            ]
        ),
        .init(
            matter: .delay,
            guards: [.ofThisEpoch, .namesThisStay, .firstOfTrustee]
        ),
        .init(
            matter: .revocation,
            guards: [.ofThisEpoch, .notDead, .notUnderDuress, .newRequest]
        ),
        .init(
            matter: .newEpoch,
            guards: [.ofNextEpoch, .notDead, .notUnderDuress, .newRequest]
        ),
        .init(
            matter: .consent,
            guards: [.ofThisEpoch, .isOpen, .namesARequest, .notUnderDuress]
        ),
        .init(
            matter: .intent,
            guards: [.ofThisEpoch, .namesThisStay, .firstOfTrustee]
        ),
        .init(matter: .share, guards: []),
        .init(matter: .reminder, guards: [.ofThisEpoch, .namesThisCycle, .isDelivered]),
        .init(matter: .drill, guards: [.ofThisEpoch, .newerDrill]),
        .init(matter: .clearing, guards: [.ofThisEpoch, .underDuress]),
        .init(matter: .receipt, guards: [.inReleased]),
    ]
}
