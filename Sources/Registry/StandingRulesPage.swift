// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// The rule of the registry as a page for people: a diagram (Mermaid) and two tables, drawn from
/// the data that the program itself uses.
///
/// The limits of charters stand below. `docs/spec/registry-rules.md` is this text; a test fails
/// when it is stale.
package struct StandingRulesPage: Sendable {
    /// The page, line by line.
    package let lines: [String]

    /// Writes the page.
    package init() {
        lines =
            [
                "# The rule of the registry", "",
                "Written by `resguardo plumbing registry-rules` from the tables in"
                    + " `Sources/Registry/StandingRules.swift`: do not edit.",
                "What the words mean is in [registry.md](registry.md), section 5.", "",
                "## States", "", "The first one that fits.", "", "| state | when |", "|---|---|",
            ]
            + StandingRules.rows.map { "| `\($0.state.rawValue)` | \($0.text) |" }
            + [
                "", "## What follows what", "",
                "“any” is each of "
                    + StandingRules.open.map { "`\($0.rawValue)`" }.joined(separator: ", ") + ".",
                "", "```mermaid", "stateDiagram-v2", "    [*] --> registered", "    state any {",
            ]
            + StandingRules.transitions.flatMap { Self.arrows($0, isInside: true) }
            + ["    }"]
            + StandingRules.transitions.flatMap { Self.arrows($0, isInside: false) }
            + StandingState.allCases.filter(\.isTerminal).map { "    \(Self.name($0)) --> [*]" }
            + ["```", "", "| what happens | from | to |", "|---|---|---|"]
            + StandingRules.transitions.map { row in
                let (from, to) = (Self.list(row.from), Self.list(row.to))
                return "| \(row.cause) | \(from.joined(separator: ", ")) |"
                    + " \(to.joined(separator: ", ")) |"
            }
            + [
                "", "## Limits", "", "What the charter may set, and what it is if nobody asks.",
                "", "| limit | least | most | usual | what |", "|---|---|---|---|---|",
            ]
            + RegistryLimit.allCases.map { limit in
                "| `\(limit.rawValue)` | \(limit.range.lowerBound) | \(limit.range.upperBound)"
                    + " | \(limit.standard) | \(limit.meaning) |"
            }
    }

    private static func arrows(
        _ transition: StandingRules.Transition,
        isInside: Bool
    ) -> [String] {
        let indent = isInside ? "        " : "    "
        return list(transition.from).flatMap { from in
            list(transition.to).filter { $0 != from }.compactMap { to in
                let isWithin = [from, to].allSatisfy { name in
                    StandingRules.open.contains { Self.name($0) == name }
                }
                guard isWithin == isInside else { return nil }
                return "\(indent)\(from) --> \(to): \(transition.cause)"
            }
        }
    }

    /// Names of states, those of ``StandingRules/open`` as one where all are meant.
    private static func list(_ states: [StandingState]) -> [String] {
        guard StandingRules.open.allSatisfy(states.contains) else { return states.map(name) }
        return ["any"] + states.filter { !StandingRules.open.contains($0) }.map(name)
    }

    private static func name(_ state: StandingState) -> String {
        state.rawValue.replacing("-", with: "_")
    }
}
