// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A mistake that somebody could make, put in on purpose: the simulator has to find each.
///
/// Spec: `docs/spec/switch.md`, section 12.
package enum PlantedBug: String, CaseIterable, Sendable {
    /// One answer fewer than k leads to PENDING, and one intent fewer to shares.
    case thresholdTooLow = "threshold-too-low"
    /// The veto window is not waited for.
    case noVeto = "no-veto"
    /// Shares follow the intents at once.
    case noHour = "no-hour"
    /// A check-in counts from when it reached the log, not from its checkpoint.
    case inclusionTime = "inclusion-time"
    /// k+1 *dead* do not void what the killers say with the passphrase.
    case deadMayCheckIn = "dead-may-check-in"
    /// A check-in that shows duress counts as clean.
    case duressIgnored = "duress-ignored"
    /// What was down is not credited.
    case noDowntime = "no-downtime"
    /// A new epoch needs no consents.
    case epochWithoutConsent = "epoch-without-consent"
    /// The state waits for a reminder for as long as it takes.
    case endlessReminder = "endless-reminder"
    /// The time is what any one witness says.
    case anyWitness = "any-witness"
    /// Trustees read one of the logs only.
    case oneLog = "one-log"
    /// Trustees read a log into which somebody has copied the arming.
    case copiedArming = "copied-arming"

    /// The rules with the mistake in them.
    var rules: SwitchRules {
        var rules = SwitchRules.standard
        switch self {
        case .thresholdTooLow:
            rules.quorums.answers = -1
            rules.quorums.intents = -1
        case .noVeto:
            rules.change(.vetoOver) { $0.moment = .now }
        case .noHour: rules.limits.intentSeconds = 0
        case .deadMayCheckIn:
            rules.change(.checkIn) { $0.guards.removeAll { $0 == .notDead } }
        case .noDowntime: rules.limits.downtimeSecondsMax = 0
        case .epochWithoutConsent: rules.quorums.consents = -SwitchTerms.thresholdMin + 1
        case .endlessReminder: rules.limits.reminderSecondsMax = 10_000 * 24 * 3600
        case .inclusionTime, .duressIgnored, .anyWitness, .oneLog, .copiedArming: break
        }
        return rules
    }
}

extension SwitchRules {
    fileprivate mutating func change(
        _ rule: SwitchTransition.Rule,
        _ change: (inout SwitchTransition) -> Void
    ) {
        for row in transitions.indices where transitions[row].rule == rule {
            change(&transitions[row])
        }
    }

    fileprivate mutating func change(
        _ matter: SwitchAdmission.Matter,
        _ change: (inout SwitchAdmission) -> Void
    ) {
        for row in admissions.indices where admissions[row].matter == matter {
            change(&admissions[row])
        }
    }
}
