// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Statements
import Switch
import Testing

/// Every history of a few things said at coarse times, and what must hold after each of them.
///
/// Trustees are interchangeable, so that what they say is said by as many as matters: k − 1 lie,
/// one honest trustee speaks for itself.
@Suite struct ExplorationTests {
    /// What can happen next.
    private enum Act: CaseIterable {
        case wait, waitLong, checkIn, forced, hold, end, rearm, consent, clear
        case liarsSayDead, honestSaysDead, honestSaysAlive, allSayDead, delay, intend, share
    }

    private static let hour: Int64 = 3600
    private static let liars = [1, 2].map { TrusteeNumber($0) }

    /// A history so far: the machine, and what it must not forget.
    private struct Node {
        var machine = SwitchMachine()
        var now: Int64 = 0
        var numbers: [Int64] = Array(repeating: 0, count: 6)
        var honestSpoke = false
        var leaf: UInt64 = 0

        mutating func say(_ kind: SwitchEvent.Kind, epoch: Int64? = nil) {
            let inForce = machine.facts?.epoch ?? 1
            machine.take(
                SwitchEvent(leaf: leaf, time: now, epoch: epoch ?? inForce, kind: kind)
            )
            leaf += 1
        }

        mutating func answer(_ trustees: [TrusteeNumber], _ verdict: Attestation.Verdict) {
            for trustee in trustees {
                numbers[trustee.value] += 1
                let number = numbers[trustee.value]
                say(
                    .attestation(trustee, number: number, verdict: verdict, hasEvidence: true)
                )
            }
        }

        mutating func apply(_ act: Act) {
            let machine = machine
            switch act {
            case .wait, .waitLong:
                now += (act == .wait ? 12 : 48) * ExplorationTests.hour
                self.machine.advance(to: now)
            case .checkIn: say(.checkIn(time: now, checkpoint: [1], mark: .clean))
            case .forced: say(.checkIn(time: now, checkpoint: [2], mark: .duress))
            case .hold: say(.hold(until: now + 60 * ExplorationTests.hour, signed: now))
            case .end: say(.revocation(digest: [7]))
            case .rearm:
                guard let facts = machine.facts else { return }
                say(.arming(facts.terms, digest: [8], signed: now), epoch: facts.epoch + 1)
            case .consent:
                for request: UInt8 in [7, 8] {
                    for trustee in 3...5 {
                        say(.consent(TrusteeNumber(trustee), request: [request]))
                    }
                }
            case .clear:
                for trustee in 3...5 {
                    say(.clearing(TrusteeNumber(trustee), checkpoint: [1]))
                }
            case .liarsSayDead: answer(ExplorationTests.liars, .dead)
            case .honestSaysDead:
                honestSpoke = true
                answer([TrusteeNumber(3)], .dead)
            case .honestSaysAlive: answer([TrusteeNumber(3)], .alive)
            case .allSayDead:
                honestSpoke = true
                answer((1...5).map { TrusteeNumber($0) }, .dead)
            case .delay:
                guard let since = machine.facts?.pendingSince else { return }
                say(.delay(TrusteeNumber(4), seconds: 24 * 3600, pendingSince: since))
            case .intend:
                guard let since = machine.facts?.releasingSince else { return }
                for trustee in 1...3 {
                    say(.intent(TrusteeNumber(trustee), releasingSince: since))
                }
            case .share:
                for liar in ExplorationTests.liars { say(.share(liar)) }
                if self.machine.allowsShares { say(.share(TrusteeNumber(3))) }
            }
        }
    }

    /// What must hold between a history and the next.
    private func flaw(_ before: Node, _ act: Act, _ after: Node) -> String? {
        guard let was = before.machine.facts, let facts = after.machine.facts else {
            return "draft"
        }
        let (old, new) = (before.machine.state, after.machine.state)
        let wasForced = before.machine.flags().contains(.duress)
        let isForced = after.machine.flags().contains(.duress)
        if after.machine.isCircling { return "a circle" }
        if new == .released && facts.sharesByEpoch.values.allSatisfy({ $0.count < 3 }) {
            return "released with fewer than k shares"
        }
        if old == .released && new != .released { return "a release is final" }
        if old == .revoked && new != .revoked && new != .released { return "an end is final" }
        if !after.honestSpoke && (new == .pending || new == .releasing) {
            return "k − 1 lead to \(new)"
        }
        let entered = after.machine.steps.dropFirst(before.machine.steps.count)
        for step in entered where step.to == .releasing && !facts.isDeadForCertain {
            if step.time < was.cycleStart + 72 * Self.hour { return "sooner than the floor" }
            if step.from != .pending { return "RELEASING without PENDING" }
        }
        if after.machine.allowsShares && facts.intents.count < 3 { return "shares without intents" }
        if act == .checkIn, !wasForced, !isForced, !was.isDeadForCertain,
            SwitchTransition.open.contains(old), was.cycleStart < before.now, new != .armed
        {
            return "a check-in in \(old) leads to \(new)"
        }
        if wasForced && isForced && facts.cycleStart > was.cycleStart {
            return "the clock restarts under duress"
        }
        if was.isDeadForCertain && facts.isDeadForCertain && facts.cycleStart > was.cycleStart {
            return "the dead check in"
        }
        if facts.epoch > was.epoch && act != .consent { return "an epoch without consents" }
        if new == .revoked && old != .revoked && act != .consent && act != .wait
            && act != .waitLong && act != .checkIn && act != .clear
        {
            return "an end by \(act)"
        }
        return nil
    }

    /// Whatever was said before: when all say dead and go on, it comes out.
    private func isStuck(_ node: Node) -> Bool {
        guard !node.machine.state.isFinal else { return false }
        var node = node
        node.apply(.allSayDead)
        for _ in 0..<80 where node.machine.state != .releasing { node.apply(.wait) }
        node.apply(.intend)
        node.apply(.wait)
        for trustee in 1...3 { node.say(.share(TrusteeNumber(trustee))) }
        return node.machine.state != .released && node.machine.state != .revoked
    }

    @Test func noShortHistoryBreaksAPromise() throws {
        let isLong = ProcessInfo.processInfo.environment["RESGUARDO_LONG_TESTS"] != nil
        let terms = try #require(
            SwitchTerms(profile: .field, trusteeCount: 5, threshold: 3)
        )
        var root = Node()
        root.say(.arming(terms, digest: [], signed: 0))
        var flaws: Set<String> = []
        var count = 0
        func explore(_ node: Node, _ depth: Int, _ path: [Act]) {
            count += 1
            if depth <= 1 && isStuck(node) { flaws.insert("stuck after \(path)") }
            guard depth > 0, flaws.count < 5 else { return }
            for act in Act.allCases {
                var next = node
                next.apply(act)
                // What changes nothing leads nowhere new.
                if next.machine.facts == node.machine.facts, next.now == node.now { continue }
                if let flaw = flaw(node, act, next) { flaws.insert("\(path + [act]): \(flaw)") }
                explore(next, depth - 1, path + [act])
            }
        }
        explore(root, isLong ? 6 : 5, [])
        // And from where it gets dangerous.
        for state in [[Act.waitLong, .allSayDead], [.waitLong, .allSayDead, .waitLong]] {
            var node = root
            for act in state { node.apply(act) }
            explore(node, isLong ? 5 : 4, state)
        }
        print("\(count) histories")
        #expect(flaws.isEmpty, "\(flaws.sorted().joined(separator: "\n"))")
    }
}
