// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Encodings

/// The start of a pseudonymous subject: a key, a promise about the next one, and nothing else.
///
/// There is no field for a name or a way to reach the person, and there never will be.
///
/// Spec: `docs/spec/registry.md`, section 3.4.
package struct RegisterStatement: Statement {
    package static let type = "registry-register"
    package static let version: Int64 = 1
    /// What a subject's id is the digest of, before its inception.
    package static let domain = "sid/v1"

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject's Ed25519 key, 32 bytes; it signs this statement.
    package let key: [UInt8]
    /// SHA-256 of the key that will follow, which the subject keeps elsewhere.
    package let next: [UInt8]
    /// 32 random bytes.
    package let nonce: [UInt8]

    package init(head: RegistryHead, key: [UInt8], next: [UInt8], nonce: [UInt8]) {
        self.head = head
        self.key = key
        self.next = next
        self.nonce = nonce
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        key = try fields.hex("key", count: 32)
        next = try fields.hex("next", count: 32)
        nonce = try fields.hex("nonce", count: 32)
    }

    package var json: JSONValue {
        head.with([
            "key": .string(Hex.encode(key)),
            "next": .string(Hex.encode(next)),
            "nonce": .string(Hex.encode(nonce)),
        ])
    }

    /// The subject's id: SHA-256 of `sid/v1` and the inception, which is the canonical payload.
    package var subject: [UInt8] {
        SHA256.hash(Array(Self.domain.utf8) + payload)
    }
}
