// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import RingSignature
import Statements
import Testing

/// After ring signatures are deleted the council's word stands for them, and the past is the same:
/// `docs/spec/registry.md`, section 4.2.
@Suite struct SealDecisionTests {
    private static let seats = Array(World.seats.prefix(3))
    private static let copies: Set<Refusal> = [.alreadyVouched, .slotUsed]

    private func start() throws -> (World, RegistryEpoch) {
        var world = try World()
        try world.foundRings()
        return (world, RegistryEpoch(containing: World.start))
    }

    /// Alarms of several days, in both orders of their digests: what they did, they did in the
    /// order of the log, under the charter of their day.
    @Test func alarmsOfSeveralDaysSuspendAsTheyDid() throws {
        var (world, epoch) = try start()
        var subjects: [RegistryID] = []
        for number in 0..<6 { subjects.append(try world.controlled("source-\(number)").0) }
        for (number, subject) in subjects.enumerated() {
            try world.act(.suspend, subject, "press-\(number + 1)", slot: 0)
        }
        try world.pass(days: 1)
        for (number, subject) in subjects.enumerated() {
            try world.act(.suspend, subject, "rights-\(number + 1)", slot: 0)
        }
        // From now on alarms suspend for longer; then they did not.
        let rules = RegistryRules(
            provisional: RegistryRules.standard.provisional,
            attested: RegistryRules.standard.attested,
            strong: RegistryRules.standard.strong,
            observers: RegistryRules.standard.observers,
            emergency: RegistryQuorum(count: 3, constituencies: 2),
            objectionDays: 3,
            provisionalDays: 30,
            graceDays: 45,
            controlDays: 90,
            emergencyDays: 9
        )
        let charter = try World.charter(number: 2, date: world.state.clock, rules: rules)
        #expect(try world.submit(charter, World.roots) == nil)
        let refused = world.state.refused.count
        let before = try world.forget(epoch)
        #expect(before.values.allSatisfy { $0.contains { $0.state == .suspended } })
        #expect(world.histories == before)
        #expect(world.state.refused.count == refused)
    }

    /// What came in between depends on the sealed ones: an appeal, a withdrawal, objections.
    @Test func whatCameInBetweenIsTheSame() throws {
        var (world, epoch) = try start()
        let (subject, account) = try world.controlled()
        for name in ["press-3", "press-7", "rights-2"] {
            try world.sealedVouch(subject, account, name)
        }
        let (other, _) = try world.controlled("bea")
        try world.sealedVouch(other, try World.link("bea").commitment, "press-1")
        try world.pass(days: 1)
        try world.act(.object, other, "press-4")
        try world.act(.object, other, "rights-4")
        // Two guardians say it is lost; a sealed vouch is what mends that.
        let keys = try ["g-1", "g-2"].map { try World.publicKey($0) }
        let guardians = GuardiansStatement(
            head: world.head,
            subject: subject.bytes,
            guardians: keys.sorted { $0.lexicographicallyPrecedes($1) }
        )
        #expect(try world.submit(guardians, ["ana"]) == nil)
        let lost = GuardStatement(head: world.head, subject: subject.bytes, act: .takenOver)
        #expect(try world.submit(lost, ["g-1", "g-2"]) == nil)
        #expect(try world.rotate(subject, "ana") == nil)
        #expect(try world.prove(subject, "ana-next", account) == nil)
        #expect(try world.sealedVouch(subject, account, "rights-9") == nil)
        // Were it not mended, the subject would be closed from here on, and this refused.
        try world.pass(days: 20)
        #expect(try world.prove(subject, "ana-next", account) == nil)
        let before = try world.forget(epoch)
        #expect(world.histories == before)
        #expect(world.state.refused.isEmpty)
    }

    @Test func copiesOfADecidedQuarterCountNoMore() throws {
        var (world, epoch) = try start()
        let (subject, account) = try world.controlled()
        try world.sealedVouch(subject, account, "press-3")
        let copied = try #require(world.log.last)
        // The same again, under another slot: its tag is known, which nobody sees later.
        #expect(try world.sealedVouch(subject, account, "press-3", slot: 1) == .alreadyVouched)
        #expect(world.append(copied) == .alreadyVouched)
        try world.sealedVouch(subject, account, "press-4")
        let before = try world.forget(epoch)
        #expect(world.histories == before)
        #expect(world.state.refused.map(\.reason) == [.sealMissing, .alreadyVouched])
        let vouches = world.state.vouches(for: subject, account: account, at: World.start)
        #expect(vouches.count == 2)
        #expect(world.state.believedSealCounts == [epoch: 2])
    }

