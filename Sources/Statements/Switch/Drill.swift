// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A trustee shows, on schedule, that the escrow key is still there.
///
/// A proof of knowledge of the key over the newest checkpoint, and never a decryption. Signed by
/// the trustee's signing key.
///
/// Spec: `docs/spec/switch.md`, section 3.12; `docs/spec/escrow.md`, section 4.2.
package struct Drill: TrusteeStatement {
    package static let type = "switch-drill"
    package static let version: Int64 = 1

    /// Bytes in the proof.
    package static let proofCount = 64

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// Who answers.
    package let trustee: TrusteeNumber
    /// The newest cosigned checkpoint: the proof was made after it.
    package let checkpoint: String
    /// Knowledge of the key, bound to the SHA-256 of the checkpoint's text.
    package let proof: [UInt8]

    /// Makes a drill.
    package init(
        epoch: SwitchEpoch,
        trustee: TrusteeNumber,
        checkpoint: String,
        proof: [UInt8]
    ) {
        self.epoch = epoch
        self.trustee = trustee
        self.checkpoint = checkpoint
        self.proof = proof
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        trustee = try TrusteeNumber(fields: &fields)
        checkpoint = try fields.string("checkpoint", countMax: SwitchArming.checkpointCountMax)
        proof = try fields.hex("proof", count: Self.proofCount)
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "trustee": .integer(Int64(trustee.value)), "checkpoint": .string(checkpoint),
            "proof": .string(Hex.encode(proof)),
        ])
    }
}
