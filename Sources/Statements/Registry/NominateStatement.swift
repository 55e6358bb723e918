// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A voice for or against an organisation that wants to vouch.
///
/// Spec: `docs/spec/registry.md`, section 3.16.
package struct NominateStatement: Statement {
    package static let type = "registry-nominate"
    package static let version: Int64 = 1

    /// What is said.
    package enum Voice: String, Sendable, CaseIterable {
        /// Verifiers want it.
        case `for`
        /// Council seats do not.
        case against
    }

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The organisation's Ed25519 key, 32 bytes.
    package let key: [UInt8]
    /// Short name of the constituency that it would be of.
    package let constituency: String
    /// For or against.
    package let voice: Voice

    package init(head: RegistryHead, key: [UInt8], constituency: String, voice: Voice) {
        self.head = head
        self.key = key
        self.constituency = constituency
        self.voice = voice
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        key = try fields.hex("key", count: 32)
        constituency = try fields.slug("constituency")
        voice = try fields.word("voice")
    }

    package var json: JSONValue {
        head.with([
            "constituency": .string(constituency),
            "key": .string(Hex.encode(key)),
            "voice": .string(voice.rawValue),
        ])
    }
}

/// The council interrupts a verifier for some days.
///
/// Spec: `docs/spec/registry.md`, section 3.16.
package struct SuspendVerifierStatement: Statement {
    package static let type = "registry-suspend-verifier"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// SHA-256 of the organisation's key.
    package let verifier: [UInt8]
    /// The day on which it ends by itself, in seconds since 1970.
    package let until: Int64
    /// Why.
    package let reason: RegistryReason

    package init(head: RegistryHead, verifier: [UInt8], until: Int64, reason: RegistryReason) {
        self.head = head
        self.verifier = verifier
        self.until = until
        self.reason = reason
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        verifier = try fields.hex("verifier", count: 32)
        until = try fields.day("until")
        reason = try fields.word("reason")
        guard until > head.date else { throw .invalidValue(field: "until") }
    }

    package var json: JSONValue {
        head.with([
            "reason": .string(reason.rawValue),
            "until": .integer(until),
            "verifier": .string(Hex.encode(verifier)),
        ])
    }
}
