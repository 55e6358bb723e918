// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import Statements
import Testing

@Suite struct GuardianTests {
    private static let guardians = ["guard-1", "guard-2", "guard-3"]

    /// An attested subject with three guardians.
    private func start() throws -> (World, RegistryID, RegistryID) {
        var world = try World()
        try world.accreditAll(count: 3)
        let (subject, account) = try world.controlled()
        for verifier in ["press-1", "rights-1", "academia-1"] {
            try world.vouch(subject, account, verifier)
        }
        #expect(try world.submit(guardians(world, subject), ["ana"]) == nil)
        try world.pass(days: 4)
        #expect(world.standing(subject, account)?.state == .attested)
        return (world, subject, account)
    }

    private func guardians(
        _ world: World,
        _ subject: RegistryID,
        _ names: [String] = guardians
    ) throws -> GuardiansStatement {
        let keys = try names.map { try World.publicKey($0) }
        return GuardiansStatement(
            head: world.head,
            subject: subject.bytes,
            guardians: keys.sorted { $0.lexicographicallyPrecedes($1) }
        )
    }

    private func act(
        _ act: GuardianAct,
        _ world: World,
        _ subject: RegistryID
    ) -> GuardStatement {
        GuardStatement(head: world.head, subject: subject.bytes, act: act)
    }

    @Test func oneGuardianFreezesForADayOnceAQuarter() throws {
        var (world, subject, account) = try start()
        #expect(try world.submit(act(.freeze, world, subject), ["ana"]) == .notSigned)
        #expect(try world.submit(act(.freeze, world, subject), ["guard-2"]) == nil)
        #expect(world.standing(subject, account)?.state == .suspended)
        #expect(world.standing(subject, account)?.reason == .routineReview)
        try world.pass(days: 1)
        #expect(world.standing(subject, account)?.state == .attested)
        #expect(try world.submit(act(.freeze, world, subject), ["guard-1"]) == .repeated)
    }

    /// Whether anybody speaks of a source does not decide whose it is.
    @Test func aRecoveryHoldsOnItsDayWithoutAWord() throws {
        var (world, subject, account) = try start()
        let recovery = RecoverKeyStatement(
            head: world.head,
            subject: subject.bytes,
            key: try World.publicKey("ana-new"),
            next: try World.keyID("ana-newer").bytes
        )
        #expect(try world.submit(recovery, ["ana-new", "guard-1", "guard-2"]) == nil)
        try world.pass(days: 13)
        #expect(try world.state.subjects[subject]?.key.id == World.keyID("ana"))
        try world.pass(days: 1)
        #expect(try world.state.subjects[subject]?.key.id == World.keyID("ana-new"))
        #expect(try world.prove(subject, "ana", account) == .notSigned)
        #expect(try world.prove(subject, "ana-new", account) == nil)
    }

    @Test func aTakeoverIsMendedByNextKeyControlAndAVouch() throws {
        var (world, subject, account) = try start()
        #expect(try world.submit(act(.takenOver, world, subject), ["guard-1"]) == .noQuorum)
        let two = ["guard-1", "guard-3"]
        #expect(try world.submit(act(.takenOver, world, subject), two) == nil)
        #expect(world.standing(subject, account)?.state == .takenOver)
        try world.pass(days: 2)
        // The old control is none while the key is the old one.
        #expect(try world.vouch(subject, account, "press-2") == .uncontrolledAccount)
        let rotation = RotateKeyStatement(
            head: world.head,
            subject: subject.bytes,
            key: try World.publicKey("ana-next"),
            next: SHA256.hash([])
        )
        #expect(try world.submit(rotation, ["ana-next"]) == nil)
        #expect(try world.vouch(subject, account, "press-2") == .uncontrolledAccount)
        #expect(try world.prove(subject, "ana-next", account) == nil)
        #expect(world.standing(subject, account)?.state == .takenOver)
        #expect(try world.vouch(subject, account, "press-2") == nil)
        // One vouch mends it, and the earlier three do not come back.
        #expect(world.standing(subject, account)?.state == .lapsed)
        try world.vouch(subject, account, "rights-2")
        try world.vouch(subject, account, "academia-2")
        #expect(world.standing(subject, account)?.state == .pending)
        try world.pass(days: 3)
        #expect(world.standing(subject, account)?.state == .attested)
    }

    @Test func aTakeoverThatNobodyMendsEndsInRevocation() throws {
        var (world, subject, account) = try start()
        let two = ["guard-1", "guard-3"]
        #expect(try world.submit(act(.takenOver, world, subject), two) == nil)
        try world.pass(days: 13)
        #expect(world.standing(subject, account)?.state == .takenOver)
        try world.pass(days: 1)
        #expect(world.standing(subject, account)?.state == .revoked)
        #expect(world.standing(subject, account)?.reason == .accountTakeover)
        #expect(try world.prove(subject, "ana", account) == .subjectClosed)
        #expect(try world.vouch(subject, account, "press-2") == .subjectClosed)
    }

    @Test func guardiansGiveALostSubjectANewKeyAfterADelay() throws {
        var (world, subject, account) = try start()
        let two = ["guard-1", "guard-2"]
        try world.submit(act(.takenOver, world, subject), two)
        try world.pass(days: 5)
        let recovery = RecoverKeyStatement(
            head: world.head,
            subject: subject.bytes,
            key: try World.publicKey("ana-new"),
            next: SHA256.hash([])
        )
        #expect(try world.submit(recovery, two) == .notSigned)
        #expect(try world.submit(recovery, ["ana-new", "guard-1"]) == .noQuorum)
        #expect(try world.submit(recovery, ["ana-new"] + two) == nil)
        try world.pass(days: 13)
        #expect(try world.prove(subject, "ana-new", account) == .notSigned)
        try world.pass(days: 1)
        #expect(try world.prove(subject, "ana-new", account) == nil)
        #expect(try world.vouch(subject, account, "press-2") == nil)
        #expect(world.standing(subject, account)?.state == .lapsed)
    }

