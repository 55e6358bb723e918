// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// Trust in a subject is interrupted for some days.
///
/// By a quorum of verifiers for an emergency, or by a council quorum for longer.
///
/// Spec: `docs/spec/registry.md`, section 3.7.
package struct SuspendStatement: Statement {
    package static let type = "registry-suspend"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// The day on which it ends by itself, in seconds since 1970.
    package let until: Int64
    /// Why; `routine-review` hides a more telling one.
    package let reason: RegistryReason

    package init(head: RegistryHead, subject: [UInt8], until: Int64, reason: RegistryReason) {
        self.head = head
        self.subject = subject
        self.until = until
        self.reason = reason
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        until = try fields.day("until")
        reason = try fields.word("reason")
        guard until > head.date else { throw .invalidValue(field: "until") }
    }

    package var json: JSONValue {
        head.with([
            "reason": .string(reason.rawValue),
            "subject": .string(Hex.encode(subject)),
            "until": .integer(until),
        ])
    }
}

/// Trust in a subject ends: by a council quorum, or by the subject with `subject-request`.
///
/// Spec: `docs/spec/registry.md`, section 3.7.
package struct RevokeStatement: Statement {
    package static let type = "registry-revoke"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// Why.
    package let reason: RegistryReason
    /// The last moment at which the account was the subject's, in seconds since 1970.
    package let lastTrustedAt: Int64?

    package init(
        head: RegistryHead,
        subject: [UInt8],
        reason: RegistryReason,
        lastTrustedAt: Int64? = nil
    ) {
        self.head = head
        self.subject = subject
        self.reason = reason
        self.lastTrustedAt = lastTrustedAt
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        reason = try fields.word("reason")
        lastTrustedAt = fields.has("lastTrustedAt") ? try fields.time("lastTrustedAt") : nil
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "reason": .string(reason.rawValue),
            "subject": .string(Hex.encode(subject)),
        ]
        members["lastTrustedAt"] = lastTrustedAt.map { .integer($0) }
        return head.with(members)
    }
}

/// The person died.
///
/// Final; whatever the account says later is not theirs.
///
/// Spec: `docs/spec/registry.md`, section 3.7.
package struct MemorialStatement: Statement {
    package static let type = "registry-memorial"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// The last moment at which the account was the subject's, in seconds since 1970.
    package let lastTrustedAt: Int64
    /// SHA-256 of the public evidence.
    package let evidence: [UInt8]

    package init(head: RegistryHead, subject: [UInt8], lastTrustedAt: Int64, evidence: [UInt8]) {
        self.head = head
        self.subject = subject
        self.lastTrustedAt = lastTrustedAt
        self.evidence = evidence
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        lastTrustedAt = try fields.time("lastTrustedAt")
        evidence = try fields.hex("evidence", count: 32)
    }

    package var json: JSONValue {
        head.with([
            "evidence": .string(Hex.encode(evidence)),
            "lastTrustedAt": .integer(lastTrustedAt),
            "subject": .string(Hex.encode(subject)),
        ])
    }
}
