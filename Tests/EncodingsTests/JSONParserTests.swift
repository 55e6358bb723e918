// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Testing

@Suite struct JSONParserTests {
    private func parse(_ text: String) throws(EncodingError) -> JSONValue {
        try JSONValue(parsing: Array(text.utf8))
    }

    @Test(arguments: [
        ("", EncodingError.malformedJSON(offset: 0)),
        (" ", .malformedJSON(offset: 1)),
        ("{", .malformedJSON(offset: 1)),
        ("[1,]", .malformedJSON(offset: 3)),
        ("[1 2]", .malformedJSON(offset: 3)),
        ("{\"a\":1,}", .malformedJSON(offset: 7)),
        ("{\"a\" 1}", .malformedJSON(offset: 5)),
        ("{a:1}", .malformedJSON(offset: 1)),
        ("'a'", .malformedJSON(offset: 0)),
        ("tru", .malformedJSON(offset: 0)),
        ("true1", .trailingBytes(offset: 4)),
        ("1 1", .trailingBytes(offset: 2)),
        ("01", .malformedJSON(offset: 0)),
        ("-01", .malformedJSON(offset: 1)),
        ("-", .malformedJSON(offset: 0)),
        ("+1", .malformedJSON(offset: 0)),
        ("1.0", .unsupportedJSON(offset: 1)),
        ("1e3", .unsupportedJSON(offset: 1)),
        ("1E3", .unsupportedJSON(offset: 1)),
        ("null", .unsupportedJSON(offset: 0)),
        ("NaN", .malformedJSON(offset: 0)),
        ("9007199254740992", .unsupportedJSON(offset: 0)),
        ("-9007199254740992", .unsupportedJSON(offset: 0)),
        ("-9223372036854775808", .unsupportedJSON(offset: 0)),
        ("99999999999999999999", .unsupportedJSON(offset: 0)),
        ("\"a", .malformedJSON(offset: 2)),
        ("\"\n\"", .malformedJSON(offset: 1)),
        ("\"\\x41\"", .malformedJSON(offset: 2)),
        ("\"\\u12\"", .malformedJSON(offset: 3)),
        ("\"\\ud800\"", .malformedJSON(offset: 3)),
        ("\"\\ud800\\u0041\"", .malformedJSON(offset: 3)),
        ("\"\\udc00\"", .malformedJSON(offset: 3)),
        ("\"\\u+123\"", .malformedJSON(offset: 3)),
        ("{\"a\":1,\"a\":2}", .duplicateMember(offset: 7)),
        ("{\"a\":1,\"\\u0061\":2}", .duplicateMember(offset: 7)),
        ("{\"\u{212a}\":1}", .unsupportedJSON(offset: 1)),
        ("{\"\\u037e\":1}", .unsupportedJSON(offset: 1)),
        ("\u{feff}1", .malformedJSON(offset: 0)),
        ("/* */1", .malformedJSON(offset: 0)),
    ])
    func refuses(text: String, error: EncodingError) {
        #expect(throws: error) { try parse(text) }
    }

    @Test func refusesBytesThatAreNotUTF8() {
        for bytes in [
            [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc3],
        ] {
            let text = [0x22] + bytes.map(UInt8.init) + [0x22]
            #expect(throws: EncodingError.invalidUTF8(offset: 1)) { try JSONValue(parsing: text) }
        }
    }

    @Test func readsWhatIsValid() throws {
        #expect(try parse(" [ ] ") == [])
        #expect(try parse("\t{ }\r\n") == [:])
        #expect(try parse("-0") == 0)
        #expect(try parse("9007199254740991") == .integer(JSONValue.integerMax))
        #expect(try parse("-9007199254740991") == .integer(-JSONValue.integerMax))
        #expect(
            try parse("\"\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\\\\\\"\"") == "😀/\u{8}\u{c}\n\r\t\\\""
        )
        #expect(try parse("{\"a\":[true,false,{\"b\":\"\"}]}")["a"]?.array?.count == 3)
    }

    @Test func depthIsLimited() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try parse(nested(JSONValue.depthMax)) }
        #expect(throws: EncodingError.tooDeep(limit: JSONValue.depthMax)) {
            try parse(nested(JSONValue.depthMax + 1))
        }
        #expect(throws: EncodingError.tooDeep(limit: JSONValue.depthMax)) {
            try parse(String(repeating: "[", count: 1_000_000))
        }
    }

    @Test func lengthIsLimited() {
        let text = [UInt8](repeating: 0x20, count: JSONValue.byteCountMax + 1)
        #expect(throws: EncodingError.tooLong(limit: JSONValue.byteCountMax)) {
            try JSONValue(parsing: text)
        }
    }

    @Test func compositionOfAccentsIsKept() throws {
        let composed = try parse("\"\u{e9}\"")
        let decomposed = try parse("\"e\u{301}\"")
        #expect(composed != decomposed)
        #expect(decomposed.canonicalBytes == [0x22, 0x65, 0xcc, 0x81, 0x22])
    }
}
