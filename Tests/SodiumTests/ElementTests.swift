// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Testing

@Suite struct ElementTests {
    @Test func sumsOfTheGeneratorAgreeWithProducts() throws {
        var sum = Element.identity
        for count in 0...16 as ClosedRange<UInt64> {
            #expect(sum == Element.base(times: Scalar(count)))
            #expect(sum == Scalar(count) * Element.generator)
            sum = sum + Element.generator
        }
    }

    @Test func theIdentityIsAValueThatProtocolsRefuse() throws {
        let zero = [UInt8](repeating: 0, count: 32)
        #expect(try Element(canonical: zero) == .identity)
        #expect(throws: SodiumError.identityElement) { try Element(nonIdentity: zero) }
        #expect(Element.generator - Element.generator == .identity)
        #expect(Scalar.zero * Element.generator == .identity)
        #expect(Element.base(times: .zero) == .identity)
        #expect(Element.base(times: SecretScalar(.zero)) == .identity)
        #expect(Element.generator.times(SecretScalar(.zero)) == .identity)
        #expect(Scalar(5) * Element.identity == .identity)
        #expect(Element.identity.times(SecretScalar(Scalar(5))) == .identity)
        #expect(Element.identity + .generator == .generator)
        #expect(Element.identity.isIdentity)
        #expect(!Element.generator.isIdentity)
    }

    @Test func refusesEveryOtherLength() {
        for count in [0, 31, 33, 64] {
            #expect(throws: SodiumError.wrongLength(expected: 32, actual: count)) {
                try Element(canonical: [UInt8](repeating: 0, count: count))
            }
        }
        #expect(throws: SodiumError.wrongLength(expected: 64, actual: 63)) {
            try Element(mapping: [UInt8](repeating: 0, count: 63))
        }
    }

    @Test func everyEncodingThatDecodesIsTheOnlyOneOfItsElement() {
        // Half of all 32-byte strings below p are not square; the accepted ones survive addition.
        var acceptedCount = 0
        for _ in 0..<2000 {
            var bytes = randomBytes(32)
            bytes[31] &= 0x7f
            bytes[0] &= 0xfe
            guard let element = try? Element(canonical: bytes) else { continue }  // not an element
            acceptedCount += 1
            #expect((element + .identity).bytes == bytes)
            bytes[31] |= 0x80
            #expect(throws: SodiumError.invalidElement) { try Element(canonical: bytes) }
            bytes[31] &= 0x7f
            bytes[0] |= 1
            #expect(throws: SodiumError.invalidElement) { try Element(canonical: bytes) }
        }
        #expect((100...900).contains(acceptedCount))
    }

    @Test func groupLawsHoldForRandomElements() {
        for _ in 0..<50 {
            let a = SecretScalar.random()
            let b = SecretScalar.random()
            let p = Element.base(times: a)
            let q = Element.base(times: b)
            #expect(p + q == q + p)
            #expect(p + q - q == p)
            #expect(p.times(b) == q.times(a))
            #expect(p + q == Element.base(times: a.plus(b)))
            #expect(p - q == Element.base(times: a.minus(b)))
            #expect(a.reveal() * q == q.times(a))
        }
    }
}
