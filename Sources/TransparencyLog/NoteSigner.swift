// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
package import Sodium

/// An Ed25519 key that signs notes, a log's key for example.
///
/// Spec: C2SP `signed-note`, type 01.
package final class NoteSigner: Sendable {
    /// The public half.
    package let verifier: NoteVerifier
    private let key: Ed25519.SecretKey

    /// A signer with this name.
    package init(name: KeyName, key: consuming Ed25519.SecretKey) {
        verifier = NoteVerifier(name: name, algorithm: .ed25519, publicKey: key.publicKey)
        self.key = key
    }

    /// Reads the key file format that Go's note package introduced; see ``SignerKey``.
    ///
    /// - Throws: `.malformedKey`, `.malformedName`.
    package convenience init(
        parsing text: borrowing SecretBytes
    ) throws(TransparencyLogError) {
        let signer = try SignerKey(parsing: text)
        self.init(name: signer.name, key: try signer.secretKey())
    }

    /// Signs a note's text.
    package func sign(_ text: [UInt8]) -> NoteSignature {
        NoteSignature(name: verifier.name, keyID: verifier.keyID, bytes: key.sign(text))
    }

    /// A note that this key alone has signed.
    ///
    /// - Parameter text: Lines that each end in a line feed.
    /// - Returns: The note.
    package func note(_ text: [UInt8]) -> SignedNote {
        SignedNote(text: text, signatures: [sign(text)])
    }

    /// The key in the format that ``init(parsing:)`` reads.
    package func encoded() -> SecretBytes {
        SignerKey(name: verifier.name, seed: key.seed()).encoded()
    }
}
