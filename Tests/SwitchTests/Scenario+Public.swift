// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Statements
import Switch

extension Scenario {
    /// What everybody sees: timers, answers, release, check-ins.
    static let ofTheClock: [Scenario] = [
        Scenario(
            "silence leads to SUSPECT and no further",
            states: [
                (23.9, .armed), (24, .due), (35.9, .due), (36, .overdue), (47.9, .overdue),
                (48, .suspect), (9999, .suspect),
            ]
        ) { _ in },
        Scenario(
            "check-ins count in every open state",
            states: [(10, .armed), (33.9, .armed), (34, .due), (35, .armed), (72, .armed)],
            sees: [
                (200, { $0.steps.count { $0.rule == .checkedIn } == 5 }),
                (200, { $0.voidLeaves.isEmpty }),
            ]
        ) {
            $0.checkIn(10)
            $0.checkIn(35)
            // OVERDUE, SUSPECT, PENDING
            $0.checkIn(72)
            $0.checkIn(122)
            $0.answer(171, [1, 2, 3], .taken)
            $0.checkIn(172)
        },
        Scenario(
            "old check-ins are void",
            states: [(20, .armed), (44, .due)],
            sees: [(22, { $0.voidLeaves == [2, 3] })]
        ) {
            $0.checkIn(20)
            $0.checkIn(21, signed: 20)
            $0.checkIn(22, signed: 5)
        },
        Scenario(
            "an outage does not shorten the owner's time",
            states: [(37, .armed), (43.9, .armed), (44, .due), (67.9, .overdue), (68, .suspect)]
        ) { $0.outage(10, 30) },
        Scenario("two hours are no outage", states: [(23.9, .armed), (24, .due)]) {
            $0.outage(10, 12)
        },
        Scenario("three hours are one", states: [(26.9, .armed), (27, .due)]) {
            $0.outage(10, 13)
        },
        Scenario(
            "an outage was as long as clocks say, not as its ends look",
            states: [(22, .armed), (43.9, .armed), (44, .due), (68, .suspect)],
            sees: [(44, { $0.outlook?.time == History.time(68 - 12) })]
        ) {
            $0.outage(10, 10, hours: 9)
            $0.outage(20, 23, hours: 11)
        },
        // Heartbeats before it were dated by one clock, the first one after it by another: what
        // began after the start counts whole.
        Scenario(
            "an outage whose ends look close counts whole in a veto window",
            states: [(51, .pending), (93.9, .pending), (94, .releasing)]
        ) {
            $0.answer(50, [1, 2, 3], .dead)
            $0.outage(60, 62, hours: 20)
        },
        Scenario(
            "an outage that looks like no time at all counts from its second on",
            states: [(53.9, .armed), (54, .due)]
        ) {
            $0.checkIn(10)
            $0.outage(10, 10, hours: 20)
        },
        Scenario(
            "who checks in during an outage gets what was left of it",
            states: [(44.9, .armed), (45, .due)]
        ) {
            $0.checkIn(19, signed: 18)
            $0.outage(17, 21, hours: 40)
        },
        Scenario(
            "fourteen days are the most in a cycle",
            states: [(24 + 14 * 24 - 0.1, .armed), (24 + 14 * 24, .due), (700, .suspect)]
        ) {
            $0.outage(10, 300)
            $0.outage(301, 600)
        },
        Scenario(
            "a veto window stands still while nothing works",
            states: [(93.9, .pending), (94, .releasing)],
            sees: [(113, { $0.outlook?.time == History.time(113) || $0.state == .releasing })]
        ) {
            $0.answer(50, [1, 2, 3], .dead)
            $0.outage(60, 80)
        },
        Scenario(
            "time that was down is not spent in PENDING",
            states: [(85, .suspect), (90, .pending), (103.9, .pending), (104, .releasing)]
        ) {
            $0.answer(50, [1, 2, 3], .dead)
            $0.outage(55, 75)
            $0.answer(80, [3], .alive)
            $0.answer(90, [3], .dead)
        },
        Scenario(
            "the state waits for a reminder, 48 h at most",
            hasReminders: true,
            states: [(48, .overdue), (95.9, .overdue), (96, .suspect)]
        ) {
            $0.add(30, .reminder(cycle: History.start, isDelivered: false))
            $0.add(31, .reminder(cycle: History.time(-24), isDelivered: true))
        },
        Scenario(
            "a reminder that comes late ends the wait",
            hasReminders: true,
            states: [(59.9, .overdue), (60, .suspect), (83.9, .suspect), (84, .pending)]
        ) {
            $0.add(60, .reminder(cycle: History.start, isDelivered: true))
            $0.add(61, .reminder(cycle: History.start, isDelivered: true))
            $0.answer(62, [1, 2, 3], .unknown)
        },
        Scenario(
            "a reminder in time leaves the deadline",
            hasReminders: true,
            states: [(47.9, .overdue), (48, .suspect), (99, .armed), (147, .overdue)]
        ) {
            $0.add(25, .reminder(cycle: History.start, isDelivered: true))
            $0.checkIn(99)
        },
    ]

