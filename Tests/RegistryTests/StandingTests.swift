// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import Statements
import Testing

@Suite struct StandingTests {
    @Test func aSubjectGoesFromRegisteredToAttestedAndLapses() throws {
        var world = try World()
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        #expect(world.standing(subject, account)?.state == .controlled)
        try world.vouch(subject, account, "press-1")
        #expect(world.standing(subject, account)?.state == .controlled)
        try world.vouch(subject, account, "rights-1")
        #expect(world.standing(subject, account)?.state == .provisional)
        try world.vouch(subject, account, "press-2")
        #expect(world.standing(subject, account)?.state == .pending)
        try world.pass(days: 2)
        #expect(world.standing(subject, account)?.state == .pending)
        try world.pass(days: 1)
        #expect(world.standing(subject, account)?.state == .attested)
        #expect(world.standing(subject, account)?.tier == .attested)
        // 2026Q4 ends on 1 January; 21 days of grace.
        let end = RegistryEpoch(containing: World.start).end + 21 * World.day
        #expect(world.standing(subject, account)?.until == World.start + 90 * World.day)
        try world.pass(days: 60)
        try world.prove(subject, "ana", account)
        #expect(world.standing(subject, account)?.until == end)
        try world.pass(days: (end - world.state.clock) / World.day)
        #expect(world.standing(subject, account)?.state == .lapsed)
        #expect(world.state.refusedCount == 0)
    }

    @Test func oneVouchLessThanTheRuleIsNotEnough() throws {
        var world = try World()
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        try world.vouch(subject, account, "press-1")
        try world.vouch(subject, account, "rights-1")
        try world.pass(days: 5)
        #expect(world.standing(subject, account)?.state == .provisional)
        try world.pass(days: 25)
        #expect(world.standing(subject, account)?.state == .controlled)
    }

    @Test func tenVouchesOfOneConstituencyAreNotEnough() throws {
        var world = try World()
        try world.accreditAll(count: 10)
        let (subject, account) = try world.controlled()
        for number in 1...10 {
            #expect(try world.vouch(subject, account, "press-\(number)") == nil)
        }
        try world.pass(days: 5)
        #expect(world.standing(subject, account)?.state == .controlled)
        try world.vouch(subject, account, "academia-1")
        try world.pass(days: 3)
        #expect(world.standing(subject, account)?.state == .attested)
        #expect(world.standing(subject, account)?.tier == .attested)
    }

    @Test func vouchesOfTwoQuartersAreNeverAdded() throws {
        var world = try World()
        try world.accreditAll(count: 3)
        let (subject, account) = try world.controlled()
        let epoch = RegistryEpoch(containing: World.start)
        try world.pass(days: 80)
        try world.prove(subject, "ana", account)
        try world.vouch(subject, account, "press-1", epoch: epoch)
        try world.vouch(subject, account, "rights-1", epoch: epoch)
        try world.vouch(subject, account, "press-1", epoch: epoch.next)
        try world.vouch(subject, account, "rights-1", epoch: epoch.next)
        #expect(world.state.refusedCount == 0)
        for _ in 0..<40 {
            try world.pass(days: 1)
            #expect(world.standing(subject, account)?.tier ?? .none < .attested)
        }
        try world.vouch(subject, account, "academia-1", epoch: epoch.next)
        try world.pass(days: 3)
        #expect(world.standing(subject, account)?.state == .attested)
    }

    @Test func theHighestTierNeedsTwoQuartersInARow() throws {
        var world = try World()
        try world.accreditAll(count: 2)
        let (subject, account) = try world.controlled()
        let five = ["press-1", "press-2", "rights-1", "academia-1", "international-1"]
        for verifier in five { try world.vouch(subject, account, verifier) }
        try world.pass(days: 3)
        #expect(world.standing(subject, account)?.tier == .attested)
        let next = RegistryEpoch(containing: World.start).next
        try world.pass(days: (next.start - world.state.clock) / World.day - 10)
        try world.prove(subject, "ana", account)
        for verifier in five { try world.vouch(subject, account, verifier, epoch: next) }
        try world.pass(days: 12)
        #expect(world.state.refusedCount == 0)
        #expect(world.standing(subject, account)?.tier == .strong)
    }

