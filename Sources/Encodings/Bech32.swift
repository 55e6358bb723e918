// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

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

    /// Encodes in lower case.
    ///
    /// An upper-case form is `encode(…).uppercased()`.
    ///
    /// - Parameters:
    ///   - prefix: Human-readable part, lower-case ASCII, not empty.
    ///   - bytes: Any bytes.
    /// - Returns: Prefix, separator, data and checksum.
    package static func encode(prefix: String, bytes: [UInt8]) -> String {
        let hrp = Array(prefix.utf8)
        precondition(!hrp.isEmpty && hrp.allSatisfy(isLowerCasePrefixCharacter))
        let data = regroup(bytes)
        let zeros = [UInt8](repeating: 0, count: checksumCount)
        let polynomial = polymod(expand(hrp) + data + zeros) ^ 1
        let checksum = (0..<checksumCount).map { index in
            UInt8(truncatingIfNeeded: polynomial >> UInt32(5 * (5 - index)) & 31)
        }
        let text = hrp + [UInt8(ascii: "1")] + (data + checksum).map { alphabet[Int($0)] }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decodes a string that is all lower case or all upper case.
    ///
    /// - Returns: The prefix in lower case, and the bytes.
    /// - Throws: `.tooLong`, `.mixedCase`, `.invalidCharacter`, `.malformedBech32`,
    ///   `.checksumMismatch`, `.nonCanonicalPadding`.
    package static func decode(
        _ text: String
    ) throws(EncodingError) -> (prefix: String, bytes: [UInt8]) {
        let characters = try lowerCased(Array(text.utf8))
        guard let separator = characters.lastIndex(of: UInt8(ascii: "1")), separator > 0,
            characters.count - separator - 1 >= checksumCount
        else { throw .malformedBech32 }
        let hrp = Array(characters[..<separator])
        var data: [UInt8] = []
        for offset in (separator + 1)..<characters.count {
            guard let value = alphabet.firstIndex(of: characters[offset]) else {
                throw .invalidCharacter(offset: offset)
            }
            data.append(UInt8(value))
        }
        guard polymod(expand(hrp) + data) == 1 else { throw .checksumMismatch }
        let bytes = try ungroup(data.dropLast(checksumCount))
        return (String(decoding: hrp, as: UTF8.self), bytes)
    }

    private static func lowerCased(_ text: [UInt8]) throws(EncodingError) -> [UInt8] {
        guard text.count <= characterCountMax else { throw .tooLong(limit: characterCountMax) }
        var hasLower = false
        var hasUpper = false
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for (offset, character) in text.enumerated() {
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                hasUpper = true
                result.append(character | 0x20)
            case UInt8(ascii: "a")...UInt8(ascii: "z"):
                hasLower = true
                result.append(character)
            case 33...126: result.append(character)
            default: throw .invalidCharacter(offset: offset)
            }
        }
        guard !(hasLower && hasUpper) else { throw .mixedCase }
        return result
    }

    private static func isLowerCasePrefixCharacter(_ character: UInt8) -> Bool {
        (33...126).contains(character)
            && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(character)
    }

    private static func expand(_ hrp: [UInt8]) -> [UInt8] {
        hrp.map { $0 >> 5 } + [0] + hrp.map { $0 & 31 }
    }

    private static func polymod(_ values: [UInt8]) -> UInt32 {
        var checksum: UInt32 = 1
        for value in values {
            let top = checksum >> 25
            checksum = (checksum & 0x1ff_ffff) << 5 ^ UInt32(value)
            for (bit, term) in generator.enumerated() where top >> UInt32(bit) & 1 == 1 {
                checksum ^= term
            }
        }
        return checksum
    }

    /// 8-bit groups to 5-bit groups, the last filled with zero bits.
    private static func regroup(_ bytes: [UInt8]) -> [UInt8] {
        var groups: [UInt8] = []
        var buffer: UInt32 = 0
        var bufferBits: UInt32 = 0
        for byte in bytes {
            buffer = (buffer << 8 | UInt32(byte)) & 0xfff
            bufferBits += 8
            while bufferBits >= 5 {
                bufferBits -= 5
                groups.append(UInt8(buffer >> bufferBits & 31))
            }
        }
        if bufferBits > 0 {
            groups.append(UInt8(buffer << (5 - bufferBits) & 31))
        }
        return groups
    }

    /// 5-bit groups to bytes; fewer than five zero bits may be left over.
    private static func ungroup(_ groups: ArraySlice<UInt8>) throws(EncodingError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer: UInt32 = 0
        var bufferBits: UInt32 = 0
        for group in groups {
            buffer = (buffer << 5 | UInt32(group)) & 0xfff
            bufferBits += 5
            if bufferBits >= 8 {
                bufferBits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bufferBits))
            }
        }
        guard bufferBits < 5, buffer & ((1 << bufferBits) - 1) == 0 else {
            throw .nonCanonicalPadding
        }
        return bytes
    }
}
