// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Switch
import Testing

@Suite struct RulesPageTests {
    private func page(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/spec/" + name), encoding: .utf8)
    }

    /// If it is stale: `resguardo plumbing switch-rules > docs/spec/switch-rules.md`.
    @Test func theDiagramInTheDocumentsIsThatOfTheTable() throws {
        let expected = SwitchRulesPage().lines.map { $0 + "\n" }.joined()
        #expect(try page("switch-rules.md") == expected)
    }

    /// What is decided by data stands in the page that is written from it.
    @Test func everyStateRuleConditionAndMomentIsOnThatPage() throws {
        let text = try page("switch-rules.md")
        let words =
            SwitchState.allCases.map { $0.rawValue.uppercased() }
            + SwitchTransition.Rule.allCases.map(\.rawValue)
            + SwitchTransition.Guard.allCases.map(\.rawValue)
            + SwitchTransition.Moment.allCases.map(\.rawValue)
            + SwitchAdmission.Matter.allCases.map(\.rawValue)
            + SwitchAdmission.Guard.allCases.map(\.rawValue)
        #expect(words.filter { !text.contains($0) }.isEmpty)
    }

    @Test func everyFlagAndEveryReasonOfARefusalIsInATable() throws {
        let rows = try page("switch.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
        let words =
            SwitchFlag.allCases.map(\.rawValue) + SwitchRecord.Refusal.allCases.map(\.rawValue)
        let missing = words.filter { word in
            !rows.contains { $0.split(separator: "|")[0].contains("`\(word)`") }
        }
        #expect(missing.isEmpty, "\(missing)")
    }
}
