// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Testing

@Suite struct SignatureTests {
    @Test func keysAndSignaturesAreThoseOfRFC8032() throws {
        // RFC 8032, section 7.1, tests 1 and 2.
        let seed = try Hex.decode(
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
        )
        let key = try Ed25519.SecretKey(seed: SecretBytes(copying: seed))
        #expect(
            Hex.encode(key.publicKey.bytes)
                == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        )
        #expect(
            Hex.encode(key.sign([]))
                == "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        )
        #expect(key.seed().reveal() == seed)
    }

    @Test func everyFlippedBitIsRefused() {
        let key = Ed25519.SecretKey()
        let message = Array("deposited".utf8)
        let signature = key.sign(message)
        #expect(key.publicKey.isValid(signature: signature, of: message))
        for bit in 0..<(signature.count * 8) {
            var damaged = signature
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!key.publicKey.isValid(signature: damaged, of: message))
        }
        for bit in 0..<(message.count * 8) {
            var damaged = message
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!key.publicKey.isValid(signature: signature, of: damaged))
        }
        #expect(!key.publicKey.isValid(signature: Array(signature.dropLast()), of: message))
        #expect(!key.publicKey.isValid(signature: signature + [0], of: message))
        #expect(!key.publicKey.isValid(signature: [], of: message))
        #expect(!Ed25519.SecretKey().publicKey.isValid(signature: signature, of: message))
    }

    @Test func refusesOtherLengths() {
        #expect(throws: SodiumError.wrongLength(expected: 32, actual: 31)) {
            try Ed25519.PublicKey([UInt8](repeating: 0, count: 31))
        }
        #expect(throws: SodiumError.wrongLength(expected: 32, actual: 64)) {
            _ = try Ed25519.SecretKey(seed: SecretBytes(count: 64))
        }
        #expect(throws: SodiumError.wrongLength(expected: 32, actual: 33)) {
            _ = try X25519.publicKey(of: SecretBytes(count: 33))
        }
        #expect(throws: SodiumError.wrongLength(expected: 32, actual: 0)) {
            _ = try X25519.sharedSecret(SecretBytes(random: 32), [])
        }
    }

    @Test func bothSidesOfAnExchangeAgree() throws {
        let alice = SecretBytes(random: 32)
        let bob = SecretBytes(random: 32)
        let ab = try X25519.sharedSecret(alice, X25519.publicKey(of: bob))
        let ba = try X25519.sharedSecret(bob, X25519.publicKey(of: alice))
        #expect(ab.reveal() == ba.reveal())
    }
}
