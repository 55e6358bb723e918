// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// What is to be said beside the state.
///
/// None of it ever stops a switch.
///
/// Spec: `docs/spec/switch.md`, section 5.5.
package enum SwitchFlag: String, CaseIterable, Sendable {
    /// Fewer than k+1 trustees are known to be there.
    case trusteesTooFew = "trustees-too-few"
    /// A trustee has not proved for too long to have the key.
    case drillsOverdue = "drills-overdue"
    /// No more than a bare majority of the witnesses signs.
    case witnessesTooFew = "witnesses-too-few"
    /// A share was out when the owner checked in: the old dealing can still be completed.
    case reshare
    /// In the trustees' view only: the owner checks in by force.
    case duress

    /// Whether it makes the switch DEGRADED.
    package var isDegradation: Bool { self != .reshare && self != .duress }
}

/// Which of the witnesses that a policy names have signed the newest checkpoints.
package struct WitnessCount: Equatable, Sendable {
    /// How many sign.
    package let live: Int
    /// How many the policy names.
    package let named: Int

    /// Counts witnesses.
    package init(live: Int, named: Int) {
        self.live = live
        self.named = named
    }

    /// Whether no more than a bare majority signs: one less, and nothing has a time any more.
    package var isBare: Bool { live <= named / 2 + 1 }
}

extension SwitchMachine {
    /// What is to be said beside the state, at the time at which the machine stands.
    ///
    /// - Parameter witnesses: Which witnesses sign, if that is known.
    /// - Returns: None in a final state.
    package func flags(witnesses: WitnessCount? = nil) -> Set<SwitchFlag> {
        guard let facts, !state.isFinal else { return [] }
        var flags: Set<SwitchFlag> = []
        let trustees = (1...facts.terms.trusteeCount).map { TrusteeNumber($0) }
        let living = trustees.count {
            clock - (facts.lastHeard[$0] ?? facts.armedAt) <= facts.limits.livenessSeconds
        }
        if living < facts.terms.threshold + 1 { flags.insert(.trusteesTooFew) }
        let isLate = trustees.contains {
            clock - (facts.drills[$0] ?? facts.armedAt) > facts.limits.drillSeconds
        }
        if isLate { flags.insert(.drillsOverdue) }
        if witnesses?.isBare == true { flags.insert(.witnessesTooFew) }
        if facts.needsReshare { flags.insert(.reshare) }
        if facts.duress != nil { flags.insert(.duress) }
        return flags
    }

    /// Until when nothing about a released switch is deleted.
    package var keepUntil: Int64? {
        guard let facts, state == .released else { return nil }
        return since + facts.limits.keepSeconds
    }
}
