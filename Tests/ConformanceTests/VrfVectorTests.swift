// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Testing
import Vrf

/// The vector of c2sp.org/vrf-r255, and what is left of it when a part is changed.
@Suite struct VrfVectorTests {
    private struct Vector: Decodable {
        let SK: HexBytes
        let PK: HexBytes
        let alpha: HexBytes
        let H: HexBytes
        let hash_string: HexBytes
        let Gamma: HexBytes
        let c: HexBytes
        let s: HexBytes
        let pi: HexBytes
        let beta: HexBytes
    }

    @Test func provesTheSameBytes() throws {
        guard let vector: Vector = try SharedVectors.load("vrf-r255/vector.json") else { return }
        let key = try VrfKey(SecretBytes(copying: vector.SK.bytes))
        #expect(key.publicKey.bytes == vector.PK.bytes)
        #expect(try Element(mapping: vector.hash_string.bytes).bytes == vector.H.bytes)
        let proof = try key.prove(vector.alpha.bytes)
        #expect(proof.bytes == vector.pi.bytes)
        #expect(proof.bytes == vector.Gamma.bytes + vector.c.bytes + vector.s.bytes)
        let read = try VrfProof(vector.pi.bytes)
        let output = try read.verify(key: key.publicKey, input: vector.alpha.bytes)
        #expect(output == vector.beta.bytes)
    }

    @Test func eachByteOfTheVectorMatters() throws {
        guard let vector: Vector = try SharedVectors.load("vrf-r255/vector.json") else { return }
        func output(_ key: [UInt8], _ alpha: [UInt8], _ pi: [UInt8]) -> [UInt8]? {
            // Why it is refused does not matter here.
            try? VrfProof(pi).verify(key: Element(nonIdentity: key), input: alpha)
        }
        let parts = [vector.PK.bytes, vector.alpha.bytes, vector.pi.bytes]
        #expect(output(parts[0], parts[1], parts[2]) == vector.beta.bytes)
        for part in parts.indices {
            for place in parts[part].indices {
                var changed = parts
                changed[part][place] ^= 0x20
                #expect(output(changed[0], changed[1], changed[2]) == nil, "\(part), \(place)")
            }
        }
    }
}
