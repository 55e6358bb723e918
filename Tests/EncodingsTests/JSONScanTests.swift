// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Testing

/// The scanner takes what the parser takes, and reads the same from it.
@Suite struct JSONScanTests {
    /// Whether both take a text; nil where they disagree.
    private static func verdict(_ text: [UInt8]) -> Bool? {
        let value = try? JSONValue(canonical: text)
        let scan = JSONScan(canonical: text)
        guard let value, let scan else { return value == nil && scan == nil ? false : nil }
        return scan.value(at: JSONScan.top) == value ? true : nil
    }

    private static func show(_ text: [UInt8]) -> Comment {
        "\(String(decoding: text, as: UTF8.self)) \(text)"
    }

    /// Counts the texts that are taken.
    private static func taken(_ texts: some Sequence<[UInt8]>) -> Int {
        var count = 0
        for text in texts {
            guard let isTaken = verdict(text) else {
                Issue.record("scanner and parser disagree: \(show(text))")
                continue
            }
            count += isTaken ? 1 : 0
        }
        return count
    }

    @Test func agreesOnEveryShortText() {
        let alphabet = Array("{}[],:\"a\\01- ".utf8)
        var texts: [[UInt8]] = [[]]
        var takenCount = 0
        for _ in 0..<5 {
            texts = texts.flatMap { text in alphabet.map { text + [$0] } }
            takenCount += Self.taken(texts)
        }
        // Those with a value in them: `{"a":1}` is longer than that.
        #expect(takenCount > 100)
        #expect(texts.count == 371_293)
    }

    @Test func agreesOnEveryStringOfTwoBytes() {
        func quoted(_ bytes: [UInt8]) -> [UInt8] { [0x22] + bytes + [0x22] }
        let pairs = (0...255).flatMap { first in
            (0...255).map { second in [UInt8(first), UInt8(second)] }
        }
        // More than all pairs of plain ASCII: letters of two bytes and escapes too.
        #expect(Self.taken(pairs.map(quoted)) > 94 * 94)
        #expect(Self.taken(pairs.map { [0x7b] + quoted($0) + Array(":1}".utf8) }) > 94 * 94)
        #expect(Self.taken((0...255).map { quoted([UInt8($0)]) }) == 0x80 - 0x22)
    }

    @Test func agreesOnEveryEscape() {
        var texts: [[UInt8]] = []
        for first in 0...255 {
            let byte = UInt8(first)
            let digits = String(byte, radix: 16)
            for text in [digits, digits.uppercased()] {
                let padded = String(repeating: "0", count: 4 - text.count) + text
                texts.append(Array("\"\\u\(padded)\"".utf8))
            }
            texts.append(Array("\"\\u01".utf8) + [byte, 0x22])
            texts.append(Array("\"\\".utf8) + [byte, 0x22])
        }
        texts += ["\"\\u00\"", "\"\\u000", "\"\\ud83d\\ude00\"", "\"\\u2028\""]
            .map { Array($0.utf8) }
        // 27 are escaped by number, 18 of which have no letter in it and are here twice; 7 by one
        // character.
        #expect(Self.taken(texts) == 27 + 18 + 7)
    }

    /// Every bad byte is found wherever it stands among eight that are read at once.
    @Test func agreesOnEveryByteAtEveryPlace() {
        for count in [7, 8, 9, 16, 17, 24] {
            for place in 0..<count {
                let takenCount = Self.taken(
                    (0...255).map { byte in
                        var text = [UInt8](repeating: UInt8(ascii: "a"), count: count)
                        text[place] = UInt8(byte)
                        return [0x22] + text + [0x22]
                    }
                )
                #expect(takenCount == 0x80 - 0x20 - 2)
            }
        }
    }

    @Test func agreesOnNumbers() {
        let texts = [
            "0", "-0", "00", "01", "-01", "1", "-1", "9007199254740991", "9007199254740992",
            "-9007199254740991", "-9007199254740992", "9223372036854775807",
            "9223372036854775808", "-9223372036854775808", "18446744073709551616",
            "99999999999999999999999999", "1.0", "1e3", "1E3", "-", "--1", "+1", "0x1", "1-", "٣",
        ]
        #expect(Self.taken(texts.map { Array($0.utf8) }) == 5)
    }

