// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Escrow

/// The texts of one transcript, and random damage to them.
struct TranscriptTexts {
    /// Context, dealing, then the shares.
    var texts: [[UInt8]]

    init(_ fixture: EscrowFixture, opening indices: [Int]) throws {
        texts = [fixture.context.json.canonicalBytes, fixture.dealing.dealing.json.canonicalBytes]
        texts += try indices.map { try fixture.open($0).json.canonicalBytes }
    }

    /// What our implementation says.
    var verdict: String {
        Verdict.of(context: texts[0], dealing: texts[1], shares: Array(texts[2...]))
    }

    /// The line that `escrow.py batch` reads.
    var line: String {
        let texts = texts.map { JSONValue.string(String(decoding: $0, as: UTF8.self)) }
        let json: JSONValue = [
            "context": texts[0], "dealing": texts[1], "shares": .array(Array(texts[2...])),
        ]
        return json.canonicalText
    }

    /// Damages one text in one place.
    mutating func damage(with generator: inout SeededGenerator) {
        let text = Int.random(in: 0..<texts.count, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: flipDigit(in: text, with: &generator)
        case 1: replaceCharacter(in: text, with: &generator)
        case 2: texts[text].remove(at: position(in: text, &generator))
        case 3:
            let place = position(in: text, &generator)
            texts[text].insert(texts[text][place], at: place)
        case 4: texts[text] = Array(texts[text].prefix(position(in: text, &generator)))
        default: transplant(into: text, with: &generator)
        }
    }

    private func position(in text: Int, _ generator: inout SeededGenerator) -> Int {
        Int.random(in: 0..<texts[text].count, using: &generator)
    }

    private mutating func flipDigit(in text: Int, with generator: inout SeededGenerator) {
        let digits = Array("0123456789abcdef".utf8)
        let places = texts[text].indices.filter { digits.contains(texts[text][$0]) }
        guard let place = places.randomElement(using: &generator),
            let digit = digits.randomElement(using: &generator)
        else { return }
        texts[text][place] = digit
    }

    private mutating func replaceCharacter(in text: Int, with generator: inout SeededGenerator) {
        let place = position(in: text, &generator)
        texts[text][place] = UInt8.random(in: 0x20...0x7e, using: &generator)
    }

    /// Puts one 32-byte value of the transcript, or zero, in the place of another.
    private mutating func transplant(into text: Int, with generator: inout SeededGenerator) {
        let all = texts.flatMap(Self.values)
        guard let range = Self.values(in: texts[text]).randomElement(using: &generator)?.range,
            let donor = all.randomElement(using: &generator)?.value
        else { return }
        let zero = [UInt8](repeating: UInt8(ascii: "0"), count: 64)
        let value = Int.random(in: 0..<8, using: &generator) == 0 ? zero : donor
        texts[text].replaceSubrange(range, with: value)
    }

    private static func values(in text: [UInt8]) -> [(range: Range<Int>, value: [UInt8])] {
        text.indices.dropLast(65).compactMap { start in
            let value = text[(start + 1)..<(start + 65)]
            guard text[start] == UInt8(ascii: "\""), text[start + 65] == UInt8(ascii: "\""),
                (try? Hex.decode(String(decoding: value, as: UTF8.self))) != nil  // not a value
            else { return nil }
            return ((start + 1)..<(start + 65), Array(value))
        }
    }
}
