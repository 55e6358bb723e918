// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// Something happened, and some organisations shall know: that they do is in the log, what is not.
///
/// Spec: `docs/spec/incidents.md`, section 2.
package struct IncidentStatement: Statement {
    package static let type = "registry-incident"
    package static let version: Int64 = 1
    /// The longest time until it ends by itself, in days.
    package static let daysMax: Int64 = 366

    /// Which registry, and which day.
    package let head: RegistryHead
    /// SHA-256 of the sealed file.
    package let sealed: [UInt8]
    /// Commitment to the groups that it is sealed to.
    package let audience: [UInt8]
    /// A key that signs this statement and nothing else, 32 bytes.
    package let key: [UInt8]
    /// The day from which the file may be deleted, in seconds since 1970.
    package let until: Int64

    package init(
        head: RegistryHead,
        sealed: [UInt8],
        audience: [UInt8],
        key: [UInt8],
        until: Int64
    ) {
        self.head = head
        self.sealed = sealed
        self.audience = audience
        self.key = key
        self.until = until
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        sealed = try fields.hex("sealed", count: 32)
        audience = try fields.hex("audience", count: 32)
        key = try fields.hex("key", count: 32)
        until = try fields.day("until")
        let end = head.date + Self.daysMax * RegistryHead.daySeconds
        guard until > head.date, until <= end else { throw .invalidValue(field: "until") }
    }

    package var json: JSONValue {
        head.with([
            "audience": .string(Hex.encode(audience)),
            "key": .string(Hex.encode(key)),
            "sealed": .string(Hex.encode(sealed)),
            "until": .integer(until),
        ])
    }
}

/// To which key an organisation reads incidents; goes from hand to hand, never into the log.
///
/// Spec: `docs/spec/incidents.md`, section 3.
package struct IncidentCard: Statement {
    package static let type = "registry-incident-card"
    package static let version: Int64 = 1
    /// The longest recipient, in bytes: a post-quantum one of age has 1 959.
    package static let recipientCountMax = 4096

    /// Which registry, and which day.
    package let head: RegistryHead
    /// SHA-256 of the organisation's key, which signs.
    package let verifier: [UInt8]
    /// A recipient of age.
    package let recipient: String

    package init(head: RegistryHead, verifier: [UInt8], recipient: String) {
        self.head = head
        self.verifier = verifier
        self.recipient = recipient
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        verifier = try fields.hex("verifier", count: 32)
        recipient = try fields.prose("recipient", countMax: Self.recipientCountMax)
    }

    package var json: JSONValue {
        head.with([
            "recipient": .string(recipient),
            "verifier": .string(Hex.encode(verifier)),
        ])
    }
}
