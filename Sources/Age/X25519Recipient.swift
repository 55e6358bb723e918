// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Sodium

/// An `age1…` recipient: an X25519 public key.
///
/// Spec: C2SP `age.md`, "X25519 recipient stanza".
package struct X25519Recipient: AgeRecipient, Equatable {
    /// The Bech32 prefix.
    package static let prefix = "age"
    static let stanzaType = "X25519"
    static let label = Array("age-encryption.org/v1/X25519".utf8)

    /// The public key, 32 bytes.
    package let publicKey: [UInt8]

    /// A recipient of this key.
    ///
    /// - Throws: `.malformedRecipient` unless there are 32 bytes.
    package init(publicKey: [UInt8]) throws(AgeError) {
        guard publicKey.count == X25519.keyCount else { throw .malformedRecipient(line: 1) }
        self.publicKey = publicKey
    }

    /// Reads `age1…`.
    ///
    /// - Throws: `.malformedRecipient`.
    package init(parsing text: String) throws(AgeError) {
        try self.init(publicKey: RecipientFile.decode(text, prefix: Self.prefix))
    }

    /// `age1…`, 62 characters.
    package var text: String { Bech32.encode(prefix: Self.prefix, bytes: publicKey) }

    /// Promises nothing.
    package var labels: Set<String> { [] }

    package func wrap(_ fileKey: borrowing FileKey) throws(AgeError) -> [Stanza] {
        let ephemeral = SecretBytes(random: X25519.keyCount)
        let share: [UInt8]
        let shared: SecretBytes
        do {
            // share = X25519(e, 9), ss = X25519(e, R)
            share = try X25519.publicKey(of: ephemeral)
            shared = try X25519.sharedSecret(ephemeral, publicKey)
        } catch {
            throw .malformedRecipient(line: 1)
        }
        let key = Self.wrapKey(shared: shared, share: share, publicKey: publicKey)
        return [
            Stanza(
                type: Self.stanzaType,
                arguments: [Base64.encode(share, padded: false)],
                body: WrappedKey.seal(fileKey, under: key)
            )
        ]
    }

    /// HKDF(ss, salt = share || R, info = label).
    static func wrapKey(
        shared: borrowing SecretBytes,
        share: [UInt8],
        publicKey: [UInt8]
    ) -> SecretBytes {
        HKDFSHA256.derive(
            secret: shared,
            salt: share + publicKey,
            info: label,
            count: ChaChaPoly.keyCount
        )
    }
}
