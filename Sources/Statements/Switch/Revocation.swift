// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// The owner asks for the end of the switch.
///
/// Signed by the owner key.
///
/// Spec: `docs/spec/switch.md`, section 3.9.
package struct Revocation: Statement {
    package static let type = "switch-revocation"
    package static let version: Int64 = 1

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// The newest cosigned checkpoint, which makes each request another one.
    package let checkpoint: String

    /// Makes a revocation.
    package init(epoch: SwitchEpoch, checkpoint: String) {
        self.epoch = epoch
        self.checkpoint = checkpoint
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        checkpoint = try fields.string("checkpoint", countMax: SwitchArming.checkpointCountMax)
    }

    package var json: JSONValue { epoch.json(adding: ["checkpoint": .string(checkpoint)]) }
}
