// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import RingSignature
import Statements
import Testing

@Suite struct SealedTests {
    private func start() throws -> (World, RegistryID, RegistryID) {
        var world = try World()
        try world.foundRings()
        let (subject, account) = try world.controlled()
        #expect(world.state.refused == [])
        return (world, subject, account)
    }

    @Test func sealedVouchesMakeABadgeAndShowNobody() throws {
        var (world, subject, account) = try start()
        for name in ["press-3", "press-7", "rights-2"] {
            #expect(try world.sealedVouch(subject, account, name) == nil)
        }
        #expect(world.standing(subject, account)?.state == .pending)
        try world.pass(days: 3)
        #expect(world.standing(subject, account)?.state == .attested)
        let vouches = world.state.vouches(for: subject, account: account, at: world.state.clock)
        #expect(vouches.map(\.verifier) == [nil, nil, nil])
        #expect(vouches.map(\.constituency) == ["press", "press", "rights"])
    }

    @Test func aMemberVouchesOnceForASubjectSealedOrNamed() throws {
        var (world, subject, account) = try start()
        let name = "press-3"
        let epoch = RegistryEpoch(containing: world.state.clock)
        #expect(try world.vouch(subject, account, name) == .sealMissing)
        let own = try #require(world.state.rings.ownRing(of: World.keyID(name), epoch))
        var other = world
        #expect(try world.sealedVouch(subject, account, name) == nil)
        #expect(try world.sealedVouch(subject, account, name, slot: 1) == .alreadyVouched)
        for state in [0, 1] {
            var copy = state == 0 ? world : other
            let refusal = try copy.namedVouch(subject, account, name, slot: 2, own)
            #expect(refusal == (state == 0 ? .alreadyVouched : nil))
        }
        #expect(try other.namedVouch(subject, account, name, slot: 2, own) == nil)
        #expect(try other.sealedVouch(subject, account, name, slot: 3) == .alreadyVouched)
    }

    @Test func whoVouchedWithoutARingKeyGetsNoneForThatQuarter() throws {
        var (world, subject, account) = try start()
        try world.accredit("academia-1", "academia")
        #expect(try world.vouch(subject, account, "academia-1") == nil)
        let epoch = RegistryEpoch(containing: world.state.clock)
        let key = try world.ringKey("academia-1", "academia", epoch)
        #expect(try world.submit(key, ["academia-1"]) == .alreadyVouched)
        let next = try world.ringKey("academia-1", "academia", epoch.next)
        #expect(try world.submit(next, ["academia-1"]) == nil)
        #expect(try world.submit(next, ["academia-1"]) == .ringKeyExists)
    }

    @Test func aSlotCountsOnceAndTheQuotaIsSmall() throws {
        var (world, subject, account) = try start()
        #expect(try world.sealedVouch(subject, account, "press-3", slot: 2) == nil)
        let (second, secondAccount) = try world.controlled("bea")
        #expect(try world.sealedVouch(second, secondAccount, "press-3", slot: 2) == .slotUsed)
        #expect(try world.sealedVouch(second, secondAccount, "press-4", slot: 2) == nil)
        let refusal = try world.sealedVouch(
            second,
            secondAccount,
            "press-3",
            slot: RegistryLimits.standard[.vouchQuota]
        )
        #expect(refusal == .wrongSlot)
        let secret = try World.ringSecret("press-3", RegistryEpoch(containing: World.start))
        let statement = world.sealableVouch(second, secondAccount, "press")
        #expect(try statement.freeSlots(of: secret, in: world.state) == [0, 1, 3])
    }

    @Test func aRingOfElevenAndTooManyVouchesAreUnsafe() throws {
        var world = try World()
        try world.foundRings(count: 11, ["press"])
        try world.foundRings(count: 12, ["rights"])
        let (subject, account) = try world.controlled()
        #expect(try world.sealedVouch(subject, account, "press-1") == .unsafeRing)
        for number in 1...3 {
            #expect(try world.sealedVouch(subject, account, "rights-\(number)") == nil)
        }
        #expect(try world.sealedVouch(subject, account, "rights-4") == .unsafeRing)
    }

    @Test func ringsAreOfAllAnnouncedKeysAndFrozen() throws {
        var world = try World()
        try world.foundRings(count: 12, ["press"])
        let epoch = RegistryEpoch(containing: world.state.clock)
        let seats = Array(World.seats.prefix(3))
        #expect(try world.submit(world.ringSnapshot("press", epoch), seats) == .ringFrozen)
        // Who comes late has a key, and is in no ring.
        try world.accredit("press-13", "press")
        #expect(try world.submit(world.ringKey("press-13", "press", epoch), ["press-13"]) == nil)
        #expect(world.state.rings.ring(epoch, "press")?.members.count == 12)
        for number in 1...12 {
            let key = try world.ringKey("press-\(number)", "press", epoch.next)
            #expect(try world.submit(key, ["press-\(number)"]) == nil)
        }
        let whole = world.ringSnapshot("press", epoch.next)
        let partial = RingSnapshotStatement(
            head: world.head,
            epoch: epoch.next,
            constituency: "press",
            keys: Array(whole.keys.dropFirst())
        )
        #expect(try world.submit(partial, seats) == .wrongRing)
        #expect(try world.submit(whole, Array(seats.prefix(2))) == .noQuorum)
        #expect(try world.submit(whole, seats) == nil)
    }

