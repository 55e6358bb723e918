// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import RingSignature
import Sodium
import Testing

/// The vector of `REG-LSAG-R255-SHA512-v1`.
@Suite struct RingVectorTests {
    private struct Vector: Decodable {
        let context: HexBytes
        let constituency: UInt16
        let epoch: UInt64
        let slot: UInt16
        let subject: HexBytes
        let statement: String
        let ring: [HexBytes]
        let secret: HexBytes
        let nonce_seed: HexBytes
        let ring_digest: HexBytes
        let tag: HexBytes
        let quota_tag: HexBytes
        let signature: HexBytes
        let same_subject_other_slot_tag: HexBytes
        let other_subject_tag: HexBytes
    }

    @Test func signsTheSameBytes() throws {
        let path = "lsag-ristretto255/lsag-vector-1.json"
        guard let vector: Vector = try SharedVectors.load(path) else { return }
        func message(_ subject: [UInt8], slot: UInt16) throws -> RingMessage {
            try RingMessage(
                act: .vouch,
                context: vector.context.bytes,
                constituency: vector.constituency,
                subject: subject,
                epoch: vector.epoch,
                slot: slot,
                statementDigest: SHA256.hash(Array(vector.statement.utf8))
            )
        }
        let ring = try Ring(vector.ring.map(\.bytes))
        #expect(ring.digest == vector.ring_digest.bytes)
        let secret = try RingSecret(SecretBytes(copying: vector.secret.bytes))
        let first = try message(vector.subject.bytes, slot: vector.slot)
        let signature = try secret.sign(
            first,
            in: ring,
            entropy: SecretBytes(copying: vector.nonce_seed.bytes)
        )
        #expect(signature.bytes == vector.signature.bytes)
        #expect(signature.tag.bytes == vector.tag.bytes)
        #expect(signature.quotaTag?.bytes == vector.quota_tag.bytes)
        try signature.verify(first, by: ring)
        let slot = try secret.sign(message(vector.subject.bytes, slot: 9), in: ring)
        #expect(slot.tag.bytes == vector.same_subject_other_slot_tag.bytes)
        let other = SHA256.hash(Array("subject B".utf8))
        let second = try secret.sign(message(other, slot: 11), in: ring)
        #expect(second.tag.bytes == vector.other_subject_tag.bytes)
    }
}
