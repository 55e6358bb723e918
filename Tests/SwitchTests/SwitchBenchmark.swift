// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Escrow
import Foundation
import Sodium
import Statements
import Switch
import Testing

/// Measures for `Tests/Benchmarks/switch/run`; nothing is asserted about time.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["RESGUARDO_BENCHMARK_SWITCH"] != nil))
struct SwitchBenchmark {
    private static let checkInCount = 10_000

    @Test func dealsAndVerifies() throws {
        for (n, k) in [(7, 4), (20, 11)] {
            let context = try Self.context(n, k)
            try report("deal \(n)/\(k), goal 8 ms for 7/4", 41) {
                _ = try Dealer.deal(in: context)
            }
            let dealing = try Dealer.deal(in: context).dealing.dealing
            try report("verify \(n)/\(k), goal 8 ms for 7/4, 30 ms for 20/11", 41) {
                _ = try dealing.verified(in: context)
            }
        }
    }

    @Test func folds() throws {
        let terms = try #require(SwitchTerms(profile: .field, trusteeCount: 7, threshold: 4))
        let interval: Int64 = 20 * 3600
        var events = [
            SwitchEvent(leaf: 0, time: 0, kind: .arming(terms, digest: [], signed: 0))
        ]
        for number in 1...Self.checkInCount {
            let time = Int64(number) * interval
            let kind = SwitchEvent.Kind.checkIn(time: time, checkpoint: [], mark: .unread)
            events.append(SwitchEvent(leaf: UInt64(number), time: time, kind: kind))
        }
        let end = Int64(Self.checkInCount) * interval
        var machine = SwitchMachine()
        report("fold 10 000 verified check-ins, goal 50 ms", 21) {
            machine = SwitchMachine(of: events, asOf: end)
        }
        #expect(machine.state == .armed)
    }

    private static func context(_ n: Int, _ k: Int) throws -> EscrowContext {
        let scope = try EscrowScope(
            origins: ["a.example/switch", "b.example/switch"],
            switchID: randomBytes(32),
            ownerKey: Ed25519.SecretKey().publicKey.bytes,
            epoch: 1
        )
        return try EscrowContext(
            scope: scope,
            threshold: k,
            trustees: (0..<n).map { _ in TrusteeSecret().enrolment(in: scope) }
        )
    }

    /// Prints the median wall time, and how far the fastest and the slowest are from it.
    private func report(_ name: String, _ rounds: Int, _ body: () throws -> Void) rethrows {
        try body()
        var times: [Duration] = []
        for _ in 0..<rounds {
            let start = ContinuousClock.now
            try body()
            times.append(ContinuousClock.now - start)
        }
        times.sort()
        let milliseconds = [times[rounds / 2], times[0], times[rounds - 1]].map {
            String(format: "%.2f", $0 / .milliseconds(1))
        }
        print(
            "| \(name) | \(milliseconds[0]) ms | \(milliseconds[1])–\(milliseconds[2]) ms |"
        )
    }
}
