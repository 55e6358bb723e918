// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import Statements
import Testing

/// Voices on new verifiers, and suspensions of verifiers.
@Suite struct NominationTests {
    private func start() throws -> World {
        var world = try World()
        try world.accreditAll()
        let charter = try World.charter(
            number: 2,
            nominateQuorum: RegistryQuorum(count: 2, constituencies: 2)
        )
        #expect(try world.submit(charter, World.roots) == nil)
        try world.pass(days: Int64(charter.limits[.charterDelayDays]))
        return world
    }

    private func voice(
        _ world: World,
        _ voice: NominateStatement.Voice,
        _ constituency: String = "press"
    ) throws -> NominateStatement {
        NominateStatement(
            head: world.head,
            key: try World.publicKey("new"),
            constituency: constituency,
            voice: voice
        )
    }

    @Test func aNewVerifierIsNominatedByTwoOfTwoConstituencies() throws {
        let cases: [([String], Refusal?)] = [
            ([], .notNominated), (["press-1"], .notNominated),
            (["press-1", "press-2"], .notNominated), (["press-1", "rights-1"], nil),
        ]
        for (nominators, refusal) in cases {
            var world = try start()
            for name in nominators {
                #expect(try world.submit(voice(world, .for), [name]) == nil)
            }
            #expect(try world.accredit("new", "press") == refusal, "\(nominators)")
        }
    }

    @Test func nominationsAreOfVerifiersAndDoNotLast() throws {
        var world = try start()
        #expect(try world.submit(voice(world, .for), ["stranger"]) == .unknownVerifier)
        #expect(try world.submit(voice(world, .for, "nobody"), ["press-1"]) == .unknownConstituency)
        #expect(try world.submit(voice(world, .for), ["press-1", "rights-1"]) == nil)
        try world.pass(days: Candidacy.days)
        #expect(try world.accredit("new", "press") == .notNominated)
        // Who is accredited needs no word to stay.
        #expect(try world.accredit("press-1", "press") == nil)
    }

    @Test func oneConstituencyCanStandAgainstIt() throws {
        var world = try start()
        #expect(try world.submit(voice(world, .for), ["press-1", "rights-1"]) == nil)
        #expect(try world.submit(voice(world, .against), ["press-1"]) == .notSigned)
        // One of two seats of its constituency is not all of them.
        #expect(try world.submit(voice(world, .against), ["seat-more-press"]) == nil)
        var opposed = world
        #expect(try opposed.submit(voice(opposed, .against), ["seat-rights"]) == nil)
        #expect(try opposed.accredit("new", "press") == .opposed)
        #expect(try world.accredit("new", "press") == nil)
        // Who is there does not depend on the word of one seat to stay.
        #expect(try world.submit(voice(world, .against), ["seat-rights"]) == nil)
        try world.pass(days: 1)
        #expect(try world.accredit("new", "press") == nil)
    }

    /// Two of four seats are no majority: the other two could be of another mind.
    @Test func halfOfTheCouncilIsNotEnoughToInterruptAVerifier() throws {
        var world = try World()
        try world.accreditAll()
        let charter = try World.charter(number: 2, seats: Array(World.seats.prefix(4)))
        #expect(try world.submit(charter, World.roots) == nil)
        try world.pass(days: Int64(charter.limits[.charterDelayDays]))
        let statement = SuspendVerifierStatement(
            head: world.head,
            verifier: try World.keyID("press-1").bytes,
            until: world.state.clock + World.day,
            reason: .verifierFraud
        )
        #expect(try world.submit(statement, Array(World.seats.prefix(2))) == .noQuorum)
        #expect(try world.submit(statement, Array(World.seats.prefix(3))) == nil)
    }

    @Test func mostOfTheCouncilInterruptsAVerifierOnceAQuarter() throws {
        var world = try start()
        let (subject, account) = try world.controlled()
        #expect(try world.vouch(subject, account, "press-1") == nil)
        func statement(_ name: String, days: Int64) throws -> SuspendVerifierStatement {
            SuspendVerifierStatement(
                head: world.head,
                verifier: try World.keyID(name).bytes,
                until: world.state.clock + days * World.day,
                reason: .verifierFraud
            )
        }
        let three = Array(World.seats.prefix(3))
        let cases: [(String, Int64, [String], Refusal?)] = [
            ("stranger", 30, three, .unknownVerifier),
            ("press-1", 30, Array(three.prefix(2)), .noQuorum),
            ("press-1", 31, three, .tooLong), ("press-1", 30, three, nil),
            ("press-1", 30, three, .repeated), ("press-1", 29, three, .repeated),
        ]
        for (name, days, seats, refusal) in cases {
            #expect(try world.submit(statement(name, days: days), seats) == refusal)
        }
        let (other, second) = try world.controlled("eva")
        #expect(world.state.subjects[other]?.accounts == [])
        #expect(try world.vouch(other, second, "press-1") == .uncontrolledAccount)
        #expect(try world.vouch(subject, account, "press-1") == .unknownVerifier)
        // What it said before stands.
        let counting = world.state.vouches(
            for: subject,
            account: account,
            at: world.state.clock
        )
        #expect(counting.count == 1)
        try world.pass(days: 30)
        #expect(try world.prove(other, "eva", second) == nil)
        #expect(try world.vouch(other, second, "press-1") == nil)
        #expect(try world.submit(statement("press-1", days: 1), three) == .repeated)
        let next = RegistryEpoch(containing: world.state.clock).end
        try world.pass(days: (next - world.state.clock) / World.day)
        #expect(try world.submit(statement("press-1", days: 1), three) == nil)
    }
}
