// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// What is true of an account of a subject at a moment.
package struct StandingFacts: Equatable, Sendable {
    /// The decision that holds.
    package var closure: StandingState?
    /// Its reason.
    package var closureReason: RegistryReason?
    /// Whether guardians said that the account is lost, and nobody mended it in time.
    package var isLost = false
    /// Whether a death was made known, and may still be contradicted.
    package var isDeathPending = false
    /// Whether guardians said that the account is lost, and there is time to mend it.
    package var isTakenOver = false
    /// Why it is suspended.
    package var suspension: RegistryReason?
    /// Whether a word of its canary is overdue.
    package var isStale = false
    /// Whether control of the account counts.
    package var hasControl = false
    /// What the vouches amount to, those that nobody may object to any more.
    package var tier = StandingTier.none
    /// Whether vouches would be enough, and may still be objected to.
    package var isPending = false
    /// Whether it was attested before.
    package var wasAttested = false

    package init() {}
}

/// The rule of the registry: a table of states, of which the first one holds whose condition does.
///
/// Negative rows stand before positive ones. `docs/spec/registry-rules.md` is drawn from it.
///
/// Spec: `docs/spec/registry.md`, section 5.
package enum StandingRules {
    /// A row.
    package struct Row: Sendable {
        /// The state.
        package let state: StandingState
        /// When it holds, in words.
        package let condition: String
        /// When it holds.
        package let holds: @Sendable (StandingFacts) -> Bool

        init(
            _ state: StandingState,
            _ condition: String,
            _ holds: @escaping @Sendable (StandingFacts) -> Bool
        ) {
            self.state = state
            self.condition = condition
            self.holds = holds
        }
    }

    /// The rows.
    package static let rows: [Row] = [
        Row(.withdrawn, "the subject left") { $0.closure == .withdrawn },
        Row(.memorial, "a death was made known, and nobody contradicted it in 7 days") {
            $0.closure == .memorial
        },
        Row(.revoked, "so decided, or a takeover that was not mended in time") {
            $0.closure == .revoked || $0.isLost
        },
        Row(.memorialPending, "a death was made known") { $0.isDeathPending },
        Row(.takenOver, "two guardians said that somebody else has the account") {
            $0.isTakenOver
        },
        Row(.suspended, "so decided, and not over; or its canary is silent") {
            $0.suspension != nil
        },
        Row(.lapsed, "control does not count, and it was attested before") {
            !$0.hasControl && $0.wasAttested
        },
        Row(.registered, "control does not count") { !$0.hasControl },
        Row(.stale, "vouches show something, and a word of its canary is overdue") {
            $0.isStale && ($0.tier > .none || $0.isPending)
        },
        Row(
            .attested,
            "vouches of one quarter are enough, nobody objected in time, and the panel concurs"
        ) {
            $0.tier >= .attested
        },
        Row(.pending, "vouches of one quarter are enough; objections or the panel are awaited") {
            $0.isPending
        },
        Row(.provisional, "two vouches, for some days") { $0.tier == .provisional },
        Row(.lapsed, "none of these, and it was attested before") { $0.wasAttested },
        Row(.controlled, "none of these") { _ in true },
    ]

    /// The state that the facts amount to.
    ///
    /// - Complexity: O(rows).
    package static func judge(_ facts: StandingFacts) -> StandingState {
        rows.first { $0.holds(facts) }?.state ?? .registered
    }

    /// What makes one state follow another.
    package struct Transition: Sendable {
        /// What happens.
        package let cause: String
        /// Where it happens.
        package let from: [StandingState]
        /// Where it may lead.
        package let to: [StandingState]
    }

    /// States that nobody decided against.
    package static let open: [StandingState] = [
        .registered, .controlled, .provisional, .pending, .stale, .attested, .lapsed,
    ]

    /// Everything that can happen; a state follows another by one of these alone.
    package static let transitions: [Transition] = [
        Transition(
            cause: "control is shown",
            from: [.registered, .lapsed],
            to: [.controlled, .provisional, .pending, .stale, .attested]
        ),
        Transition(
            cause: "vouches come",
            from: [.controlled, .provisional, .lapsed],
            to: [.provisional, .pending, .stale, .attested]
        ),
        Transition(
            cause: "nobody objects in time, and the panel concurs",
            from: [.pending],
            to: [.attested]
        ),
        Transition(
            cause: "objections, a panel's no, or vouches end",
            from: [.provisional, .pending],
            to: [.controlled, .lapsed, .provisional]
        ),
        Transition(
            cause: "vouches or control end",
            from: [.attested],
            to: [.provisional, .pending, .lapsed]
        ),
        Transition(
            cause: "control ends",
            from: [.controlled, .provisional, .pending],
            to: [.registered, .lapsed]
        ),
        Transition(
            cause: "a word of its canary is overdue",
            from: [.provisional, .pending, .attested],
            to: [.stale]
        ),
        Transition(
            cause: "its canary is heard again",
            from: [.stale],
            to: [.provisional, .pending, .attested]
        ),
        Transition(
            cause: "vouches or control end",
            from: [.stale],
            to: [.registered, .controlled, .lapsed]
        ),
        Transition(cause: "it is suspended, or silent", from: open, to: [.suspended]),
        Transition(cause: "the suspension is over", from: [.suspended], to: open),
        Transition(
            cause: "two guardians say that it is lost",
            from: open + [.suspended],
            to: [.takenOver]
        ),
        Transition(
            cause: "key, control and one vouch are new",
            from: [.takenOver],
            to: open + [.suspended]
        ),
        Transition(cause: "it is not mended in time", from: [.takenOver], to: [.revoked]),
        Transition(
            cause: "a death is made known",
            from: open + [.suspended, .takenOver],
            to: [.memorialPending]
        ),
        Transition(
            cause: "the subject, a guardian and verifiers contradict",
            from: [.memorialPending],
            to: open + [.suspended, .takenOver]
        ),
        Transition(
            cause: "7 days without contradiction",
            from: [.memorialPending, .revoked],
            to: [.memorial]
        ),
        Transition(
            cause: "it is revoked",
            from: open + [.suspended, .takenOver, .memorialPending],
            to: [.revoked]
        ),
        Transition(
            cause: "an appeal is upheld, or new evidence after 180 days",
            from: [.revoked],
            to: open + [.suspended, .takenOver, .memorialPending]
        ),
        Transition(
            cause: "the subject leaves",
            from: open + [.suspended, .takenOver, .revoked],
            to: [.withdrawn]
        ),
    ]
}