    /// A council that names what nobody signed, and leaves out what was: signatures decide.
    @Test func whoHasSignaturesLosesNothingByAFalseDecision() throws {
        var (world, epoch) = try start()
        let (subject, account) = try world.controlled()
        for name in ["press-3", "press-7", "rights-2"] {
            try world.sealedVouch(subject, account, name)
        }
        let counted = try #require(world.state.countedSeals[epoch])
        let others = try world.controlled("bea")
        try world.sealedVouch(others.0, others.1, "press-1")
        let planted = try #require(world.log.last)
        let seal = try #require(RegistryEntry(index: 0, bytes: planted).statement?.seal)
        world.seals[RegistryID(seal.signature)] = nil
        world.replay()
        let (before, digest) = (
            world.state.history(of: subject, account: account),
            RegistryEntry(index: 0, bytes: planted).digest
        )
        try world.pass(days: 250)
        let lie = DecideSealsStatement(head: world.head, epoch: epoch, statements: [digest.bytes])
        #expect(try world.submit(lie, Self.seats) == nil)
        world.replay()
        #expect(world.state.history(of: subject, account: account) == before)
        #expect(world.state.countedSeals[epoch] == counted.union([digest]))
        #expect(world.state.believedSealCounts == [epoch: 1])
        // Who has not got them sees what the council says.
        world.drop(epoch)
        world.replay()
        #expect(world.state.countedSeals[epoch] == [digest])
    }

    @Test func aDecisionNeedsTimeAndTheCouncil() throws {
        var (world, epoch) = try start()
        let (subject, account) = try world.controlled()
        try world.sealedVouch(subject, account, "press-3")
        let end = (epoch.end - world.state.clock) / World.day + 21 + 90
        try world.pass(days: end - 1)
        #expect(try world.submit(world.decision(epoch), Self.seats) == .wrongDate)
        try world.pass(days: 1)
        #expect(try world.submit(world.decision(epoch), Array(Self.seats.prefix(2))) == .noQuorum)
        let seals = world.seals
        world.seals = [:]
        world.replay()
        #expect(world.state.countedSeals[epoch] == nil)
        world.seals = seals
        world.replay()
        #expect(try world.submit(world.decision(epoch), Self.seats) == nil)
        world.seals = [:]
        world.replay()
        #expect(world.state.countedSeals[epoch]?.count == 1)
        // Also for who asks how it was before the decision.
        let entries = world.entries()
        let then = RegistryState(origin: World.origin, folding: entries, asOf: World.start)
        #expect(then.vouches(for: subject, account: account, at: World.start).count == 1)
        #expect(then.entryCount < Int64(world.log.count))
    }

    /// Everything at once, at random: all signatures, then none of the quarters that are over.
    @Test(arguments: UInt64(1)...6) func randomRegistriesReplayBitForBit(seed: UInt64) throws {
        var registry = try RandomRegistry(seed: seed &* 7919, decides: false)
        try registry.live(steps: 160)
        var world = registry.world
        let epochs = world.state.countedSeals.keys.sorted()
        #expect(!epochs.isEmpty)
        try world.pass(days: 240)
        let before = world.histories
        var gone: [RegistryEpoch] = []
        for epoch in epochs
        where world.state.sealEnd(of: epoch, try #require(world.state.charter))
            <= world.state.clock
        {
            let seats = World.seats
            let refusal = try world.submit(world.decision(epoch), seats)
            // A charter that ended decides nothing.
            #expect(refusal == nil || refusal == .expiredCharter, "seed \(seed)")
            if refusal == nil { gone.append(epoch) }
        }
        // Some of them, whichever; then all. A copy alone could count beside the first.
        let seals = world.seals
        for epoch in gone { world.drop(epoch) }
        let without = world.seals
        if !world.state.refused.contains(where: { Self.copies.contains($0.reason) }) {
            world.seals = seals.filter { without[$0.key] != nil || $0.key.bytes[0] % 2 == 0 }
            world.replay()
            #expect(world.histories == before, "seed \(seed)")
            world.seals = without
        }
        world.replay()
        #expect(world.histories == before, "seed \(seed)")
    }
}

extension World {
    /// How every account stood and will stand.
    var histories: [RegistryID: [StandingPeriod]] {
        var all: [RegistryID: [StandingPeriod]] = [:]
        for subject in state.subjects.values {
            for account in subject.accounts {
                all[account] = state.history(of: subject.id, account: account)
            }
        }
        return all
    }

    func decision(_ epoch: RegistryEpoch) -> DecideSealsStatement {
        DecideSealsStatement(
            head: head,
            epoch: epoch,
            statements: (state.countedSeals[epoch] ?? []).sorted().map(\.bytes)
        )
    }

    /// Has the council decide a quarter when that is possible, and deletes its ring signatures.
    ///
    /// - Returns: The histories as they were.
    mutating func forget(_ epoch: RegistryEpoch) throws -> [RegistryID: [StandingPeriod]] {
        try pass(days: 250)
        let before = histories
        let refusal = try submit(decision(epoch), Array(Self.seats.prefix(4)))
        precondition(refusal == nil, "\(String(describing: refusal))")
        drop(epoch)
        replay()
        return before
    }

    /// Deletes the ring signatures of a quarter.
    mutating func drop(_ epoch: RegistryEpoch) {
        for bytes in log {
            let statement = RegistryEntry(index: 0, bytes: bytes).statement
            guard let sealed = statement as? any SealableRegistryStatement,
                sealed.epoch == epoch, let seal = sealed.seal
            else { continue }
            seals[RegistryID(seal.signature)] = nil
        }
    }

    mutating func rotate(_ subject: RegistryID, _ name: String) throws -> Refusal? {
        let statement = RotateKeyStatement(
            head: head,
            subject: subject.bytes,
            key: try Self.publicKey("\(name)-next"),
            next: try Self.keyID("\(name)-next-next").bytes
        )
        return try submit(statement, ["\(name)-next"])
    }
}
