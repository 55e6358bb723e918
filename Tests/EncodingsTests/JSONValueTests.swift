// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Testing

@Suite struct JSONValueTests {
    @Test func canonicalTextOfTheSpecificationIsReproduced() throws {
        // RFC 8785, section 3.2.3: members sort by UTF-16 code units.
        let text = """
            {"\\u20ac": "Euro Sign", "\\r": "Carriage Return",
             "\\ufb33": "Hebrew Letter Dalet With Dagesh",
             "1": "One", "\\ud83d\\ude00": "Emoji: Grinning Face", "\\u0080": "Control",
             "\\u00f6": "Latin Small Letter O With Diaeresis"}
            """
        let value = try JSONValue(parsing: Array(text.utf8))
        let expected =
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"ö\":"
            + "\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":"
            + "\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        #expect(value.canonicalText == expected)
        #expect(try JSONValue(canonical: Array(expected.utf8)) == value)
    }

    /// A text is canonical if and only if its document is written so, however it is looked at.
    @Test func whatIsCanonicalIsWhatWouldBeWritten() throws {
        let pieces = [
            " ", "\n", ",", ":", "\"", "\\", "\\n", "\\u0041", "-", "-0", "0", "1", "a", "b", "é",
            "€", "{", "}", "[", "]", "{}", "[]", "\"a\":1", "\"b\":2", "\"\u{e9}\":3", "true",
        ]
        var generator = SeededGenerator(seed: 11)
        var counts = [0, 0]
        for _ in 0..<20_000 {
            let value = Self.random(depth: 4, using: &generator)
            var text = value.canonicalBytes
            for _ in 0..<Int.random(in: 0...2, using: &generator) {
                let place = Int.random(in: 0...text.count, using: &generator)
                let piece = pieces.randomElement(using: &generator) ?? " "
                let end = min(text.count, place + Int.random(in: 0...3, using: &generator))
                text.replaceSubrange(place..<end, with: Array(piece.utf8))
            }
            // What is no JSON at all is no canonical JSON.
            let parsed = try? JSONValue(parsing: text)
            let isCanonical = parsed.map { $0.canonicalBytes == text } ?? false
            let taken = try? JSONValue(canonical: text)
            #expect((taken != nil) == isCanonical, "\(String(decoding: text, as: UTF8.self))")
            #expect(taken == nil || taken == parsed)
            counts[isCanonical ? 1 : 0] += 1
        }
        #expect(counts.allSatisfy { $0 > 2000 }, "\(counts)")
    }

    @Test func onlyTheCanonicalTextOfADocumentIsAccepted() throws {
        for text in [
            " {}", "{} ", "[1, 2]", "{\"b\":1,\"a\":2}", "\"\\u0041\"", "\"\\/\"", "-0",
            "\"\\u000a\"",
            "\"\\u001F\"", "\"\\u00e9\"",
        ] {
            #expect(throws: Never.self) { try JSONValue(parsing: Array(text.utf8)) }
            #expect(throws: EncodingError.notCanonical) {
                try JSONValue(canonical: Array(text.utf8))
            }
        }
        for text in [
            "{}", "[1,2]", "{\"a\":2,\"b\":1}", "\"A\"", "\"\\n\"", "\"\\u001f\"", "\"é\"", "0",
        ] {
            #expect(try JSONValue(canonical: Array(text.utf8)).canonicalText == text)
        }
    }

    @Test func controlCharactersTakeTheirShortestEscape() {
        let expected = [
            "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007",
            "\\b", "\\t", "\\n", "\\u000b", "\\f", "\\r", "\\u000e", "\\u000f",
        ]
        for (value, escape) in expected.enumerated() {
            let text = String(Unicode.Scalar(UInt8(value)))
            #expect(JSONValue.string(text).canonicalText == "\"\(escape)\"")
        }
        #expect(JSONValue.string("\u{7f}\"\\/").canonicalText == "\"\u{7f}\\\"\\\\/\"")
    }

    @Test func randomDocumentsReadBack() throws {
        let seed: UInt64 = 8785
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let value = Self.random(depth: 4, using: &generator)
            let bytes = value.canonicalBytes
            #expect(try JSONValue(canonical: bytes) == value, "seed \(seed)")
            #expect(try JSONValue(canonical: bytes).canonicalBytes == bytes, "seed \(seed)")
        }
    }

    static func random(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 5 : 3), using: &generator) {
        case 0: return .string(randomText(using: &generator))
        case 1:
            let limit = JSONValue.integerMax
            return .integer(Int64.random(in: -limit...limit, using: &generator))
        case 2: return .boolean(Bool.random(using: &generator))
        case 3:
            let count = Int.random(in: 0..<4, using: &generator)
            return .array((0..<count).map { _ in random(depth: depth - 1, using: &generator) })
        default:
            var members: [String: JSONValue] = [:]
            for _ in 0..<Int.random(in: 0..<4, using: &generator) {
                let name = randomText(using: &generator)
                members[name] = random(depth: depth - 1, using: &generator)
            }
            return .object(members)
        }
    }

    private static func randomText(using generator: inout SeededGenerator) -> String {
        let count = Int.random(in: 0..<6, using: &generator)
        var text = ""
        for _ in 0..<count {
            let limits: [UInt32] = [0x20, 0x80, 0x800, 0xd800, 0x10_ffff]
            let limit = limits.randomElement(using: &generator) ?? 0x80
            guard let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &generator)),
                !["\u{212a}", "\u{37e}", "\u{1fef}"].contains(scalar)
            else { continue }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}
