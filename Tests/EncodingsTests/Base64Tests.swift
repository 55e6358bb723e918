// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Testing

@Suite struct Base64Tests {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=".utf8
    )

    @Test func vectorsOfRFC4648AreReproduced() throws {
        let vectors = [
            "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==",
            "fooba": "Zm9vYmE=", "foobar": "Zm9vYmFy",
        ]
        for (plain, text) in vectors {
            let bytes = Array(plain.utf8)
            #expect(Base64.encode(bytes) == text)
            #expect(try Base64.decode(text) == bytes)
            let bare = text.replacing("=", with: "")
            #expect(Base64.encode(bytes, padded: false) == bare)
            #expect(try Base64.decode(bare, padded: false) == bytes)
        }
    }

    @Test(arguments: [true, false])
    func everyShortTextDecodesToWhatEncodesToItOrIsRefused(padded: Bool) {
        // All texts of up to three characters, and all of four that end in one of two letters.
        var texts: [[UInt8]] = [[]]
        var last: [[UInt8]] = [[]]
        for _ in 0..<3 {
            last = last.flatMap { text in Self.alphabet.map { text + [$0] } }
            texts += last
        }
        texts += last.flatMap { text in [text + [0x3d], text + [0x41]] }
        var acceptedCount = 0
        for text in texts {
            guard let bytes = try? Base64.decode(text, padded: padded) else { continue }  // refused
            acceptedCount += 1
            if Base64.encode(bytes, padded: padded) != String(decoding: text, as: UTF8.self) {
                Issue.record("\(text) is not canonical and was accepted")
            }
        }
        // Unpadded: nothing, 2 and 3 characters for every 1 and 2 bytes, 4 for those ending in "A".
        let unpadded = 1 + 256 + 65536 + 64 * 64 * 64
        // Padded: nothing, every 1 and 2 bytes, and three bytes ending in "A".
        let paddedCount = 1 + 256 + 65536 + 64 * 64 * 64
        #expect(acceptedCount == (padded ? paddedCount : unpadded))
    }

    @Test func everyByteStringOfUpToTwoBytesReadsBack() throws {
        for value in 0..<65536 {
            let bytes = [UInt8(value >> 8), UInt8(value & 0xff)]
            for part in [bytes, Array(bytes.prefix(1))] {
                for padded in [true, false] {
                    let text = Base64.encode(part, padded: padded)
                    if try Base64.decode(text, padded: padded) != part {
                        Issue.record("\(part) does not read back")
                    }
                }
            }
        }
    }

    @Test func agreesWithFoundationOnRandomBytes() throws {
        let seed: UInt64 = 64
        var generator = SeededGenerator(seed: seed)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let text = Base64.encode(bytes)
            #expect(text == Data(bytes).base64EncodedString(), "seed \(seed)")
            #expect(try Base64.decode(text) == bytes, "seed \(seed)")
        }
    }

    /// Eight characters are read at once: each is found, and each bad one said, wherever it stands.
    @Test func everyCharacterCountsAtEveryPlace() throws {
        let text = Array(Base64.encode(Array(0..<15)).utf8)
        for place in text.indices {
            for character in 0...255 as ClosedRange<UInt8> {
                var copy = text
                copy[place] = character
                let isGood = Self.alphabet.dropLast().contains(character)
                do {
                    let bytes = try Base64.decode(copy)
                    #expect(Array(Base64.encode(bytes).utf8) == copy)
                    #expect(isGood || place == 19)
                } catch {
                    #expect(!isGood || place == 19)
                    #expect(error == .invalidCharacter(offset: place) || place == 19)
                }
            }
        }
    }

    @Test func errorsSayWhereAndWhy() {
        #expect(throws: EncodingError.nonCanonicalPadding) { try Base64.decode("Zg=") }
        #expect(throws: EncodingError.nonCanonicalPadding) { try Base64.decode("Zh==") }
        #expect(throws: EncodingError.nonCanonicalPadding) { try Base64.decode("Z", padded: false) }
        #expect(throws: EncodingError.invalidCharacter(offset: 2)) {
            try Base64.decode("Zg==", padded: false)
        }
        #expect(throws: EncodingError.invalidCharacter(offset: 1)) { try Base64.decode("Z===") }
        #expect(throws: EncodingError.invalidCharacter(offset: 4)) {
            try Base64.decode("Zm9v\nZg=")
        }
        #expect(throws: EncodingError.invalidCharacter(offset: 0)) { try Base64.decode("-m9v") }
        #expect(throws: EncodingError.invalidCharacter(offset: 2)) { try Base64.decode("Zg=v") }
    }
}
