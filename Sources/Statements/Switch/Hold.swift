// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import Sodium

/// The owner announces an absence.
///
/// Signed by the owner key.
///
/// Spec: `docs/spec/switch.md`, section 3.7.
package struct Hold: OwnerStatement {
    package static let type = "switch-hold"
    package static let version: Int64 = 1

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// When the absence ends.
    package let until: Int64
    /// The newest cosigned checkpoint: a hold that is older than the owner's last word is void.
    package let checkpoint: String
    package private(set) var field = OwnerField.none

    /// Makes a hold.
    package init(
        epoch: SwitchEpoch,
        until: Int64,
        checkpoint: String,
        token: borrowing SecretBytes
    ) {
        self.epoch = epoch
        self.until = until
        self.checkpoint = checkpoint
        field = OwnerField.tag(self, token: token)
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        until = try fields.time("until")
        checkpoint = try fields.string("checkpoint", countMax: SwitchArming.checkpointCountMax)
        field = try fields.hex(OwnerField.name, count: OwnerField.count)
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "until": .integer(until), "checkpoint": .string(checkpoint),
            "field": .string(Hex.encode(field)),
        ])
    }
}
