// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Testing
import Voprf

/// The vectors of RFC 9497 for VOPRF(ristretto255, SHA-512).
@Suite struct VoprfVectorTests {
    private struct Suite: Decodable {
        struct Case: Decodable {
            struct Proof: Decodable {
                let proof: String
                let r: String
            }

            let Blind: String
            let BlindedElement: String
            let EvaluationElement: String
            let Input: String
            let Output: String
            let Proof: Proof?
        }

        let identifier: String
        let mode: Int
        let seed: String
        let keyInfo: String
        let pkSm: String?
        let vectors: [Case]
    }

    private func list(_ text: String) throws -> [[UInt8]] {
        try text.split(separator: ",").map { try Hex.decode(String($0)) }
    }

    private func secret(_ bytes: [UInt8]) throws -> SecretScalar {
        try SecretScalar(canonical: SecretBytes(copying: bytes))
    }

    @Test func everyVectorAgrees() throws {
        guard
            let suites: [Suite] = try SharedVectors.load("voprf-rfc9497/allVectors.json")
        else { return }
        let suite = try #require(
            suites.first { $0.identifier == "ristretto255-SHA512" && $0.mode == 1 }
        )
        let seed = SecretBytes(copying: try Hex.decode(suite.seed))
        let key = try VoprfKey(seed: seed, info: try Hex.decode(suite.keyInfo))
        #expect(Hex.encode(key.publicKey.bytes) == suite.pkSm)
        #expect(suite.vectors.count == 3)
        for vector in suite.vectors {
            let inputs = try list(vector.Input)
            let outputs = try list(vector.Output)
            var blinded: [Element] = []
            for (input, blind) in zip(inputs, try list(vector.Blind)) {
                blinded.append(try VoprfBlinding(input, blind: try secret(blind)).blinded)
            }
            #expect(blinded.map(\.bytes) == (try list(vector.BlindedElement)))
            let expected = try #require(vector.Proof)
            let nonce = try secret(try Hex.decode(expected.r))
            let (evaluated, proof) = try key.evaluate(blinded, nonce: nonce)
            #expect(evaluated.map(\.bytes) == (try list(vector.EvaluationElement)))
            #expect(Hex.encode(proof.bytes) == expected.proof)
            let read = try VoprfProof(proof.bytes)
            try read.verify(key: key.publicKey, blinded: blinded, evaluated: evaluated)
            for (index, blind) in try list(vector.Blind).enumerated() {
                let blinding = try VoprfBlinding(inputs[index], blind: try secret(blind))
                #expect(try blinding.finalize(evaluated[index]) == outputs[index])
                #expect(try key.output(of: inputs[index]) == outputs[index])
            }
        }
    }

    @Test func aServerThatUsesAnotherKeyIsFound() throws {
        let key = VoprfKey()
        let other = VoprfKey()
        let blinding = try VoprfBlinding([1, 2, 3])
        let (evaluated, proof) = try other.evaluate([blinding.blinded])
        #expect(throws: Voprf.Refusal.notProven) {
            try proof.verify(
                key: key.publicKey,
                blinded: [blinding.blinded],
                evaluated: evaluated
            )
        }
        #expect(throws: Voprf.Refusal.malformed) { try key.evaluate([.identity]) }
        #expect(throws: Voprf.Refusal.wrongCount) { try key.evaluate([]) }
        #expect(throws: Voprf.Refusal.malformed) {
            try VoprfProof([UInt8](repeating: 0xff, count: 64))
        }
    }
}
