// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Sodium

/// A set of words that an owner without a device reads to a trustee, once.
///
/// Nine words of four letters, alike in Spanish and English: eight carry 80 random bits, the ninth
/// notices a wrong letter.
///
/// Spec: `docs/spec/switch.md`, section 3.13.
package struct OneTimeWords: Hashable, Sendable {
    /// Bytes in a set.
    package static let byteCount = 10
    /// Words in a set, the check included.
    package static let wordCount = 9
    /// Bytes in a commitment.
    package static let commitmentCount = 32

    private static let label = "resguardo/switch-words/v1\n"
    private static let consonants = Array("bdfklmrt")
    private static let vowels = Array("aeio")
    private static let wordBits = 10

    /// The random part.
    package let bytes: [UInt8]

    /// Fresh ones.
    package init() {
        bytes = randomBytes(Self.byteCount)
    }

    /// Takes 10 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Reads words as somebody wrote them down: in any case, apart by anything but letters.
    ///
    /// - Returns: `nil` unless there are nine, and the ninth fits.
    package init?(_ text: String) {
        let words = text.lowercased().split { !$0.isLetter }
        guard words.count == Self.wordCount else { return nil }
        var numbers: [Int] = []
        for word in words {
            guard let number = Self.number(Array(word)) else { return nil }
            numbers.append(number)
        }
        var bytes: [UInt8] = []
        var (rest, restBits) = (0, 0)
        for number in numbers.dropLast() {
            rest = rest << Self.wordBits | number
            restBits += Self.wordBits
            while restBits >= 8 {
                restBits -= 8
                bytes.append(UInt8(truncatingIfNeeded: rest >> restBits))
                rest &= 1 << restBits - 1
            }
        }
        guard Self.check(bytes) == numbers.last else { return nil }
        self.bytes = bytes
    }

    /// The words, with single spaces.
    package var text: String {
        var words: [String] = []
        var (rest, restBits) = (0, 0)
        for byte in bytes {
            rest = rest << 8 | Int(byte)
            restBits += 8
            if restBits >= Self.wordBits {
                restBits -= Self.wordBits
                words.append(Self.word(rest >> restBits))
                rest &= 1 << restBits - 1
            }
        }
        return (words + [Self.word(Self.check(bytes))]).joined(separator: " ")
    }

    /// What an arming shows of the set before anybody reads it.
    package func commitment(of id: SwitchID, cycle: Int64) -> [UInt8] {
        SHA256.hash(
            Array(Self.label.utf8) + id.bytes + UInt64(cycle).bigEndianBytes + bytes
        )
    }

    /// The first ten bits of the hash of the bytes.
    private static func check(_ bytes: [UInt8]) -> Int {
        let hash = SHA256.hash(Array(label.utf8) + bytes)
        return Int(hash[0]) << 2 | Int(hash[1]) >> 6
    }

    private static func word(_ number: Int) -> String {
        let letters = [
            consonants[number >> 7 & 7], vowels[number >> 5 & 3],
            consonants[number >> 2 & 7], vowels[number & 3],
        ]
        return String(letters)
    }

    private static func number(_ word: [Character]) -> Int? {
        guard word.count == 4, let first = consonants.firstIndex(of: word[0]),
            let second = vowels.firstIndex(of: word[1]),
            let third = consonants.firstIndex(of: word[2]),
            let fourth = vowels.firstIndex(of: word[3])
        else { return nil }
        return first << 7 | second << 5 | third << 2 | fourth
    }
}

/// What an arming says of one cycle's words: commitments to two sets, of which one is read freely
/// and one by force.
///
/// They stand in ascending order, which says nothing.
///
/// Spec: `docs/spec/switch.md`, section 3.13.
package struct WordsRow: Hashable, Sendable {
    /// The most rows of one arming.
    package static let countMax = 64

    /// The two commitments, ascending.
    package let commitments: [[UInt8]]

    /// Puts two into order.
    package init(_ one: [UInt8], _ other: [UInt8]) {
        commitments = one.lexicographicallyPrecedes(other) ? [one, other] : [other, one]
    }

    /// Reads both, one after the other; `nil` unless they ascend.
    init?(_ bytes: [UInt8]) {
        let count = OneTimeWords.commitmentCount
        guard bytes.count == 2 * count else { return nil }
        commitments = [Array(bytes[..<count]), Array(bytes[count...])]
        guard commitments[0].lexicographicallyPrecedes(commitments[1]) else { return nil }
    }

    var bytes: [UInt8] { commitments.flatMap { $0 } }
}
