// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import Encodings
internal import FoundationEssentials
package import Sodium

/// An `AGE-SECRET-KEY-PQ-1…` identity: the seed of an X-Wing key.
///
/// Spec: C2SP `age.md`, "mlkem768x25519 recipient stanza".
package final class HybridIdentity: AgeIdentity {
    /// The Bech32 prefix, in lower case.
    package static let prefix = "age-secret-key-pq-"
    /// The prefix under which a client that knows plugins only takes the same seed.
    package static let pluginPrefix = "age-plugin-pq-"
    /// Bytes in a seed.
    package static let seedCount = 32

    /// Who seals for this identity.
    package let recipient: HybridRecipient
    private let seed: SecretBytes

    /// Makes a new identity.
    package convenience init() {
        do {
            try self.init(seed: SecretBytes(random: Self.seedCount))
        } catch {
            preconditionFailure("every string of 32 bytes is an X-Wing seed")
        }
    }

    /// The identity of a seed.
    ///
    /// - Throws: `.malformedIdentity` unless there are 32 bytes.
    package init(seed: consuming SecretBytes) throws(AgeError) {
        guard seed.count == Self.seedCount else { throw .malformedIdentity(line: 1) }
        do {
            let publicKey = try Self.privateKey(seed).publicKey.rawRepresentation
            recipient = try HybridRecipient(publicKey: [UInt8](publicKey))
        } catch {
            throw .malformedIdentity(line: 1)
        }
        self.seed = seed
    }

    /// Reads `AGE-SECRET-KEY-PQ-1…`, or `AGE-PLUGIN-PQ-1…` for the same seed.
    ///
    /// - Throws: `.malformedIdentity`.
    package convenience init(
        parsing text: borrowing SecretBytes,
        asPlugin: Bool = false
    ) throws(AgeError) {
        let prefix = asPlugin ? Self.pluginPrefix : Self.prefix
        try self.init(seed: IdentityFile.decode(text, prefix: prefix))
    }

    /// A copy of the seed.
    package func seedCopy() -> SecretBytes { seed.copy() }

    /// `AGE-SECRET-KEY-PQ-1…`, 77 characters.
    package func text() -> SecretBytes {
        IdentityFile.encode(seed, prefix: Self.prefix)
    }

    /// `AGE-PLUGIN-PQ-1…`, for an age without post-quantum support and with our plugin.
    package func pluginText() -> SecretBytes {
        IdentityFile.encode(seed, prefix: Self.pluginPrefix)
    }

    package func unwrap(_ stanzas: [Stanza]) throws(AgeError) -> FileKey? {
        for (index, stanza) in stanzas.enumerated() where stanza.type == HybridRecipient.stanzaType
        {
            guard stanza.arguments.count == 1, stanza.body.count == WrappedKey.count else {
                throw .malformedStanza(index: index)
            }
            var recipient: HPKE.Recipient
            do {
                let encapsulated = try Base64.decode(stanza.arguments[0], padded: false)
                guard encapsulated.count == HybridRecipient.encapsulatedCount else {
                    throw AgeError.malformedStanza(index: index)
                }
                // Decapsulation fails for an X25519 share of low order only. A changed ML-KEM
                // ciphertext gives another secret, and then no match.
                recipient = try HPKE.Recipient(
                    privateKey: Self.privateKey(seed),
                    ciphersuite: HybridRecipient.ciphersuite,
                    info: HybridRecipient.info,
                    encapsulatedKey: Data(encapsulated)
                )
            } catch {
                throw .malformedStanza(index: index)
            }
            // A tag that does not match is no error: the stanza is somebody else's.
            guard var opened = try? recipient.open(stanza.body) else { continue }
            defer { opened.resetBytes(in: opened.startIndex..<opened.endIndex) }
            var fileKey = [UInt8](opened)
            return FileKey(SecretBytes(wiping: &fileKey))
        }
        return nil
    }

    private static func privateKey(
        _ seed: borrowing SecretBytes
    ) throws -> XWingMLKEM768X25519.PrivateKey {
        var bytes = seed.reveal()
        defer { wipe(&bytes) }
        return try XWingMLKEM768X25519.PrivateKey(seedRepresentation: bytes, publicKey: nil)
    }
}
