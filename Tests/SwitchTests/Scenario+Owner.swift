// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Statements
import Switch

extension Scenario {
    /// Absences, words, the end, and new epochs.
    static let ofTheOwner: [Scenario] = [
        Scenario(
            "an absence begins, ends and counts as a check-in",
            states: [(1, .hold), (100.9, .hold), (101, .armed), (124.9, .armed), (125, .due)]
        ) { $0.hold(1, until: 101) },
        Scenario("a check-in ends an absence", states: [(1, .hold), (9, .armed), (33, .due)]) {
            $0.hold(1, until: 101)
            $0.checkIn(9)
        },
        Scenario(
            "a check-in from before an absence does not end it",
            states: [(47, .hold)],
            sees: [
                (47, { $0.voidLeaves == [3, 4] })
            ]
        ) {
            $0.checkIn(10)
            $0.hold(30, until: 100)
            $0.checkIn(40, signed: 20)
            $0.add(46, .words(cycle: 2, mark: .unread))
        },
        Scenario("thirty days are the longest absence", states: [(1, .armed), (3, .hold)]) {
            $0.hold(1, until: 721.5, signed: 1)
            $0.hold(3, until: 722, signed: 2)
        },
        Scenario(
            "an absence has an end to come",
            states: [(5, .armed)],
            sees: [
                (5, { $0.voidLeaves == [1] })
            ]
        ) { $0.hold(5, until: 4) },
        Scenario(
            "two absences in a row",
            states: [
                (31, .hold), (61, .armed), (63, .armed), (65, .hold),
            ],
            sees: [(66, { $0.voidLeaves == [3] })]
        ) {
            $0.hold(1, until: 30)
            $0.hold(31, until: 60)
            $0.hold(61, until: 90)
            $0.checkIn(64)
            $0.hold(65, until: 90)
        },
        Scenario(
            "no absence once the owner is due",
            states: [(26, .due)],
            sees: [
                (26, { $0.voidLeaves == [1] })
            ]
        ) {
            $0.hold(25, until: 90)
        },
        Scenario("an old absence undoes no check-in", states: [(22, .armed)]) {
            $0.checkIn(20)
            $0.hold(21, until: 90, signed: 1)
        },
        Scenario(
            "words count from the start of their cycle",
            states: [(40, .armed), (47.9, .armed), (48, .due), (71, .overdue), (97, .armed)],
            sees: [(98, { $0.voidLeaves == [2, 3] })]
        ) {
            // The second cycle began at 24.
            $0.add(40, .words(cycle: 2, mark: .unread))
            $0.add(41, .words(cycle: 2, mark: .unread))
            $0.add(42, .words(cycle: 9, mark: .unread))
            $0.add(97, .words(cycle: 5, mark: .unread))
        },
        Scenario(
            "the end takes 72 h and k consents",
            .standard,
            states: [(72.9, .armed), (73, .revoked), (90, .released)]
        ) {
            $0.add(1, .revocation(digest: [7]))
            $0.consent(2, [1, 2, 3], 7)
            $0.publish(90, [1, 2, 3])
        },
        Scenario("k − 1 consents end nothing", .standard, states: [(100, .armed)]) {
            $0.add(1, .revocation(digest: [7]))
            $0.consent(2, [1, 2], 7)
            $0.consent(2, [3], 8)
        },
        Scenario("the same request twice is one", .standard, states: [(74, .revoked)]) {
            $0.add(1, .revocation(digest: [7]))
            $0.consent(2, [1, 2, 3], 7)
            $0.add(60, .revocation(digest: [7]))
        },
        Scenario("no end after the first share", states: [(130, .releasing)]) {
            $0.answer(49, [1, 2, 3], .dead)
            $0.add(50, .revocation(digest: [7]))
            $0.intend(74, [1, 2, 3])
            $0.publish(75, [1])
            $0.consent(76, [3, 4, 5], 7)
        },
        Scenario(
            "shares out of season do not bind the owner's hands",
            states: [(74.2, .releasing), (74.5, .armed)],
            sees: [(74.5, { $0.flags().contains(.reshare) && $0.steps.last?.rule == .calledOff })]
        ) {
            $0.publish(3, [4])
            $0.answer(49, [1, 2, 3], .dead)
            $0.intend(73.5, [1, 2, 3])
            $0.publish(74.2, [5])
            $0.checkIn(74.5)
        },
        Scenario(
            "a share of an old epoch is none of this release",
            states: [(130, .releasing), (130.2, .armed)]
        ) {
            $0.rearm(2, 7)
            $0.consent(3, [1, 2, 3], 7)
            $0.epoch = 2
            $0.answer(80, [1, 2, 3], .dead)
            $0.intend(128, [1, 2, 3])
            $0.epoch = 1
            $0.publish(129.5, [1])
            $0.epoch = 2
            $0.checkIn(130.2)
        },
        Scenario("the end comes in every open state", .standard, states: [(400, .revoked)]) {
            $0.add(1, .revocation(digest: [7]))
            $0.consent(400, [1, 2, 3], 7)
        },
        Scenario(
            "k consents make a new epoch",
            states: [(30, .due), (32, .armed), (53.9, .armed), (54, .due), (400, .released)],
            sees: [
                (33, { $0.facts?.epoch == 2 && $0.steps.last?.rule == .rearmed }),
                (35, { $0.voidLeaves == [5, 6] }), (36, { $0.voidLeaves == [5, 6] }),
            ]
        ) {
            $0.rearm(30, 7)
            $0.consent(32, [1, 2, 3], 7)
            // Of the old trustees, in the new epoch.
            $0.answer(33, [1, 2], .alive)
            $0.epoch = 2
            $0.answer(36, [1], .alive)
            $0.epoch = 1
            // The old dealing stays what it is.
            $0.publish(400, [1, 2, 3])
        },
        Scenario(
            "k − 1 consents make none",
            states: [(40, .overdue)],
            sees: [
                (40, { $0.facts?.epoch == 1 && $0.voidLeaves == [4, 5] })
            ]
        ) {
            $0.rearm(30, 7)
            $0.consent(32, [1, 2], 7)
            $0.consent(33, [3, 4], 8)
        },
        Scenario("the same request for an epoch is one", states: [(34, .armed)]) {
            $0.rearm(30, 7)
            $0.consent(32, [1, 2], 7)
            $0.rearm(33, 7)
            $0.consent(34, [3], 7)
        },
        Scenario(
            "an absence goes on in a new epoch",
            states: [(4, .hold), (20, .hold), (89, .hold), (91, .armed), (115, .due)],
            sees: [(21, { $0.facts?.epoch == 2 })]
        ) {
            $0.rearm(2, 7)
            $0.hold(3, until: 90)
            $0.consent(20, [1, 2, 3], 7)
        },
        Scenario("epochs come one after the other", states: [(34, .due)]) {
            $0.epoch = 2
            $0.rearm(30, 7)
            $0.epoch = 1
            $0.consent(32, [1, 2, 3], 7)
        },
        Scenario(
            "an epoch in RELEASING stops the old trustees",
            states: [(76, .armed), (100, .due)],
            sees: [(77, { !$0.allowsShares && $0.facts?.shares.isEmpty == true })]
        ) {
            $0.answer(49, [1, 2, 3], .dead)
            $0.intend(74, [1, 2, 3])
            $0.publish(75, [1])
            $0.rearm(76, 7)
            $0.consent(76, [3, 4, 5], 7)
        },
        Scenario(
            "nothing is agreed once it has ended",
            .standard,
            states: [(85, .revoked)],
            sees: [
                (85, { $0.facts?.epoch == 1 })
            ]
        ) {
            $0.add(1, .revocation(digest: [7]))
            $0.rearm(2, 8)
            $0.consent(2, [1, 2, 3], 7)
            $0.consent(2, [1, 2], 8)
            $0.consent(80, [3], 8)
            $0.rearm(81, 9)
            $0.consent(82, [1, 2, 3], 9)
        },
        Scenario("shares of an epoch that never was are none", states: [(5, .armed)]) {
            $0.epoch = 2
            $0.publish(4, [1, 2, 3])
        },
    ]

