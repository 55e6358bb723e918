// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Bech32 (BIP-173, checksum constant 1) without its length limit, as age uses it.
package enum Bech32 {
    /// The longest string that is read: an age recipient line is at most 8 KiB.
    package static let characterCountMax = 8192

    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    /// BIP-173, "Checksum".
    private static let generator: [UInt32] = [
        0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3,
    ]
    private static let checksumCount = 6
    private static let separator = UInt8(ascii: "1")
    /// What tells lower from upper case in ASCII.
    private static let caseBit: UInt8 = 0x20

    /// Encodes in lower case.
    ///
    /// - Parameters:
    ///   - prefix: Human-readable part, lower-case ASCII, not empty.
    ///   - bytes: Any bytes.
    /// - Returns: Prefix, separator, data and checksum.
    package static func encode(prefix: String, bytes: [UInt8]) -> String {
        String(decoding: encodedCharacters(prefix: prefix, bytes: bytes), as: UTF8.self)
    }

    /// Encodes in upper case, as secrets are written.
    ///
    /// The result is the only place where the characters lie, so that whoever gets it can wipe it.
    ///
    /// - Parameters: As ``encode(prefix:bytes:)``.
    /// - Returns: Prefix, separator, data and checksum in ASCII.
    package static func encodeUpperCase(prefix: String, bytes: [UInt8]) -> [UInt8] {
        var characters = encodedCharacters(prefix: prefix, bytes: bytes)
        for index in characters.indices where isLowerCase(characters[index]) {
            characters[index] ^= caseBit
        }
        return characters
    }

    private static func encodedCharacters(prefix: String, bytes: [UInt8]) -> [UInt8] {
        let hrp = Array(prefix.utf8)
        precondition(!hrp.isEmpty && hrp.allSatisfy(isLowerCasePrefixCharacter))
        let groupCount = (8 * bytes.count + 4) / 5
        var characters: [UInt8] = []
        // Once and for all: an array that grows leaves its content behind.
        characters.reserveCapacity(hrp.count + 1 + groupCount + checksumCount)
        characters += hrp
        characters.append(separator)
        var checksum = Checksum(prefix: hrp)
        func put(_ group: UInt8) {
            checksum.take(group)
            characters.append(alphabet[Int(group)])
        }
        // 8-bit groups to 5-bit groups, the last filled with zero bits.
        var buffer: UInt32 = 0
        var bufferBits: UInt32 = 0
        for byte in bytes {
            buffer = (buffer << 8 | UInt32(byte)) & 0xfff
            bufferBits += 8
            while bufferBits >= 5 {
                bufferBits -= 5
                put(UInt8(buffer >> bufferBits & 31))
            }
        }
        if bufferBits > 0 { put(UInt8(buffer << (5 - bufferBits) & 31)) }
        characters += checksum.groups.map { alphabet[Int($0)] }
        return characters
    }

    /// Decodes a string that is all lower case or all upper case.
    ///
    /// - Returns: The prefix in lower case, and the bytes.
    /// - Throws: `.tooLong`, `.mixedCase`, `.invalidCharacter`, `.malformedBech32`,
    ///   `.checksumMismatch`, `.nonCanonicalPadding`.
    package static func decode(
        _ text: String
    ) throws(EncodingError) -> (prefix: String, bytes: [UInt8]) {
        try decode(Array(text.utf8))
    }

    /// Decodes ASCII characters, and leaves copies nowhere but in what it returns.
    ///
    /// - Returns, Throws: As ``decode(_:)-(String)``.
    package static func decode(
        _ characters: [UInt8]
    ) throws(EncodingError) -> (prefix: String, bytes: [UInt8]) {
        try checkCase(characters)
        guard let end = characters.lastIndex(of: separator), end > 0,
            characters.count - end - 1 >= checksumCount
        else { throw .malformedBech32 }
        let hrp = characters[..<end].map { isUpperCase($0) ? $0 ^ caseBit : $0 }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters.count)
        do {
            try decode(characters[(end + 1)...], prefix: hrp, into: &bytes)
        } catch {
            unsafe explicit_bzero(&bytes, bytes.count)
            throw error
        }
        return (String(decoding: hrp, as: UTF8.self), bytes)
    }

    /// Reads data and checksum.
    private static func decode(
        _ characters: ArraySlice<UInt8>,
        prefix: [UInt8],
        into bytes: inout [UInt8]
    ) throws(EncodingError) {
        var checksum = Checksum(prefix: prefix)
        var buffer: UInt32 = 0
        var bufferBits: UInt32 = 0
        for (offset, character) in zip(characters.indices, characters) {
            let lower = isUpperCase(character) ? character ^ caseBit : character
            guard let group = alphabet.firstIndex(of: lower) else {
                throw .invalidCharacter(offset: offset)
            }
            checksum.take(UInt8(group))
            if offset >= characters.endIndex - checksumCount { continue }
            buffer = (buffer << 5 | UInt32(group)) & 0xfff
            bufferBits += 5
            if bufferBits >= 8 {
                bufferBits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bufferBits))
            }
        }
        guard checksum.isRight else { throw .checksumMismatch }
        // Fewer than five zero bits may be left over.
        guard bufferBits < 5, buffer & ((1 << bufferBits) - 1) == 0 else {
            throw .nonCanonicalPadding
        }
    }

    private static func checkCase(_ text: [UInt8]) throws(EncodingError) {
        guard text.count <= characterCountMax else { throw .tooLong(limit: characterCountMax) }
        for (offset, character) in text.enumerated() where !(33...126).contains(character) {
            throw .invalidCharacter(offset: offset)
        }
        guard !(text.contains(where: isLowerCase) && text.contains(where: isUpperCase)) else {
            throw .mixedCase
        }
    }

    private static func isUpperCase(_ character: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(character)
    }

    private static func isLowerCase(_ character: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
    }

    private static func isLowerCasePrefixCharacter(_ character: UInt8) -> Bool {
        (33...126).contains(character) && !isUpperCase(character)
    }

    /// BIP-173, "Checksum", over what was taken so far.
    private struct Checksum {
        private var polynomial: UInt32 = 1

        init(prefix: [UInt8]) {
            for character in prefix { take(character >> 5) }
            take(0)
            for character in prefix { take(character & 31) }
        }

        mutating func take(_ group: UInt8) {
            let top = polynomial >> 25
            polynomial = (polynomial & 0x1ff_ffff) << 5 ^ UInt32(group)
            for (bit, term) in generator.enumerated() where top >> UInt32(bit) & 1 == 1 {
                polynomial ^= term
            }
        }

        /// Whether it ended with its own groups.
        var isRight: Bool { polynomial == 1 }

        /// The six groups that make it right.
        var groups: [UInt8] {
            var copy = self
            for _ in 0..<checksumCount { copy.take(0) }
            let value = copy.polynomial ^ 1
            return (0..<checksumCount).map { index in
                UInt8(truncatingIfNeeded: value >> UInt32(5 * (5 - index)) & 31)
            }
        }
    }
}
