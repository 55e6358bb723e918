// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FeedKernels
import Testing

@Suite struct TimestampTests {
    @Test func readsSecondsAndDates() {
        #expect(Timestamp.parse("1700000000") == 1_700_000_000)
        #expect(Timestamp.parse("1700000000.0") == 1_700_000_000)
        #expect(Timestamp.parse("-1") == -1)
        #expect(Timestamp.parse("1970-01-01 00:00:00") == 0)
        #expect(Timestamp.parse("2026-11-21T23:10:36Z") == 1_795_302_636)
        #expect(Timestamp.parse("2026-11-21T17:10:36.250-06:00") == 1_795_302_636)
        #expect(Timestamp.parse("2024-02-29") == 1_709_164_800)
        #expect(Timestamp.parse("2020-03-04 05:06") == 1_583_298_360)
        #expect(Timestamp.parse("1969-12-31 23:59:59") == -1)
    }

    @Test(arguments: [
        "", "x", "1.5", "99999999999999999999", "2023-02-29", "2023-13-01", "2023-01-01 24:00:00",
        "2023-01-01T00:60", "2023-01-01T00:0", "2023-01-01T00:00:00+2", "-", ".", "1 ",
    ])
    func refusesAnythingElse(text: String) {
        #expect(Timestamp.parse(text) == nil)
    }

    @Test func writtenDatesReadBack() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2000 {
            let seconds = Int64.random(in: -62_167_219_200..<253_402_300_800, using: &generator)
            #expect(Timestamp.parse(Timestamp.text(seconds)) == seconds, "seed 3")
        }
    }
}

@Suite struct RadixSortTests {
    @Test(arguments: [0, 1, 2, 64, 65, 1000])
    func sortsStably(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        for bits in [1, 12, 33, 64] {
            let mask = UInt64.max >> UInt64(64 - bits)
            var keys = (0..<count).map { _ in UInt64.random(in: 0...mask, using: &generator) }
            var values = Array(0..<UInt32(count))
            let expected = zip(keys, values).sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            RadixSort.sort(&keys, with: &values)
            #expect(keys == expected.map(\.0), "seed \(count)")
            #expect(values == expected.map(\.1), "seed \(count)")
        }
    }
}

@Suite struct StringTableTests {
    @Test func ranksFollowBytes() throws {
        let words = ["b", "a", "", "abcdefghij", "abcdefgh", "abcdefghia", "é", "ab"]
        var interner = Interner()
        for (index, word) in words.enumerated() {
            #expect(try interner.intern(word) == UInt32(index))
        }
        #expect(try interner.intern("abcdefgh") == 4)
        let all = [Bool](repeating: true, count: words.count)
        let ordered = interner.table.ranks(where: all).ids.map { interner.table.text($0) }
        #expect(ordered == words.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }

    @Test func keepsNumbersWhileItGrows() throws {
        var interner = Interner()
        for number in 0..<20_000 { #expect(try interner.intern("n\(number)") == UInt32(number)) }
        for number in 0..<20_000 { #expect(try interner.intern("n\(number)") == UInt32(number)) }
    }
}

@Suite struct CSVWriterTests {
    private static let numbers: [(Double, String)] = [
        (0, "0"), (1, "1"), (17.5, "17.5"), (0.0002, "2e-04"), (0.00012, "0.00012"),
        (1000, "1000"), (100_000, "1e+05"), (123_456, "123456"), (-2.25, "-2.25"), (9.5, "9.5"),
        (99.99999999999999999, "100"),
    ]
    /// Numerator, denominator, and the quotient as data.table writes it.
    ///
    /// Correctly rounded, the last two would end in 5 and in 1.
    private static let quotients: [(Double, Double, String)] = [
        (1, 3, "0.333333333333333"), (2, 3, "0.666666666666667"), (49, 3, "16.3333333333333"),
        (292, 11, "26.5454545454546"), (232, 7, "33.1428571428572"),
    ]

    @Test func writesNumbersAsDataTableDoes() {
        for (number, text) in Self.numbers + Self.quotients.map({ ($0.0 / $0.1, $0.2) }) {
            var writer = CSVWriter()
            writer.append(number)
            #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
        }
    }

    @Test func writtenFieldsReadBack() throws {
        let fields = ["plain", "with, comma", "with \"quotes\"", "two\nlines", "", "ñ🟣"]
        var writer = CSVWriter()
        writer.record(fields)
        var scanner = CSVScanner(writer.bytes)
        for field in fields {
            let found = try scanner.nextField()
            let bytes = scanner.bytes[found.start..<found.end]
            #expect(String(decoding: bytes, as: UTF8.self) == field)
        }
        #expect(scanner.isAtEnd)
    }
}
