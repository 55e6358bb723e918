// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import RingSignature
import Sodium
import Statements
import Testing
import Vrf

/// Panels in the fold: three holders, 48 verifiers in four rings.
@Suite struct PanelTests {
    private static let holders = World.beacons

    private struct Stage {
        var world: World
        let subject: RegistryID
        let account: RegistryID
        let epoch: RegistryEpoch

        var state: StandingState? { world.standing(subject, account)?.state }
        var panel: Panel? { world.state.panels[subject, epoch] }

        @discardableResult
        mutating func speak(_ name: String, for day: Int64) throws -> Refusal? {
            try world.speak(name, for: day)
        }

        /// The names of those who were drawn.
        func members() throws -> [String] {
            let drawn = Set(panel?.draw?.ring.members.map(\.bytes) ?? [])
            return try World.constituencies.flatMap { constituency in
                (1...12).map { "\(constituency)-\($0)" }
            }.filter { drawn.contains(try World.ringSecret($0, epoch).key.bytes) }
        }

        @discardableResult
        mutating func concur(
            _ name: String,
            ring: Ring? = nil,
            soundCount: Int = 9
        ) throws -> Refusal? {
            let statement = ConcurStatement(
                head: world.head,
                subject: subject.bytes,
                epoch: epoch,
                soundCount: soundCount,
                unsoundCount: 1,
                seal: .blank(ConcurStatement.panelName)
            )
            return try world.submitSealed(
                statement,
                name,
                slot: nil,
                ring: ring ?? panel?.draw?.ring
            )
        }
    }

    /// A subject with enough vouches, on the day of the third.
    private func start(perRing: Int = 12) throws -> Stage {
        var world = try World()
        #expect(try world.nameBeacons() == nil)
        try world.foundRings(count: perRing, World.constituencies)
        let (subject, account) = try world.controlled()
        let epoch = RegistryEpoch(containing: world.state.clock)
        for name in ["press-1", "press-2"] { try world.sealedVouch(subject, account, name) }
        #expect(world.state.panels[subject, epoch] == nil)
        try world.sealedVouch(subject, account, "rights-3")
        return Stage(world: world, subject: subject, account: account, epoch: epoch)
    }

