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

    @Test func negativeWinsOverPositive() {
        for facts in Self.all {
            let isNegative =
                facts.closure != nil || facts.isLost || facts.isDeathPending
                || facts.isTakenOver || facts.suspension != nil
            let state = StandingRules.judge(facts)
            #expect(StandingRules.open.contains(state) == !isNegative, "\(facts)")
            if let closure = facts.closure, closure.isTerminal {
                #expect(state == closure, "\(facts)")
            }
        }
    }

    @Test func aBadgeNeedsControlAndVouchesWhateverElseIsTrue() {
        for facts in Self.all where StandingRules.judge(facts) == .attested {
            #expect(facts.hasControl && facts.tier >= .attested && !facts.isStale, "\(facts)")
        }
        // More evidence never makes it worse.
        for facts in Self.all where StandingRules.judge(facts) == .attested {
            var better = facts
            better.tier = .strong
            #expect(StandingRules.judge(better) == .attested, "\(facts)")
        }
    }

    @Test func everyStateHasARowAndIsReached() {
        #expect(Set(StandingRules.rows.map(\.state)) == Set(StandingState.allCases))
        let reached = Set(StandingRules.transitions.flatMap(\.to)).union([.registered])
        #expect(reached == Set(StandingState.allCases))
        for state in StandingState.allCases {
            #expect(state.successors.isEmpty == state.isTerminal, "\(state)")
        }
    }
}