    @Test func agreesOnNames() {
        let names = [
            "", "a", "aa", "ab", "b", "A", "~", "\u{7f}", "\\n", "\\u0001", "\\\"", "\\\\", "é",
            "e\u{301}", "\u{80}", "ö", "€", "😀", "\u{fb33}", "\u{e000}", "\u{ffff}", "\u{212a}",
            "K", "k", "\u{37e}", ";", "\u{1fef}", "`", "\u{1100}\u{1161}", "\u{ac00}",
            "\u{212b}", "\u{c5}", "A\u{30a}",
        ]
        var takenCount = 0
        for first in names {
            for second in names {
                for third in ["", ",\"é\":3", ",\"zz\":3", ",\"\u{1f600}a\":3"] {
                    let text = "{\"\(first)\":1,\"\(second)\":2\(third)}"
                    takenCount += Self.taken([Array(text.utf8)])
                }
            }
        }
        #expect(takenCount > 400)
    }

    @Test func agreesOnDepth() {
        for depth in 28...36 {
            for inner in ["", "1", "{}"] {
                let text =
                    String(repeating: "[", count: depth) + inner
                    + String(repeating: "]", count: depth)
                let named =
                    String(repeating: "{\"a\":", count: depth) + (inner.isEmpty ? "1" : inner)
                    + String(repeating: "}", count: depth)
                let isTaken = Self.taken([Array(text.utf8)])
                let depthMax = JSONValue.depthMax - (inner.isEmpty ? 0 : 1)
                #expect(isTaken == (depth <= depthMax ? 1 : 0))
                #expect(Self.taken([Array(named.utf8)]) == (depth < JSONValue.depthMax ? 1 : 0))
            }
        }
    }

    @Test(arguments: [UInt64(1), 2, 3]) func agreesOnRandomDocumentsAndDamagedOnes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var takenCount = 0
        for _ in 0..<20_000 {
            var text = JSONValueTests.random(depth: 4, using: &generator).canonicalBytes
            for _ in 0..<Int.random(in: 0...2, using: &generator) {
                let place = Int.random(in: 0...text.count, using: &generator)
                let end = min(text.count, place + Int.random(in: 0...2, using: &generator))
                let piece = [UInt8.random(in: 0...255, using: &generator)]
                text.replaceSubrange(place..<end, with: piece)
            }
            guard let isTaken = Self.verdict(text) else {
                Issue.record("seed \(seed): \(Self.show(text))")
                continue
            }
            takenCount += isTaken ? 1 : 0
        }
        #expect(takenCount > 5000, "seed \(seed)")
    }

    @Test func findsMembersAndPlaces() throws {
        let text = #"{"a":[{"k":"0aff"},{"k":"AP8="}],"b":-5,"c":true,"é":"x\ny"}"#
        let scan = try #require(JSONScan(canonical: Array(text.utf8)))
        let list = try #require(scan.member("a", of: JSONScan.top))
        #expect(list.ordinal == 0 && scan.isArray(at: list.place))
        let second = scan.next(after: scan.first(in: list.place))
        let key = try #require(scan.member("k", of: second)).place
        #expect(scan.path(of: key) == "a[1].k")
        #expect(scan.base64(at: key, countMax: 2) == [0, 0xff])
        #expect(scan.base64(at: key, countMax: 1) == nil)
        #expect(scan.hex(at: key, count: 2) == nil)
        let first = try #require(scan.member("k", of: scan.first(in: list.place))).place
        #expect(scan.hex(at: first, count: 2) == [0x0a, 0xff])
        #expect(scan.hex(at: first, count: 1) == nil)
        #expect(scan.path(of: first) == "a[0].k")
        let number = try #require(scan.member("b", of: JSONScan.top))
        #expect(number.ordinal == 1 && scan.integer(at: number.place) == -5)
        #expect(scan.string(at: number.place) == nil && scan.boolean(at: number.place) == nil)
        let truth = try #require(scan.member("c", of: JSONScan.top)).place
        #expect(scan.boolean(at: truth) == true && scan.integer(at: truth) == nil)
        // Swift takes both spellings of the letter for one, and so did whoever read members.
        let accented = try #require(scan.member("e\u{301}", of: JSONScan.top))
        #expect(accented.ordinal == 3 && scan.string(at: accented.place) == "x\ny")
        #expect(scan.member("d", of: JSONScan.top) == nil)
    }
}
