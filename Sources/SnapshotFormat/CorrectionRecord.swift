// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// What a fact-checker found.
package enum CorrectionVerdict: String, Sendable, CaseIterable {
    case altered
    case correct
    case `false`
    case misleading
    case missingContext = "missing-context"
    case satire
}

/// A correction that an accredited fact-checker attached to a piece of content.
///
/// Spec: `docs/spec/snapshot.md`, section 4.4.
package struct CorrectionRecord: Equatable, Sendable {
    /// The longest link, in bytes.
    package static let linkCountMax = 512

    /// SHA-256 of the content, 32 bytes.
    package let content: [UInt8]
    /// The finding.
    package let verdict: CorrectionVerdict
    /// The fact-checker, 32 bytes.
    package let verifier: [UInt8]
    /// Where the finding is explained.
    package let link: String
    /// When the correction holds, Unix seconds.
    package let validity: Range<Int64>

    package init(
        content: [UInt8],
        verdict: CorrectionVerdict,
        verifier: [UInt8],
        link: String,
        validity: Range<Int64>
    ) {
        precondition(content.count == 32 && verifier.count == 32, "digests have 32 bytes")
        self.content = content
        self.verdict = verdict
        self.verifier = verifier
        self.link = link
        self.validity = validity
    }

    var json: JSONValue {
        [
            "content": .string(Hex.encode(content)),
            "kind": "correction",
            "link": .string(link),
            "since": .integer(validity.lowerBound),
            "until": .integer(validity.upperBound),
            "verdict": .string(verdict.rawValue),
            "verifier": .string(Hex.encode(verifier)),
        ]
    }

    init(_ fields: inout RecordFields) throws(SnapshotError) {
        content = try fields.digest("content")
        verdict = try fields.choice("verdict")
        verifier = try fields.digest("verifier")
        link = try fields.string("link", countMax: Self.linkCountMax)
        validity = try fields.validity()
    }
}
