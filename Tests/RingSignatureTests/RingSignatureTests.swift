// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import RingSignature
import Sodium
import Testing

@Suite struct RingSignatureTests {
    @Test(arguments: 1...9)
    func everyMemberSignsAndNobodyElse(_ memberCount: Int) throws {
        let fixture = try RingFixture(memberCount)
        var tags: Set<[UInt8]> = []
        for act in RingAct.allCases {
            let message = try RingFixture.message(act)
            for member in 0..<memberCount {
                let signature = try fixture.secret(member).sign(message, in: fixture.ring)
                try signature.verify(message, by: fixture.ring)
                let again = try RingSignature(
                    signature.bytes,
                    memberCount: memberCount,
                    act: act
                )
                #expect(again == signature)
                tags.insert(signature.tag.bytes)
            }
        }
        // One tag for each member and act: acts do not link.
        #expect(tags.count == memberCount * RingAct.allCases.count)
        let stranger = try RingFixture(1, label: 7).secret(0)
        let message = try RingFixture.message()
        #expect(
            refusal { () throws(RingRefusal) in
                _ = try stranger.sign(message, in: fixture.ring)
            } == .notAMember
        )
    }

    @Test func tagsLinkOneSubjectInOneEpochAndNothingElse() throws {
        let fixture = try RingFixture(4)
        func sign(_ message: RingMessage) throws -> RingSignature {
            try fixture.secret(2).sign(message, in: fixture.ring)
        }
        let first = try sign(RingFixture.message())
        // Whatever else differs, the tag is the same; so is that in another ring with the same key.
        #expect(try sign(RingFixture.message(slot: 6)).tag == first.tag)
        #expect(try sign(RingFixture.message(constituency: 4)).tag == first.tag)
        #expect(try sign(RingFixture.message(statement: 8)).tag == first.tag)
        let smaller = try Ring([fixture.ring.members[1].bytes, fixture.ring.members[2].bytes])
        #expect(
            try fixture.secret(2).sign(RingFixture.message(), in: smaller).tag == first.tag
        )
        #expect(try sign(RingFixture.message(subject: 3)).tag != first.tag)
        #expect(try sign(RingFixture.message(epoch: 20271)).tag != first.tag)
        #expect(try sign(RingFixture.message(context: 2)).tag != first.tag)
        #expect(
            try fixture.secret(1).sign(RingFixture.message(), in: fixture.ring).tag != first.tag
        )
        // A slot is one of the epoch and constituency, whoever the subject is.
        #expect(try sign(RingFixture.message(subject: 3)).quotaTag == first.quotaTag)
        #expect(try sign(RingFixture.message(slot: 6)).quotaTag != first.quotaTag)
        #expect(try sign(RingFixture.message(epoch: 20271)).quotaTag != first.quotaTag)
        #expect(try sign(RingFixture.message(constituency: 4)).quotaTag != first.quotaTag)
        #expect(try sign(RingFixture.message(.suspend)).quotaTag != first.quotaTag)
    }

    @Test func everyChangedPartOfTheMessageIsRefused() throws {
        let fixture = try RingFixture(3)
        let message = try RingFixture.message()
        let signature = try fixture.secret(0).sign(message, in: fixture.ring)
        let others = [
            try RingFixture.message(context: 2), try RingFixture.message(constituency: 4),
            try RingFixture.message(subject: 3), try RingFixture.message(epoch: 20271),
            try RingFixture.message(slot: 6), try RingFixture.message(statement: 8),
            try RingFixture.message(.suspend),
        ]
        for other in others {
            #expect(throws: RingRefusal.notValid) {
                try signature.verify(other, by: fixture.ring)
            }
        }
        let objection = try RingFixture.message(.object)
        #expect(throws: RingRefusal.wrongSlot) {
            try signature.verify(objection, by: fixture.ring)
        }
        let otherRing = try RingFixture(3, label: 1).ring
        #expect(throws: RingRefusal.notValid) { try signature.verify(message, by: otherRing) }
        let largerRing = try RingFixture(4).ring
        #expect(throws: RingRefusal.wrongLength) { try signature.verify(message, by: largerRing) }
    }

    @Test func everyDamagedByteIsRefused() throws {
        let fixture = try RingFixture(3)
        for act in [RingAct.vouch, .concur] {
            let message = try RingFixture.message(act)
            let bytes = try fixture.secret(1).sign(message, in: fixture.ring).bytes
            #expect(bytes.count == RingSignature.byteCount(memberCount: 3, act: act))
            for position in bytes.indices {
                for bit in [UInt8(1), 0x10, 0x80] {
                    var damaged = bytes
                    damaged[position] ^= bit
                    #expect(
                        !isValid(damaged, message, fixture.ring, act),
                        "byte \(position), bit \(bit)"
                    )
                }
            }
            #expect(!isValid(Array(bytes.dropLast()), message, fixture.ring, act))
            #expect(!isValid(bytes + [0], message, fixture.ring, act))
            #expect(!isValid(bytes + [UInt8](repeating: 0, count: 32), message, fixture.ring, act))
            #expect(isValid(bytes, message, fixture.ring, act))
        }
    }

    @Test func identityTagsAndUnreducedScalarsAreRefusedByName() throws {
        let fixture = try RingFixture(2)
        let message = try RingFixture.message()
        let bytes = try fixture.secret(1).sign(message, in: fixture.ring).bytes
        for (place, expected) in [
            (0, RingRefusal.invalidScalar), (1, .invalidScalar), (2, .invalidScalar),
            (3, .invalidElement), (4, .invalidElement),
        ] {
            var damaged = bytes
            let fill: UInt8 = expected == .invalidScalar ? 0xff : 0
            damaged.replaceSubrange(
                32 * place..<32 * (place + 1),
                with: [UInt8](repeating: fill, count: 32)
            )
            #expect(throws: expected) {
                try RingSignature(damaged, memberCount: 2, act: .vouch)
            }
        }
    }

    @Test func sameEntropyGivesOtherNoncesForOtherMessages() throws {
        let fixture = try RingFixture(3)
        let zeros = SecretBytes(count: 32)
        let one = try fixture.secret(0).sign(
            RingFixture.message(),
            in: fixture.ring,
            entropy: zeros
        )
        let two = try fixture.secret(0).sign(
            RingFixture.message(statement: 1),
            in: fixture.ring,
            entropy: zeros
        )
        let parts = { (signature: RingSignature) in
            Set((1...3).map { Array(signature.bytes[32 * $0..<32 * ($0 + 1)]) })
        }
        #expect(parts(one).isDisjoint(with: parts(two)))
    }

    @Test func batchesTellWhichOneIsWrong() throws {
        let fixture = try RingFixture(2)
        var claims: [RingClaim] = []
        for index in 0..<9 {
            let message = try RingFixture.message(subject: UInt8(index))
            let signature = try fixture.secret(index % 2).sign(message, in: fixture.ring)
            let claimed = try RingFixture.message(subject: UInt8(index == 4 ? 99 : index))
            claims.append(RingClaim(message: claimed, ring: fixture.ring, signature: signature))
        }
        let expected = (0..<9).map { $0 == 4 ? RingRefusal.notValid : nil }
        #expect(RingClaim.verify(claims) == expected)
        #expect(RingClaim.verify([]).isEmpty)
    }

    @Test func possessionIsForOneScopeOnly() throws {
        let secret = try RingFixture(1).secret(0)
        func scope(
            _ organisation: UInt8,
            _ epoch: UInt64,
            _ number: UInt16
        ) throws
            -> RingPossession.Scope
        {
            try RingPossession.Scope(
                context: [UInt8](repeating: 1, count: 32),
                organisation: [UInt8](repeating: organisation, count: 32),
                epoch: epoch,
                constituency: number
            )
        }
        let own = try scope(1, 2, 3)
        let proof = secret.possession(for: own)
        try proof.verify(secret.key, for: own)
        for other in [try scope(2, 2, 3), try scope(1, 3, 3), try scope(1, 2, 4)] {
            #expect(throws: RingRefusal.notValid) { try proof.verify(secret.key, for: other) }
        }
        let another = try RingFixture(1, label: 9).ring.members[0]
        #expect(throws: RingRefusal.notValid) { try proof.verify(another, for: own) }
        #expect(throws: RingRefusal.invalidElement) { try proof.verify(.identity, for: own) }
        for position in 0..<64 {
            var damaged = proof.bytes
            damaged[position] ^= 1
            let read = try? RingPossession(damaged)
            #expect((try? read?.verify(secret.key, for: own)) == nil)
        }
    }

    private func isValid(
        _ bytes: [UInt8],
        _ message: RingMessage,
        _ ring: Ring,
        _ act: RingAct
    ) -> Bool {
        refusal { () throws(RingRefusal) in
            let signature = try RingSignature(bytes, memberCount: ring.members.count, act: act)
            try signature.verify(message, by: ring)
        } == nil
    }

    private func refusal(_ body: () throws(RingRefusal) -> Void) -> RingRefusal? {
        do throws(RingRefusal) {
            try body()
            return nil
        } catch {
            return error
        }
    }
}
