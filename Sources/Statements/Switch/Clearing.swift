// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A trustee has met the owner, free: the check-in that was signed over this checkpoint is to be
/// believed.
///
/// It stands in a sealed day and nowhere else.
///
/// Spec: `docs/spec/switch.md`, section 3.17.
package struct Clearing: TrusteeStatement {
    package static let type = "switch-clearing"
    package static let version: Int64 = 1

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// Who says it.
    package let trustee: TrusteeNumber
    /// SHA-256 of the checkpoint, with its signatures, in the check-in that is meant.
    package let checkpoint: [UInt8]

    /// Makes a clearing.
    package init(epoch: SwitchEpoch, trustee: TrusteeNumber, checkpoint: [UInt8]) {
        self.epoch = epoch
        self.trustee = trustee
        self.checkpoint = checkpoint
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        trustee = try TrusteeNumber(fields: &fields)
        checkpoint = try fields.hex("checkpoint", count: 32)
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "trustee": .integer(Int64(trustee.value)),
            "checkpoint": .string(Hex.encode(checkpoint)),
        ])
    }
}
