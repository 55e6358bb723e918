// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Registry
import Testing

@Suite struct StandingRulesPageTests {
    /// If it is stale: `resguardo plumbing registry-rules > docs/spec/registry-rules.md`.
    @Test func theDiagramInTheDocumentsIsThatOfTheTable() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = root.appending(path: "docs/spec/registry-rules.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(text == StandingRulesPage().lines.map { $0 + "\n" }.joined())
    }
}