    @Test func aWithdrawnVouchAndThoseOfARemovedVerifierStopCounting() throws {
        var world = try World()
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        for verifier in ["press-1", "rights-1", "academia-1"] {
            try world.vouch(subject, account, verifier)
        }
        let vouch = RegistryEntry(index: 0, bytes: try #require(world.log.last)).digest
        try world.pass(days: 3)
        let head = world.head
        let withdrawal = WithdrawVouchStatement(
            head: head,
            subject: subject.bytes,
            vouch: vouch.bytes
        )
        #expect(try world.submit(withdrawal, ["press-1"]) == .notSigned)
        var other = world
        #expect(try world.submit(withdrawal, ["academia-1"]) == nil)
        #expect(world.standing(subject, account)?.state == .provisional)
        #expect(try world.vouch(subject, account, "academia-1") == .alreadyVouched)

        let removal = RemoveVerifierStatement(
            head: head,
            verifier: try World.keyID("academia-1").bytes,
            reason: .verifierFraud
        )
        #expect(try other.submit(removal, Array(World.seats.prefix(2))) == .noQuorum)
        #expect(try other.submit(removal, Array(World.seats.prefix(3))) == nil)
        #expect(other.standing(subject, account)?.state == .provisional)
        #expect(try other.accredit("academia-1", "academia") == .removedVerifier)
    }

    @Test func suspensionInterruptsAndEndsByItself() throws {
        var world = try World()
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        for verifier in ["press-1", "rights-1", "academia-1"] {
            try world.vouch(subject, account, verifier)
        }
        try world.pass(days: 4)
        func suspension(days: Int64) -> SuspendStatement {
            SuspendStatement(
                head: world.head,
                subject: subject.bytes,
                until: world.state.clock + days * World.day,
                reason: .handleChanged
            )
        }
        #expect(try world.submit(suspension(days: 3), ["press-1", "press-2"]) == .noQuorum)
        #expect(try world.submit(suspension(days: 4), ["press-1", "rights-2"]) == .tooLong)
        #expect(try world.submit(suspension(days: 3), ["press-1", "rights-2"]) == nil)
        #expect(world.standing(subject, account)?.state == .suspended)
        #expect(world.standing(subject, account)?.reason == .handleChanged)
        try world.pass(days: 3)
        #expect(world.standing(subject, account)?.state == .attested)
        // The same two, or one of them with another, keep nobody down for a quarter.
        var again = world
        #expect(try again.submit(suspension(days: 2), ["press-1", "rights-2"]) == .repeated)
        #expect(try again.submit(suspension(days: 2), ["press-1", "rights-1"]) == .repeated)
        #expect(try again.submit(suspension(days: 2), ["press-2", "rights-1"]) == nil)
        let next = RegistryEpoch(containing: again.state.clock).end
        try again.pass(days: (next - again.state.clock) / World.day)
        let later = SuspendStatement(
            head: again.head,
            subject: subject.bytes,
            until: again.state.clock + World.day,
            reason: .handleChanged
        )
        #expect(try again.submit(later, ["press-1", "rights-2"]) == nil)
        let seats = Array(World.seats.prefix(4))
        #expect(try world.submit(suspension(days: 31), seats) == .tooLong)
        #expect(try world.submit(suspension(days: 30), seats) == nil)
        try world.pass(days: 29)
        #expect(world.standing(subject, account)?.state == .suspended)
    }

    @Test func deathIsFinalAndKeepsTheMomentOfLastTrust() throws {
        var world = try World()
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        for verifier in ["press-1", "rights-1", "academia-1"] {
            try world.vouch(subject, account, verifier)
        }
        try world.pass(days: 4)
        let memorial = MemorialStatement(
            head: world.head,
            subject: subject.bytes,
            lastTrustedAt: world.state.clock - 3600,
            evidence: SHA256.hash([])
        )
        #expect(try world.submit(memorial, Array(World.seats.prefix(3))) == .noQuorum)
        #expect(try world.submit(memorial, Array(World.seats.prefix(4))) == nil)
        #expect(world.standing(subject, account)?.state == .memorialPending)
        let trusted = world.state.subjects[subject]?.lastTrustedAt(at: world.state.clock)
        #expect(trusted == world.state.clock - 3600)
        try world.pass(days: 7)
        #expect(world.standing(subject, account)?.state == .memorial)
        let request = RevokeStatement(
            head: world.head,
            subject: subject.bytes,
            reason: .subjectRequest
        )
        #expect(try world.submit(request, ["ana"]) == .subjectClosed)
        #expect(try world.vouch(subject, account, "press-2") == .subjectClosed)
        #expect(try world.prove(subject, "ana", account) == .subjectClosed)
        try world.pass(days: 400)
        #expect(world.standing(subject, account)?.state == .memorial)
    }

    @Test func whoStoleTheKeyCannotRotateAndWhoLostItCan() throws {
        var world = try World()
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        func rotation(to key: String) throws -> RotateKeyStatement {
            RotateKeyStatement(
                head: world.head,
                subject: subject.bytes,
                key: try World.publicKey(key),
                next: SHA256.hash([])
            )
        }
        #expect(try world.submit(rotation(to: "thief"), ["ana", "thief"]) == .brokenPromise)
        #expect(try world.submit(rotation(to: "ana-next"), ["ana"]) == .notSigned)
        #expect(try world.submit(rotation(to: "ana-next"), ["ana-next"]) == nil)
        #expect(try world.prove(subject, "ana", account) == .notSigned)
        #expect(try world.prove(subject, "ana-next", account) == nil)
    }
}
