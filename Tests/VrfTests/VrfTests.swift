// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Testing
import Vrf

@Suite struct VrfTests {
    private func key(_ label: UInt8 = 0) throws -> VrfKey {
        try VrfKey(seed: SecretBytes(copying: [UInt8](repeating: label, count: 32)))
    }

    @Test func oneKeyGivesOneOutputForEachInput() throws {
        let key = try key()
        var outputs: Set<[UInt8]> = []
        for count in 0..<20 {
            let input = [UInt8](repeating: 7, count: count)
            let proof = try key.prove(input)
            #expect(try key.prove(input) == proof)
            #expect(try VrfProof(proof.bytes) == proof)
            let output = try proof.verify(key: key.publicKey, input: input)
            #expect(output.count == Vrf.outputCount)
            outputs.insert(output)
        }
        outputs.insert(try self.key(1).prove([]).verify(key: self.key(1).publicKey, input: []))
        #expect(outputs.count == 21)
    }

    @Test func everyDamagedBitIsNoticed() throws {
        let key = try key()
        let input: [UInt8] = [1, 2, 3]
        let bytes = try key.prove(input).bytes
        for bit in 0..<(8 * bytes.count) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            let output = try? VrfProof(damaged).verify(key: key.publicKey, input: input)
            #expect(output == nil, "bit \(bit)")
        }
        let proof = try VrfProof(bytes)
        #expect(throws: Vrf.Refusal.notValid) {
            try proof.verify(key: key.publicKey, input: [1, 2, 4])
        }
        let other = try self.key(1).publicKey
        #expect(throws: Vrf.Refusal.notValid) { try proof.verify(key: other, input: input) }
    }

    @Test func whatIsNotCanonicalIsRefusedByName() throws {
        let key = try key()
        let bytes = try key.prove([]).bytes
        #expect(throws: Vrf.Refusal.wrongLength) { try VrfProof(Array(bytes.dropLast())) }
        #expect(throws: Vrf.Refusal.wrongLength) { try VrfProof(bytes + [0]) }
        #expect(throws: Vrf.Refusal.wrongLength) { try VrfProof([]) }
        // The identity, a negative encoding, one beyond the field, one with its top bit set.
        var high = Array(bytes.prefix(32))
        high[31] |= 0x80
        let negative = [1] + [UInt8](repeating: 0, count: 31)
        let fills: [[UInt8]] = [
            [UInt8](repeating: 0, count: 32), negative, [UInt8](repeating: 0xff, count: 32), high,
        ]
        for gamma in fills {
            #expect(throws: Vrf.Refusal.invalidElement) {
                try VrfProof(gamma + bytes.dropFirst(32))
            }
        }
        // s + q is the same integer modulo q, in other bytes.
        let response = Array(bytes.suffix(32))
        #expect(throws: Vrf.Refusal.invalidScalar) {
            try VrfProof(bytes.dropLast(32) + Self.plusOrder(response))
        }
        #expect(throws: Vrf.Refusal.invalidElement) {
            try VrfProof(bytes).verify(key: .identity, input: [])
        }
        let long = [UInt8](repeating: 0, count: Vrf.inputCountMax + 1)
        #expect(throws: Vrf.Refusal.inputTooLong) { try key.prove(long) }
        #expect(throws: Vrf.Refusal.inputTooLong) {
            try VrfProof(bytes).verify(key: key.publicKey, input: long)
        }
    }

    @Test func secretsAreCanonicalAndNotZero() {
        for bytes in [[UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xff, count: 32), [1]] {
            #expect(refusal { _ = try VrfKey(SecretBytes(copying: bytes)) } == .invalidScalar)
        }
        #expect(refusal { _ = try VrfKey(seed: SecretBytes(count: 31)) } == .wrongLength)
    }

    private func refusal(_ body: () throws -> Void) -> Vrf.Refusal? {
        do {
            try body()
            return nil
        } catch {
            return error as? Vrf.Refusal
        }
    }

    /// The little-endian sum with q = 2^252 + 27742317777372353535851937790883648493.
    private static func plusOrder(_ bytes: [UInt8]) -> [UInt8] {
        let order: [UInt8] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9,
            0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ]
        var carry = 0
        return zip(bytes, order).map { left, right in
            let sum = Int(left) + Int(right) + carry
            carry = sum >> 8
            return UInt8(sum & 0xff)
        }
    }
}
