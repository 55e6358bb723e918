// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Testing

/// Hashing to the group and blinding, on the vectors of RFC 9497 for ristretto255.
@Suite struct HashToRistrettoVectorTests {
    private struct Suite: Decodable {
        let identifier: String
        let mode: UInt8
        let groupDST: HexBytes
        let skSm: HexBytes
        let pkSm: HexBytes?
        let seed: HexBytes
        let keyInfo: HexBytes
        let vectors: [Vector]
    }

    private struct Vector: Decodable {
        let Batch: Int
        let Blind: String
        let BlindedElement: String
        let EvaluationElement: String
        let Input: String
        let Output: String
    }

    private func suites() throws -> [Suite] {
        let suites: [Suite] = try SharedVectors.load("voprf-rfc9497/allVectors.json") ?? []
        return suites.filter { $0.identifier == "ristretto255-SHA512" }
    }

    private func list(_ text: String) throws -> [[UInt8]] {
        try text.split(separator: ",").map { try Hex.decode(String($0)) }
    }

    @Test func blindedElementsAreThoseOfRFC9497() throws {
        var elementCount = 0
        let suites = try suites()
        for suite in suites {
            for vector in suite.vectors {
                let inputs = try list(vector.Input)
                let blinds = try list(vector.Blind)
                let blinded = try list(vector.BlindedElement)
                for index in inputs.indices {
                    elementCount += 1
                    let element = Element(hashing: inputs[index], domain: suite.groupDST.bytes)
                    let blind = try Scalar(canonical: blinds[index])
                    #expect((blind * element).bytes == blinded[index])
                    let secret = try SecretScalar(canonical: SecretBytes(copying: blinds[index]))
                    #expect(element.times(secret).bytes == blinded[index])
                    try checkEvaluation(suite, vector, index)
                }
            }
        }
        #expect(suites.isEmpty || elementCount == 10)
    }

    /// Modes 0 and 1: the evaluated element is the secret key times the blinded one.
    private func checkEvaluation(_ suite: Suite, _ vector: Vector, _ index: Int) throws {
        guard suite.mode < 2 else { return }
        let key = try SecretScalar(canonical: SecretBytes(copying: suite.skSm.bytes))
        let blinded = try Element(nonIdentity: list(vector.BlindedElement)[index])
        let evaluated = try list(vector.EvaluationElement)[index]
        #expect(blinded.times(key).bytes == evaluated)
        // Finalize: unblind and hash.
        let input = try list(vector.Input)[index]
        let blind = try Scalar(canonical: list(vector.Blind)[index])
        let unblinded = try (blind.inverted() * Element(canonical: evaluated)).bytes
        let hashed = SHA512.hash(
            UInt16(input.count).bigEndianBytes + input + UInt16(unblinded.count).bigEndianBytes
                + unblinded + Array("Finalize".utf8)
        )
        #expect(try hashed == list(vector.Output)[index])
    }

    @Test func derivedKeysAreThoseOfRFC9497() throws {
        for suite in try suites() {
            // RFC 9497, section 3.2.1: DeriveKeyPair hashes seed, info and a counter to a scalar.
            let context = Array("OPRFV1-".utf8) + [suite.mode] + Array("-\(suite.identifier)".utf8)
            let info = suite.keyInfo.bytes
            let input = suite.seed.bytes + UInt16(info.count).bigEndianBytes + info + [0]
            let key = Scalar(hashing: input, domain: Array("DeriveKeyPair".utf8) + context)
            #expect(key.bytes == suite.skSm.bytes)
            if let publicKey = suite.pkSm {
                #expect(Element.base(times: key).bytes == publicKey.bytes)
            }
        }
    }
}
