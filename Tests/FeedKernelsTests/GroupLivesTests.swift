// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FeedKernels
import Testing

/// What becomes of groups from period to period.
@Suite struct GroupLivesTests {
    private static func lives(
        _ periods: [[ClosedRange<UInt32>]],
        memory: Int = 2,
        from first: Int = 5
    ) -> GroupLives {
        GroupLives(
            of: periods.enumerated().map { index, groups in
                GroupLives.Period(number: first + index, groups: groups.map { Array($0) })
            },
            minimumJaccard: 0.3,
            memory: memory
        )
    }

    private static func texts(_ lives: GroupLives) -> [String] {
        lives.rows.map { row in
            "\(row.life) \(row.period) \(row.event.rawValue)"
                + (row.other.map { " \($0)" } ?? "")
        }
    }

    @Test func aGroupKeepsItsNumberWhileItChangesSlowly() {
        let lives = Self.lives([[1...10], [3...12], [6...15], [11...20]])
        #expect(
            Self.texts(lives) == ["0 5 born", "0 6 continued", "0 7 continued", "0 8 continued"]
        )
        let expected: [Double?] = [nil, 8.0 / 12.0, 7.0 / 13.0, 5.0 / 15.0]
        #expect(lives.rows.map(\.jaccard) == expected)
    }

    @Test func aSplitKeepsTheNumberForTheLargerPart() {
        let lives = Self.lives([[1...10], [1...6, 7...10]])
        #expect(Self.texts(lives) == ["0 5 born", "0 6 continued", "1 6 split 0"])
    }

    @Test func aMergerKeepsTheNumberOfTheLargerOne() {
        let lives = Self.lives([[1...6, 7...10], [1...10], [1...10]])
        #expect(
            Self.texts(lives) == [
                "0 5 born", "0 6 continued", "0 7 continued", "1 5 born", "1 6 merged 0",
            ]
        )
    }

    @Test func aGroupComesBackWithinTheMemoryAndNotLater() {
        let back = Self.lives([[1...5], [], [], [2...5]])
        #expect(Self.texts(back) == ["0 5 born", "0 6 dormant", "0 8 back"])
        let late = Self.lives([[1...5], [], [], [], [2...5]])
        #expect(Self.texts(late) == ["0 5 born", "0 6 dormant", "0 8 ended", "1 9 born"])
        let pending = Self.lives([[1...5], []])
        #expect(Self.texts(pending) == ["0 5 born", "0 6 dormant"])
        let forgotten = Self.lives([[1...5], [1...5], []], memory: 0)
        #expect(Self.texts(forgotten) == ["0 5 born", "0 6 continued", "0 7 ended"])
    }

    @Test func strangersAreNewAndNothingIsNothing() {
        let lives = Self.lives([[1...5], [4...13]], memory: 0)
        #expect(Self.texts(lives) == ["0 5 born", "0 6 ended", "1 6 born"])
        #expect(Self.lives([]).rows.isEmpty && Self.lives([[], []]).rows.isEmpty)
    }

    /// Whatever happens: each group has one number, no number two groups of a period, what is
    /// continued was there before, and a number begins once and ends once.
    @Test func anyHistoryIsConsistent() {
        for seed in UInt64(1)...200 {
            var generator = SeededGenerator(seed: seed)
            let periods = (0..<8).map { number in
                var groups: [Int: [UInt32]] = [:]
                let count = Int.random(in: 1...5, using: &generator)
                for account in UInt32(0)..<24 where Bool.random(using: &generator) {
                    groups[Int.random(in: 0..<count, using: &generator), default: []]
                        .append(account)
                }
                let sorted = groups.sorted { $0.key < $1.key }.map(\.value)
                return GroupLives.Period(number: number * 2 + number % 2, groups: sorted)
            }
            let lives = GroupLives(of: periods, minimumJaccard: 0.3, memory: 2)
            let present = lives.rows.filter { $0.group != nil }
            #expect(present.count == periods.reduce(0) { $0 + $1.groups.count }, "seed \(seed)")
            #expect(Set(present.map { "\($0.period) \($0.group ?? -1)" }).count == present.count)
            for life in 0..<lives.count {
                let rows = lives.rows.filter { $0.life == life }
                #expect(rows[0].event == .born || rows[0].event == .split, "seed \(seed)")
                #expect(!rows.dropFirst().contains { $0.event == .born || $0.event == .split })
                #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.period < $1.period })
                let last = rows.firstIndex { $0.event == .ended || $0.event == .merged }
                #expect(last == nil || last == rows.count - 1, "seed \(seed)")
                for (before, row) in zip(rows, rows.dropFirst()) {
                    if row.event == .back { #expect(before.event == .dormant, "seed \(seed)") }
                    if row.event == .continued {
                        #expect(before.period == row.period - 1 && before.group != nil)
                    }
                }
            }
        }
    }
}
