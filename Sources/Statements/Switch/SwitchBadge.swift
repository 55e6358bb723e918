// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Encodings
package import Sodium

/// Shows to everybody that a releasable escrow exists, and nothing else of the switch.
///
/// Signed by a key of its own, from which nothing leads to the owner key, the switch's id or a
/// trustee. It has no time: it does not say whether the switch is due, or stands at all.
///
/// Spec: `docs/spec/switch.md`, section 18.
package struct SwitchBadge: Statement {
    package static let type = "switch-badge"
    package static let version: Int64 = 1

    /// The longest blinded dealing.
    package static let dealingCountMax = 16_384
    private static let label = "resguardo/badge-id/v1\n"

    /// The badge's own key.
    package let key: Ed25519.PublicKey
    /// A blinded dealing in its own encoding (`docs/spec/escrow.md`, section 5.6).
    package let dealing: [UInt8]

    /// Makes a badge.
    package init(key: Ed25519.PublicKey, dealing: [UInt8]) {
        self.key = key
        self.dealing = dealing
    }

    /// Names the badge: SHA-256 of its key.
    package var id: [UInt8] { SHA256.hash(Array(Self.label.utf8) + key.bytes) }

    package init(fields: inout StatementFields) throws(StatementError) {
        key = try fields.publicKey("key")
        dealing = try fields.base64("dealing", countMax: Self.dealingCountMax)
    }

    package var json: JSONValue {
        ["key": .string(Hex.encode(key.bytes)), "dealing": .string(Base64.encode(dealing))]
    }
}
