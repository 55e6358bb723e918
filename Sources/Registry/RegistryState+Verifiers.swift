// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import RingSignature
package import Statements

/// How fast organisations come to count, and how often.
extension RegistryState {
    /// The quarter of the first charter: who is accredited in it founds the registry.
    private var foundingEpoch: RegistryEpoch? {
        charters.first.map { RegistryEpoch(containing: $0.since) }
    }

    /// Whether a verifier may vouch for a quarter, sealed or in the open.
    ///
    /// A founder may; others wait for the quarters that the charter asks for.
    ///
    /// Spec: `docs/spec/registry.md`, section 3.3.
    package func mayVouch(_ verifier: Verifier, in epoch: RegistryEpoch) -> Bool {
        guard let first = verifier.terms.first?.lowerBound, let charter else { return false }
        let joined = RegistryEpoch(containing: first)
        return joined == foundingEpoch
            || epoch.index >= joined.index + charter.limits[.probationQuarters]
    }

    /// Whether one more organisation may join a constituency today.
    ///
    /// - Complexity: O(verifiers).
    func mayJoin(_ constituency: String, _ limits: RegistryLimits) -> Bool {
        let epoch = RegistryEpoch(containing: clock)
        guard epoch != foundingEpoch else { return true }
        let members = verifiers.values.filter { $0.constituency == constituency }
        // Removed ones too: taking out and putting in is growth as well.
        let joined = members.count { $0.joinedAt >= epoch.start }
        let before = members.count { $0.joinedAt < epoch.start && $0.isActive(at: epoch.start) }
        return joined < max(limits[.growthFloor], before * limits[.growthPercent] / 100)
    }

    /// The other organisations under the control of a verifier.
    func siblings(of verifier: Verifier) -> [RegistryID] {
        guard verifier.control != nil else { return [] }
        return verifiers.values
            .filter { $0.unit == verifier.unit && $0.key != verifier.key }
            .map(\.key.id)
    }

    /// How often a member of a ring can do something in a quarter; `nil` for what has no quota.
    package func quota(_ act: RingAct) -> Int? {
        guard let limits = charter?.limits else { return nil }
        return switch act {
        case .vouch: limits[.vouchQuota]
        case .suspend: limits[.alarmQuota]
        case .object, .concur: nil
        }
    }
}
