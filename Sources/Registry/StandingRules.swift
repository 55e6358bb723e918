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
    /// A thing that is true of an account at a moment, or not.
    package enum Condition: String, Sendable, CaseIterable {
        case hasLeft = "the subject left"
        case isDead = "a death was made known, and nobody contradicted it in 7 days"
        case isRevoked = "so decided"
        case isLost = "a takeover was not mended in time"
        case isDeathPending = "a death was made known"
        case isTakenOver = "two guardians said that somebody else has the account"
        case isSuspended = "so decided, and not over; or its canary is silent"
        case hasNoControl = "control does not count"
        case wasAttested = "it was attested before"
        case isStale = "a word of its canary is overdue"
        case showsSomething = "vouches would show something"
        case isEnough =
            "vouches of one quarter are enough, nobody objected in time, and the panel concurs"
        case isPending = "vouches of one quarter are enough; objections or the panel are awaited"
        case isProvisional = "two vouches, for some days"

        func holds(of facts: StandingFacts) -> Bool {
            switch self {
            case .hasLeft: facts.closure == .withdrawn
            case .isDead: facts.closure == .memorial
            case .isRevoked: facts.closure == .revoked
            case .isLost: facts.isLost
            case .isDeathPending: facts.isDeathPending
            case .isTakenOver: facts.isTakenOver
            case .isSuspended: facts.suspension != nil
            case .hasNoControl: !facts.hasControl
            case .wasAttested: facts.wasAttested
            case .isStale: facts.isStale
            case .showsSomething: facts.tier > .none || facts.isPending
            case .isEnough: facts.tier >= .attested
            case .isPending: facts.isPending
            case .isProvisional: facts.tier == .provisional
            }
        }
    }

    /// A row: the state, if all conditions hold and no row before fits.
    package struct Row: Sendable {
        /// The state.
        package let state: StandingState
        /// When it holds.
        package var conditions: [Condition]

        init(_ state: StandingState, _ conditions: Condition...) {
            self.state = state
            self.conditions = conditions
        }

        /// When it holds, in words.
        package var text: String {
            conditions.isEmpty
                ? "none of these" : conditions.map(\.rawValue).joined(separator: ", and ")
        }

        func holds(of facts: StandingFacts) -> Bool {
            conditions.allSatisfy { $0.holds(of: facts) }
        }
    }

    /// The rows.
    package static let rows: [Row] = [
        Row(.withdrawn, .hasLeft),
        Row(.memorial, .isDead),
        Row(.revoked, .isRevoked),
        Row(.revoked, .isLost),
        Row(.memorialPending, .isDeathPending),
        Row(.takenOver, .isTakenOver),
        Row(.suspended, .isSuspended),
        Row(.lapsed, .hasNoControl, .wasAttested),
        Row(.registered, .hasNoControl),
        Row(.stale, .isStale, .showsSomething),
        Row(.attested, .isEnough),
        Row(.pending, .isPending),
        Row(.provisional, .isProvisional),
        Row(.lapsed, .wasAttested),
        Row(.controlled),
    ]

    /// The state that the facts amount to.
    ///
    /// - Parameters:
    ///   - facts: What is true.
    ///   - rows: The rule, or what tests make of it.
    /// - Returns: The state of the first row that fits.
    /// - Complexity: O(rows).
    package static func judge(_ facts: StandingFacts, by rows: [Row] = rows) -> StandingState {
        rows.first { $0.holds(of: facts) }?.state ?? .registered
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
