// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Lower-case hexadecimal.
package enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two lower-case digits a byte.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        // Arrays, which most are, pass without a copy.
        encode(Array(bytes))
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0x0f)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads lower-case digits, an even count of them.
    ///
    /// - Throws: `.invalidCharacter` with its offset, `.truncated` for an odd count.
    package static func decode(_ text: String) throws(EncodingError) -> [UInt8] {
        try decode(array: Array(text.utf8))
    }

    /// Not over the string itself: its bytes come one by one, each with a look at how it is stored.
    private static func decode(array text: [UInt8]) throws(EncodingError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        var group: UInt8 = 0
        for offset in text.indices {
            let value = value(of: text[offset])
            guard value < 16 else { throw .invalidCharacter(offset: offset) }
            group = group << 4 | value
            if offset & 1 == 1 { bytes.append(group) }
        }
        guard text.count & 1 == 0 else { throw .truncated(offset: text.count, needed: 1) }
        return bytes
    }

    /// What a digit stands for; 16 or more for what is none.
    private static func value(of character: UInt8) -> UInt8 {
        let digit = character &- UInt8(ascii: "0")
        if digit < 10 { return digit }
        let letter = character &- UInt8(ascii: "a")
        return letter < 6 ? letter + 10 : 0xff
    }
}
