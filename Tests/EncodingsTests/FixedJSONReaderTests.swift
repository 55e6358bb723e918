// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Testing

@Suite struct FixedJSONReaderTests {
    @Test func readsMembersInTheOrderInWhichTheyAreAskedFor() throws {
        var reader = FixedJSONReader(Array(#"{"a":-7,"b":["x","ñ\n"]}rest"#.utf8))
        let integer = try reader.integer(after: #"{"a":"#)
        let first = try reader.string(after: #","b":["#)
        let isOver = reader.skip("]")
        let second = try reader.string(after: ",")
        let isEnd = reader.skip("]")
        #expect(integer == -7 && first == "x" && !isOver && second == "ñ\n" && isEnd)
        try reader.expect("}")
        #expect(reader.offset == 25)
    }

    @Test func refusesAnotherForm() {
        for text in [#"{"b":1}"#, #"{ "a":1}"#, #"{"a" :1}"#, "", #"{"a""#] {
            #expect(throws: EncodingError.malformedJSON(offset: 0)) {
                var reader = FixedJSONReader(Array(text.utf8))
                _ = try reader.integer(after: #"{"a":"#)
            }
        }
    }

    @Test func refusesValuesThatTheParserRefuses() {
        for (text, error) in [
            ("01", EncodingError.malformedJSON(offset: 0)), ("", .malformedJSON(offset: 0)),
            ("1.0", .unsupportedJSON(offset: 1)), ("9007199254740992", .unsupportedJSON(offset: 0)),
        ] {
            #expect(throws: error) {
                var reader = FixedJSONReader(Array(text.utf8))
                _ = try reader.integer(after: "")
            }
        }
        for (bytes, error) in [
            (Array("\"a".utf8), EncodingError.malformedJSON(offset: 2)),
            ([0x22, 0xff, 0x22], .invalidUTF8(offset: 1)),
            (Array("\"a\nb\"".utf8), .malformedJSON(offset: 2)),
        ] {
            #expect(throws: error) {
                var reader = FixedJSONReader(bytes)
                _ = try reader.string(after: "")
            }
        }
    }
}
