// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What a member of a ring does for a subject.
///
/// Acts have domains of their own, so that they neither collide nor link with each other: that a
/// member who vouched also sits in the panel must not show.
///
/// Spec: `docs/spec/ring-vouch.md`, section 4.
package enum RingAct: String, CaseIterable, Sendable {
    /// Vouches for the subject.
    case vouch
    /// Objects to the activation of the subject's badge.
    case object
    /// Suspends the subject in an emergency.
    case suspend
    /// Concurs, as a member of the panel.
    case concur

    /// Whether a member can do it a limited number of times an epoch, each time with a slot.
    package var hasQuota: Bool { self == .vouch || self == .suspend }

    /// The domain of a purpose: the bare name for vouches, as the suite has it.
    func domain(_ purpose: String) -> [UInt8] {
        RingSuite.domain(self == .vouch ? purpose : "\(purpose):\(rawValue)")
    }
}
