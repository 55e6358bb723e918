// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// What was agreed at arming, as far as the state machine needs it.
///
/// Spec: `docs/spec/switch.md`, section 4.
package struct SwitchTerms: Equatable, Sendable {
    /// The fewest trustees.
    package static let trusteeCountMin = 5
    /// The smallest threshold.
    package static let thresholdMin = 3
    /// What an owner gets who does not choose.
    package static let trusteeCountDefault = 7
    /// What an owner gets who does not choose.
    package static let thresholdDefault = 4
    /// No profile releases sooner than this after a clean check-in: 72 h.
    package static let floorSeconds: Int64 = 72 * 3600
    /// The longest absence that can be announced: 30 days.
    package static let holdSecondsMax: Int64 = 30 * 24 * 3600
    /// How many absences may follow each other without a check-in.
    package static let holdsInARowMax = 2
    /// The most that all trustees together can delay a release: 7 days.
    package static let delaySecondsMax: Int64 = 7 * 24 * 3600
    /// How long k intents stand before the first share is published: 1 h.
    package static let intentSeconds: Int64 = 3600
    /// From a revocation to its effect: 72 h.
    package static let revocationSeconds: Int64 = 72 * 3600

    /// Interval, grace and veto window.
    package let profile: SwitchProfile
    /// n: how many trustees there are.
    package let trusteeCount: Int
    /// k: how many shares open the escrow.
    package let threshold: Int

    /// Checks the numbers.
    ///
    /// - Returns: `nil` unless n ≥ 5, k ≥ 3 and k < n, so that k+1 trustees exist.
    package init?(profile: SwitchProfile, trusteeCount: Int, threshold: Int) {
        guard trusteeCount >= Self.trusteeCountMin, threshold >= Self.thresholdMin,
            threshold < trusteeCount, trusteeCount <= TrusteeNumber.countMax
        else { return nil }
        self.profile = profile
        self.trusteeCount = trusteeCount
        self.threshold = threshold
    }
}