    @Test func changingGuardiansTakesTimeSoThatAThiefCannot() throws {
        var (world, subject, account) = try start()
        let thieves = ["thief-1", "thief-2"]
        #expect(try world.submit(guardians(world, subject, thieves), ["ana"]) == nil)
        #expect(try world.submit(act(.takenOver, world, subject), thieves) == .noQuorum)
        let two = ["guard-1", "guard-2"]
        #expect(try world.submit(act(.takenOver, world, subject), two) == nil)
        #expect(world.standing(subject, account)?.state == .takenOver)
    }

    @Test func aDeathIsContradictedByNextKeyGuardianAndVerifiersInTime() throws {
        var (world, subject, account) = try start()
        let memorial = MemorialStatement(
            head: world.head,
            subject: subject.bytes,
            lastTrustedAt: world.state.clock,
            evidence: SHA256.hash([])
        )
        #expect(try world.submit(memorial, ["guard-1", "guard-2"]) == nil)
        #expect(world.standing(subject, account)?.state == .memorialPending)
        let leave = RevokeStatement(
            head: world.head,
            subject: subject.bytes,
            reason: .subjectRequest
        )
        #expect(try world.submit(leave, ["ana"]) == .subjectClosed)
        var dead = world
        try dead.pass(days: 7)
        #expect(dead.standing(subject, account)?.state == .memorial)
        try world.pass(days: 3)
        let alive = CancelMemorialStatement(head: world.head, subject: subject.bytes)
        let others = ["guard-3", "press-1", "rights-1"]
        #expect(try world.submit(alive, ["ana"] + others) == .brokenPromise)
        let rotation = RotateKeyStatement(
            head: world.head,
            subject: subject.bytes,
            key: try World.publicKey("ana-next"),
            next: SHA256.hash([])
        )
        try world.submit(rotation, ["ana-next"])
        #expect(try world.submit(alive, ["ana"] + others) == .notSigned)
        #expect(try world.submit(alive, ["ana-next", "press-1", "rights-1"]) == .noQuorum)
        #expect(try world.submit(alive, ["ana-next"] + others) == nil)
        #expect(world.standing(subject, account)?.state == .attested)
        try world.pass(days: 9)
        #expect(world.standing(subject, account)?.state == .attested)
        #expect(try world.submit(memorial, ["guard-1", "guard-2"]) == .repeated)
    }

    @Test func anAppealIsDecidedByOthersOrTheSuspensionLapses() throws {
        var (world, subject, account) = try start()
        let seats = Array(World.seats.prefix(4))
        let suspension = SuspendStatement(
            head: world.head,
            subject: subject.bytes,
            until: world.state.clock + 30 * World.day,
            reason: .impersonation
        )
        #expect(try world.submit(suspension, seats) == nil)
        let digest = RegistryEntry(index: 0, bytes: try #require(world.log.last)).digest
        let appeal = AppealStatement(
            head: world.head,
            subject: subject.bytes,
            decision: digest.bytes,
            grounds: SHA256.hash([])
        )
        #expect(try world.submit(appeal, ["press-1"]) == .notSigned)
        #expect(try world.submit(appeal, ["ana"]) == nil)
        let name = RegistryEntry(index: 0, bytes: try #require(world.log.last)).digest
        var silent = world
        try silent.pass(days: 13)
        #expect(silent.standing(subject, account)?.state == .suspended)
        try silent.pass(days: 1)
        #expect(silent.standing(subject, account)?.state == .attested)
        func decision(_ outcome: AppealOutcome) -> AppealDecisionStatement {
            AppealDecisionStatement(
                head: world.head,
                subject: subject.bytes,
                appeal: name.bytes,
                outcome: outcome,
                reasons: SHA256.hash([])
            )
        }
        let panel = ["press-1", "press-2", "rights-1", "academia-1", "academia-2"]
        #expect(try world.submit(decision(.upheld), Array(panel.prefix(4))) == .noQuorum)
        var rejected = world
        #expect(try rejected.submit(decision(.rejected), panel) == nil)
        try rejected.pass(days: 20)
        #expect(rejected.standing(subject, account)?.state == .suspended)
        #expect(try world.submit(decision(.upheld), panel) == nil)
        #expect(world.standing(subject, account)?.state == .attested)
        #expect(try world.submit(decision(.rejected), panel) == .unknownAppeal)
    }

    @Test func aRevokedSubjectStartsAgainFromNothingAfterHalfAYear() throws {
        var (world, subject, account) = try start()
        let revocation = RevokeStatement(
            head: world.head,
            subject: subject.bytes,
            reason: .impersonation
        )
        #expect(try world.submit(revocation, Array(World.seats.prefix(4))) == nil)
        func reopening() -> ReopenStatement {
            ReopenStatement(
                head: world.head,
                subject: subject.bytes,
                dossier: SHA256.hash([1])
            )
        }
        let three = ["press-1", "rights-1", "academia-1"]
        try world.pass(days: 179)
        #expect(try world.submit(reopening(), ["ana"] + three) == .wrongDate)
        try world.pass(days: 1)
        #expect(try world.submit(reopening(), ["ana", "press-1", "press-2"]) == .noQuorum)
        #expect(try world.submit(reopening(), ["ana"] + three) == nil)
        #expect(world.standing(subject, account)?.tier == StandingTier.none)
        #expect(world.standing(subject, account)?.state == .lapsed)
        #expect(try world.submit(revocation, Array(World.seats.prefix(4))) != nil)
    }
}
