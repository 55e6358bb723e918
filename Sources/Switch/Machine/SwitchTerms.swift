// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// What was agreed at arming, as far as the state machine needs it.
///
/// Spec: `docs/spec/switch.md`, section 4.
package struct SwitchTerms: Hashable, Sendable {
    /// The fewest trustees.
    package static let trusteeCountMin = 5
    /// The smallest threshold.
    package static let thresholdMin = 3
    /// What an owner gets who does not choose.
    package static let trusteeCountDefault = 7
    /// What an owner gets who does not choose.
    package static let thresholdDefault = 4

    /// Interval, grace and veto window.
    package let profile: SwitchProfile
    /// n: how many trustees there are.
    package let trusteeCount: Int
    /// k: how many shares open the escrow.
    package let threshold: Int
    /// Whether somebody was named who sends reminders: then the grace does not end without one.
    package let hasReminders: Bool

    /// Checks the numbers.
    ///
    /// - Returns: `nil` unless n ≥ 5, k ≥ 3 and k < n, so that k+1 trustees exist.
    package init?(
        profile: SwitchProfile,
        trusteeCount: Int,
        threshold: Int,
        hasReminders: Bool = false
    ) {
        guard trusteeCount >= Self.trusteeCountMin, threshold >= Self.thresholdMin,
            threshold < trusteeCount, trusteeCount <= TrusteeNumber.countMax
        else { return nil }
        self.profile = profile
        self.trusteeCount = trusteeCount
        self.threshold = threshold
        self.hasReminders = hasReminders
    }
}
