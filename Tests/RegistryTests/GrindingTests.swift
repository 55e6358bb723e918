// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import Sodium
import Testing
import Vrf

/// A submitter, an operator and beacon holders try to get a panel that suits them.
///
/// Each strategy knows all that its players could know at the moment of the choice; a panel suits
/// them when enough of its members are theirs. The rate must be that of blind luck, but for the one
/// bit of each holder who decides last whether to speak.
@Suite struct GrindingTests {
    private static let context = [UInt8](repeating: 3, count: 32)
    private static let poolCount = 64
    /// Members 0..<capturedCount are the attacker's.
    private static let capturedCount = 15
    private static let trialCount = 400
    private static let daySeconds: Int64 = 86_400

    /// The real functions of the holders' keys, each output computed once.
    private struct Beacon {
        let keys: [[UInt8]]
        private var known: [[UInt8]: [UInt8]] = [:]
        private let seeds: [[UInt8]]

        init(holders: Int, _ generator: inout SplitMix) throws {
            seeds = (0..<holders).map { _ in generator.bytes(32) }
            keys = try seeds.map { seed in
                try VrfKey(seed: SecretBytes(copying: seed)).publicKey.bytes
            }
        }

        mutating func output(_ holder: Int, _ day: Int64) throws -> [UInt8] {
            let input = PanelSeed.input(context: GrindingTests.context, day: day)
            if let output = known[[UInt8(holder)] + input] { return output }
            let key = try VrfKey(seed: SecretBytes(copying: seeds[holder]))
            let output = try key.prove(input).verify(key: key.publicKey, input: input)
            known[[UInt8(holder)] + input] = output
            return output
        }
    }

    private static func suits(_ subject: [UInt8], _ day: Int64, _ outputs: [Output]) -> Bool {
        count(subject, day, outputs) >= PanelRule.full.threshold
    }

    private typealias Output = (key: [UInt8], output: [UInt8])

    /// How many members of a panel are the attacker's.
    private static func count(_ subject: [UInt8], _ day: Int64, _ outputs: [Output]) -> Int {
        let seed = PanelSeed.seed(
            context: context,
            subject: RegistryID(subject),
            epochName: "2026Q4",
            day: day,
            outputs: outputs
        )
        let panel = Sortition.draw(PanelRule.full.size, of: poolCount, seed: seed)
        return panel.count { $0 < capturedCount }
    }

    /// The chance of a panel with enough of the attacker's, exactly.
    private static var luck: Double {
        func choose(_ all: Int, _ some: Int) -> Double {
            guard (0...all).contains(some) else { return 0 }
            return (0..<some).reduce(1.0) { $0 * Double(all - $1) / Double($1 + 1) }
        }
        let size = PanelRule.full.size
        let good = (PanelRule.full.threshold...size).reduce(0.0) { sum, captured in
            sum + choose(capturedCount, captured)
                * choose(poolCount - capturedCount, size - captured)
        }
        return good / choose(poolCount, size)
    }

    private static func expect(
        _ successes: Int,
        _ rate: Double,
        _ what: String,
        _ seed: UInt64
    ) {
        let found = Double(successes) / Double(trialCount)
        let deviation = (rate * (1 - rate) / Double(trialCount)).squareRoot()
        print("grinding, \(what): \(found), expected \(rate), seed \(seed)")
        #expect(abs(found - rate) <= 4.5 * deviation, "\(what): \(found), \(rate), seed \(seed)")
    }

    /// The submitter knows one holder's outputs for all days to come, and looks for the day and
    /// the id of which the best panel would come if that holder were alone.
    @Test func choosingDatesAndSubjectsBeforehandGainsNothing() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SplitMix(state: seed)
        var beacon = try Beacon(holders: 3, &generator)
        var successes = 0
        for trial in 0..<Self.trialCount {
            let days = (0..<3).map { Int64(3 * trial + $0 + 1) * Self.daySeconds }
            let subjects = (0..<12).map { _ in generator.bytes(32) }
            var best: (count: Int, subject: [UInt8], day: Int64) = (-1, [], 0)
            for day in days {
                let own = (beacon.keys[0], try beacon.output(0, day))
                for subject in subjects {
                    let count = Self.count(subject, day, [own])
                    if count > best.count { best = (count, subject, day) }
                }
            }
            var outputs: [Output] = []
            for holder in 0..<3 {
                outputs.append((beacon.keys[holder], try beacon.output(holder, best.day)))
            }
            if Self.suits(best.subject, best.day, outputs) { successes += 1 }
        }
        Self.expect(successes, Self.luck, "dates and subjects chosen", seed)
    }

    /// Submitter or operator hold the last vouch back until a day went by of which the panel would
    /// have suited them: days tell nothing about each other.
    @Test func holdingTheLastVouchBackGainsNothing() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SplitMix(state: seed)
        var beacon = try Beacon(holders: 3, &generator)
        var successes = 0
        var day = Self.daySeconds
        for _ in 0..<Self.trialCount {
            let subject = generator.bytes(32)
            func outputs(_ day: Int64) throws -> [Output] {
                try (0..<3).map { (beacon.keys[$0], try beacon.output($0, day)) }
            }
            while try !Self.suits(subject, day, outputs(day)) { day += Self.daySeconds }
            day += Self.daySeconds
            if try Self.suits(subject, day, outputs(day)) { successes += 1 }
        }
        Self.expect(successes, Self.luck, "vouches held back", seed)
    }

    /// Holders who see all others may still be silent: two panels to choose from, or four.
    @Test func eachSilentHolderGainsOneBit() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SplitMix(state: seed)
        var beacon = try Beacon(holders: 4, &generator)
        for silentCount in 0...2 {
            var successes = 0
            for trial in 0..<Self.trialCount {
                let day = Int64(trial + 1) * Self.daySeconds
                let subject = generator.bytes(32)
                let all: [Output] = try (0..<4).map {
                    (beacon.keys[$0], try beacon.output($0, day))
                }
                let isFound = (0..<(1 << silentCount)).contains { choice in
                    let spoken = all.indices.filter { choice >> $0 & 1 == 0 }.map { all[$0] }
                    return Self.suits(subject, day, spoken)
                }
                if isFound { successes += 1 }
            }
            var miss = 1.0
            for _ in 0..<(1 << silentCount) { miss *= 1 - Self.luck }
            Self.expect(successes, 1 - miss, "\(silentCount) may be silent", seed)
        }
    }

    /// The order in which outputs were logged does not show in the panel.
    @Test func orderInTheLogChangesNothing() throws {
        var generator = SplitMix(state: 5)
        let subject = RegistryID(generator.bytes(32))
        let outputs: [Output] = (0..<4).map { _ in (generator.bytes(32), generator.bytes(64)) }
        let seeds = (0..<20).map { _ in
            PanelSeed.seed(
                context: Self.context,
                subject: subject,
                epochName: "2026Q4",
                day: 0,
                outputs: outputs.shuffled(using: &generator)
            )
        }
        #expect(Set(seeds).count == 1)
    }
}