    @Test func removalTakesAKeyOutOfTheRingAndNothingElse() throws {
        var (world, subject, account) = try start()
        let (second, secondAccount) = try world.controlled("bea")
        let epoch = RegistryEpoch(containing: world.state.clock)
        let before = try #require(world.state.rings.ring(epoch, "press"))
        #expect(try world.sealedVouch(subject, account, "press-1") == nil)
        let removal = RemoveVerifierStatement(
            head: world.head,
            verifier: try World.keyID("press-1").bytes,
            reason: .verifierFraud
        )
        #expect(try world.submit(removal, Array(World.seats.prefix(3))) == nil)
        let after = try #require(world.state.rings.ring(epoch, "press"))
        #expect(after.members.count == before.members.count - 1)
        #expect(
            world.state.vouches(for: subject, account: account, at: world.state.clock).count == 1
        )
        let vouch = world.sealableVouch(second, secondAccount, "press")
        let refusal = try world.submitSealed(vouch, "press-2", slot: 0, ring: before)
        #expect(refusal == .otherRing)
    }

    @Test func aKeyOfSomebodyElseAndAProofOfAnotherQuarterAreRefused() throws {
        var world = try World()
        try world.accredit("press-1", "press")
        try world.accredit("press-2", "press")
        let epoch = RegistryEpoch(containing: world.state.clock)
        let good = try world.ringKey("press-1", "press", epoch)
        func key(of verifier: String, _ epoch: RegistryEpoch) throws -> RingKeyStatement {
            RingKeyStatement(
                head: world.head,
                verifier: try World.keyID(verifier).bytes,
                epoch: epoch,
                key: good.key,
                proof: good.proof
            )
        }
        #expect(try world.submit(key(of: "press-2", epoch), ["press-2"]) == .wrongProof)
        #expect(try world.submit(key(of: "press-1", epoch.next), ["press-1"]) == .wrongProof)
        #expect(try world.submit(key(of: "press-1", epoch.next.next), ["press-1"]) == .wrongEpoch)
        #expect(try world.submit(good, ["press-2"]) == .notSigned)
        #expect(try world.submit(good, ["press-1"]) == nil)
        #expect(try world.submit(key(of: "press-2", epoch), ["press-2"]) == .ringKeyExists)
    }

    @Test func aDamagedOrForeignSealIsRefused() throws {
        let (world, subject, account) = try start()
        let statement = world.sealableVouch(subject, account, "press")
        let ring = try #require(world.state.rings.ring(statement.epoch, "press"))
        let secret = try World.ringSecret("press-1", statement.epoch)
        let (sealed, signature) = try statement.sealed(
            by: secret,
            in: ring,
            slot: 0,
            context: world.state.context
        )
        let oneTime = try sealed.oneTimeKey(of: secret, context: world.state.context)
        for (name, bytes, expected) in [
            ("short", Array(signature.dropLast()), Refusal.wrongSeal),
            ("damaged", signature.enumerated().map { $0 == 40 ? $1 ^ 1 : $1 }, .wrongSeal),
            (
                "other tag",
                Array(signature.dropLast(64)) + signature.suffix(32) + signature.suffix(32),
                .wrongSeal
            ),
        ] {
            var copy = world
            var forged = sealed
            forged.seal?.signature = SHA256.hash(bytes)
            copy.seals[RegistryID(SHA256.hash(bytes))] = bytes
            var envelope = try World.envelope(forged, [])
            try envelope.sign(with: oneTime)
            #expect(copy.append(envelope.bytes) == expected, "\(name)")
        }
        var unsigned = world
        unsigned.seals[RegistryID(SHA256.hash(signature))] = signature
        #expect(try unsigned.submit(sealed, ["press-1"]) == .wrongSeal)
        var missing = world
        let refusal = try missing.submitSealed(statement, "press-1", slot: 0, loses: true)
        #expect(refusal == .sealMissing)
    }

    @Test func aSealedVouchIsTakenBackByItsOneTimeKeyOnly() throws {
        var (world, subject, account) = try start()
        #expect(try world.sealedVouch(subject, account, "press-1") == nil)
        let entry = RegistryEntry(index: 0, bytes: try #require(world.log.last)).digest
        let statement = WithdrawVouchStatement(
            head: world.head,
            subject: subject.bytes,
            vouch: entry.bytes
        )
        #expect(try world.submit(statement, ["press-1"]) == .notSigned)
        let epoch = RegistryEpoch(containing: world.state.clock)
        let secret = try World.ringSecret("press-1", epoch)
        var envelope = try World.envelope(statement, [])
        try envelope.sign(
            with: secret.withdrawalKey(
                context: world.state.context,
                subject: subject.bytes,
                epoch: epoch.number
            )
        )
        #expect(world.append(envelope.bytes) == nil)
        #expect(world.state.vouches(for: subject, account: account, at: world.state.clock).isEmpty)
        #expect(try world.sealedVouch(subject, account, "press-1", slot: 1) == .alreadyVouched)
    }

    @Test func twoObjectionsStopABadgeAndCoolItDown() throws {
        var (world, subject, account) = try start()
        for name in ["press-3", "press-7", "rights-2"] {
            try world.sealedVouch(subject, account, name)
        }
        try world.pass(days: 1)
        #expect(try world.act(.object, subject, "rights-2") == nil)
        #expect(try world.act(.object, subject, "rights-2") == .alreadyVouched)
        #expect(world.standing(subject, account)?.state == .pending)
        #expect(try world.act(.object, subject, "press-9") == nil)
        #expect(world.standing(subject, account)?.state == .controlled)
        try world.pass(days: 31)
        #expect(world.standing(subject, account)?.state == .controlled)
        // Others may try again; the vouches that were objected to count no more.
        try world.accreditAll()
        #expect(try world.sealedVouch(subject, account, "rights-5") == nil)
        #expect(world.standing(subject, account)?.state == .controlled)
    }

    @Test func objectionsToABadgeComeTooLate() throws {
        var (world, subject, account) = try start()
        for name in ["press-3", "press-7", "rights-2"] {
            try world.sealedVouch(subject, account, name)
        }
        try world.pass(days: 3)
        try world.act(.object, subject, "rights-3")
        try world.act(.object, subject, "press-9")
        #expect(world.standing(subject, account)?.state == .attested)
    }

    @Test func twoAlarmsOfTwoConstituenciesSuspendForDays() throws {
        var (world, subject, account) = try start()
        #expect(try world.act(.suspend, subject, "press-1", slot: 0) == nil)
        #expect(try world.act(.suspend, subject, "press-2", slot: 0) == nil)
        #expect(world.standing(subject, account)?.state == .controlled)
        #expect(try world.act(.suspend, subject, "rights-1", slot: 1) == nil)
        #expect(world.standing(subject, account)?.state == .suspended)
        #expect(world.standing(subject, account)?.reason == .impersonation)
        try world.pass(days: 3)
        #expect(world.standing(subject, account)?.state == .controlled)
        // Spent alarms do not come back with one more.
        #expect(try world.act(.suspend, subject, "rights-2", slot: 1) == nil)
        #expect(world.standing(subject, account)?.state == .controlled)
        let (second, _) = try world.controlled("bea")
        #expect(try world.act(.suspend, second, "press-1", slot: 2) == .wrongSlot)
    }

    @Test func readingAgainWithAMemoryTrustsNothingThatWasNotVerified() throws {
        var (world, subject, account) = try start()
        try world.sealedVouch(subject, account, "press-3")
        let good = try #require(world.log.last)
        // A copy of the tags under a signature that is none, behind the right one.
        let memory = SignatureMemory()
        world.replay(memory: memory)
        #expect(world.state.refusedCount == 0)
        let mark = try #require(memory.all)
        #expect(mark.isEmpty)
        let checked = SignatureMemory(checkedCount: Int64(world.log.count), wrong: mark)
        world.replay(memory: checked)
        #expect(world.state.refusedCount == 0)
        let seals = world.seals
        world.seals = [:]
        let lost = SignatureMemory()
        world.replay(memory: lost)
        #expect(
            lost.all?.contains(
                .init(
                    index: Int64(world.log.count - 1),
                    key: RegistryEntry(index: 0, bytes: good).digest
                )
            ) == true
        )
        world.seals = seals
        world.replay(
            memory: SignatureMemory(
                checkedCount: Int64(world.log.count),
                wrong: try #require(lost.all)
            )
        )
        #expect(world.state.refusedCount == 0)
    }
}

extension World {
    fileprivate mutating func namedVouch(
        _ subject: RegistryID,
        _ account: RegistryID,
        _ name: String,
        slot: Int,
        _ own: Ring
    ) throws -> Refusal? {
        let epoch = RegistryEpoch(containing: state.clock)
        let statement = VouchStatement(
            head: head,
            subject: subject.bytes,
            accounts: [account.bytes],
            epoch: epoch,
            verifier: try World.keyID(name).bytes,
            seal: .blank(String(name.prefix { $0 != "-" }))
        )
        let secret = try World.ringSecret(name, epoch)
        let (sealed, signature) = try statement.sealed(
            by: secret,
            in: own,
            slot: slot,
            context: state.context
        )
        seals[RegistryID(SHA256.hash(signature))] = signature
        var envelope = try World.envelope(sealed, [name])
        try envelope.sign(with: try sealed.oneTimeKey(of: secret, context: state.context))
        return append(envelope.bytes)
    }
}
