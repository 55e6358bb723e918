// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Sodium

/// A passphrase as the only recipient of a file.
///
/// Spec: C2SP `age.md`, "scrypt recipient stanza".
package final class ScryptRecipient: AgeRecipient {
    /// The work factor of age's command line: 256 MiB of memory and about a second.
    package static let log2NDefault = 18
    static let label = Array("age-encryption.org/v1/scrypt".utf8)
    static let saltCount = 16

    private let passphrase: SecretBytes
    private let log2N: Int
    /// One random label, which no other recipient shares.
    package let labels: Set<String>

    /// A passphrase and how hard it is to guess by trying.
    ///
    /// - Parameters:
    ///   - passphrase: As typed; any bytes.
    ///   - log2N: Work factor, 1...22; every step doubles time and memory.
    package init(passphrase: consuming SecretBytes, log2N: Int = log2NDefault) {
        precondition((1...ScryptIdentity.log2NMax).contains(log2N), "a bearable work factor")
        self.passphrase = passphrase
        self.log2N = log2N
        labels = [Hex.encode(randomBytes(16))]
    }

    package func wrap(_ fileKey: borrowing FileKey) throws(AgeError) -> [Stanza] {
        let salt = randomBytes(Self.saltCount)
        let key: SecretBytes
        do {
            key = try Scrypt.derive(
                passphrase: passphrase,
                salt: Self.label + salt,
                log2N: log2N
            )
        } catch {
            throw .outOfMemory
        }
        return [
            Stanza(
                type: ScryptIdentity.stanzaType,
                arguments: [Base64.encode(salt, padded: false), String(log2N)],
                body: WrappedKey.seal(fileKey, under: key)
            )
        ]
    }
}