    /// Answers, veto and release.
    static let ofTheTrustees: [Scenario] = [
        Scenario(
            "the whole way",
            states: [(49, .pending), (72.9, .pending), (73, .releasing), (76, .released)],
            sees: [
                (74.9, { !$0.allowsShares }), (75, { $0.allowsShares }),
                (80, { $0.facts?.receipts.count == 1 && $0.voidLeaves == [4] }),
                (80, { $0.keepUntil == History.time(76 + 365 * 24) }),
            ]
        ) {
            $0.answer(49, [1, 2, 3], .dead)
            $0.add(50, .receipt(successor: [1]))
            $0.intend(74, [1, 2, 3])
            $0.publish(75, [1, 2])
            $0.publish(76, [3])
            $0.add(79, .receipt(successor: [1]))
        },
        Scenario(
            "k − 1 can do nothing",
            states: [(50, .suspect), (9000, .suspect)],
            sees: [(9000, { !$0.allowsShares })]
        ) {
            $0.answer(49, [1, 2], .dead, evidence: true)
            $0.publish(60, [1, 2])
        },
        Scenario("k − 1 guesses can do nothing", states: [(9000, .suspect)]) {
            $0.answer(49, [1, 2], .unknown)
        },
        Scenario(
            "k − 1 intents allow no share",
            states: [(90, .releasing)],
            sees: [
                (90, { !$0.allowsShares })
            ]
        ) {
            $0.answer(49, [1, 2, 3], .dead)
            $0.intend(74, [1, 2])
        },
        Scenario(
            "not knowing waits for one more grace",
            states: [(71.9, .suspect), (72, .pending)]
        ) {
            $0.answer(49, [1, 2], .dead)
            $0.answer(49, [3], .unknown)
        },
        Scenario("answers before the grace is over wait", states: [(47, .overdue), (48, .pending)])
        {
            $0.answer(5, [1, 2, 3], .taken)
        },
        Scenario("the newest answer counts", states: [(50, .suspect)]) {
            $0.answer(40, [1], .alive)
            $0.answer(41, [1], .alive)
            $0.answer(49, [2, 3], .dead)
            // An older one that somebody brings late.
            let late = SwitchEvent.Kind.attestation(
                TrusteeNumber(1),
                number: 1,
                verdict: .dead,
                hasEvidence: false
            )
            $0.add(50, late)
        },
        Scenario(
            "withdrawn answers lead back, and the window resumes",
            states: [(59, .suspect), (100, .pending), (113.9, .pending), (114, .releasing)],
            sees: [(60, { $0.steps.last?.rule == .answersWithdrawn })]
        ) {
            $0.answer(49, [1, 2, 3], .dead)
            $0.answer(59, [3], .alive)
            $0.answer(100, [3], .dead)
        },
        Scenario(
            "dead stands at a check-in, taken does not",
            states: [
                (50, .armed), (98, .pending), (100, .armed), (148, .suspect),
            ]
        ) {
            $0.answer(49, [1, 2], .dead)
            $0.answer(49, [3], .dead)
            $0.checkIn(50)
            $0.answer(98.5, [1, 2, 3], .taken)
            $0.checkIn(100)
        },
        Scenario(
            "a check-in calls off a release with no share out",
            states: [(74.5, .armed), (122, .overdue), (122.5, .suspect)],
            sees: [(75, { $0.steps.last?.rule == .calledOff })]
        ) {
            $0.answer(49, [1, 2, 3], .taken)
            $0.intend(74, [1, 2, 3])
            $0.checkIn(74.5)
        },
        Scenario(
            "a stale one does not",
            states: [(75, .releasing)],
            sees: [(75, { $0.allowsShares })]
        ) {
            $0.answer(49, [1, 2, 3], .dead)
            $0.intend(74, [1, 2, 3])
            $0.checkIn(75, signed: 2)
        },
        Scenario(
            "after the first share nothing does",
            states: [(76, .releasing), (78, .released)],
            sees: [(76, { $0.flags().contains(.reshare) })]
        ) {
            $0.answer(49, [1, 2, 3], .dead)
            $0.intend(74, [1, 2, 3])
            $0.publish(75.5, [1])
            $0.checkIn(76)
            $0.publish(77, [2, 3])
        },
        Scenario(
            "an intent counts once, where it was meant, while it is meant",
            states: [(90, .releasing)],
            sees: [
                (76, { $0.facts?.sharesAllowedAt() == History.time(75) }),
                (77, { $0.voidLeaves == [4, 8, 9] }),
            ]
        ) {
            $0.answer(49, [1, 2, 3], .dead)
            $0.add(60, .intent(TrusteeNumber(1), releasingSince: History.time(73)))
            $0.intend(74, [1, 2, 3])
            $0.intend(75, [3])
            $0.add(76, .intent(TrusteeNumber(4), releasingSince: History.time(60)))
        },
        Scenario(
            "who calls the owner alive intends nothing",
            states: [(90, .releasing)],
            sees: [
                (74.2, { $0.facts?.sharesAllowedAt() == History.time(75) }),
                (76, { $0.facts?.sharesAllowedAt() == nil && $0.voidLeaves == [9] }),
                (90, { $0.facts?.sharesAllowedAt() == History.time(79) }),
            ]
        ) {
            $0.answer(49, [1, 2, 3, 4], .dead)
            $0.intend(74, [1, 2, 3])
            $0.answer(74.5, [3], .alive)
            $0.intend(75, [3])
            $0.answer(77, [3], .taken)
            $0.intend(78, [3])
        },
        Scenario(
            "who clears an alarm intends nothing",
            states: [(90, .releasing)],
            sees: [(76, { $0.facts?.sharesAllowedAt() == nil })]
        ) {
            $0.checkIn(10, mark: .duress)
            $0.answer(49, [1, 2, 3, 4], .dead)
            $0.intend(74, [1, 2, 3])
            $0.add(75, .clearing(TrusteeNumber(3), checkpoint: [5]), isSealed: true)
        },
        Scenario(
            "delays are one each, named, and seven days together",
            n: 7,
            states: [(50, .pending), (49 + 24 + 167.9, .pending), (49 + 24 + 168, .releasing)],
            sees: [
                (52, { $0.facts?.delaySeconds == 72 * 3600 }),
                (52, { $0.voidLeaves == [1, 6, 7] }),
            ]
        ) {
            $0.add(20, .delay(TrusteeNumber(4), seconds: 9, pendingSince: History.time(49)))
            $0.answer(49, [1, 2, 3], .dead)
            $0.delay(50, 4, seconds: 900 * 3600)
            $0.delay(51, 4, seconds: 3600)
            $0.add(51, .delay(TrusteeNumber(5), seconds: 9, pendingSince: History.time(48)))
            $0.delay(53, 5, seconds: 72 * 3600)
            $0.delay(53, 6, seconds: 72 * 3600)
        },
        Scenario(
            "one delay moves the end by its length",
            states: [
                (49 + 24 + 9.9, .pending), (49 + 24 + 10, .releasing),
            ]
        ) {
            $0.answer(49, [1, 2, 3], .dead)
            $0.delay(50, 4, seconds: 10 * 3600)
        },
        Scenario(
            "a stale check-in gives no second window",
            states: [
                (70, .pending), (81.9, .pending), (82, .releasing),
            ]
        ) {
            // Twenty hours of the window are spent when a check-in of long ago arrives.
            $0.answer(50, [1, 2, 3], .dead)
            $0.checkIn(70, signed: 10)
        },
        Scenario(
            "the floor holds when the window is spent",
            states: [
                (71.9, .suspect), (72, .pending), (95.9, .pending), (96, .releasing),
            ]
        ) {
            $0.answer(48, [1, 2, 3], .dead)
            $0.answer(71, [3], .alive)
            // Signed at 24, when the grace of the cycle it starts has passed.
            $0.checkIn(72, signed: 24)
            $0.answer(72, [3], .dead)
        },
    ]
}
