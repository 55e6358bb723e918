// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Sodium

/// A passphrase that may open a file.
///
/// Spec: C2SP `age.md`, "scrypt recipient stanza".
package final class ScryptIdentity: AgeIdentity {
    /// The first word of a passphrase stanza.
    package static let stanzaType = "scrypt"
    /// The largest work factor that is tried: 4 GiB of memory.
    ///
    /// A file that asks for more is an
    /// attempt to stop the machine.
    package static let log2NMax = 22

    private let passphrase: SecretBytes

    /// A passphrase.
    package init(passphrase: consuming SecretBytes) {
        self.passphrase = passphrase
    }

    package func unwrap(_ stanzas: [Stanza]) throws(AgeError) -> FileKey? {
        for (index, stanza) in stanzas.enumerated() where stanza.type == Self.stanzaType {
            guard stanzas.count == 1 else { throw .passphraseNotAlone }
            guard stanza.arguments.count == 2, stanza.body.count == WrappedKey.count,
                let log2N = Self.workFactor(stanza.arguments[1])
            else { throw .malformedStanza(index: index) }
            let salt: [UInt8]
            do {
                salt = try Base64.decode(stanza.arguments[0], padded: false)
            } catch {
                throw .malformedStanza(index: index)
            }
            guard salt.count == ScryptRecipient.saltCount else {
                throw .malformedStanza(index: index)
            }
            guard log2N <= Self.log2NMax else { throw .workFactorTooHigh(limit: Self.log2NMax) }
            let key: SecretBytes
            do {
                key = try Scrypt.derive(
                    passphrase: passphrase,
                    salt: ScryptRecipient.label + salt,
                    log2N: log2N
                )
            } catch {
                throw .outOfMemory
            }
            return WrappedKey.open(stanza.body, under: key)
        }
        return nil
    }

    /// Reads `[1-9][0-9]*`; nothing else, for there would be two ways to write a number.
    private static func workFactor(_ text: String) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text.utf8.first != 0x30
        else { return nil }
        return Int(text)
    }
}
