// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import Sodium

/// A successor's public half: where a case key is sealed to, and who will sign for having got it.
///
/// Signed by the successor's signing key, which shows that whoever gives it away has it. It goes to
/// owners and into no log.
///
/// Spec: `docs/spec/switch.md`, section 3.3.
package struct SuccessorCard: Statement {
    package static let type = "switch-successor"
    package static let version: Int64 = 1

    /// An age recipient, `age1pq1…` or (classic) `age1…`.
    package let recipient: String
    /// Signs receipts of delivery.
    package let signingKey: Ed25519.PublicKey
    /// Where the successor can be compelled.
    package let jurisdiction: Jurisdiction

    /// The longest recipient: a line of an age recipients file.
    package static let recipientCountMax = 8192

    /// Makes a card.
    package init(
        recipient: String,
        signingKey: Ed25519.PublicKey,
        jurisdiction: Jurisdiction
    ) {
        self.recipient = recipient
        self.signingKey = signingKey
        self.jurisdiction = jurisdiction
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        recipient = try fields.string("recipient", countMax: Self.recipientCountMax)
        signingKey = try fields.publicKey("signingKey")
        jurisdiction = try fields.jurisdiction("jurisdiction")
    }

    package var json: JSONValue {
        [
            "recipient": .string(recipient),
            "signingKey": .string(Hex.encode(signingKey.bytes)),
            "jurisdiction": .string(jurisdiction.code),
        ]
    }
}
