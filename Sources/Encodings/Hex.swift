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

    /// Reads lower-case digits, an even count of them; `nil` for anything else.
    package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count & 1 == 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: text.count / 2)
        var decoded = bytes.mutableSpan
        let characters = unsafe text.bytes
        var place = 0
        while decoded.count - place >= 4 {
            let word = unsafe characters.unsafeLoadUnaligned(
                fromByteOffset: 2 * place,
                as: UInt64.self
            )
            guard let four = decodeEight(UInt64(littleEndian: word)) else { return nil }
            decoded[place] = UInt8(truncatingIfNeeded: four)
            decoded[place + 1] = UInt8(truncatingIfNeeded: four >> 8)
            decoded[place + 2] = UInt8(truncatingIfNeeded: four >> 16)
            decoded[place + 3] = UInt8(truncatingIfNeeded: four >> 24)
            place += 4
        }
        while place < decoded.count {
            let (high, low) = (value(of: text[2 * place]), value(of: text[2 * place + 1]))
            guard high | low < 16 else { return nil }
            decoded[place] = high << 4 | low
            place += 1
        }
        return bytes
    }

    /// Four bytes from eight digits at once, the first ones in the lowest bits of both.
    private static func decodeEight(_ word: UInt64) -> UInt64? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let letters = word >> 6 & ones
        // A digit is 0x30 and its value, a letter 0x57 and its value.
        let values = (word & (ones &* 0x0f)) &+ letters &* 9
        guard ones &* 0x30 &+ letters &* 0x27 &+ values == word,
            // Six more carry into the next nibble from ten on: for letters and for them alone.
            (values &+ ones &* 6) >> 4 & ones == letters,
            values & (ones &* 0xf0) == 0
        else { return nil }
        let pairs = (values << 4 | values >> 8) & 0x00ff_00ff_00ff_00ff
        let halves = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff
        return (halves | halves >> 16) & 0xffff_ffff
    }

    /// What a digit stands for; 16 or more for what is none.
    private static func value(of character: UInt8) -> UInt8 {
        let digit = character &- UInt8(ascii: "0")
        if digit < 10 { return digit }
        let letter = character &- UInt8(ascii: "a")
        return letter < 6 ? letter + 10 : 0xff
    }
}
