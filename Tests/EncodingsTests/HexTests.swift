// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Testing

@Suite struct HexTests {
    @Test func everyByteReadsBackInLowerCaseOnly() throws {
        for byte in 0...255 as ClosedRange<UInt8> {
            let text = Hex.encode([byte])
            #expect(text.utf8.count == 2)
            #expect(try Hex.decode(text) == [byte])
            if text != text.uppercased() {
                #expect(throws: EncodingError.self) { try Hex.decode(text.uppercased()) }
            }
        }
    }

    @Test func everyPairOfCharactersIsCanonicalOrRefused() {
        for high in 0...127 as ClosedRange<UInt8> {
            for low in 0...127 as ClosedRange<UInt8> {
                let characters = [high, low]
                let text = String(decoding: characters, as: UTF8.self)
                let fast = Hex.decode(characters.span)
                guard let bytes = try? Hex.decode(text) else {
                    #expect(fast == nil)
                    continue
                }
                #expect(Hex.encode(bytes) == text)
                #expect(fast == bytes)
            }
        }
    }

    @Test func errorsSayWhere() {
        #expect(throws: EncodingError.truncated(offset: 3, needed: 1)) { try Hex.decode("abc") }
        #expect(throws: EncodingError.invalidCharacter(offset: 1)) { try Hex.decode("aG") }
        #expect(throws: EncodingError.invalidCharacter(offset: 2)) { try Hex.decode("ab cd") }
        #expect(throws: EncodingError.invalidCharacter(offset: 0)) { try Hex.decode("\u{e9}a") }
    }
}