    /// Killers with the passphrase, and force.
    static let ofForce: [Scenario] = [
        Scenario(
            "k+1 dead with evidence need no deadline and void the owner's word",
            states: [(1, .armed), (2, .pending), (25.9, .pending), (26, .releasing)],
            sees: [(10, { $0.voidLeaves == [6, 7, 8, 9, 10] })]
        ) {
            $0.answer(1, [1, 2, 3], .dead, evidence: true)
            $0.answer(1, [4], .dead)
            $0.answer(2, [4], .dead, evidence: true)
            $0.checkIn(3)
            $0.hold(3, until: 90)
            $0.add(3, .revocation(digest: [1]))
            $0.rearm(3, 2)
            $0.add(9, .words(cycle: 1, mark: .unread))
        },
        Scenario(
            "words are void too",
            states: [(30, .releasing)],
            sees: [
                (30, { $0.voidLeaves == [5] })
            ]
        ) {
            $0.answer(2, [1, 2, 3, 4], .dead, evidence: true)
            $0.add(25, .words(cycle: 2, mark: .unread))
        },
        Scenario("an absence ends when k+1 say dead", states: [(1, .hold), (20, .pending)]) {
            $0.hold(1, until: 90)
            $0.answer(20, [1, 2, 3, 4], .dead, evidence: true)
        },
        Scenario(
            "k alive take it back",
            states: [
                (20, .pending), (20.5, .pending), (21, .armed), (22, .armed), (46, .due),
            ]
        ) {
            $0.answer(2, [1, 2, 3, 4], .dead, evidence: true)
            $0.answer(20, [1, 2], .alive)
            $0.answer(21, [3], .alive)
            $0.checkIn(22)
        },
        Scenario(
            "k+1 dead in DUE, OVERDUE and SUSPECT",
            states: [
                (25, .pending), (36.5, .armed), (85, .pending), (90, .armed), (147, .pending),
            ]
        ) {
            $0.answer(25, [1, 2, 3, 4], .dead, evidence: true)
            $0.answer(36, [1, 2, 3], .alive)
            $0.checkIn(36.5)
            $0.checkIn(48)
            $0.answer(85, [1, 2, 3], .dead, evidence: true)
            $0.answer(86, [1, 2, 3], .alive)
            $0.checkIn(90)
            $0.answer(147, [1, 2, 3], .dead, evidence: true)
        },
        Scenario(
            "a request made before k+1 say dead is gone",
            .standard,
            states: [(100, .releasing)]
        ) {
            $0.add(1, .revocation(digest: [7]))
            $0.rearm(1, 8)
            $0.answer(2, [1, 2, 3, 4], .dead, evidence: true)
            $0.consent(3, [1, 2, 3], 7)
            $0.consent(3, [1, 2, 3], 8)
        },
        Scenario(
            "under duress no check-in restarts the clock",
            states: [(10, .armed), (23.9, .armed), (24, .due), (48, .suspect)],
            sees: [
                (11, { $0.flags() == [.duress] }),
                (47, { $0.voidLeaves == [3, 5, 6, 7, 8, 9, 10, 11] }),
            ]
        ) {
            $0.checkIn(10, mark: .duress)
            $0.checkIn(12, mark: .clean, checkpoint: 5)
            $0.checkIn(13, mark: .duress)
            $0.checkIn(14, signed: 13, mark: .clean, checkpoint: 6)
            $0.hold(15, until: 90)
            $0.add(16, .revocation(digest: [1]))
            $0.rearm(17, 2)
            $0.consent(18, [1, 2, 3], 1)
            $0.checkIn(19, signed: -1, mark: .clean, checkpoint: 7)
        },
        Scenario(
            "k clearings and a clean check-in where they say end it",
            states: [(19, .armed), (36, .armed), (48.9, .due), (50, .armed)],
            sees: [
                (18, { $0.flags() == [.duress] }), (19, { $0.flags().isEmpty }),
                (49, { $0.flags() == [.duress] }), (51, { $0.flags().isEmpty }),
            ]
        ) {
            $0.checkIn(10, mark: .duress)
            $0.checkIn(15, mark: .clean, checkpoint: 5)
            $0.add(16, .clearing(TrusteeNumber(1), checkpoint: [5]), isSealed: true)
            $0.add(17, .clearing(TrusteeNumber(2), checkpoint: [5]), isSealed: true)
            $0.add(18, .clearing(TrusteeNumber(3), checkpoint: [6]), isSealed: true)
            $0.add(19, .clearing(TrusteeNumber(3), checkpoint: [5]), isSealed: true)
            // Again, the other way round: first the clearings.
            $0.checkIn(20, mark: .duress)
            for trustee in 1...3 {
                let kind = SwitchEvent.Kind.clearing(TrusteeNumber(trustee), checkpoint: [8])
                $0.add(30, kind, isSealed: true)
            }
            $0.checkIn(50, mark: .clean, checkpoint: 8)
        },
        Scenario(
            "free check-ins after the one that a clearing names count when the alarm ends",
            states: [(53, .armed), (76, .due)]
        ) {
            $0.checkIn(10, mark: .duress)
            $0.checkIn(15, mark: .clean, checkpoint: 5)
            for trustee in 1...2 {
                let kind = SwitchEvent.Kind.clearing(TrusteeNumber(trustee), checkpoint: [5])
                $0.add(30, kind, isSealed: true)
            }
            // One that was signed ahead is as old as it is.
            $0.checkIn(45, signed: 2, mark: .clean, checkpoint: 6)
            $0.checkIn(52, mark: .clean, checkpoint: 7)
            let kind = SwitchEvent.Kind.clearing(TrusteeNumber(3), checkpoint: [5])
            $0.add(53, kind, isSealed: true)
        },
        Scenario(
            "words of a cycle to come count no more under duress than else",
            states: [(53, .armed), (69, .due)]
        ) {
            $0.checkIn(10, mark: .duress)
            $0.add(12, .words(cycle: 40, mark: .clean))
            $0.checkIn(45, mark: .clean, checkpoint: 5)
            for trustee in 1...3 {
                let kind = SwitchEvent.Kind.clearing(TrusteeNumber(trustee), checkpoint: [5])
                $0.add(52, kind, isSealed: true)
            }
        },
        Scenario(
            "a sign of duress from before a clearing raises nothing",
            states: [
                (70, .armed)
            ]
        ) {
            $0.checkIn(40, mark: .clean)
            $0.checkIn(41, signed: 30, mark: .duress)
            $0.checkIn(60, mark: .clean)
        },
        Scenario(
            "a clearing without an alarm is void",
            states: [(30, .due)],
            sees: [
                (30, { $0.voidLeaves == [1, 2, 3] && $0.flags() == [.duress] })
            ]
        ) {
            for trustee in 1...3 {
                let kind = SwitchEvent.Kind.clearing(TrusteeNumber(trustee), checkpoint: [8])
                $0.add(1, kind, isSealed: true)
            }
            $0.checkIn(2, mark: .duress)
            $0.checkIn(3, mark: .clean, checkpoint: 8)
        },
        Scenario("duress ends an absence", states: [(1, .hold), (20, .armed), (24, .due)]) {
            $0.hold(1, until: 90)
            $0.checkIn(20, mark: .duress)
        },
        Scenario("duress holds back an end that was agreed", .standard, states: [(80, .armed)]) {
            $0.add(1, .revocation(digest: [7]))
            $0.consent(2, [1, 2, 3], 7)
            $0.checkIn(3, mark: .duress)
        },
        Scenario(
            "what was asked or agreed under duress is void",
            .standard,
            states: [(90, .armed)],
            sees: [(90, { $0.facts?.epoch == 1 && $0.flags().isEmpty })]
        ) {
            $0.add(1, .revocation(digest: [7]))
            $0.checkIn(3, mark: .duress)
            $0.consent(4, [1, 2, 3], 7)
            $0.add(5, .revocation(digest: [8]))
            $0.rearm(5, 9)
            $0.checkIn(8, mark: .clean, checkpoint: 1)
            for trustee in 1...3 {
                let kind = SwitchEvent.Kind.clearing(TrusteeNumber(trustee), checkpoint: [1])
                $0.add(9, kind, isSealed: true)
            }
            $0.consent(11, [1, 2, 3], 8)
            $0.consent(11, [1, 2, 3], 9)
        },
        Scenario(
            "k+1 dead void clean check-ins under duress too",
            states: [
                (34.5, .releasing), (40, .releasing),
            ]
        ) {
            $0.checkIn(5, mark: .duress)
            $0.answer(10, [1, 2, 3, 4], .dead, evidence: true)
            for trustee in 1...3 {
                let kind = SwitchEvent.Kind.clearing(TrusteeNumber(trustee), checkpoint: [1])
                $0.add(11, kind, isSealed: true)
            }
            $0.checkIn(12, mark: .clean, checkpoint: 1)
            $0.answer(39, [1, 2, 3], .alive)
        },
    ]

    /// Drills and who is there.
    static let ofTheDrills: [Scenario] = [
        Scenario(
            "drills are monthly",
            .long,
            states: [(10, .armed)],
            sees: [
                (720, { $0.flags().isEmpty }), (721, { $0.flags() == [.drillsOverdue] }),
                (730, { $0.flags().isEmpty }), (735, { $0.voidLeaves == [6, 7] }),
                (1420, { $0.flags().isEmpty }), (1422, { $0.flags() == [.drillsOverdue] }),
                (2162, { $0.flags() == [.drillsOverdue] }),
                (2163, { $0.flags() == [.drillsOverdue, .trusteesTooFew] }),
                (2171, { $0.flags() == [.drillsOverdue] }),
            ]
        ) {
            for trustee in 1...5 {
                $0.add(
                    722,
                    .drill(TrusteeNumber(trustee), time: History.time(trustee == 5 ? 701 : 721))
                )
            }
            $0.add(731, .drill(TrusteeNumber(1), time: History.time(721)))
            $0.epoch = 2
            $0.add(732, .drill(TrusteeNumber(1), time: History.time(732)))
            $0.epoch = 1
            $0.answer(2170, [1, 2, 3, 4], .alive)
        }
    ]
}
