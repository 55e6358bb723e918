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
package struct CheckIn: OwnerStatement {
    package static let type = "switch-check-in"
    package static let version: Int64 = 1

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// The newest cosigned checkpoint, with the cosignatures that this check-in relies on for its
    /// time.
    package let checkpoint: String
    package private(set) var field = OwnerField.none

    /// Makes a check-in whose field is computed with a token of the owner's.
    ///
    /// - Parameters:
    ///   - epoch: Switch and epoch.
    ///   - checkpoint: The note text of the newest cosigned checkpoint.
    ///   - token: 32 secret bytes shared with the trustees.
    package init(epoch: SwitchEpoch, checkpoint: String, token: borrowing SecretBytes) {
        self.epoch = epoch
        self.checkpoint = checkpoint
        field = OwnerField.tag(self, token: token)
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        checkpoint = try fields.string("checkpoint", countMax: SwitchArming.checkpointCountMax)
        field = try fields.hex("field", count: OwnerField.count)
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "checkpoint": .string(checkpoint), "field": .string(Hex.encode(field)),
        ])
    }
}
