// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Escrow
import Sodium
import Testing

@Suite struct TrusteeTests {
    @Test func secretsAreCanonicalAndNotZero() throws {
        let zero = SecretBytes(count: 32)
        #expect(throws: EscrowError.zeroSecret) { _ = try TrusteeSecret(zero) }
        let order = try Hex.decode(
            "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"
        )
        #expect(throws: EscrowError.nonCanonicalScalar(EscrowPlace(.secret))) {
            _ = try TrusteeSecret(SecretBytes(copying: order))
        }
        let place = EscrowPlace(.secret)
        #expect(throws: EscrowError.wrongLength(place, expected: 32, actual: 31)) {
            _ = try TrusteeSecret(SecretBytes(count: 31))
        }
        let fresh = TrusteeSecret()
        let copy = try TrusteeSecret(fresh.encoded())
        #expect(copy.key == fresh.key)
    }

    @Test func noncesDifferEvenWhenEntropyRepeats() throws {
        let entropy = SecretBytes(count: 32)
        let first = try EscrowFixture.trustee("nonce", 1)
        let second = try EscrowFixture.trustee("nonce", 2)
        let scope = try EscrowFixture.scope("nonce")
        let later = try EscrowFixture.scope("nonce", epoch: 2)
        let proofs = [
            first.enrolment(in: scope, entropy: entropy),
            second.enrolment(in: scope, entropy: entropy),
            first.enrolment(in: later, entropy: entropy),
        ]
        // A repeated nonce would show as a repeated first message.
        let messages = proofs.map { proof in
            proof.possession.response * Element.generator - proof.possession.challenge * proof.key
        }
        #expect(Set(messages).count == proofs.count)
        #expect(first.enrolment(in: scope, entropy: entropy) == proofs[0])
        #expect(first.enrolment(in: scope) != first.enrolment(in: scope))
    }

    @Test func possessionHoldsForOneScopeAndOneKeyOnly() throws {
        let trustee = try EscrowFixture.trustee("bound", 1)
        let scope = try EscrowFixture.scope("bound")
        let enrolment = trustee.enrolment(in: scope)
        #expect(enrolment.isProven(in: scope))
        #expect(try !enrolment.isProven(in: EscrowFixture.scope("bound", epoch: 2)))
        #expect(try !enrolment.isProven(in: EscrowFixture.scope("other")))
        // Another's key times two, with the same proof.
        let doubled = enrolment.key + enrolment.key
        let rogue = try TrusteeEnrolment(
            key: doubled.bytes,
            possession: enrolment.possession.bytes
        )
        #expect(!rogue.isProven(in: scope))
    }

    @Test func drillsAreBoundToCheckpointTrusteeAndContext() throws {
        let fixture = try EscrowFixture("drill", threshold: 2, trusteeCount: 3)
        let other = try EscrowFixture("drill", threshold: 3, trusteeCount: 3)
        let trustee = try EscrowFixture.trustee("drill", 2)
        let checkpoint = [UInt8](repeating: 7, count: 32)
        let drill = try trustee.drill(in: fixture.context, checkpoint: checkpoint)
        #expect(drill.index.value == 2)
        #expect(drill.isValid(in: fixture.context, checkpoint: checkpoint))
        #expect(!drill.isValid(in: fixture.context, checkpoint: [UInt8](repeating: 8, count: 32)))
        #expect(!drill.isValid(in: fixture.context, checkpoint: [7]))
        #expect(!drill.isValid(in: other.context, checkpoint: checkpoint))
        let renamed = try DrillProof(index: 3, proof: drill.proof.bytes)
        #expect(!renamed.isValid(in: fixture.context, checkpoint: checkpoint))
        let outside = try DrillProof(index: 4, proof: drill.proof.bytes)
        #expect(!outside.isValid(in: fixture.context, checkpoint: checkpoint))
        #expect(throws: EscrowError.indexOutOfRange(0)) {
            try DrillProof(index: 0, proof: drill.proof.bytes)
        }
        #expect(throws: EscrowError.notATrustee) {
            try EscrowFixture.trustee("drill", 4).drill(in: fixture.context, checkpoint: checkpoint)
        }
    }

    @Test func aStrangerOpensNothing() throws {
        let fixture = try EscrowFixture("stranger", threshold: 2, trusteeCount: 2)
        let stranger = TrusteeSecret()
        #expect(throws: EscrowError.notATrustee) { try stranger.open(fixture.dealing) }
    }

    @Test func shareOfOneTrusteeIsNoShareOfAnother() throws {
        let fixture = try EscrowFixture("swap", threshold: 2, trusteeCount: 3)
        let share = try fixture.open(1)
        var bytes = share.bytes
        bytes[33] = 2
        #expect(throws: EscrowError.shareNotProven(index: 2)) {
            try OpenedShare(bytes: bytes).verified(in: fixture.dealing)
        }
        bytes[33] = 4
        #expect(throws: EscrowError.indexOutOfRange(4)) {
            try OpenedShare(bytes: bytes).verified(in: fixture.dealing)
        }
        bytes[33] = 0
        #expect(throws: EscrowError.indexOutOfRange(0)) { try OpenedShare(bytes: bytes) }
    }
}
