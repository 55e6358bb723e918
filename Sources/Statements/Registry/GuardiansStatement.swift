// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A subject names the keys that may act when it cannot.
///
/// Spec: `docs/spec/registry.md`, section 3.13.
package struct GuardiansStatement: Statement {
    package static let type = "registry-guardians"
    package static let version: Int64 = 1
    /// How many guardians a subject has: two of them act together.
    package static let keyCounts = 2...5

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// Ed25519 keys that nobody else knows the owners of, ascending.
    package let guardians: [[UInt8]]

    package init(
        head: RegistryHead,
        subject: [UInt8],
        guardians: [[UInt8]]
    ) {
        self.head = head
        self.subject = subject
        self.guardians = guardians
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        guardians = try fields.digests("guardians", count: Self.keyCounts)
    }

    package var json: JSONValue {
        head.with([
            "guardians": .array(guardians.map { .string(Hex.encode($0)) }),
            "subject": .string(Hex.encode(subject)),
        ])
    }
}

/// What guardians say of a subject.
package enum GuardianAct: String, Sendable, CaseIterable {
    /// One of them: nothing it says counts for a day.
    case freeze
    /// Two of them: somebody else has the account.
    case takenOver = "taken-over"
}

/// Guardians act for a subject.
///
/// Spec: `docs/spec/registry.md`, section 3.13.
package struct GuardStatement: Statement {
    package static let type = "registry-guard"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// What they say.
    package let act: GuardianAct
    /// The last moment at which the account was the subject's, seconds since 1970.
    package let lastTrustedAt: Int64?

    package init(
        head: RegistryHead,
        subject: [UInt8],
        act: GuardianAct,
        lastTrustedAt: Int64? = nil
    ) {
        self.head = head
        self.subject = subject
        self.act = act
        self.lastTrustedAt = lastTrustedAt
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        act = try fields.word("act")
        lastTrustedAt = fields.has("lastTrustedAt") ? try fields.time("lastTrustedAt") : nil
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "act": .string(act.rawValue),
            "subject": .string(Hex.encode(subject)),
        ]
        members["lastTrustedAt"] = lastTrustedAt.map { .integer($0) }
        return head.with(members)
    }
}

/// Two guardians give a subject a new key, after a delay in which everybody can see it.
///
/// Spec: `docs/spec/registry.md`, section 3.13.
package struct RecoverKeyStatement: Statement {
    package static let type = "registry-recover-key"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// The new key.
    package let key: [UInt8]
    /// SHA-256 of the key after it.
    package let next: [UInt8]

    package init(
        head: RegistryHead,
        subject: [UInt8],
        key: [UInt8],
        next: [UInt8]
    ) {
        self.head = head
        self.subject = subject
        self.key = key
        self.next = next
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        key = try fields.hex("key", count: 32)
        next = try fields.hex("next", count: 32)
    }

    package var json: JSONValue {
        head.with([
            "key": .string(Hex.encode(key)),
            "next": .string(Hex.encode(next)),
            "subject": .string(Hex.encode(subject)),
        ])
    }
}

/// Somebody said to be dead is not.
///
/// Spec: `docs/spec/registry.md`, section 3.14.
package struct CancelMemorialStatement: Statement {
    package static let type = "registry-cancel-memorial"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]

    package init(
        head: RegistryHead,
        subject: [UInt8]
    ) {
        self.head = head
        self.subject = subject
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
    }

    package var json: JSONValue {
        head.with([
            "subject": .string(Hex.encode(subject))
        ])
    }
}
