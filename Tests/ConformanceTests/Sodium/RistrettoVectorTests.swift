// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Testing

@Suite struct RistrettoVectorTests {
    private struct Appendix: Decodable {
        struct Mapped: Decodable {
            let input_sha512_hex: HexBytes
            let element: HexBytes
        }

        struct Equivalent: Decodable {
            let inputs: [HexBytes]
            let element: HexBytes
        }

        let A1_small_multiples: [HexBytes]
        let A2_bad_encodings: [HexBytes]
        let A3_from_uniform: [Mapped]
        let A3_equivalent_from_uniform: Equivalent
    }

    private func appendix() throws -> Appendix? {
        try SharedVectors.load("ristretto255/rfc9496.json")
    }

    @Test func smallMultiplesOfTheGeneratorAreThoseOfTheRFC() throws {
        guard let multiples = try appendix()?.A1_small_multiples else { return }
        var sum = Element.identity
        for (index, expected) in multiples.enumerated() {
            let scalar = Scalar(UInt64(index))
            #expect(sum.bytes == expected.bytes)
            #expect(try Element(canonical: expected.bytes) == sum)
            #expect(Element.base(times: scalar) == sum)
            #expect(Element.base(times: SecretScalar(scalar)) == sum)
            #expect(scalar * Element.generator == sum)
            #expect(Element.generator.times(SecretScalar(scalar)) == sum)
            sum = sum + Element.generator
        }
        #expect(multiples.count == 16)
    }

    @Test func badEncodingsAreRefused() throws {
        guard let encodings = try appendix()?.A2_bad_encodings else { return }
        for bad in encodings {
            #expect(throws: SodiumError.invalidElement) { try Element(canonical: bad.bytes) }
            #expect(throws: SodiumError.invalidElement) { try Element(nonIdentity: bad.bytes) }
        }
        #expect(encodings.count == 29)
    }

    @Test func theOneWayMapIsThatOfTheRFC() throws {
        guard let appendix = try appendix() else { return }
        for mapped in appendix.A3_from_uniform {
            let element = try Element(mapping: mapped.input_sha512_hex.bytes)
            #expect(element.bytes == mapped.element.bytes)
        }
        let equivalent = appendix.A3_equivalent_from_uniform
        for input in equivalent.inputs {
            #expect(try Element(mapping: input.bytes).bytes == equivalent.element.bytes)
        }
        #expect(appendix.A3_from_uniform.count + equivalent.inputs.count == 11)
    }
}
