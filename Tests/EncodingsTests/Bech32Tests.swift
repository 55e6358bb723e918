// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Testing

@Suite struct Bech32Tests {
    @Test(arguments: [
        // BIP-173, "Test vectors", those whose data part is whole bytes or pads with zero bits.
        "A12UEL5L",
        "a12uel5l",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andt"
            + "heexcludedcharactersbio1tt5tgs",
        "11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
            + "qqqqqqqqqqqqqqqqqqqqqqqqc8247j",
        "?1ezyfcl",
    ])
    func validStringsOfBIP173ReadBack(text: String) throws {
        do {
            let (prefix, bytes) = try Bech32.decode(text)
            #expect(Bech32.encode(prefix: prefix, bytes: bytes) == text.lowercased())
        } catch EncodingError.nonCanonicalPadding {
            // BIP-173 groups five bits; 82 groups of zero bits are 51 bytes and two bits.
            #expect(text.contains("qqqqqq"))
        }
    }

    @Test func theChecksumDoesNotCoverWholeBytesOnly() {
        // "abcdef" with the values 0…31: 160 bits, twenty bytes.
        let text = "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"
        #expect(throws: Never.self) {
            let (prefix, bytes) = try Bech32.decode(text)
            #expect(prefix == "abcdef")
            #expect(Hex.encode(bytes) == "00443214c74254b635cf84653a56d7c675be77df")
            #expect(Bech32.encode(prefix: prefix, bytes: bytes) == text)
        }
    }

    @Test(arguments: [
        ("\u{20}1nwldj5", EncodingError.invalidCharacter(offset: 0)),
        ("\u{7f}1axkwrx", .invalidCharacter(offset: 0)),
        ("\u{80}1eym55h", .invalidCharacter(offset: 0)),
        ("pzry9x0s0muk", .malformedBech32),
        ("1pzry9x0s0muk", .malformedBech32),
        ("x1b4n0q5v", .invalidCharacter(offset: 2)),
        ("li1dgmt3", .malformedBech32),
        ("de1lg7wt\u{ff}", .invalidCharacter(offset: 8)),
        ("A1G7SGD8", .checksumMismatch),
        ("10a06t8", .malformedBech32),
        ("1qzzfhee", .malformedBech32),
        ("a12UEL5L", .mixedCase),
        ("", .malformedBech32),
        ("1", .malformedBech32),
    ])
    func invalidStringsOfBIP173AreRefused(text: String, error: EncodingError) {
        #expect(throws: error) { try Bech32.decode(text) }
    }

    @Test func everyChangedCharacterIsRefused() throws {
        let text = Bech32.encode(prefix: "age", bytes: Array(0..<32))
        let characters = Array(text.utf8)
        for position in characters.indices {
            for replacement in Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l1b".utf8)
            where replacement != characters[position] {
                var changed = characters
                changed[position] = replacement
                #expect(throws: EncodingError.self) {
                    try Bech32.decode(String(decoding: changed, as: UTF8.self))
                }
            }
        }
    }

    @Test func bothCasesReadAndMixedOnesDoNot() throws {
        let bytes: [UInt8] = [1, 2, 3]
        let text = Bech32.encode(prefix: "age-secret-key-", bytes: bytes)
        let upper = try Bech32.decode(text.uppercased())
        #expect(upper.prefix == "age-secret-key-" && upper.bytes == bytes)
        #expect(throws: EncodingError.mixedCase) {
            try Bech32.decode(String(text.dropLast()) + text.suffix(1).uppercased() + "Q")
        }
    }

    @Test func upperCaseOfEveryLengthIsThatOfTheText() throws {
        for count in 0...70 {
            let bytes = (0..<count).map { UInt8($0 * 37 % 256) }
            let upper = Bech32.encodeUpperCase(prefix: "age-secret-key-", bytes: bytes)
            let text = Bech32.encode(prefix: "age-secret-key-", bytes: bytes)
            #expect(upper == Array(text.uppercased().utf8))
            let decoded = try Bech32.decode(upper)
            #expect(decoded.prefix == "age-secret-key-" && decoded.bytes == bytes)
        }
    }

    @Test func unusedBitsAreZero() throws {
        // One byte takes two groups, of which two bits are unused; the checksums are right.
        #expect(Bech32.encode(prefix: "x", bytes: [0]) == "x1qqmkfy3s")
        #expect(throws: EncodingError.nonCanonicalPadding) { try Bech32.decode("x1qpxqa3vz") }
        // Three groups for one byte: a whole group is superfluous.
        #expect(throws: EncodingError.nonCanonicalPadding) { try Bech32.decode("x1qqqn0an5s") }
    }

    @Test func allLengthsReadBack() throws {
        var generator = SeededGenerator(seed: 173)
        for count in 0...300 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let decoded = try Bech32.decode(Bech32.encode(prefix: "test", bytes: bytes))
            #expect(decoded.bytes == bytes && decoded.prefix == "test")
        }
    }

    @Test func refusesMoreThanTheLimit() {
        let text = String(repeating: "q", count: Bech32.characterCountMax + 1)
        #expect(throws: EncodingError.tooLong(limit: Bech32.characterCountMax)) {
            try Bech32.decode(text)
        }
    }
}
