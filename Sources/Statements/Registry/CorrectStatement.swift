// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What a fact-checker found about a piece of content.
package enum CorrectionFinding: String, Sendable, CaseIterable {
    case altered
    case correct
    case `false`
    case misleading
    case missingContext = "missing-context"
    case satire
}

/// A fact-checker's finding, attached to the content itself rather than to a post.
///
/// Spec: `docs/spec/registry.md`, section 3.9.
package struct CorrectStatement: Statement {
    package static let type = "registry-correct"
    package static let version: Int64 = 1
    /// The longest time for which a correction holds unless repeated, in days.
    package static let daysMax: Int64 = 731

    /// Which registry, and which day.
    package let head: RegistryHead
    /// SHA-256 of the content.
    package let content: [UInt8]
    /// The finding.
    package let finding: CorrectionFinding
    /// Where it is explained.
    package let link: String
    /// The day on which it ends by itself, in seconds since 1970.
    package let until: Int64
    /// Who found it: SHA-256 of the fact-checker's key, which signs.
    package let verifier: [UInt8]

    package init(
        head: RegistryHead,
        content: [UInt8],
        finding: CorrectionFinding,
        link: String,
        until: Int64,
        verifier: [UInt8]
    ) {
        self.head = head
        self.verifier = verifier
        self.content = content
        self.finding = finding
        self.link = link
        self.until = until
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        content = try fields.hex("content", count: 32)
        finding = try fields.word("finding")
        link = try fields.prose("link", countMax: 512)
        until = try fields.day("until")
        verifier = try fields.hex("verifier", count: 32)
        let end = head.date + Self.daysMax * RegistryHead.daySeconds
        guard until > head.date, until <= end else { throw .invalidValue(field: "until") }
    }

    package var json: JSONValue {
        head.with([
            "content": .string(Hex.encode(content)),
            "finding": .string(finding.rawValue),
            "link": .string(link),
            "until": .integer(until),
            "verifier": .string(Hex.encode(verifier)),
        ])
    }
}
