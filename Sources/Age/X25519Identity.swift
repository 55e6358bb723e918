// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Sodium

/// An `AGE-SECRET-KEY-1…` identity: an X25519 secret key.
///
/// Spec: C2SP `age.md`, "X25519 recipient stanza".
package final class X25519Identity: AgeIdentity {
    /// The Bech32 prefix, in lower case.
    package static let prefix = "age-secret-key-"

    /// Who seals for this identity.
    package let recipient: X25519Recipient
    private let secret: SecretBytes

    /// Makes a new identity.
    package convenience init() {
        do {
            try self.init(secret: SecretBytes(random: X25519.keyCount))
        } catch {
            preconditionFailure("every string of 32 bytes is an X25519 secret")
        }
    }

    /// The identity of a secret.
    ///
    /// - Throws: `.malformedIdentity` unless there are 32 bytes.
    package init(secret: consuming SecretBytes) throws(AgeError) {
        do {
            recipient = try X25519Recipient(publicKey: X25519.publicKey(of: secret))
        } catch {
            throw .malformedIdentity(line: 1)
        }
        self.secret = secret
    }

    /// Reads `AGE-SECRET-KEY-1…`.
    ///
    /// - Throws: `.malformedIdentity`.
    package convenience init(parsing text: borrowing SecretBytes) throws(AgeError) {
        try self.init(secret: IdentityFile.decode(text, prefix: Self.prefix))
    }

    /// `AGE-SECRET-KEY-1…`, 74 characters.
    package func text() -> SecretBytes {
        IdentityFile.encode(secret, prefix: Self.prefix)
    }

    package func unwrap(_ stanzas: [Stanza]) throws(AgeError) -> FileKey? {
        for (index, stanza) in stanzas.enumerated() where stanza.type == X25519Recipient.stanzaType
        {
            guard stanza.arguments.count == 1, stanza.body.count == WrappedKey.count else {
                throw .malformedStanza(index: index)
            }
            let share: [UInt8]
            let shared: SecretBytes
            do {
                share = try Base64.decode(stanza.arguments[0], padded: false)
                // ss = X25519(secret, share); a wrong length and an all-zero result throw.
                shared = try X25519.sharedSecret(secret, share)
            } catch {
                throw .malformedStanza(index: index)
            }
            let key = X25519Recipient.wrapKey(
                shared: shared,
                share: share,
                publicKey: recipient.publicKey
            )
            if let fileKey = WrappedKey.open(stanza.body, under: key) { return fileKey }
        }
        return nil
    }
}
