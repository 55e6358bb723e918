// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Testing

@Suite struct ArmorTests {
    private static let label = "TEST FILE"
    private static let begin = "-----BEGIN TEST FILE-----"
    private static let end = "-----END TEST FILE-----"

    private static func decode(_ lines: [String]) throws(EncodingError) -> [UInt8] {
        var decoder = ArmorDecoder(label: label)
        var bytes: [UInt8] = []
        for line in lines { bytes += try decoder.decode(line: Array(line.utf8)) }
        try decoder.finish()
        return bytes
    }

    @Test func whatWasEncodedInAnyPiecesIsDecoded() throws {
        for count in 0...200 {
            let bytes = (0..<count).map { UInt8($0) }
            for piece in [1, 47, 48, 49, 500] {
                var encoder = ArmorEncoder(label: Self.label)
                var text: [UInt8] = []
                for start in stride(from: 0, to: count, by: piece) {
                    text += encoder.encode(bytes[start..<min(start + piece, count)])
                }
                text += encoder.finish()
                let lines = text.split(
                    separator: UInt8(ascii: "\n"),
                    omittingEmptySubsequences: false
                ).dropLast().map { String(decoding: $0, as: UTF8.self) }
                #expect(lines.allSatisfy { $0.count <= 64 })
                #expect(try Self.decode(lines) == bytes)
            }
        }
    }

    @Test func acceptsOtherLineEndsAndWhiteSpaceAround() throws {
        let lines = ["", " \t\r", Self.begin + "\r", "AAAA\r", Self.end + "\r", "", "\t "]
        #expect(try Self.decode(lines) == [0, 0, 0])
    }

    @Test(arguments: [
        ([], 1), ([""], 2), (["x", begin, "AAAA", end], 1), ([begin], 2), ([begin, "AAAA"], 3),
        ([begin, "", end], 2), ([begin, "AAAA", "", end], 3), ([begin, "AAAA", "AAAA", end], 3),
        ([begin, "AAA", end], 2), ([begin, "AAAA ", end], 2), ([begin, " AAAA", end], 2),
        ([begin, "AB==", end], 2), ([begin, "AAAA", end, "x"], 4), ([begin + " ", end], 1),
        ([begin, end + " "], 2), ([begin, end, begin, end], 3), ([end], 1),
        ([begin, String(repeating: "A", count: 68), end], 2),
        ([String(repeating: " ", count: 1024), begin, end], 1),
        ([begin, end, String(repeating: " ", count: 1024)], 3),
    ])
    func refusesOtherForms(_ lines: [String], naming line: Int) {
        #expect(throws: EncodingError.malformedArmor(line: line)) { try Self.decode(lines) }
    }
}
