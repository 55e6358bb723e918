// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The rules as a page for people: a diagram (Mermaid) and the two tables, drawn from the data that
/// the program itself uses.
///
/// `docs/spec/switch-rules.md` is this text; a test fails when it is stale.
package struct SwitchRulesPage: Sendable {
    /// The page, line by line.
    package let lines: [String]

    /// Writes the page.
    package init(_ rules: SwitchRules = .standard) {
        lines =
            [
                "# The rules of the switch", "",
                "Written by `resguardo plumbing switch-rules` from the tables in"
                    + " `Sources/Switch/Machine`: do not edit. What the words mean is in",
                "[switch.md](switch.md), section 5.", "", "## States", "", "```mermaid",
                "stateDiagram-v2", "    [*] --> DRAFT", "    DRAFT --> ARMED: arming",
            ] + Self.arrows(rules) + ["```", "", "## Transitions", ""]
            + [
                "Of several that hold at the same moment the first one is taken.", "",
                "| rule | from | to | when | at |", "|---|---|---|---|---|",
            ] + rules.transitions.map(Self.row)
            + [
                "", "## Statements", "", "One that fails a condition is void and changes nothing.",
                "",
                "| statement | counts if |", "|---|---|",
            ]
            + rules.admissions.map { admission in
                let guards = admission.guards.map(\.rawValue).joined(separator: "; ")
                return "| \(admission.matter.rawValue) | \(guards.isEmpty ? "always" : guards) |"
            }
    }

    /// One arrow for each pair of states, all its rules on it.
    private static func arrows(_ rules: SwitchRules) -> [String] {
        var labels: [(arrow: String, rules: [String])] = []
        for transition in rules.transitions {
            for state in transition.from {
                let arrow = "    \(name(state)) --> \(name(transition.to))"
                if let index = labels.firstIndex(where: { $0.arrow == arrow }) {
                    labels[index].rules.append(transition.rule.rawValue)
                } else {
                    labels.append((arrow, [transition.rule.rawValue]))
                }
            }
        }
        return labels.map { "\($0.arrow): \($0.rules.joined(separator: ", "))" }
    }

    private static func row(_ transition: SwitchTransition) -> String {
        let from = transition.from.map(name).joined(separator: ", ")
        let guards = transition.guards.map(\.rawValue).joined(separator: "; ")
        return "| \(transition.rule.rawValue) | \(from) | \(name(transition.to)) | \(guards) |"
            + " \(transition.moment.rawValue) |"
    }

    private static func name(_ state: SwitchState) -> String { state.rawValue.uppercased() }
}
