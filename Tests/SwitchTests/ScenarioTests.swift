// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Switch
import Testing

@Suite struct ScenarioTests {
    @Test func everyScenarioGoesAsItShould() {
        let wrong = Scenario.all.compactMap { $0.difference(under: .standard) }
        #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    }

    @Test func everyChangeOfARuleIsNoticed() {
        var missed: [String] = []
        let scenarios = Scenario.all.filter { $0.difference(under: .standard) == nil }
        for mutation in RuleMutation.all
        where !scenarios.contains(where: { $0.difference(under: mutation.rules) != nil }) {
            missed.append(mutation.name)
        }
        print("\(RuleMutation.all.count) changes of the rules, \(missed.count) not noticed")
        #expect(missed.isEmpty, "\(missed.joined(separator: "\n"))")
    }

    @Test func everyLengthAndNumberIsChangedOnce() {
        #expect(Mirror(reflecting: SwitchLimits()).children.count * 2 == RuleMutation.limits.count)
        #expect(
            Mirror(reflecting: SwitchQuorums()).children.count * 2 == RuleMutation.quorums.count
        )
    }

    /// What a captor sees does not depend on what only trustees can read.
    @Test func thePublicViewShowsNoDuress() {
        for scenario in Scenario.all {
            let events = scenario.history.events
            var forced = events.compactMap(\.inPublic)
            var clean = forced
            for index in forced.indices {
                guard case .checkIn(let time, let checkpoint, _) = forced[index].kind else {
                    continue
                }
                for (mark, isForced) in [(SwitchEvent.Mark.duress, true), (.clean, false)] {
                    let event = SwitchEvent(
                        leaf: forced[index].leaf,
                        time: forced[index].time,
                        epoch: forced[index].epoch,
                        kind: .checkIn(time: time, checkpoint: checkpoint, mark: mark)
                    )
                    if isForced { forced[index] = event } else { clean[index] = event }
                }
            }
            #expect(forced.compactMap(\.inPublic) == clean.compactMap(\.inPublic))
            let now = History.time(10_000)
            let machine = SwitchMachine(of: forced.compactMap(\.inPublic), asOf: now)
            #expect(!machine.flags().contains(.duress))
            #expect(machine == SwitchMachine(of: clean.compactMap(\.inPublic), asOf: now))
        }
    }
}
