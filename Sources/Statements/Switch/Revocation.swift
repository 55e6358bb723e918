// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import Sodium

/// The owner asks for the end of the switch.
///
/// Signed by the owner key.
///
/// Spec: `docs/spec/switch.md`, section 3.9.
package struct Revocation: OwnerStatement {
    package static let type = "switch-revocation"
    package static let version: Int64 = 1

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// The newest cosigned checkpoint, which makes each request another one.
    package let checkpoint: String
    package private(set) var field = OwnerField.none

    /// Makes a revocation.
    package init(epoch: SwitchEpoch, checkpoint: String, token: borrowing SecretBytes) {
        self.epoch = epoch
        self.checkpoint = checkpoint
        field = OwnerField.tag(self, token: token)
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        checkpoint = try fields.string("checkpoint", countMax: SwitchArming.checkpointCountMax)
        field = try fields.hex(OwnerField.name, count: OwnerField.count)
    }

    package var json: JSONValue {
        epoch.json(adding: ["checkpoint": .string(checkpoint), "field": .string(Hex.encode(field))])
    }
}
