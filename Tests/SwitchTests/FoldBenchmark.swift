// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Statements
import Switch
import Testing

/// Prints how long it takes to fold a switch of 10 000 check-ins; judges nothing.
@Suite struct FoldBenchmark {
    private static let isLong = ProcessInfo.processInfo.environment["RESGUARDO_LONG_TESTS"] != nil

    @Test(.enabled(if: isLong)) func tenThousandCheckIns() throws {
        let terms = try #require(SwitchTerms(profile: .field, trusteeCount: 7, threshold: 4))
        let interval: Int64 = 20 * 3600
        let arming = SwitchEvent.Kind.arming(terms, digest: [], signed: 0)
        var events = [SwitchEvent(leaf: 0, time: 0, kind: arming)]
        for number in 1...10_000 {
            let time = Int64(number) * interval
            let kind = SwitchEvent.Kind.checkIn(time: time, checkpoint: [], mark: .unread)
            events.append(SwitchEvent(leaf: UInt64(number), time: time, kind: kind))
        }
        let end = 10_000 * interval
        for _ in 0..<5 {
            let clock = ContinuousClock()
            var machine = SwitchMachine()
            let duration = clock.measure { machine = SwitchMachine(of: events, asOf: end) }
            #expect(machine.state == .armed)
            print("10 000 check-ins folded in \(duration)")
        }
    }
}
