// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Statements
import Switch
import Testing

/// Random lives of a switch: what must never happen does not, whatever the order of events.
@Suite struct SwitchPropertyTests {
    /// SplitMix64: small, seeded, good enough to shuffle lives.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
            return z ^ z >> 31
        }
    }

    /// A life in which only `liars` of the trustees ever say anything but *alive*.
    private func life(liars: Int, _ random: inout Generator) throws -> History {
        var history = try #require(History(.field, n: 5, k: 3))
        var hours = 0.0
        for _ in 0..<60 {
            hours += Double.random(in: 0...20, using: &random)
            let liar = Int.random(in: 1...liars, using: &random)
            switch Int.random(in: 0..<9, using: &random) {
            case 0: history.checkIn(hours, signed: hours - Double.random(in: 0...9, using: &random))
            case 1: history.answer(hours, [liar], .dead, evidence: true)
            case 2: history.answer(hours, [liar], .taken)
            case 3: history.answer(hours, [liar], .unknown)
            case 4: history.answer(hours, [Int.random(in: 1...5, using: &random)], .alive)
            case 5: history.intend(hours, [liar])
            case 6: history.publish(hours, [liar])
            case 7: history.hold(hours, until: hours + 50)
            default: history.add(hours, .consent(TrusteeNumber(liar), request: [1]))
            }
        }
        return history
    }

    @Test func fewerThanKLiarsNeverGetPastSuspect() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = Generator(state: seed)
        for _ in 0..<300 {
            let history = try life(liars: 2, &random)
            let end = try #require(history.events.last?.time)
            let machine = SwitchMachine(of: history.events, asOf: end + 400 * 3600)
            let entered = Set(machine.steps.map(\.to))
            #expect(entered.isDisjoint(with: [.pending, .releasing, .released]))
        }
    }

    @Test func theStateAtAMomentDoesNotDependOnWhatCameLater() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = Generator(state: seed)
        for _ in 0..<100 {
            let history = try life(liars: 5, &random)
            let now = History.time(Double.random(in: 0...700, using: &random))
            let known = history.events.filter { $0.time <= now }
            let left = SwitchMachine(of: history.events, asOf: now)
            let right = SwitchMachine(of: known, asOf: now)
            #expect(left == right)
            // Asking in between changes nothing either: steps up to now are the first steps later.
            let later = SwitchMachine(of: known, asOf: now + 100 * 3600)
            #expect(Array(later.steps.prefix(left.steps.count)) == left.steps)
        }
    }

    @Test func nothingIsReleasedWithinTheFloorUnlessKPlusOneSaidDead() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = Generator(state: seed)
        for _ in 0..<300 {
            var history = try life(liars: 4, &random)
            let last = try #require(history.events.last?.time)
            history.checkIn(Double(last - History.start) / 3600 + 1)
            let end = last + 3600
            let machine = SwitchMachine(of: history.events, asOf: end)
            guard machine.state == .armed, machine.facts?.cycleStart == end else { continue }
            let soon = SwitchMachine(of: history.events, asOf: end + 72 * 3600 - 1)
            #expect(soon.state != .releasing && soon.state != .released)
        }
    }
}
