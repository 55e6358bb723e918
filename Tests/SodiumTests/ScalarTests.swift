// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Testing

@Suite struct ScalarTests {
    /// L, little endian.
    private let order: [UInt8]

    init() throws {
        order = try Hex.decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
    }

    private func wide(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: 64 - bytes.count)
    }

    @Test func acceptsLMinusOneAndRefusesLAndAbove() throws {
        var largest = order
        largest[0] -= 1
        let minusOne = try Scalar(canonical: largest)
        #expect(minusOne == Scalar.zero - Scalar.one)
        #expect(minusOne + .one == .zero)
        var above = order
        above[0] += 1
        var signed = largest
        signed[31] |= 0x80
        for bad in [order, above, signed, [UInt8](repeating: 0xff, count: 32)] {
            #expect(throws: SodiumError.nonCanonicalScalar) { try Scalar(canonical: bad) }
            #expect(throws: SodiumError.nonCanonicalScalar) {
                _ = try SecretScalar(canonical: SecretBytes(copying: bad))
            }
        }
    }

    @Test func refusesEveryOtherLength() {
        for count in [0, 1, 31, 33, 64] {
            let error = SodiumError.wrongLength(expected: 32, actual: count)
            let bytes = [UInt8](repeating: 0, count: count)
            #expect(throws: error) { try Scalar(canonical: bytes) }
            #expect(throws: error) { _ = try SecretScalar(canonical: SecretBytes(copying: bytes)) }
        }
        let error = SodiumError.wrongLength(expected: 64, actual: 32)
        #expect(throws: error) { try Scalar(reducing: [UInt8](repeating: 0, count: 32)) }
        #expect(throws: error) { _ = try SecretScalar(reducing: SecretBytes(count: 32)) }
    }

    @Test func reducesModuloL() throws {
        #expect(try Scalar(reducing: wide(order)) == .zero)
        var next = order
        next[0] += 7
        #expect(try Scalar(reducing: wide(next)) == Scalar(7))
        #expect(try Scalar(reducing: wide([0x39, 0x30])) == Scalar(12345))
        let secret = try SecretScalar(reducing: SecretBytes(copying: wide(next)))
        #expect(secret.reveal() == Scalar(7))
    }

    @Test func zeroHasNoInverseAndIsNoSecretKey() {
        #expect(throws: SodiumError.zeroScalar) { try Scalar.zero.inverted() }
        #expect(throws: SodiumError.zeroScalar) { _ = try SecretScalar(.zero).inverted() }
        #expect(throws: SodiumError.zeroScalar) {
            _ = try SecretScalar(canonical: SecretBytes(count: 32))
        }
        #expect(Scalar.zero.isZero)
        #expect(!Scalar.one.isZero)
    }

    @Test func secretAndPublicArithmeticAgree() throws {
        for _ in 0..<50 {
            let a = SecretScalar.random()
            let b = SecretScalar.random()
            let (x, y) = (a.reveal(), b.reveal())
            #expect(a.plus(b).reveal() == x + y)
            #expect(a.minus(b).reveal() == x - y)
            #expect(a.times(b).reveal() == x * y)
            #expect(a.times(y).reveal() == x * y)
            #expect(try a.inverted().reveal() == x.inverted())
            #expect(try x * x.inverted() == .one)
            #expect((x + y) * x == x * x + y * x)
            #expect(try SecretScalar(canonical: a.encoded()).reveal() == x)
        }
    }

    /// Scalars side by side do what they do one by one.
    @Test func severalAtATimeAreAsOneByOne() throws {
        for count in 1...6 {
            var scalars = SecretScalars(count: count)
            var nonces = SecretScalars(count: count)
            var (known, others): ([Scalar], [Scalar]) = ([], [])
            for index in 0..<count {
                var (wide, other) = (randomBytes(64), randomBytes(64))
                known.append(try Scalar(reducing: wide))
                others.append(try Scalar(reducing: other))
                scalars.set(index, reducing: &wide)
                nonces.set(index, reducing: &other)
                #expect(wide.allSatisfy { $0 == 0 } && other.allSatisfy { $0 == 0 })
                let base = Element.base(times: known[index])
                #expect(Element.base(times: scalars, at: index) == base)
                #expect(Element.generator.times(scalars, at: index) == base)
            }
            let challenge = try Scalar(reducing: randomBytes(64))
            #expect(
                scalars.responses(to: challenge, nonces: nonces)
                    == zip(known, others).map { $1 + challenge * $0 }
            )
            let values = scalars.values(upTo: 9)
            for point in 1...9 {
                let value = known.reversed().reduce(Scalar.zero) {
                    $0 * Scalar(UInt64(point)) + $1
                }
                let expected = Element.base(times: value)
                #expect(Element.base(times: values, at: point - 1) == expected)
            }
        }
    }
}
