// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import Statements
import Testing

/// What `decide-seals --delete` asks before it deletes: `docs/spec/registry.md`, section 4.2.
@Suite struct StateSamenessTests {
    private func start() throws -> (World, RegistryEpoch) {
        var world = try World()
        try world.foundRings()
        return (world, RegistryEpoch(containing: World.start))
    }

    @Test func afterADecisionEverythingIsTheSame() throws {
        var (world, epoch) = try start()
        let (subject, account) = try world.controlled()
        for name in ["press-3", "press-7", "rights-2"] {
            try world.sealedVouch(subject, account, name)
        }
        // Its signature is right, and it does not count: why not changes when it is gone.
        try world.sealedVouch(subject, account, "press-3", slot: 1)
        try world.act(.object, subject, "press-4")
        try world.pass(days: 250)
        let seats = Array(World.seats.prefix(4))
        #expect(try world.submit(world.decision(epoch), seats) == nil)
        let before = world.state
        world.drop(epoch)
        world.replay()
        #expect(world.state.saysTheSame(as: before))
        #expect(before.saysTheSame(as: before))
        try world.pass(days: 1)
        #expect(!world.state.saysTheSame(as: before))
    }

    /// One objection of two changes no account's history, yet the registry would forget it.
    @Test func whatNoHistoryShowsIsCompared() throws {
        var (world, _) = try start()
        let (subject, account) = try world.controlled()
        try world.sealedVouch(subject, account, "press-3")
        try world.act(.object, subject, "press-4")
        let before = world.state
        let histories = world.histories
        let object = try #require(world.log.last)
        let seal = try #require(RegistryEntry(index: 0, bytes: object).statement?.seal)
        world.seals[RegistryID(seal.signature)] = nil
        world.replay()
        #expect(world.histories == histories)
        #expect(!world.state.saysTheSame(as: before))
    }
}
