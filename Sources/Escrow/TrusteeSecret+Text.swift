// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Sodium

extension TrusteeSecret {
    /// The prefix of the text form.
    ///
    /// Spec: `docs/spec/escrow.md`, section 9.
    static let textPrefix = "resguardo-trustee-secret-"

    /// The secret as one line, for a file or for paper: `RESGUARDO-TRUSTEE-SECRET-1…` in Bech32,
    /// whose checksum finds a wrong letter.
    package func text() -> SecretBytes {
        var bytes = encoded().reveal()
        defer { wipe(&bytes) }
        var text = Bech32.encodeUpperCase(prefix: Self.textPrefix, bytes: bytes)
        return SecretBytes(wiping: &text)
    }

    /// Reads what ``text()`` writes; one line feed may follow.
    ///
    /// - Parameter text: Upper case.
    /// - Throws: `.malformed`, `.wrongLength`, `.nonCanonicalScalar`, `.zeroSecret`.
    package init(text: borrowing SecretBytes) throws(EscrowError) {
        var characters = text.reveal()
        defer { wipe(&characters) }
        if characters.last == UInt8(ascii: "\n") { characters.removeLast() }
        let malformed = EscrowError.malformed(EscrowPlace(.secret))
        guard characters.first == UInt8(ascii: "R") else { throw malformed }
        var bytes: [UInt8]
        do {
            let decoded = try Bech32.decode(characters)
            guard decoded.prefix == Self.textPrefix else { throw malformed }
            bytes = decoded.bytes
        } catch {
            throw malformed
        }
        try self.init(SecretBytes(wiping: &bytes))
    }
}
