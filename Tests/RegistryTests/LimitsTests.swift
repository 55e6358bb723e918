// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import Statements
import Testing

@Suite struct LimitsTests {
    @Test func everyLimitHasBoundsThatTheSchemaHolds() throws {
        let text = String(decoding: try World.charter().payload, as: UTF8.self)
        for limit in RegistryLimit.allCases {
            #expect(limit.range.contains(limit.standard))
            let member = #""\#(limit.rawValue)":"#
            for value in [limit.range.lowerBound - 1, limit.range.upperBound + 1] {
                let changed = text.replacing(
                    "\(member)\(limit.standard)",
                    with: "\(member)\(value)"
                )
                #expect(changed != text)
                #expect(throws: StatementError.self) {
                    try CharterStatement(payload: Array(changed.utf8))
                }
            }
        }
        let silence = text.replacing(#""staleDays":14"#, with: #""staleDays":21"#)
        #expect(throws: StatementError.invalidValue(field: "limits")) {
            try CharterStatement(payload: Array(silence.utf8))
        }
    }

    @Test func noConstituencyIsOfThoseWhoOnlySpeak() throws {
        let text = String(decoding: try World.charter().payload, as: UTF8.self)
        #expect(CharterStatement.refusedConstituencies.count == 8)
        for name in CharterStatement.refusedConstituencies {
            let changed = text.replacing(#""academia""#, with: #""\#(name)""#)
            #expect(throws: StatementError.invalidValue(field: "constituencies"), "\(name)") {
                try CharterStatement(payload: Array(changed.utf8))
            }
        }
    }

    @Test func anExpiredCharterGivesNothingAndTheNextOneStillFollows() throws {
        #expect(throws: StatementError.invalidValue(field: "until")) {
            try World.charter(days: 1097)
        }
        var world = try World(days: 40)
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        try world.pass(days: 40)
        #expect(try world.vouch(subject, account, "press-1") == .expiredCharter)
        #expect(try world.accredit("late", "press") == .expiredCharter)
        let suspension = SuspendStatement(
            head: world.head,
            subject: subject.bytes,
            until: world.state.clock + World.day,
            reason: .routineReview
        )
        #expect(try world.submit(suspension, ["press-1", "rights-1"]) == nil)
        try defends(world, subject, RegistryEntry(index: 0, bytes: world.log.last ?? []).digest)
        let late = try World.charter(number: 2, days: 40)
        #expect(try world.submit(late, World.roots) == .wrongDate)
        let next = try World.charter(number: 2, date: world.state.clock)
        #expect(try world.submit(next, World.roots) == nil)
        #expect(try world.vouch(subject, account, "press-1") == .expiredCharter)
        try world.pass(days: 14)
        #expect(try world.vouch(subject, account, "press-1") == nil)
    }

    /// Who can be suspended can appeal, and who did harm can be taken out.
    private func defends(
        _ before: World,
        _ subject: RegistryID,
        _ decision: RegistryID
    ) throws {
        var world = before
        let appeal = AppealStatement(
            head: world.head,
            subject: subject.bytes,
            decision: decision.bytes,
            grounds: SHA256.hash([])
        )
        #expect(try world.submit(appeal, ["ana"]) == nil)
        let outcome = AppealDecisionStatement(
            head: world.head,
            subject: subject.bytes,
            appeal: SHA256.hash(appeal.payload),
            outcome: .upheld,
            reasons: SHA256.hash([])
        )
        let panel = ["press-2", "rights-2", "academia-1", "academia-2", "international-1"]
        #expect(try world.submit(outcome, panel) == nil)
        let keys = try ["one", "two"].map(World.publicKey)
            .sorted { $0.lexicographicallyPrecedes($1) }
        let guardians = GuardiansStatement(
            head: world.head,
            subject: subject.bytes,
            guardians: keys
        )
        #expect(try world.submit(guardians, ["ana"]) == nil)
        let id = try World.keyID("press-1").bytes
        let interruption = SuspendVerifierStatement(
            head: world.head,
            verifier: id,
            until: world.state.clock + World.day,
            reason: .verifierFraud
        )
        #expect(try world.submit(interruption, World.seats) == nil)
        let removal = RemoveVerifierStatement(
            head: world.head,
            verifier: id,
            reason: .verifierFraud
        )
        #expect(try world.submit(removal, World.seats) == nil)
        let complaint = ComplaintStatement(
            head: world.head,
            about: .subject,
            target: subject.bytes,
            harm: .physical,
            grade: .high,
            evidence: [SHA256.hash([])],
            key: try World.publicKey("neighbour")
        )
        #expect(try world.submit(complaint, ["neighbour"]) == .expiredCharter)
    }

    @Test func chartersFollowOneAnotherWithTheRootsOfBoth() throws {
        var world = try World()
        let second = try World.charter(number: 2)
        let third = try World.charter(number: 3)
        #expect(try world.submit(third, World.roots) == .wrongCharterNumber)
        #expect(try world.submit(second, World.roots) == nil)
        // The third is signed for the second, though that does not hold yet.
        #expect(try world.submit(second, World.roots) == .wrongCharterNumber)
        #expect(try world.submit(third, World.roots) == nil)
        #expect(world.state.charter?.number == 1)
        try world.pass(days: 13)
        #expect(world.state.charter?.number == 1)
        try world.pass(days: 1)
        #expect(world.state.charter?.number == 3)
        #expect(try world.submit(World.charter(), World.roots) == .wrongCharterNumber)
    }

    @Test func whoComesLaterVouchesAfterTheProbation() throws {
        var world = try World()
        try world.accreditAll()
        // 2027-01-03: the next quarter.
        try world.pass(days: 90)
        try world.accredit("late", "press")
        let (subject, account) = try world.controlled()
        let epoch = RegistryEpoch(containing: world.state.clock)
        #expect(try world.vouch(subject, account, "late") == .onProbation)
        let key = try world.ringKey("late", "press", epoch)
        #expect(try world.submit(key, ["late"]) == .onProbation)
        let next = try world.ringKey("late", "press", epoch.next)
        #expect(try world.submit(next, ["late"]) == nil)
        #expect(try world.vouch(subject, account, "press-1") == nil)
    }

    @Test func aConstituencyGrowsSlowlyAfterItsFirstQuarter() throws {
        var world = try World()
        try world.accreditAll(count: 20)
        try world.pass(days: 90)
        #expect(try world.accredit("new-1", "press") == nil)
        #expect(try world.accredit("new-2", "press") == nil)
        #expect(try world.accredit("new-3", "press") == .growthCap)
        // Moving in is joining; staying is not.
        #expect(try world.accredit("rights-1", "press") == .growthCap)
        #expect(try world.accredit("press-1", "press") == nil)
        #expect(try world.accredit("new-3", "rights") == nil)
        let removal = RemoveVerifierStatement(
            head: world.head,
            verifier: try World.keyID("new-1").bytes,
            reason: .routineReview
        )
        #expect(try world.submit(removal, Array(World.seats.prefix(3))) == nil)
        #expect(try world.accredit("new-4", "press") == .growthCap)
        try world.pass(days: 90)
        #expect(try world.accredit("new-4", "press") == nil)
    }

    @Test func organisationsUnderOneControlCountOnce() throws {
        var world = try World()
        try world.accreditAll()
        try world.accredit("paper-press", "press", control: "holding")
        try world.accredit("paper-rights", "rights", control: "holding")
        let subject = try world.register("ana")
        let account = try World.link("ana").commitment
        let both = ["paper-press", "paper-rights"]
        #expect(try world.prove(subject, "ana", account, observers: both) == .noQuorum)
        #expect(
            try world.prove(subject, "ana", account, observers: ["press-1"] + both) == nil
        )
        #expect(try world.vouch(subject, account, "paper-press") == nil)
        #expect(try world.vouch(subject, account, "paper-rights") == .sharedControl)
        let epoch = RegistryEpoch(containing: world.state.clock)
        let late = try world.ringKey("paper-rights", "rights", epoch)
        #expect(try world.submit(late, ["paper-rights"]) == .sharedControl)
        // One ring key for all of them.
        let first = try world.ringKey("paper-press", "press", epoch.next)
        #expect(try world.submit(first, ["paper-press"]) == nil)
        let second = try world.ringKey("paper-rights", "rights", epoch.next)
        #expect(try world.submit(second, ["paper-rights"]) == .sharedControl)
    }

    @Test func quotasAreThoseOfTheCharter() throws {
        var limits = RegistryLimits.standard
        limits[.vouchQuota] = 2
        var world = try World(limits: limits)
        try world.foundRings()
        let (subject, account) = try world.controlled()
        #expect(try world.sealedVouch(subject, account, "press-3", slot: 2) == .wrongSlot)
        #expect(try world.sealedVouch(subject, account, "press-3", slot: 1) == nil)
    }
}
