// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// Folds the events of a switch into its state: a pure function of what was said and of the time.
///
/// Spec: `docs/spec/switch.md`, section 5.
package struct SwitchMachine: Equatable, Sendable {
    /// One change of state and what it rests on.
    package struct Step: Equatable, Sendable {
        /// Why.
        package let rule: SwitchTransition.Rule
        /// The state left.
        package let from: SwitchState
        /// The state entered.
        package let to: SwitchState
        /// When.
        package let time: Int64
        /// The last leaf that was taken in before it.
        package let leaf: UInt64
    }

    /// A change that will come if nothing happens until then.
    package struct Outlook: Equatable, Sendable {
        /// Why.
        package let rule: SwitchTransition.Rule
        /// The state that follows.
        package let state: SwitchState
        /// When.
        package let time: Int64
    }

    /// The most changes of state at one instant; more would be a circle in the table.
    private static let stepsAtOnceMax = 2 * SwitchState.allCases.count

    /// Where the switch stands.
    package private(set) var state: SwitchState = .draft
    /// Since when.
    package private(set) var since: Int64 = 0
    /// What is known; `nil` in DRAFT.
    package private(set) var facts: SwitchFacts?
    /// How it came there, oldest first, the arming not counted.
    package private(set) var steps: [Step] = []
    /// Leaves that changed nothing: too late, not allowed, or outweighed.
    package private(set) var voidLeaves: [UInt64] = []

    private var clock: Int64 = .min
    private var lastLeaf: UInt64 = 0

    /// The state of a switch at a moment.
    ///
    /// - Parameters:
    ///   - events: Checked events of one switch in the order of the log. Later ones than `now` are
    ///     left out: they were not known then.
    ///   - now: The witnessed time at which the question is asked.
    /// - Complexity: O(events · transitions).
    package init(of events: some Sequence<SwitchEvent>, asOf now: Int64) {
        for event in events where event.time <= now {
            take(event)
        }
        if facts != nil { advance(to: max(now, clock)) }
    }

    /// What comes next if nobody says anything.
    package var outlook: Outlook? {
        guard let facts else { return nil }
        return next(facts).map { transition, time in
            Outlook(rule: transition.rule, state: transition.to, time: time)
        }
    }

    /// Whether a trustee may publish a share now.
    package var allowsShares: Bool {
        guard state == .releasing, let allowedAt = facts?.sharesAllowedAt() else { return false }
        return allowedAt <= clock
    }

    private mutating func take(_ event: SwitchEvent) {
        // Witnessed times of a log never run backwards; of two logs they are sorted before.
        let time = max(event.time, clock)
        if case .arming(let terms) = event.kind, facts == nil {
            facts = SwitchFacts(terms: terms, armedAt: time)
            state = .armed
            since = time
            clock = time
            lastLeaf = event.leaf
            return
        }
        guard facts != nil else {
            voidLeaves.append(event.leaf)
            return
        }
        advance(to: time)
        lastLeaf = event.leaf
        if facts?.apply(event, in: state) != true { voidLeaves.append(event.leaf) }
        advance(to: time)
    }

    /// Takes every transition that is due up to `time`, the earliest first.
    private mutating func advance(to time: Int64) {
        var stepCount = 0
        var instant = clock
        while let facts, let (transition, at) = next(facts), at <= time {
            stepCount = at == instant ? stepCount + 1 : 0
            instant = at
            precondition(stepCount <= Self.stepsAtOnceMax, "the transitions run in a circle")
            enter(transition, at: at)
        }
        clock = max(clock, time)
    }

    /// The transition that holds first, and when; never before the present.
    private func next(_ facts: SwitchFacts) -> (SwitchTransition, Int64)? {
        var first: (transition: SwitchTransition, time: Int64)?
        for transition in SwitchTransition.table where transition.from.contains(state) {
            guard let time = transition.holdsAt(facts, clock).map({ max($0, clock) }) else {
                continue
            }
            if let known = first, known.time <= time { continue }
            first = (transition, time)
        }
        return first.map { ($0.transition, $0.time) }
    }

    private mutating func enter(_ transition: SwitchTransition, at time: Int64) {
        steps.append(
            Step(rule: transition.rule, from: state, to: transition.to, time: time, leaf: lastLeaf)
        )
        clock = time
        facts?.leave(state, at: time)
        facts?.enter(transition.to, by: transition.rule, at: time)
        state = transition.to
        since = time
    }
}

extension SwitchFacts {
    /// Closes the accounts of a state.
    mutating func leave(_ state: SwitchState, at time: Int64) {
        if state == .pending, let since = pendingSince {
            // The window goes on from here if the switch comes back: it never starts again.
            pendingSeconds += time - since
            pendingSince = nil
        }
        if state == .releasing {
            releasingSince = nil
            intents = [:]
        }
    }

    /// Opens the accounts of a state.
    mutating func enter(_ state: SwitchState, by rule: SwitchTransition.Rule, at time: Int64) {
        switch rule {
        case .absenceOver:
            // The end of an absence counts as a check-in at that moment.
            restartCycle(at: time)
            holdUntil = nil
        case .absenceAnnounced, .sharesPublished, .revoked, .intervalOver, .graceHalfOver,
            .graceOver, .deadForCertain, .trusteesAnswered, .answersWithdrawn, .alarmWithdrawn,
            .checkedIn, .calledOff, .vetoOver:
            break
        }
        switch state {
        case .armed:
            cycleInForce = cycleStart
            // A check-in so old that the trustees are asked again gives no second veto window.
            if time < suspectAt {
                pendingSeconds = 0
                delays = [:]
            }
        case .pending: pendingSince = time
        case .releasing: releasingSince = time
        case .draft, .due, .overdue, .suspect, .released, .hold, .revoked: break
        }
    }
}
