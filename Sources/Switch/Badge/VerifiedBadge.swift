// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Escrow
package import Statements

/// A badge that was checked as any stranger can: signature, encodings, and the proof that any k
/// shares give one secret.
///
/// Spec: `docs/spec/switch.md`, section 18.
package struct VerifiedBadge: Sendable {
    private static let shortCount = 16

    /// The statement as it was signed.
    package let envelope: Envelope
    /// What it says.
    package let badge: SwitchBadge
    /// The dealing in it, blinded.
    package let dealing: BlindDealing

    /// Checks a badge.
    ///
    /// - Throws: `StatementError`, `EscrowError`.
    package init(_ envelope: Envelope) throws {
        self.envelope = envelope
        badge = try envelope.read(SwitchBadge.self)
        try envelope.verify(keys: [badge.key])
        dealing = try BlindDealing(bytes: badge.dealing)
        try dealing.verify()
    }

    /// Its id in hexadecimal, which is not the switch's.
    package var id: String { Hex.encode(badge.id) }
    /// The first digits of its id.
    package var shortID: String { String(id.prefix(Self.shortCount)) }
    /// k.
    package var threshold: Int { dealing.threshold }
    /// n.
    package var trusteeCount: Int { dealing.trusteeCount }
}
