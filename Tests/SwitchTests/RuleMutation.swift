// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Switch

/// One thing about the rules that is not as it should be.
struct RuleMutation: Sendable {
    let name: String
    let rules: SwitchRules

    private init(_ name: String, _ change: (inout SwitchRules) -> Void) {
        var rules = SwitchRules.standard
        change(&rules)
        self.name = name
        self.rules = rules
    }

    /// Every row, condition, state, moment, number and length of time, changed once.
    static let all = transitions + admissions + quorums + limits

    static let transitions: [RuleMutation] = SwitchTransition.table.indices.flatMap { row in
        let transition = SwitchTransition.table[row]
        let name = transition.rule.rawValue
        var mutations = [
            RuleMutation("\(name) missing") { $0.transitions.remove(at: row) }
        ]
        mutations += transition.guards.indices.map { index in
            RuleMutation("\(name) without “\(transition.guards[index].rawValue)”") {
                $0.transitions[row].guards.remove(at: index)
            }
        }
        mutations += transition.from.indices.map { index in
            RuleMutation("\(name) not from \(transition.from[index])") {
                $0.transitions[row].from.remove(at: index)
            }
        }
        if transition.moment != .now {
            mutations.append(
                RuleMutation("\(name) at once") { $0.transitions[row].moment = .now }
            )
        }
        return mutations
    }

    static let admissions: [RuleMutation] = SwitchAdmission.table.indices.flatMap { row in
        let admission = SwitchAdmission.table[row]
        var mutations = [
            RuleMutation("\(admission.matter.rawValue) never counts") {
                $0.admissions[row].guards = [.underDuress, .notUnderDuress]
            }
        ]
        mutations += admission.guards.indices.map { index in
            let condition = admission.guards[index].rawValue
            return RuleMutation("\(admission.matter.rawValue) without “\(condition)”") {
                $0.admissions[row].guards.remove(at: index)
            }
        }
        return mutations
    }

    static let quorums: [RuleMutation] = {
        let fields: [(String, WritableKeyPath<SwitchQuorums, Int>)] = [
            ("dead for certain", \.deadForCertain), ("alive", \.alive), ("answers", \.answers),
            ("guesses", \.guesses), ("consents", \.consents), ("clearings", \.clearings),
            ("intents", \.intents),
        ]
        return fields.flatMap { name, field in
            [-1, 1].map { change in
                RuleMutation("\(name) \(change)") { $0.quorums[keyPath: field] += change }
            }
        }
    }()

    static let limits: [RuleMutation] = {
        let fields: [(String, WritableKeyPath<SwitchLimits, Int64>)] = [
            ("floor", \.floorSeconds), ("hold", \.holdSecondsMax),
            ("holds in a row", \.holdsInARowMax), ("delay", \.delaySecondsMax),
            ("delays", \.delaySecondsSumMax), ("intent", \.intentSeconds),
            ("revocation", \.revocationSeconds), ("outage", \.outageSecondsMin),
            ("downtime", \.downtimeSecondsMax), ("reminder", \.reminderSecondsMax),
            ("drill", \.drillSeconds), ("liveness", \.livenessSeconds), ("keep", \.keepSeconds),
        ]
        return fields.flatMap { name, field in
            [
                RuleMutation("twice the \(name)") { $0.limits[keyPath: field] *= 2 },
                RuleMutation("half the \(name)") { $0.limits[keyPath: field] /= 2 },
            ]
        }
    }()
}
