// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import Statements
import Testing

/// What a monitor tells of follows the limits of the charter.
@Suite struct CapBreachTests {
    private func world(_ limits: RegistryLimits = .standard) throws -> World {
        var world = try World(limits: limits)
        // 5 of 14 are 35.7 %.
        for (constituency, count) in zip(World.constituencies, [3, 3, 5, 3]) {
            for number in 1...count {
                #expect(try world.accredit("\(constituency)-\(number)", constituency) == nil)
            }
        }
        return world
    }

    @Test func sharesAreThoseOfTheCharter() throws {
        let usual = try world()
        #expect(usual.state.capBreaches(at: usual.state.clock) == [])
        var limits = RegistryLimits.standard
        limits[.seatPercent] = 35
        let seats = Array(World.seats.prefix(4))
        let charter = try World.charter(number: 2, seats: seats, limits: limits)
        var strict = usual
        #expect(try strict.submit(charter, World.roots) == nil)
        #expect(strict.state.capBreaches(at: strict.state.clock) == [])
        try strict.pass(days: Int64(RegistryLimits.standard[.charterDelayDays]))
        let breach = CapBreach.verifiers(constituency: "press", count: 5, of: 14)
        #expect(strict.state.capBreaches(at: strict.state.clock) == [breach])
    }

    @Test func growthIsThatOfTheCharter() throws {
        var limits = RegistryLimits.standard
        for (percent, isTold) in [(25, false), (10, true)] {
            limits[.growthPercent] = percent
            var world = try world(limits)
            try world.pass(days: 90)
            for number in 1...2 {
                let name = World.constituencies[number]
                #expect(try world.accredit("new-\(number)", name) == nil)
            }
            let breaches = world.state.capBreaches(at: world.state.clock)
            #expect(breaches == (isTold ? [.growth(count: 2, of: 14)] : []))
        }
    }
}
