// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Testing

@Suite struct Base58Tests {
    // draft-msporny-base58-03, section 5.
    @Test(arguments: [
        ("48656c6c6f20576f726c6421", "2NEpo7TZRRrLZSi2U"),
        (
            "54686520717569636b2062726f776e20666f78206a756d7073206f76657220746865206c617a79"
                + "20646f672e",
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"
        ),
        ("0000287fb4cd", "11233QC4"), ("", ""), ("00", "1"),
    ])
    func encodesTheExamplesOfTheDraft(_ hex: String, _ text: String) throws {
        #expect(Base58.encode(try Hex.decode(hex)) == text)
    }

    @Test func addressesHaveNoPlusSlashOrPadding() {
        #expect(Base64URL.encode([0xfb, 0xff, 0xfe, 0x01]) == "-__-AQ")
    }
}
