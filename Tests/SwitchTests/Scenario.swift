// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Statements
import Switch

/// A life of a switch with what a reader has to see at certain hours.
struct Scenario: Sendable {
    /// Something to look at besides the state.
    struct Sight: Sendable {
        let hours: Double
        let isSeen: @Sendable (SwitchMachine) -> Bool
    }

    let name: String
    let history: History
    /// What is seen, hour by hour.
    let states: [(Double, SwitchState)]
    let sights: [Sight]

    init(
        _ name: String,
        _ profile: SwitchProfile = .field,
        n: Int = 5,
        hasReminders: Bool = false,
        states: [(Double, SwitchState)],
        sees sights: [(Double, @Sendable (SwitchMachine) -> Bool)] = [],
        _ write: (inout History) -> Void
    ) {
        guard var history = History(profile, n: n, k: 3, hasReminders: hasReminders) else {
            preconditionFailure("the terms of scenarios are valid")
        }
        write(&history)
        self.name = name
        self.history = history
        self.states = states
        self.sights = sights.map { Sight(hours: $0, isSeen: $1) }
    }

    /// What differs from what has to be, if anything.
    func difference(under rules: SwitchRules) -> String? {
        for (hours, state) in states {
            let seen = history.machine(hours, rules).state
            if seen != state { return "\(name): \(seen) at \(hours) h, not \(state)" }
        }
        for (index, sight) in sights.enumerated() {
            guard sight.isSeen(history.machine(sight.hours, rules)) else {
                return "\(name): sight \(index) at \(sight.hours) h"
            }
        }
        return nil
    }
}
