// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import Sodium

/// The owner is alive, free to sign, and has seen a checkpoint that did not exist before.
///
/// Signed by the owner key. A pre-signed one is as old as its checkpoint; a withheld one gains
/// nothing by coming late; the same one twice is one.
///
/// Spec: `docs/spec/switch.md`, section 3.5.
package struct CheckIn: Statement {
    package static let type = "switch-check-in"
    package static let version: Int64 = 1

    /// Bytes in the field.
    package static let fieldCount = 32

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// The newest cosigned checkpoint, with the cosignatures that this check-in relies on for its
    /// time.
    package let checkpoint: String
    /// `HMAC-SHA-256(token, body)`, which only trustees can read anything into.
    package let field: [UInt8]

    /// Makes a check-in whose field is computed with a token of the owner's.
    ///
    /// - Parameters:
    ///   - epoch: Switch and epoch.
    ///   - checkpoint: The note text of the newest cosigned checkpoint.
    ///   - token: 32 secret bytes shared with the trustees.
    package init(epoch: SwitchEpoch, checkpoint: String, token: borrowing SecretBytes) {
        self.epoch = epoch
        self.checkpoint = checkpoint
        field = HMACSHA256.authenticate(Self.body(epoch, checkpoint), key: token)
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        checkpoint = try fields.string("checkpoint", countMax: SwitchArming.checkpointCountMax)
        field = try fields.hex("field", count: Self.fieldCount)
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "checkpoint": .string(checkpoint), "field": .string(Hex.encode(field)),
        ])
    }

    /// What the field authenticates: the canonical statement without the field.
    private static func body(_ epoch: SwitchEpoch, _ checkpoint: String) -> [UInt8] {
        epoch.json(adding: ["checkpoint": .string(checkpoint)]).canonicalBytes
    }
}