    @Test func aBadgeNeedsThePanel() throws {
        var stage = try start()
        let day = stage.world.state.clock
        #expect(stage.panel?.day == day && stage.panel?.draw == nil)
        // Nobody speaks of a day that is not over, nor for a day that no panel waits for.
        #expect(try stage.speak(Self.holders[0], for: day) == .notAwaited)
        try stage.world.pass(days: 1)
        #expect(try stage.speak(Self.holders[0], for: day + World.day) == .notAwaited)
        let press = try #require(stage.world.state.rings.ring(stage.epoch, "press"))
        #expect(try stage.concur("press-1", ring: press) == .noPanel)
        for name in Self.holders { #expect(try stage.speak(name, for: day) == nil) }
        #expect(try stage.speak(Self.holders[0], for: day) == .notAwaited)
        let draw = try #require(stage.panel?.draw)
        #expect(draw.rule == .full && draw.ring.members.count == 20)
        try stage.world.pass(days: 4)
        #expect(stage.state == .pending)
        let members = try stage.members()
        #expect(members.count == 20)
        for name in members.prefix(4) { #expect(try stage.concur(name) == nil) }
        #expect(try stage.concur(members[0]) == .alreadyVouched)
        #expect(stage.state == .pending)
        // Who was not drawn has no seal that counts.
        let others = try #require(stage.world.state.rings.ring(stage.epoch, "press"))
        #expect(try stage.concur("press-1", ring: others) == .otherRing)
        #expect(try stage.concur(members[4]) == nil)
        #expect(stage.state == .attested)
        #expect(try stage.concur(members[5]) == .panelOver)
        #expect(stage.panel?.concurredOn == stage.world.state.clock)
    }

    /// What its members found moves the score, as the middle one says.
    @Test func theScoreReadsWhatThePanelFound() throws {
        var stage = try start()
        let day = stage.world.state.clock
        try stage.world.pass(days: 1)
        for name in Self.holders { try stage.speak(name, for: day) }
        try stage.world.pass(days: 4)
        func inputs() -> ScoreInputs {
            let state = stage.world.state
            return state.scoreInputs(
                of: stage.subject,
                account: stage.account,
                standing: stage.state ?? .registered,
                state.trackRecords(at: state.clock),
                at: state.clock
            )
        }
        for (name, count) in zip(try stage.members(), [100, 9, 7, 2]) {
            #expect(try stage.concur(name, soundCount: count) == nil)
        }
        #expect(inputs().soundCount == 0)
        let before = Score(inputs()).sum
        #expect(try stage.concur(try stage.members()[4], soundCount: 8) == nil)
        #expect(stage.state == .attested)
        #expect((inputs().soundCount, inputs().unsoundCount) == (8, 1))
        // ln(10/4) more.
        #expect(Score(inputs()).sum - before == 916_290)
    }

    @Test func aPanelIsFoundAgainWithoutItsSignatures() throws {
        var stage = try start()
        let day = stage.world.state.clock
        try stage.world.pass(days: 1)
        for name in Self.holders { try stage.speak(name, for: day) }
        try stage.world.pass(days: 4)
        let members = try stage.members()
        for name in members.prefix(5) { try stage.concur(name) }
        #expect(stage.state == .attested)
        let panel = try #require(stage.panel)
        let before = try stage.world.forget(stage.epoch)
        #expect(stage.world.seals.isEmpty)
        #expect(stage.world.histories == before)
        #expect(stage.panel?.draw?.seed == panel.draw?.seed)
        #expect(stage.panel?.concurredOn == panel.concurredOn)
        #expect(stage.world.state.refused == [])
    }

    @Test func aPanelThatDoesNotConcurCoolsTheSubjectDown() throws {
        var stage = try start()
        let day = stage.world.state.clock
        try stage.world.pass(days: 1)
        for name in Self.holders { try stage.speak(name, for: day) }
        let members = try stage.members()
        for name in members.prefix(4) { try stage.concur(name) }
        try stage.world.pass(days: 13)
        #expect(stage.state == .pending)
        try stage.world.pass(days: 1)
        #expect(stage.state == .controlled)
        #expect(try stage.concur(members[4]) == .panelOver)
        // One draw in an epoch: more vouches do not bring another.
        try stage.world.pass(days: 31)
        for name in ["press-7", "rights-8", "academia-9"] {
            #expect(try stage.world.sealedVouch(stage.subject, stage.account, name) == nil)
        }
        try stage.world.pass(days: 4)
        #expect(stage.panel?.day == day && stage.state != .attested)
    }

    @Test func silentHoldersAreLeftOutAndNamed() throws {
        var stage = try start()
        let day = stage.world.state.clock
        try stage.world.pass(days: 1)
        for name in Self.holders.prefix(2) { try stage.speak(name, for: day) }
        #expect(stage.panel?.draw == nil)
        try stage.world.pass(days: 2)
        #expect(stage.panel?.draw != nil)
        let silent = try RegistryID(World.function(Self.holders[2]).publicKey.bytes)
        #expect(stage.world.state.panels.rounds[day]?.silent == [silent])
        #expect(try stage.speak(Self.holders[2], for: day) == .notAwaited)
    }

    /// The operator puts what it can into another order: the panel is the same.
    @Test func orderInTheLogDoesNotMoveThePanel() throws {
        var seeds: Set<[UInt8]> = []
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            var stage = try start()
            let day = stage.world.state.clock
            try stage.world.pass(days: 1)
            for index in order { try stage.speak(Self.holders[index], for: day) }
            seeds.insert(try #require(stage.panel?.draw?.seed))
        }
        #expect(seeds.count == 1)
    }

    /// Taking a vouch back and giving another does not bring a second day.
    @Test func theDayIsThatOfTheFirstTime() throws {
        var stage = try start()
        let day = stage.world.state.clock
        try stage.world.pass(days: 1)
        try stage.world.sealedVouch(stage.subject, stage.account, "academia-4")
        #expect(stage.panel?.day == day)
    }

    @Test func holdersProveWhatTheySay() throws {
        var stage = try start()
        let day = stage.world.state.clock
        try stage.world.pass(days: 1)
        let key = try World.function(Self.holders[0])
        let input = PanelSeed.input(context: stage.world.state.context, day: day + 1)
        let statement = BeaconStatement(
            head: stage.world.head,
            day: day,
            holder: key.publicKey.bytes,
            proof: try key.prove(input).bytes
        )
        #expect(try stage.world.submit(statement, [Self.holders[0]]) == .wrongProof)
        let good = BeaconStatement(
            head: stage.world.head,
            day: day,
            holder: key.publicKey.bytes,
            proof: try key.prove(
                PanelSeed.input(context: stage.world.state.context, day: day)
            ).bytes
        )
        #expect(try stage.world.submit(good, [Self.holders[1]]) == .notSigned)
        #expect(try stage.world.submit(good, [Self.holders[0]]) == nil)
    }

    @Test func withFewVerifiersThereIsNoPanelAndNoBadge() throws {
        var stage = try start(perRing: 12)
        #expect(stage.panel != nil)
        var world = try World()
        try world.nameBeacons()
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        for name in ["press-1", "press-2", "rights-1"] { try world.vouch(subject, account, name) }
        let day = world.state.clock
        let epoch = RegistryEpoch(containing: day)
        stage = Stage(world: world, subject: subject, account: account, epoch: epoch)
        try stage.world.pass(days: 1)
        for name in Self.holders { try stage.speak(name, for: day) }
        try stage.world.pass(days: 5)
        #expect(stage.panel == nil && stage.state == .pending)
        // Nothing was drawn: the quarter is not lost. With enough of them there is a panel.
        try stage.world.foundRings()
        try stage.world.pass(days: 1)
        let second = stage.world.state.clock
        #expect(stage.panel?.day == second)
        try stage.world.pass(days: 1)
        for name in Self.holders { #expect(try stage.speak(name, for: second) == nil) }
        #expect(stage.panel?.draw?.rule == .bootstrap)
        for name in try stage.members().prefix(3) { #expect(try stage.concur(name) == nil) }
        #expect(stage.state == .attested)
    }

    /// Three that vouch before anybody has a ring key would leave the panel without a draw.
    @Test(arguments: [false, true]) func vouchesBeforeTheQuarterFixNoPanel(
        _ isNamed: Bool
    ) throws {
        var world = try World()
        try world.accreditAll(count: 12)
        if isNamed { #expect(try world.nameBeacons() == nil) }
        let epoch = RegistryEpoch(containing: world.state.clock).next
        try world.pass(days: (epoch.start - world.state.clock) / World.day - 20)
        let (subject, account) = try world.controlled()
        for name in ["press-1", "press-2", "rights-1"] {
            #expect(try world.vouch(subject, account, name, epoch: epoch) == nil)
        }
        var stage = Stage(world: world, subject: subject, account: account, epoch: epoch)
        try stage.world.pass(days: 19)
        let before = stage.world.state.clock
        #expect(stage.panel == nil && stage.state == .pending)
        try stage.world.pass(days: 1)
        #expect(stage.panel?.day == epoch.start && stage.panel?.isWaived == !isNamed)
        // What was said of a day stays.
        let then = stage.world.state.standing(of: subject, account: account, at: before)
        #expect(then?.state == .pending)
        guard isNamed else { return #expect(stage.state == .attested) }
        try stage.world.foundRings(count: 12)
        try stage.world.pass(days: 1)
        for name in Self.holders { try stage.speak(name, for: epoch.start) }
        #expect(stage.panel?.draw?.rule == .bootstrap)
    }

    @Test func chartersNameHoldersOfDifferentConstituencies() throws {
        func refusal(_ holders: [BeaconHolder]) throws -> Bool {
            (try? World.charter(number: 2, beacons: holders)) == nil
        }
        let good = try Self.holders.map(World.holder)
        #expect(try !refusal(good))
        #expect(try !refusal([]))
        #expect(try refusal(Array(good.prefix(2))))
        #expect(try refusal(Array(good.prefix(2)) + Array(good.prefix(1))))
        let stranger = BeaconHolder(
            constituency: "nobody",
            key: good[2].key,
            function: good[2].function
        )
        #expect(try refusal(Array(good.prefix(2)) + [stranger]))
    }

    /// A charter without holders says so in the panel's place, and keeps to it when holders come.
    @Test func aCharterWithoutHoldersWaivesThePanel() throws {
        var world = try World()
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        let epoch = RegistryEpoch(containing: world.state.clock)
        for name in ["press-1", "press-2", "rights-1"] { try world.vouch(subject, account, name) }
        #expect(world.state.panels[subject, epoch]?.isWaived == true)
        try world.pass(days: 3)
        #expect(world.standing(subject, account)?.state == .attested)
        #expect(try world.nameBeacons() == nil)
        try world.vouch(subject, account, "academia-1")
        #expect(world.standing(subject, account)?.state == .attested)
        let (other, second) = try world.controlled("eva")
        for name in ["press-1", "press-2", "rights-1"] { try world.vouch(other, second, name) }
        #expect(world.state.panels[other, epoch]?.isWaived == false)
        try world.pass(days: 3)
        #expect(world.standing(other, second)?.state == .pending)
    }

    /// Members looked at the accounts of the day, not at what comes afterwards.
    @Test func accountsShownLaterWaitForTheNextPanel() throws {
        var stage = try start()
        let day = stage.world.state.clock
        try stage.world.pass(days: 1)
        let later = try World.link("ana-later").commitment
        try stage.world.prove(stage.subject, "ana", later)
        for name in ["press-4", "academia-5", "rights-6"] {
            #expect(try stage.world.sealedVouch(stage.subject, later, name) == nil)
        }
        for name in Self.holders { try stage.speak(name, for: day) }
        for name in try stage.members().prefix(5) { #expect(try stage.concur(name) == nil) }
        try stage.world.pass(days: 4)
        #expect(stage.state == .attested)
        #expect(stage.world.standing(stage.subject, later)?.state == .pending)
    }
}
