// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import Testing

@Suite struct BeaconRoundTests {
    private static let day: Int64 = 86_400
    private let holders = (0..<3).map { RegistryID([UInt8](repeating: $0, count: 32)) }
    private let output = [UInt8](repeating: 1, count: 64)

    @Test func nobodySpeaksBeforeTheDayIsOver() {
        var round = BeaconRound(day: Self.day, holders: holders)
        round.advance(to: Self.day)
        let took1 = round.take(output, of: holders[0], on: Self.day)
        #expect(!took1)
        round.advance(to: 2 * Self.day)
        let took2 = round.take(output, of: holders[0], on: 2 * Self.day)
        #expect(took2)
        #expect(round.settledOn == nil)
    }

    @Test func theRoundIsSettledWhenAllHaveSpoken() {
        var round = BeaconRound(day: Self.day, holders: holders)
        round.advance(to: 2 * Self.day)
        for holder in holders {
            #expect(round.settledOn == nil)
            let took3 = round.take(output, of: holder, on: 2 * Self.day)
            #expect(took3)
            let took4 = round.take(output, of: holder, on: 2 * Self.day)
            #expect(!took4)
        }
        #expect(round.settledOn == 2 * Self.day && round.silent.isEmpty)
    }

    @Test func whoIsSilentForTwoDaysIsLeftOutAndNamed() {
        var round = BeaconRound(day: Self.day, holders: holders)
        round.advance(to: 2 * Self.day)
        let took5 = round.take(output, of: holders[0], on: 2 * Self.day)
        #expect(took5)
        round.advance(to: 3 * Self.day)
        let took6 = round.take(output, of: holders[2], on: 3 * Self.day)
        #expect(took6)
        #expect(round.settledOn == nil && round.silent.isEmpty)
        round.advance(to: 4 * Self.day)
        #expect(round.settledOn == 4 * Self.day && round.silent == [holders[1]])
        let took7 = round.take(output, of: holders[1], on: 4 * Self.day)
        #expect(!took7)
        #expect(round.outputs.count == 2)
    }

    /// An operator who skips days does not shorten the time to speak.
    @Test func theTimeToSpeakBeginsWhenTheLogMovesOn() {
        var round = BeaconRound(day: Self.day, holders: holders)
        round.advance(to: 40 * Self.day)
        for holder in holders.prefix(2) {
            let took8 = round.take(output, of: holder, on: 40 * Self.day)
            #expect(took8)
        }
        #expect(round.settledOn == nil)
        round.advance(to: 41 * Self.day)
        #expect(round.settledOn == nil)
        round.advance(to: 42 * Self.day)
        #expect(round.settledOn == 42 * Self.day)
    }

    @Test func oneHolderAloneNeverDecides() {
        var round = BeaconRound(day: Self.day, holders: holders)
        round.advance(to: 2 * Self.day)
        let took9 = round.take(output, of: holders[0], on: 2 * Self.day)
        #expect(took9)
        round.advance(to: 90 * Self.day)
        #expect(round.settledOn == nil)
        let stranger = RegistryID([UInt8](repeating: 9, count: 32))
        let took10 = round.take(output, of: stranger, on: 90 * Self.day)
        #expect(!took10)
        let took11 = round.take(output, of: holders[1], on: 90 * Self.day)
        #expect(took11)
        #expect(round.settledOn == 90 * Self.day)
    }
}
