// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import Sodium

/// A trustee's yes: the two keys made for this switch, and where the trustee lives.
///
/// Signed by the trustee's signing key. It goes back to the owner and into no log; the arming
/// repeats the keys and the proof, not the jurisdiction.
///
/// Spec: `docs/spec/switch.md`, section 3.2.
package struct TrusteeAcceptance: Statement {
    package static let type = "switch-acceptance"
    package static let version: Int64 = 1

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// SHA-256 of the invitation's envelope.
    package let invitation: [UInt8]
    /// Signs the trustee's statements.
    package let signingKey: Ed25519.PublicKey
    /// The ristretto255 element to which shares are encrypted, 32 bytes.
    package let escrowKey: [UInt8]
    /// Proof of possession of the escrow key, for this switch and epoch (`docs/spec/escrow.md`).
    package let proof: [UInt8]
    /// The age recipient to which the trustee's briefing is sealed, made for this switch.
    package let recipient: String
    /// Two upper-case letters (ISO 3166-1): whose police can knock.
    package let jurisdiction: Jurisdiction

    /// Bytes of the proof.
    package static let proofCount = 64

    /// Makes an acceptance.
    package init(
        epoch: SwitchEpoch,
        invitation: [UInt8],
        signingKey: Ed25519.PublicKey,
        escrowKey: [UInt8],
        proof: [UInt8],
        recipient: String,
        jurisdiction: Jurisdiction
    ) {
        self.epoch = epoch
        self.invitation = invitation
        self.signingKey = signingKey
        self.escrowKey = escrowKey
        self.proof = proof
        self.recipient = recipient
        self.jurisdiction = jurisdiction
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        invitation = try fields.hex("invitation", count: 32)
        signingKey = try fields.publicKey("signingKey")
        escrowKey = try fields.hex("escrowKey", count: 32)
        proof = try fields.hex("proof", count: Self.proofCount)
        recipient = try fields.string("recipient", countMax: SuccessorCard.recipientCountMax)
        jurisdiction = try fields.jurisdiction("jurisdiction")
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "invitation": .string(Hex.encode(invitation)),
            "signingKey": .string(Hex.encode(signingKey.bytes)),
            "escrowKey": .string(Hex.encode(escrowKey)), "proof": .string(Hex.encode(proof)),
            "recipient": .string(recipient), "jurisdiction": .string(jurisdiction.code),
        ])
    }
}
