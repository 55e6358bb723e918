// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Switch
import Testing
import TransparencyLog

/// How long logs were down, by clocks that differ and by some that lie.
@Suite struct OutageTests {
    private static let hour: Int64 = 3600
    private static let day = 24 * hour
    private static let start = 20_000 * day
    private static let witnessCount = 5

    /// Five witnesses' clocks: each honest one off by a day at most, always alike.
    private struct Clocks {
        let skews: [Int64]
        let liars: Int
        /// How many of the others do not sign now and then: with the liars a minority.
        let absentees: Int

        init(_ random: inout SimulationRandom) {
            skews = (0..<witnessCount).map { _ in Int64.random(in: -day...day, using: &random) }
            liars = Int.random(in: 0...witnessCount / 2, using: &random)
            absentees = witnessCount / 2 - liars
        }

        func sighting(_ time: Int64, _ random: inout SimulationRandom) -> Sighting? {
            var times = skews.map { time + $0 as Int64? }
            for liar in 0..<liars {
                times[liar] = time + Int64.random(in: -400 * day...400 * day, using: &random)
            }
            for absentee in 0..<absentees where Bool.random(using: &random) {
                times[liars + absentee] = nil
            }
            return Sighting(times)
        }
    }

    private func outages(_ sightings: [[Sighting]]) throws -> [Outage] {
        let logs = try ["a.example/s", "b.example/s"].map {
            NoteSigner(name: try KeyName($0), key: Ed25519.SecretKey())
        }
        let lines =
            try logs.map { "log \($0.verifier.encoded)" }
            + (0..<Self.witnessCount).map { index in
                let name = try KeyName("w\(index).example")
                let witness = Cosigner(name: name, key: Ed25519.SecretKey())
                return "witness w\(index) \(witness.verifier.encoded)"
            } + ["group most 3 w0 w1 w2 w3 w4", "quorum most", ""]
        let policy = try LogPolicy(parsing: Array(lines.joined(separator: "\n").utf8))
        let presence = zip(policy.origins, sightings)
        return WitnessedLog(
            texts: [],
            SwitchCapability(),
            checkpoints: [],
            presence: Dictionary(presence, uniquingKeysWith: { first, _ in first }),
            policy: policy
        ).outages
    }

    @Test func eachOutageIsAsLongAsItWas() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SimulationRandom(seed: seed)
        for _ in 0..<300 {
            let clocks = Clocks(&random)
            var sightings: [[Sighting]] = [[], []]
            var time = Self.start
            var down: [ClosedRange<Int64>] = []
            for _ in 0..<Int.random(in: 2...5, using: &random) {
                // Both logs by turns, an hour apart; they end and begin with a heartbeat.
                for beat in 0..<Int.random(in: 1...60, using: &random) {
                    time += beat == 0 ? 0 : Self.hour
                    let log = Int.random(in: 0...1, using: &random)
                    let sighting = clocks.sighting(time, &random)
                    sightings[log].append(try #require(sighting))
                }
                let length = Int64.random(in: 2 * Self.hour + 1...9 * Self.day, using: &random)
                down.append(time...time + length)
                time += length
            }
            sightings[0].append(try #require(clocks.sighting(time, &random)))
            let found = try outages(sightings.map { $0.shuffled(using: &random) })
            try #require(found.count == down.count)
            for (outage, real) in zip(found, down) {
                #expect(outage.seconds >= real.upperBound - real.lowerBound)
                // Its ends are some honest clock's; so it can only look longer by their spread.
                #expect(abs(outage.since - real.lowerBound) <= Self.day)
                let isLonger = outage.until - outage.since > real.upperBound - real.lowerBound
                #expect(isLonger || outage.seconds == real.upperBound - real.lowerBound)
            }
        }
    }

    // A node may put cosignatures of several days on one checkpoint, while nothing is appended.
    @Test func aCheckpointOfSeveralDaysFillsNoOutage() throws {
        func hours(_ range: ClosedRange<Int64>) -> [Sighting] {
            range.compactMap { hour in
                Sighting([Int64?](repeating: Self.start + hour * Self.hour, count: 5))
            }
        }
        let honest = hours(-2400...0) + hours(240...241) + hours(300...320)
        let (old, older) = (Self.start - 385 * Self.day, Self.start - 400 * Self.day)
        let mixed = try #require(Sighting([older, older, old, old, old]))
        let three = (-16 * 24...0).compactMap { hour -> Sighting? in
            let time = Self.start + Int64(hour) * Self.hour
            return Sighting([time, time, time, nil, nil])
        }
        let real = try outages([honest, []])
        #expect(real.map { $0.seconds / Self.hour } == [240, 59])
        // What is left before them is when the second log was seen first.
        let found = try outages([honest, [mixed] + three])
        #expect(Array(found.suffix(2)) == real)
    }

    @Test func workingLogsHaveNone() throws {
        var random = SimulationRandom(seed: 7)
        let clocks = Clocks(&random)
        let beats = (0..<500).compactMap { clocks.sighting(Self.start + $0 * Self.hour, &random) }
        #expect(beats.count == 500)
        #expect(try outages([beats, []]) == [])
    }

    // Nobody who signed both says how long it was: then witnessed times have to do.
    @Test func withoutWitnessesInCommonWitnessedTimesAreCompared() throws {
        let before = try #require(Sighting([10, 20, 30, nil, nil]))
        let after = try #require(Sighting([nil, nil, 90_000, 90_010, 90_020]))
        #expect(before.time == 30 && after.time == 90_020)
        #expect(SightingClock(from: before).seconds(to: after) == 89_990)
        #expect(
            try outages([[before], [after]]) == [Outage(since: 30, until: 90_020)]
        )
        #expect(Sighting([1, 2, nil, nil, nil]) == nil)
    }

    @Test func clocksFromTheEndOfTimeDoNoHarm() throws {
        let last = Int64.max
        let edges = [[0, 0, 0, 0, 0], [0, 0, last, last, last], [last, last, last, last, last]]
        let sightings = edges.compactMap { Sighting($0) }
        #expect(sightings.map(\.time) == [0, last, last])
        #expect(try outages([sightings, []]) == [Outage(since: 0, until: last)])
    }
}
