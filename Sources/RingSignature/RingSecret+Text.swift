// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Sodium

extension RingSecret {
    /// The prefix of the text form.
    static let textPrefix = "resguardo-ring-secret-"

    /// The secret as one line, for a file or for paper: `RESGUARDO-RING-SECRET-1…` in Bech32,
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
    /// - Throws: `.malformed`, `.invalidScalar`.
    package init(text: borrowing SecretBytes) throws(RingRefusal) {
        var characters = text.reveal()
        defer { wipe(&characters) }
        if characters.last == UInt8(ascii: "\n") { characters.removeLast() }
        guard characters.first == UInt8(ascii: "R"),
            var decoded = try? Bech32.decode(characters), decoded.prefix == Self.textPrefix
        else { throw .malformed }
        try self.init(SecretBytes(wiping: &decoded.bytes))
    }
}
