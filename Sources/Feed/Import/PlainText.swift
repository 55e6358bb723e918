// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import FoundationXML

/// What people read of a post that is written in HTML.
enum PlainText {
    /// The text without marks; paragraphs and breaks are line feeds.
    ///
    /// What no parser takes stays as it is.
    static func ofHTML(_ html: String) -> String {
        guard html.contains(where: { $0 == "<" || $0 == "&" }) else { return html }
        let broken = html.replacing("</p>", with: "</p>\n")
            .replacing("<br>", with: "\n").replacing("<br/>", with: "\n")
            .replacing("<br />", with: "\n")
        let page = "<html><head><meta charset=\"utf-8\"></head><body>\(broken)</body></html>"
        guard
            let document = try? XMLDocument(
                data: Data(page.utf8),
                options: [.documentTidyHTML, .nodeLoadExternalEntitiesNever]
            ),
            let text = document.rootElement()?.stringValue
        else { return html }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
