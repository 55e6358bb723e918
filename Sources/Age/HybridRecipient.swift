// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import Encodings
internal import FoundationEssentials
internal import Sodium

/// An `age1pq1…` recipient: ML-KEM-768 and X25519 together, so that a file stays closed as long as
/// either holds.
///
/// Spec: C2SP `age.md`, "mlkem768x25519 recipient stanza"; RFC 9180 with X-Wing as its KEM.
package struct HybridRecipient: AgeRecipient, Equatable {
    /// The Bech32 prefix.
    package static let prefix = "age1pq"
    /// ML-KEM-768 encapsulation key, then X25519 public key.
    package static let publicKeyCount = 1184 + 32
    /// The label that keeps classic recipients out.
    package static let label = "postquantum"
    static let stanzaType = "mlkem768x25519"
    /// ML-KEM-768 ciphertext, then X25519 share.
    static let encapsulatedCount = 1088 + 32
    static let ciphersuite = HPKE.Ciphersuite(
        kem: .XWingMLKEM768X25519,
        kdf: .HKDF_SHA256,
        aead: .chaChaPoly
    )
    static let info = Data("age-encryption.org/mlkem768x25519".utf8)

    /// The public key, 1,216 bytes.
    package let publicKey: [UInt8]

    /// A recipient of this key.
    ///
    /// Spec: the modulus check of FIPS 203, section 7.2.
    ///
    /// - Throws: `.malformedRecipient` for a wrong length or a coefficient that is not reduced.
    package init(publicKey: [UInt8]) throws(AgeError) {
        guard publicKey.count == Self.publicKeyCount, Self.isReduced(publicKey) else {
            throw .malformedRecipient(line: 1)
        }
        self.publicKey = publicKey
    }

    /// Reads `age1pq1…`.
    ///
    /// - Throws: `.malformedRecipient`.
    package init(parsing text: String) throws(AgeError) {
        try self.init(publicKey: RecipientFile.decode(text, prefix: Self.prefix))
    }

    /// `age1pq1…`, 1,959 characters.
    package var text: String { Bech32.encode(prefix: Self.prefix, bytes: publicKey) }

    /// Promises to hold against quantum computers.
    package var labels: Set<String> { [Self.label] }

    package func wrap(_ fileKey: borrowing FileKey) throws(AgeError) -> [Stanza] {
        var plaintext = fileKey.bytes.reveal()
        defer { wipe(&plaintext) }
        do {
            var sender = try HPKE.Sender(
                recipientKey: XWingMLKEM768X25519.PublicKey(rawRepresentation: publicKey),
                ciphersuite: Self.ciphersuite,
                info: Self.info
            )
            let body = try sender.seal(plaintext)
            return [
                Stanza(
                    type: Self.stanzaType,
                    arguments: [Base64.encode(sender.encapsulatedKey, padded: false)],
                    body: [UInt8](body)
                )
            ]
        } catch {
            throw .malformedRecipient(line: 1)
        }
    }

    /// Whether all 12-bit coefficients of the encapsulation key are below q = 3329.
    private static func isReduced(_ publicKey: [UInt8]) -> Bool {
        let coefficientByteCount = 1152
        return stride(from: 0, to: coefficientByteCount, by: 3).allSatisfy { index in
            let low = UInt16(publicKey[index]) | UInt16(publicKey[index + 1] & 0x0f) << 8
            let high = UInt16(publicKey[index + 1] >> 4) | UInt16(publicKey[index + 2]) << 4
            return low < 3329 && high < 3329
        }
    }
}
