// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Statements
import Switch

extension Scenario {
    /// Hours at which one and the same life stands in each open state, with the end asked for.
    private static let stays: [(SwitchState, Double)] = [
        (.armed, 73), (.hold, 74), (.due, 95), (.overdue, 107), (.suspect, 119), (.pending, 121),
        (.releasing, 145),
    ]

    private static func life(_ state: SwitchState, _ history: inout History) {
        history.add(0.5, .revocation(digest: [7]))
        history.checkIn(70)
        if state == .hold { history.hold(72, until: 300) }
        if state == .pending || state == .releasing { history.answer(120, [1, 2, 3], .dead) }
    }

    /// What happens in each open state when the same thing is said.
    static let ofEachState: [Scenario] = stays.flatMap { state, hours in
        func goes(
            _ name: String,
            to next: SwitchState,
            by rule: SwitchTransition.Rule,
            _ write: (inout History) -> Void
        ) -> Scenario {
            let tookIt: @Sendable (SwitchMachine) -> Bool = { machine in
                machine.steps.contains { $0.rule == rule && $0.from == state }
            }
            return Scenario(
                "\(name) in \(state)",
                states: [(hours - 0.1, state), (hours, next)],
                sees: [(hours, tookIt)]
            ) {
                life(state, &$0)
                write(&$0)
            }
        }
        var scenarios = [
            goes("shares", to: .released, by: .sharesPublished) { $0.publish(hours, [1, 2, 3]) },
            goes("the end", to: .revoked, by: .revoked) { $0.consent(hours, [1, 2, 3], 7) },
            // An absence that was announced goes on in it.
            goes("a new epoch", to: state == .hold ? .hold : .armed, by: .rearmed) {
                $0.rearm(hours - 1, 8)
                $0.consent(hours, [1, 2, 3], 8)
            },
        ]
        if state != .releasing {
            scenarios.append(
                goes("a check-in", to: .armed, by: .checkedIn) { $0.checkIn(hours) }
            )
        }
        if [.armed, .hold, .due, .overdue].contains(state) {
            scenarios.append(
                goes("k+1 dead", to: .pending, by: .deadForCertain) {
                    $0.answer(hours, [1, 2, 3, 4], .dead, evidence: true)
                }
            )
        }
        return scenarios
    }

    /// What is signed for another epoch counts nothing in this one.
    static let ofOtherEpochs: [Scenario] = [
        Scenario(
            "statements for another epoch",
            hasReminders: true,
            states: [(95, .overdue), (97, .pending), (121, .releasing)],
            sees: [(123, { $0.voidLeaves == [1, 3, 7, 8, 9, 10, 11] })]
        ) {
            $0.epoch = 2
            $0.add(1, .drill(TrusteeNumber(1), time: History.time(1)))
            $0.epoch = 1
            $0.add(2, .revocation(digest: [7]))
            $0.epoch = 2
            $0.add(30, .reminder(cycle: History.start, isDelivered: true))
            $0.epoch = 1
            $0.answer(97, [1, 2, 3], .dead)
            $0.epoch = 2
            $0.delay(98, 1, seconds: 3600)
            $0.consent(99, [4, 5], 7)
            $0.add(100, .revocation(digest: [8]))
            $0.intend(122, [1])
        },
        Scenario("clearings for another epoch", states: [(47, .overdue)]) {
            $0.checkIn(10, mark: .duress)
            $0.checkIn(20, mark: .clean, checkpoint: 5)
            $0.epoch = 2
            for trustee in 1...3 {
                let kind = SwitchEvent.Kind.clearing(TrusteeNumber(trustee), checkpoint: [5])
                $0.add(21, kind, isSealed: true)
            }
        },
    ]

    /// All of them.
    static let all =
        ofTheClock + ofTheTrustees + ofTheOwner + ofForce + ofTheDrills + ofEachState
        + ofOtherEpochs
}
