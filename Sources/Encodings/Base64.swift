// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Strict, canonical base64 (RFC 4648, section 4): what decodes re-encodes to the same text.
package enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
    private static let invalid: UInt8 = 0xff
    /// Not an array: counting the references to one that all threads use would cost more than
    /// what it is read for.
    private static let values: InlineArray<256, UInt8> = {
        var values = InlineArray<256, UInt8>(repeating: invalid)
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
        var bytes = [UInt8](repeating: 0, count: characterCount / 4 * 3)
        let start = decodeGroups(text, characterCount / 4, into: &bytes)
        var group: UInt32 = 0
        var groupBits = 0
        for offset in start..<characterCount {
            let value = values[Int(text[offset])]
            guard value != invalid else { throw .invalidCharacter(offset: offset) }
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

    /// Decodes groups of four characters, as long as all four are of the alphabet.
    ///
    /// - Parameters:
    ///   - text: Four characters a group, or more.
    ///   - count: How many groups.
    ///   - bytes: Three bytes a group; those of groups that are not decoded are cut off.
    /// - Returns: How many characters were decoded.
    private static func decodeGroups(
        _ text: Span<UInt8>,
        _ count: Int,
        into bytes: inout [UInt8]
    ) -> Int {
        precondition(text.count >= 4 * count && bytes.count >= 3 * count, "room for all groups")
        let values = values
        var decoded = bytes.mutableSpan
        var group = 0
        while group < count {
            let first = values[Int(unsafe text[unchecked: 4 * group])]
            let second = values[Int(unsafe text[unchecked: 4 * group + 1])]
            let third = values[Int(unsafe text[unchecked: 4 * group + 2])]
            let fourth = values[Int(unsafe text[unchecked: 4 * group + 3])]
            guard first | second | third | fourth < 64 else { break }
            unsafe decoded[unchecked: 3 * group] = first << 2 | second >> 4
            unsafe decoded[unchecked: 3 * group + 1] = second << 4 | third >> 2
            unsafe decoded[unchecked: 3 * group + 2] = third << 6 | fourth
            group += 1
        }
        if group < count { bytes.removeSubrange((3 * group)...) }
        return 4 * group
    }

    /// Decodes a string without white space; see ``decode(_:padded:)``.
    package static func decode(
        _ text: String,
        padded: Bool = true
    ) throws(EncodingError) -> [UInt8] {
        try decode(Array(text.utf8), padded: padded)
    }
}
