// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// Where an account of a subject stands.
///
/// Spec: `docs/spec/registry.md`, section 5.
package enum StandingState: String, Sendable, CaseIterable {
    /// There is a key, nothing more.
    case registered
    /// Control of the account was shown.
    case controlled
    /// Enough vouches for platforms to take notice.
    case provisional
    /// Enough vouches for the badge, still open to objection.
    case pending
    /// The vouches show something, and its canary is overdue.
    case stale
    /// The badge.
    case attested
    /// Was attested; vouches or control ran out.
    case lapsed
    /// Interrupted by decision.
    case suspended
    /// Somebody else has the account, its guardians say.
    case takenOver = "taken-over"
    /// Ended by decision, or after a takeover that nobody mended.
    case revoked
    /// The person is said to have died.
    case memorialPending = "memorial-pending"
    /// The person died.
    case memorial
    /// The subject left.
    case withdrawn

    /// States that are never left.
    package var isTerminal: Bool { self == .memorial || self == .withdrawn }

    /// The states that may follow this one.
    ///
    /// A subject cannot be attested from anywhere without passing the whole rule again; the
    /// property tests hold every history to this table.
    ///
    /// Spec: `docs/spec/registry.md`, section 5.2.
    package var successors: Set<StandingState> {
        let rows = StandingRules.transitions.filter { $0.from.contains(self) }
        return Set(rows.flatMap(\.to)).subtracting([self])
    }
}

/// How much was asked of an attested account.
package enum StandingTier: Int, Sendable, Comparable {
    case none
    case provisional
    case attested
    case strong

    package static func < (left: StandingTier, right: StandingTier) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A stretch of time in which an account stood in one state.
package struct StandingPeriod: Equatable, Sendable {
    /// The state.
    package let state: StandingState
    /// The tier that goes with it.
    package let tier: StandingTier
    /// First moment, seconds since 1970.
    package let since: Int64
    /// First moment after it if nothing new happens; `nil` if it then stays.
    package let until: Int64?
    /// Why, for a negative state.
    package let reason: RegistryReason?

    package init(
        state: StandingState,
        tier: StandingTier,
        since: Int64,
        until: Int64?,
        reason: RegistryReason?
    ) {
        self.state = state
        self.tier = tier
        self.since = since
        self.until = until
        self.reason = reason
    }

    /// Whether it covers `time`.
    package func contains(_ time: Int64) -> Bool { since <= time && time < until ?? .max }
}
