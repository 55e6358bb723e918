// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What kinds of organisations may vouch.
///
/// Governments, platforms, parties and funders may speak in disputes, and can not be written here.
///
/// Spec: `docs/spec/registry.md`, section 3.3.
package enum OrganisationKind: String, Sendable, CaseIterable {
    case academia
    case factChecker = "fact-checker"
    case humanRights = "human-rights"
    case international
    case newsroom
    case observatory
    case pressFreedom = "press-freedom"
    case searchCollective = "search-collective"

    /// Kinds that people may ask for, and that are refused by name rather than as a spelling error.
    package static let refused = ["funder", "government", "party", "platform"]
}

/// The council's word that an organisation may vouch.
///
/// Signed by a council quorum and by the organisation's own key, which shows that it holds the key
/// and agrees.
///
/// Spec: `docs/spec/registry.md`, section 3.3.
package struct AccreditVerifierStatement: Statement {
    package static let type = "registry-accredit-verifier"
    package static let version: Int64 = 1
    /// The longest accreditation, in days: two years.
    package static let daysMax: Int64 = 731

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The organisation's Ed25519 key, 32 bytes.
    package let key: [UInt8]
    /// The organisation's public name.
    package let name: String
    /// What it does.
    package let kind: OrganisationKind
    /// Short name of its constituency.
    package let constituency: String
    /// The day on which the accreditation ends, in seconds since 1970.
    package let until: Int64
    /// Short name that it shares with all organisations under the same control; they count once.
    package let control: String?

    package init(
        head: RegistryHead,
        key: [UInt8],
        name: String,
        kind: OrganisationKind,
        constituency: String,
        until: Int64,
        control: String? = nil
    ) throws(StatementError) {
        self.head = head
        self.key = key
        self.name = name
        self.kind = kind
        self.constituency = constituency
        self.until = until
        self.control = control
        try check()
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        key = try fields.hex("key", count: 32)
        name = try fields.prose("name", countMax: 128)
        kind = try fields.word("kind")
        constituency = try fields.slug("constituency")
        until = try fields.day("until")
        control = fields.has("control") ? try fields.slug("control") : nil
        try check()
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "constituency": .string(constituency),
            "key": .string(Hex.encode(key)),
            "kind": .string(kind.rawValue),
            "name": .string(name),
            "until": .integer(until),
        ]
        members["control"] = control.map { .string($0) }
        return head.with(members)
    }

    private func check() throws(StatementError) {
        let end = head.date + Self.daysMax * RegistryHead.daySeconds
        guard until > head.date, until <= end else { throw .invalidValue(field: "until") }
    }
}

/// The council's word that an organisation may vouch no more.
///
/// Its vouches stop counting that day.
///
/// Spec: `docs/spec/registry.md`, section 3.3.
package struct RemoveVerifierStatement: Statement {
    package static let type = "registry-remove-verifier"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// SHA-256 of the organisation's key.
    package let verifier: [UInt8]
    /// Why.
    package let reason: RegistryReason

    package init(head: RegistryHead, verifier: [UInt8], reason: RegistryReason) {
        self.head = head
        self.verifier = verifier
        self.reason = reason
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        verifier = try fields.hex("verifier", count: 32)
        reason = try fields.word("reason")
    }

    package var json: JSONValue {
        head.with([
            "reason": .string(reason.rawValue),
            "verifier": .string(Hex.encode(verifier)),
        ])
    }
}
