// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Strict, canonical base64 (RFC 4648, section 4): what decodes re-encodes to the same text.
package enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
    private static let invalid: UInt8 = 0xff
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: invalid, count: 256)
        for (value, character) in alphabet.enumerated() {
            values[Int(character)] = UInt8(value)
        }
        return values
    }()
    private static let pad = UInt8(ascii: "=")

    /// Encodes without line breaks.
    ///
    /// - Parameters:
    ///   - bytes: Any bytes.
    ///   - padded: Whether `=` fills the last group of four.
    /// - Returns: The text.
    package static func encode(_ bytes: some Collection<UInt8>, padded: Bool = true) -> String {
        encode(array: Array(bytes), padded: padded)
    }

    /// Not generic: across modules a generic loop asks for its types at every byte.
    private static func encode(array bytes: [UInt8], padded: Bool) -> String {
        let alphabet = alphabet
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0
        var groupBits = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            groupBits += 8
            while groupBits >= 6 {
                groupBits -= 6
                text.append(alphabet[Int(group >> UInt32(groupBits) & 0x3f)])
            }
        }
        if groupBits > 0 {
            text.append(alphabet[Int(group << UInt32(6 - groupBits) & 0x3f)])
        }
        while padded && text.count % 4 != 0 {
            text.append(pad)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decodes text without white space.
    ///
    /// - Parameters:
    ///   - text: ASCII.
    ///   - padded: Whether `=` must fill the last group of four; otherwise it is refused.
    /// - Returns: The bytes.
    /// - Throws: `.invalidCharacter` with its offset; `.nonCanonicalPadding` for a wrong length,
    ///   wrong padding or unused bits that are not zero.
    package static func decode(
        _ text: some Collection<UInt8>,
        padded: Bool = true
    ) throws(EncodingError) -> [UInt8] {
        try decode(array: Array(text), padded: padded)
    }

    private static func decode(
        array text: [UInt8],
        padded: Bool
    ) throws(EncodingError) -> [UInt8] {
        let values = values
        var characterCount = text.count
        if padded {
            guard characterCount % 4 == 0 else { throw .nonCanonicalPadding }
            let tail = text.suffix(2)
            characterCount -= tail.reversed().prefix { $0 == pad }.count
        }
        guard characterCount % 4 != 1 else { throw .nonCanonicalPadding }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characterCount * 3 / 4)
        var offset = 0
        // Four characters at a time, as long as all four are of the alphabet.
        while offset + 4 <= characterCount {
            let (first, second) = (values[Int(text[offset])], values[Int(text[offset + 1])])
            let (third, fourth) = (values[Int(text[offset + 2])], values[Int(text[offset + 3])])
            guard first | second | third | fourth < 64 else { break }
            bytes.append(first << 2 | second >> 4)
            bytes.append(second << 4 | third >> 2)
            bytes.append(third << 6 | fourth)
            offset += 4
        }
        var group: UInt32 = 0
        var groupBits = 0
        for character in text[offset..<characterCount] {
            let value = values[Int(character)]
            guard value != invalid else { throw .invalidCharacter(offset: offset) }
            group = group << 6 | UInt32(value)
            groupBits += 6
            if groupBits >= 8 {
                groupBits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(groupBits)))
            }
            offset += 1
        }
        guard group & ((1 << UInt32(groupBits)) - 1) == 0 else { throw .nonCanonicalPadding }
        return bytes
    }

    /// Decodes a string without white space; see ``decode(_:padded:)``.
    package static func decode(
        _ text: String,
        padded: Bool = true
    ) throws(EncodingError) -> [UInt8] {
        try decode(Array(text.utf8), padded: padded)
    }
}
