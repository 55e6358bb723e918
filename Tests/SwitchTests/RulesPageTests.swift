// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Switch
import Testing

@Suite struct RulesPageTests {
    /// If it is stale: `resguardo plumbing switch-rules > docs/spec/switch-rules.md`.
    @Test func theDiagramInTheDocumentsIsThatOfTheTable() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = root.appending(path: "docs/spec/switch-rules.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(text == SwitchRulesPage().lines.map { $0 + "\n" }.joined())
    }
}
