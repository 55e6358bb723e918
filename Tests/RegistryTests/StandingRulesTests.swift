// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import Statements
import Testing

@Suite struct StandingRulesTests {
    /// All combinations of facts.
    private static let all: [StandingFacts] = {
        var all: [StandingFacts] = []
        let closures: [StandingState?] = [nil, .revoked, .memorial, .withdrawn]
        let tiers: [StandingTier] = [.none, .provisional, .attested, .strong]
        for closure in closures {
            for tier in tiers {
                for bits in 0..<256 {
                    var facts = StandingFacts()
                    facts.closure = closure
                    facts.tier = tier
                    facts.isLost = bits & 1 > 0
                    facts.isDeathPending = bits & 2 > 0
                    facts.isTakenOver = bits & 4 > 0
                    facts.suspension = bits & 8 > 0 ? .duress : nil
                    facts.hasControl = bits & 16 > 0
                    facts.isPending = bits & 32 > 0
                    facts.wasAttested = bits & 64 > 0
                    facts.isStale = bits & 128 > 0
                    all.append(facts)
                }
            }
        }
        return all
    }()

    /// What is promised of the table, and does not hold of `rows`.
    private static func broken(_ rows: [StandingRules.Row]) -> Set<String> {
        var broken: Set<String> = []
        for facts in all {
            let state = StandingRules.judge(facts, by: rows)
            let isNegative =
                facts.closure != nil || facts.isLost || facts.isDeathPending
                || facts.isTakenOver || facts.suspension != nil
            if StandingRules.open.contains(state) == isNegative {
                broken.insert("negative wins over positive")
            }
            if let closure = facts.closure, closure.isTerminal, state != closure {
                broken.insert("what is terminal stays")
            }
            if state == .attested, !facts.hasControl || facts.tier < .attested || facts.isStale {
                broken.insert("a badge needs control, vouches, and that it is heard")
            }
            var better = facts
            better.tier = .strong
            if state == .attested, StandingRules.judge(better, by: rows) != .attested {
                broken.insert("more evidence never makes it worse")
            }
            let (promise, promised) = Self.promised(facts)
            if state != promised { broken.insert(promise) }
        }
        return broken
    }

    /// What section 5 of `docs/spec/registry.md` says in words.
    private static func promised(_ facts: StandingFacts) -> (String, StandingState) {
        let gravest: [StandingState?] = [
            facts.closure, facts.isLost ? .revoked : nil,
            facts.isDeathPending ? .memorialPending : nil, facts.isTakenOver ? .takenOver : nil,
            facts.suspension == nil ? nil : .suspended,
        ]
        if let state = gravest.compactMap({ $0 }).first {
            return ("what is graver comes first", state)
        }
        guard facts.hasControl else {
            return (
                "without control nothing shows", facts.wasAttested ? .lapsed : .registered
            )
        }
        if facts.isStale, facts.isPending || facts.tier > .none {
            return ("what is overdue shows nothing", .stale)
        }
        let amount: StandingState? =
            facts.tier >= .attested
            ? .attested
            : facts.isPending ? .pending : facts.tier == .provisional ? .provisional : nil
        if let amount { return ("vouches show what they amount to", amount) }
        return ("who was attested has lapsed", facts.wasAttested ? .lapsed : .controlled)
    }

    @Test func thePromisesHoldWhateverIsTrue() {
        #expect(Self.broken(StandingRules.rows).isEmpty)
    }

    /// Every row left out, every condition left out, every two rows exchanged: each of these
    /// tables breaks a promise, unless no facts can tell it from the rule.
    @Test func noRowAndNoConditionIsIdle() {
        var idle: [String] = []
        for (name, rows) in Self.mutations where Self.broken(rows).isEmpty {
            let differs = Self.all.contains {
                StandingRules.judge($0, by: rows) != StandingRules.judge($0)
            }
            idle.append(differs ? name : "same: \(name)")
        }
        #expect(Self.mutations.count > 40)
        // A subject ended in one way alone; both of the last two are revocations.
        #expect(
            idle == [
                "same: 0 withdrawn after the next", "same: 1 memorial after the next",
                "same: 2 revoked after the next",
            ]
        )
    }

    private static let mutations: [(name: String, rows: [StandingRules.Row])] = {
        var mutations: [(String, [StandingRules.Row])] = []
        let standard = StandingRules.rows
        for place in standard.indices {
            let name = "\(place) \(standard[place].state)"
            var rows = standard
            rows.remove(at: place)
            mutations.append(("\(name) missing", rows))
            for index in standard[place].conditions.indices {
                rows = standard
                let condition = rows[place].conditions.remove(at: index)
                mutations.append(("\(name) without “\(condition.rawValue)”", rows))
            }
            guard place + 1 < standard.count else { continue }
            rows = standard
            rows.swapAt(place, place + 1)
            mutations.append(("\(name) after the next", rows))
        }
        return mutations
    }()

    @Test func everyStateHasARowAndIsReached() {
        #expect(Set(StandingRules.rows.map(\.state)) == Set(StandingState.allCases))
        let reached = Set(StandingRules.transitions.flatMap(\.to)).union([.registered])
        #expect(reached == Set(StandingState.allCases))
        for state in StandingState.allCases {
            #expect(state.successors.isEmpty == state.isTerminal, "\(state)")
        }
    }
}
