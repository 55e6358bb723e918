// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Registry
import SecondReader
import Testing

/// Random registries, signed for real, decided here and by `scripts/verify/registry_fold.py`, which
/// shares no code with us.
@Suite struct SecondFoldTests {
    private static let isLong = ProcessInfo.processInfo.environment["RESGUARDO_LONG_TESTS"] != nil
    private static let historyCount = isLong ? 200 : 10
    private static let stepCount = 260

    @Test(arguments: 0..<2) func bothDecideAlike(_ part: Int) throws {
        let first = UInt64.random(in: 0...UInt64.max / 2)
        print("registries from seed \(first)")
        var histories: [JSONValue] = []
        var seen: Set<Substring> = []
        var words: Set<Substring> = []
        var (drawn, decided, contested, panels) = (0, 0, 0, 0)
        for seed in first..<first + UInt64(Self.historyCount / 2) {
            var registry = try RandomRegistry(seed: seed)
            try registry.live(steps: Self.stepCount)
            let state = registry.world.state
            for complaint in state.complaints(about: nil) {
                drawn += complaint.draws.count
                decided += complaint.decisions.count
                contested += complaint.contestedAt == nil ? 0 : 1
            }
            panels += state.subjects.values.flatMap(state.panels.panels)
                .count { $0.panel.draw != nil }
            // Every other one is read as of a day in the middle.
            let middle = World.start + (registry.world.state.clock - World.start) / 2
            let history = registry.json(until: seed % 2 == 0 ? nil : middle)
            histories.append(history)
            for periods in history["histories"]?.object?.values.map({ $0 }) ?? [] {
                for line in periods.array ?? [] {
                    if let words = line.string?.split(separator: " ") { seen.insert(words[2]) }
                }
            }
            for line in history["refused"]?.array ?? [] {
                if let word = line.string?.split(separator: " ").last { words.insert(word) }
            }
        }
        let (status, output) = try SecondReader("registry_fold.py").decide(histories)
        if status == 127 {
            print("skipped: there is no python3")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil)
            return
        }
        print(output, seen.sorted(), words.sorted())
        #expect(status == 0 && output.hasPrefix("\(histories.count) histories"))
        #expect(seen.count > 5 && words.count > 8, "\(seen) \(words)")
        print("\(panels) panels; \(drawn) drawn, \(decided) decided, \(contested) again")
        #expect(drawn > 0 && decided > 0)
    }
}
