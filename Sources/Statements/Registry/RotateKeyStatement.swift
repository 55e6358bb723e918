// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A subject goes over to the key that it promised.
///
/// Signed by that key alone: who stole the current one cannot rotate, and who lost it can.
///
/// Spec: `docs/spec/registry.md`, section 3.4.
package struct RotateKeyStatement: Statement {
    package static let type = "registry-rotate-key"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// The key that was promised, 32 bytes.
    package let key: [UInt8]
    /// SHA-256 of the key that will follow.
    package let next: [UInt8]

    package init(head: RegistryHead, subject: [UInt8], key: [UInt8], next: [UInt8]) {
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
