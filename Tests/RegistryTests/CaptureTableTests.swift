// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import Statements
import Testing

/// How often captured verifiers get an impostor attested: the table of `docs/spec/sortition.md`,
/// section 6, found again with the product's own draw and thresholds.
@Suite struct CaptureTableTests {
    private static let ringCount = 4
    private static let ringSize = 16
    private static let poolCount = ringCount * ringSize
    /// Vouches that a verifier can make in an epoch.
    private static let quota = 4
    private static let worldCount = 20_000

    /// One row: a rule, and what is published for captures of 2, 5 and 10 in a hundred.
    private struct Row {
        let vouches: RegistryQuorum
        let panel: PanelRule?
        let once: [Double]
        let epoch: [Double]
    }

    private static let attested = RegistryRules.standard.attested
    private static let rows = [
        Row(
            vouches: attested,
            panel: nil,
            once: [0.131, 0.612, 0.956],
            epoch: [0.131, 0.612, 0.956]
        ),
        Row(
            vouches: RegistryRules.standard.strong,
            panel: nil,
            once: [0.008, 0.193, 0.737],
            epoch: [0.008, 0.193, 0.737]
        ),
        Row(
            vouches: attested,
            panel: .bootstrap,
            once: [0.0015, 0.019, 0.11],
            epoch: [0.0072, 0.10, 0.51]
        ),
        Row(
            vouches: attested,
            panel: PanelRule(size: 16, threshold: 4),
            once: [0.0002, 0.0070, 0.068],
            epoch: [0.0014, 0.045, 0.36]
        ),
        Row(
            vouches: attested,
            panel: .full,
            once: [0.00004, 0.0026, 0.043],
            epoch: [0.0003, 0.019, 0.26]
        ),
        Row(
            vouches: attested,
            panel: PanelRule(size: 24, threshold: 6),
            once: [0.00001, 0.0010, 0.028],
            epoch: [0.0001, 0.0080, 0.18]
        ),
    ]

    /// Verifiers of one world that an attacker has.
    private struct Captured {
        /// The constituency of each.
        let constituencies: [String]
        let isCaptured: [Bool]

        init(share: Double, _ generator: inout SplitMix) {
            isCaptured = (0..<poolCount).map { _ in
                Double.random(in: 0..<1, using: &generator) < share
            }
            constituencies = (0..<poolCount).filter { [isCaptured] in isCaptured[$0] }
                .map { String($0 / ringSize) }
        }

        /// Fresh accounts that they can vouch for until their quota is used up.
        func attemptCount(_ vouches: RegistryQuorum) -> Int {
            guard vouches.isMet(by: constituencies) else { return 0 }
            return quota * constituencies.count / vouches.count
        }
    }

    @Test func captureIsAsRareAsPublished() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("capture table: seed \(seed), \(Self.worldCount) worlds a column")
        var generator = SplitMix(state: seed)
        for (column, share) in [0.02, 0.05, 0.1].enumerated() {
            var once = [Int](repeating: 0, count: Self.rows.count)
            var epoch = once
            for _ in 0..<Self.worldCount {
                let captured = Captured(share: share, &generator)
                let draws = Self.draws(captured, &generator)
                for (index, row) in Self.rows.enumerated() {
                    let attempts = captured.attemptCount(row.vouches)
                    guard attempts > 0 else { continue }
                    let successes = (0..<attempts).map { attempt in
                        guard let panel = row.panel else { return true }
                        let members = draws[attempt].prefix(panel.size)
                        return panel.isMet(by: members.count { captured.isCaptured[$0] })
                    }
                    if successes[0] { once[index] += 1 }
                    if successes.contains(true) { epoch[index] += 1 }
                }
            }
            for (index, row) in Self.rows.enumerated() {
                Self.expect(once[index], row.once[column], "once", index, share, seed)
                Self.expect(epoch[index], row.epoch[column], "epoch", index, share, seed)
            }
        }
    }

    /// Panels of fresh accounts; those of smaller panels are the beginnings of larger ones.
    private static func draws(_ captured: Captured, _ generator: inout SplitMix) -> [[Int]] {
        let largest = rows.compactMap(\.panel?.size).max() ?? 0
        return (0..<captured.attemptCount(attested)).map { _ in
            let subject = generator.bytes(32)
            let seed = PanelSeed.seed(
                context: [UInt8](repeating: 0, count: 32),
                subject: RegistryID(subject),
                epochName: "2026Q4",
                day: World.start,
                outputs: [(key: subject, output: subject)]
            )
            return Sortition.draw(largest, of: poolCount, seed: seed)
        }
    }

    /// Within 4.5 standard deviations and half of the last digit that is published.
    private static func expect(
        _ count: Int,
        _ published: Double,
        _ what: String,
        _ row: Int,
        _ share: Double,
        _ seed: UInt64
    ) {
        let share = "\(Int(share * 100)) %"
        let found = Double(count) / Double(worldCount)
        let deviation = (published * (1 - published) / Double(worldCount)).squareRoot()
        let rounding = max(published * 0.05, 0.00005)
        let tolerance = 4.5 * deviation + rounding + 2 / Double(worldCount)
        print("capture \(share), rule \(row), \(what): \(found), published \(published)")
        #expect(
            abs(found - published) <= tolerance,
            "row \(row), \(what), \(share), seed \(seed): \(found), published \(published)"
        )
    }

    @Test func honestPanelsAnswerAsOftenAsPublished() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("liveness: seed \(seed)")
        var generator = SplitMix(state: seed)
        let published: [(PanelRule, often: Double, seldom: Double)] = [
            (.bootstrap, 0.997, 0.917), (PanelRule(size: 16, threshold: 4), 0.999, 0.935),
            (.full, 0.9997, 0.949), (PanelRule(size: 24, threshold: 6), 0.9999, 0.960),
        ]
        for (rule, often, seldom) in published {
            for (response, expected) in [(0.6, often), (0.4, seldom)] {
                let count = (0..<Self.worldCount).count { _ in
                    rule.isMet(
                        by: (0..<rule.size).count { _ in
                            Double.random(in: 0..<1, using: &generator) < response
                        }
                    )
                }
                let found = Double(count) / Double(Self.worldCount)
                let deviation = (expected * (1 - expected) / Double(Self.worldCount)).squareRoot()
                #expect(abs(found - expected) <= 4.5 * deviation + 0.0006, "seed \(seed)")
            }
        }
    }
}
