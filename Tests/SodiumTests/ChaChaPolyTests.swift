// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Testing

@Suite struct ChaChaPolyTests {
    private var key: SecretBytes { SecretBytes(copying: Array(0x80...0x9f)) }

    @Test func extendedNoncesGiveTheCiphertextOfTheDraft() throws {
        // draft-irtf-cfrg-xchacha-03, appendix A.3.1.
        let text =
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
            + "future, sunscreen would be it."
        let sealed = try ChaChaPoly.seal(
            SecretBytes(copying: Array(text.utf8)),
            key: key,
            nonce: Array(0x40...0x57),
            authenticating: Hex.decode("50515253c0c1c2c3c4c5c6c7")
        )
        #expect(
            Hex.encode(sealed)
                == "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
                + "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
                + "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
                + "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49"
        )
    }

    @Test(arguments: [12, 24])
    func everyFlippedBitAndEveryTruncationIsRefused(nonceCount: Int) throws {
        let nonce = [UInt8](repeating: 3, count: nonceCount)
        let text = SecretBytes(copying: Array("evidence".utf8))
        let sealed = try ChaChaPoly.seal(text, key: key, nonce: nonce, authenticating: [1])
        let opened = try ChaChaPoly.open(sealed, key: key, nonce: nonce, authenticating: [1])
        #expect(opened.reveal() == Array("evidence".utf8))
        func refuses(_ bytes: [UInt8], nonce: [UInt8], data: [UInt8] = [1]) {
            #expect(throws: SodiumError.authenticationFailed) {
                _ = try ChaChaPoly.open(bytes, key: key, nonce: nonce, authenticating: data)
            }
        }
        for bit in 0..<(sealed.count * 8) {
            var damaged = sealed
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            refuses(damaged, nonce: nonce)
        }
        for count in 0..<sealed.count {
            refuses(Array(sealed.prefix(count)), nonce: nonce)
        }
        refuses(sealed, nonce: nonce, data: [2])
        refuses(sealed, nonce: nonce, data: [])
        refuses(sealed, nonce: [UInt8](repeating: 4, count: nonceCount))
    }

    @Test func refusesOtherLengthsOfKeyAndNonce() {
        let text = SecretBytes(count: 0)
        #expect(throws: SodiumError.wrongLength(expected: 12, actual: 8)) {
            try ChaChaPoly.seal(text, key: key, nonce: [UInt8](repeating: 0, count: 8))
        }
        #expect(throws: SodiumError.wrongLength(expected: 32, actual: 16)) {
            try ChaChaPoly.seal(
                text,
                key: SecretBytes(count: 16),
                nonce: [UInt8](repeating: 0, count: 12)
            )
        }
    }

    @Test func anEmptyTextHasATagOnly() throws {
        let nonce = [UInt8](repeating: 0, count: 12)
        let sealed = try ChaChaPoly.seal(SecretBytes(count: 0), key: key, nonce: nonce)
        #expect(sealed.count == ChaChaPoly.tagCount)
        #expect(try ChaChaPoly.open(sealed, key: key, nonce: nonce).count == 0)
    }
}
