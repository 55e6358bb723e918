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
}
