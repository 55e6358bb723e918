// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Strict, canonical base64 (RFC 4648, section 4): what decodes re-encodes to the same text.
package enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
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
        try decode(span: text.span, padded: padded)
    }

    /// Decodes a part of a text; see ``decode(_:padded:)``.
    static func decode(span text: Span<UInt8>, padded: Bool) throws(EncodingError) -> [UInt8] {
        var characterCount = text.count
        if padded {
            guard characterCount % 4 == 0 else { throw .nonCanonicalPadding }
            for _ in 0..<2 where characterCount > 0 && text[characterCount - 1] == pad {
                characterCount -= 1
            }
        }
        guard characterCount % 4 != 1 else { throw .nonCanonicalPadding }
        var bytes: [UInt8] = []
        let start = decodeWords(text, characterCount / 8, into: &bytes)
        var group: UInt32 = 0
        var groupBits = 0
        for offset in start..<characterCount {
            guard let value = value(of: text[offset]) else {
                throw .invalidCharacter(offset: offset)
            }
            group = group << 6 | UInt32(value)
            groupBits += 6
            if groupBits >= 8 {
                groupBits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(groupBits)))
            }
        }
        guard group & ((1 << UInt32(groupBits)) - 1) == 0 else { throw .nonCanonicalPadding }
        return bytes
    }

    /// What a character stands for.
    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    /// Decodes words of eight characters, as long as all eight are of the alphabet.
    ///
    /// - Parameters:
    ///   - text: Eight characters a word, or more.
    ///   - count: How many words.
    ///   - bytes: Gets six bytes for each word that is decoded.
    /// - Returns: How many characters were decoded.
    private static func decodeWords(
        _ text: Span<UInt8>,
        _ count: Int,
        into bytes: inout [UInt8]
    ) -> Int {
        // Each word is written whole: two bytes after its six, which the next word writes over.
        let spareCount = 2
        bytes = [UInt8](repeating: 0, count: 6 * count + spareCount)
        let characters = unsafe text.bytes
        var span = bytes.mutableSpan
        var decoded = unsafe span.mutableBytes
        var index = 0
        while index < count {
            let word = unsafe characters.unsafeLoadUnaligned(
                fromByteOffset: 8 * index,
                as: UInt64.self
            )
            guard let six = decodeWord(UInt64(littleEndian: word)) else { break }
            decoded.storeBytes(
                of: (six << 16).bigEndian,
                toByteOffset: 6 * index,
                as: UInt64.self
            )
            index += 1
        }
        bytes.removeLast(6 * (count - index) + spareCount)
        return 8 * index
    }

    /// Six bytes, the first one the highest, from eight characters, the first one in the lowest
    /// bits: all at once, a byte of the word each.
    private static func decodeWord(_ word: UInt64) -> UInt64? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs = ones << 7
        /// One in each byte that is in a range of ASCII.
        func mask(_ first: Unicode.Scalar, _ last: Unicode.Scalar) -> UInt64 {
            let notBelow = (word | highs) &- ones &* UInt64(first.value)
            let above = (word | highs) &- ones &* UInt64(last.value + 1)
            return (notBelow & ~above & highs) >> 7
        }
        let (upper, lower, digit) = (mask("A", "Z"), mask("a", "z"), mask("0", "9"))
        let (plus, slash) = (mask("+", "+"), mask("/", "/"))
        guard word & highs == 0, upper | lower | digit | plus | slash == ones else { return nil }
        // No byte borrows from another one, or carries into it: each ends up below 64.
        let values =
            word &- upper &* 65 &- lower &* 71 &+ digit &* 4 &+ plus &* 19 &+ slash &* 16
        let ordered = values.byteSwapped
        let twelves =
            (ordered & 0x3f00_3f00_3f00_3f00) >> 2 | ordered & 0x003f_003f_003f_003f
        let halves = (twelves & 0x0fff_0000_0fff_0000) >> 4 | twelves & 0x0000_0fff_0000_0fff
        return (halves & 0x00ff_ffff_0000_0000) >> 8 | halves & 0x0000_0000_00ff_ffff
    }

    /// Decodes a string without white space; see ``decode(_:padded:)``.
    package static func decode(
        _ text: String,
        padded: Bool = true
    ) throws(EncodingError) -> [UInt8] {
        try decode(Array(text.utf8), padded: padded)
    }
}
