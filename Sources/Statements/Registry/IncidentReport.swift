// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What happened, as one organisation tells others; only sealed does it leave a machine.
///
/// Spec: `docs/spec/incidents.md`, section 4.
package struct IncidentReport: Statement {
    package static let type = "registry-incident-report"
    package static let version: Int64 = 1
    /// The most accounts, links, digests or techniques.
    package static let itemCountMax = 256
    /// The longest description, in bytes.
    package static let descriptionCountMax = 16_384

    /// An account that took part.
    package struct Account: Equatable, Sendable {
        /// Short name of the platform.
        package let platform: String
        /// What the platform never changes.
        package let id: String

        package init(platform: String, id: String) {
            self.platform = platform
            self.id = id
        }
    }

    /// Which registry, and which day.
    package let head: RegistryHead
    /// SHA-256 of the key of the organisation that reports, and signs.
    package let verifier: [UInt8]
    /// The audience and the key of the statement in the log, so that nobody shares it further in
    /// this organisation's name.
    package let audience: [UInt8]
    /// See ``audience``.
    package let key: [UInt8]
    /// What it is called.
    package let title: String
    /// What happened.
    package let description: String
    /// The kind of harm.
    package let harm: NetworkHarm
    /// How grave.
    package let grade: NetworkHarmGrade
    /// When it was seen, in seconds since 1970: first and last.
    package let seen: ClosedRange<Int64>
    /// Codes of DISARM techniques, ascending.
    package let techniques: [String]
    /// Accounts that took part.
    package let accounts: [Account]
    /// Where more is to be found.
    package let links: [String]
    /// SHA-256 of content that is part of it, ascending.
    package let contents: [[UInt8]]

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        verifier = try fields.hex("verifier", count: 32)
        audience = try fields.hex("audience", count: 32)
        key = try fields.hex("key", count: 32)
        title = try fields.prose("title", countMax: 256)
        description = try fields.string("description", countMax: Self.descriptionCountMax)
        harm = try fields.word("harm")
        grade = try fields.word("grade")
        let (from, to) = (try fields.time("from"), try fields.time("to"))
        guard from <= to else { throw .invalidValue(field: "to") }
        seen = from...to
        let count = 0...Self.itemCountMax
        techniques = try fields.strings("techniques", count: count, countMax: 16)
        let rises = zip(techniques, techniques.dropFirst()).allSatisfy { $0 < $1 }
        guard rises, techniques.allSatisfy(Self.isTechnique) else {
            throw .invalidValue(field: "techniques")
        }
        accounts = try fields.objects("accounts", count: count) {
            (fields) throws(StatementError) in
            Account(
                platform: try fields.slug("platform"),
                id: try fields.prose("id", countMax: 256)
            )
        }
        links = try fields.strings("links", count: count, countMax: 512)
        guard links.allSatisfy({ !$0.isEmpty }) else { throw .invalidValue(field: "links") }
        contents = try fields.digests("contents", count: count)
    }

    package var json: JSONValue {
        head.with([
            "accounts": .array(
                accounts.map { ["id": .string($0.id), "platform": .string($0.platform)] }
            ),
            "audience": .string(Hex.encode(audience)),
            "contents": .array(contents.map { .string(Hex.encode($0)) }),
            "description": .string(description),
            "from": .integer(seen.lowerBound),
            "grade": .string(grade.rawValue),
            "harm": .string(harm.rawValue),
            "key": .string(Hex.encode(key)),
            "links": .array(links.map { .string($0) }),
            "techniques": .array(techniques.map { .string($0) }),
            "title": .string(title),
            "to": .integer(seen.upperBound),
            "verifier": .string(Hex.encode(verifier)),
        ])
    }

    /// Whether `text` is a code of DISARM: `T0049`, or `T0049.002`.
    package static func isTechnique(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 5 || bytes.count == 9, bytes[0] == UInt8(ascii: "T") else {
            return false
        }
        return bytes.indices.dropFirst().allSatisfy { index in
            index == 5
                ? bytes[index] == UInt8(ascii: ".")
                : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index])
        }
    }
}
