// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

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
    /// The witnessed time at which it stands.
    package private(set) var clock: Int64 = .min

    /// Whether the rules lead round in a circle, where it stands still.
    ///
    /// Those of the specification never do.
    package private(set) var isCircling = false

    private let rules: SwitchRules
    private let guards: [SwitchAdmission.Matter: [SwitchAdmission.Guard]]
    /// The transitions that lead out of the present state.
    private var ways: [SwitchTransition] = []
    private var downtime = Downtime()
    private var lastLeaf: UInt64 = 0

    /// A switch of which nothing is known yet.
    package init(rules: SwitchRules = .standard) {
        self.rules = rules
        guards = Dictionary(
            rules.admissions.map { ($0.matter, $0.guards) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The state of a switch at a moment.
    ///
    /// - Parameters:
    ///   - events: Checked events of one switch in the order of the log. Later ones than `now` are
    ///     left out: they were not known then. What a trustee sees and others do not is in the
    ///     events (``SwitchEvent/inPublic``).
    ///   - outages: When no log worked, ascending.
    ///   - now: The witnessed time at which the question is asked.
    ///   - rules: Those of the specification.
    /// - Complexity: O(events · transitions · outages in the cycle).
    package init(
        of events: some Sequence<SwitchEvent>,
        outages: [Outage] = [],
        asOf now: Int64,
        rules: SwitchRules = .standard
    ) {
        self.init(rules: rules)
        // What is still down counts as far as it has come.
        for outage in outages.compactMap({ $0.asOf(now) }) { note(outage) }
        for event in events where event.time <= now { take(event) }
        advance(to: max(now, clock))
    }

    /// What comes next if nobody says anything.
    package var outlook: Outlook? {
        next().map { Outlook(rule: $0.rule, state: $0.to, time: $1) }
    }

    /// Whether a trustee may publish a share now.
    package var allowsShares: Bool {
        guard state == .releasing, let allowedAt = facts?.sharesAllowedAt() else { return false }
        return allowedAt <= clock
    }

    // MARK: Folding

    /// Takes in an outage that is over, later than all before it and before anything after it.
    package mutating func note(_ outage: Outage) {
        guard outage.seconds > rules.limits.outageSecondsMin else { return }
        downtime.append(outage)
        facts?.downtime = downtime
    }

    /// Takes in what was said next.
    package mutating func take(_ event: SwitchEvent) {
        // Witnessed times of a log never run backwards; of two logs they are sorted before.
        let time = max(event.time, clock)
        guard facts != nil else {
            begin(event, at: time)
            return
        }
        advance(to: time)
        lastLeaf = event.leaf
        if !count(event, at: time) { voidLeaves.append(event.leaf) }
        advance(to: time)
    }

    private mutating func begin(_ event: SwitchEvent, at time: Int64) {
        guard case .arming(let terms, _, _) = event.kind else {
            voidLeaves.append(event.leaf)
            return
        }
        facts = SwitchFacts(terms: terms, epoch: event.epoch, armedAt: time, rules: rules)
        facts?.downtime = downtime
        clock = time
        lastLeaf = event.leaf
        stand(in: .armed, since: time)
    }

    private mutating func count(_ event: SwitchEvent, at time: Int64) -> Bool {
        guard let matter = facts?.matter(of: event) else { return false }
        for condition in guards[matter] ?? [] {
            guard facts?.holds(condition, for: event, in: state) == true else { return false }
        }
        return facts?.apply(event, as: matter) ?? false
    }

    /// Takes every transition that is due up to `time`, the earliest first.
    package mutating func advance(to time: Int64) {
        guard facts != nil else { return }
        var stepCount = 0
        var instant = clock
        while let (transition, at) = next(), at <= time {
            stepCount = at == instant ? stepCount + 1 : 0
            instant = at
            guard stepCount <= Self.stepsAtOnceMax else {
                isCircling = true
                return
            }
            enter(transition, at: at)
        }
        clock = max(clock, time)
    }

    /// The transition that holds first, and when; never before the present.
    private func next() -> (SwitchTransition, Int64)? {
        var first: (index: Int, time: Int64)?
        for index in ways.indices {
            guard let at = facts?.time(of: ways[index].moment, now: clock) else { continue }
            let time = max(at, clock)
            if let known = first, known.time <= time { continue }
            guard ways[index].guards.allSatisfy({ facts?.holds($0, now: clock) == true }) else {
                continue
            }
            first = (index, time)
        }
        return first.map { (ways[$0.index], $0.time) }
    }

    private mutating func enter(_ transition: SwitchTransition, at time: Int64) {
        steps.append(
            Step(rule: transition.rule, from: state, to: transition.to, time: time, leaf: lastLeaf)
        )
        clock = time
        facts?.leave(state, at: time)
        facts?.enter(transition.to, by: transition.rule, at: time)
        stand(in: transition.to, since: time)
    }

    private mutating func stand(in state: SwitchState, since time: Int64) {
        self.state = state
        since = time
        ways = rules.transitions.filter { $0.from.contains(state) }
    }
}
