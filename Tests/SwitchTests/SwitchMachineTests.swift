// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Statements
import Switch
import Testing

@Suite struct SwitchMachineTests {
    private func history(
        _ profile: SwitchProfile = .field,
        n: Int = 5,
        k: Int = 3
    ) throws -> History {
        try #require(History(profile, n: n, k: k))
    }

    @Test func anUnarmedSwitchIsADraft() {
        let machine = SwitchMachine(of: [], asOf: History.start)
        #expect(machine.state == .draft)
        #expect(machine.outlook == nil)
        let early = SwitchEvent(
            leaf: 0,
            time: 1,
            kind: .checkIn(time: 1, checkpoint: [], mark: .unread)
        )
        #expect(SwitchMachine(of: [early], asOf: 2).voidLeaves == [0])
    }

    @Test func refusesTermsThatLetTooFewDecide() {
        #expect(SwitchTerms(profile: .field, trusteeCount: 5, threshold: 3) != nil)
        #expect(SwitchTerms(profile: .field, trusteeCount: 4, threshold: 3) == nil)
        #expect(SwitchTerms(profile: .field, trusteeCount: 5, threshold: 2) == nil)
        #expect(SwitchTerms(profile: .field, trusteeCount: 5, threshold: 5) == nil)
        #expect(SwitchTerms(profile: .field, trusteeCount: 33, threshold: 4) == nil)
    }

    @Test(arguments: [
        (SwitchProfile.field, 24.0, 24.0), (.standard, 168.0, 72.0), (.long, 720.0, 336.0),
    ])
    func silenceAloneLeadsToSuspectAndNoFurther(
        _ profile: SwitchProfile,
        _ interval: Double,
        _ grace: Double
    ) throws {
        let history = try history(profile)
        #expect(history.state(0) == .armed)
        #expect(history.state(interval - 0.001) == .armed)
        #expect(history.state(interval) == .due)
        #expect(history.state(interval + grace / 2 - 0.001) == .due)
        #expect(history.state(interval + grace / 2) == .overdue)
        #expect(history.state(interval + grace - 0.001) == .overdue)
        #expect(history.state(interval + grace) == .suspect)
        #expect(history.state(100_000) == .suspect)
        #expect(history.machine(0).outlook?.state == .due)
        #expect(history.machine(100_000).outlook == nil)
    }

    @Test func aCheckInRestartsTheCycleAtItsOwnTime() throws {
        var history = try history()
        history.checkIn(30, signed: 20)
        #expect(history.state(29) == .due)
        #expect(history.state(30) == .armed)
        #expect(history.state(44) == .due)
        #expect(history.state(68) == .suspect)
    }

    @Test func aPreSignedCheckInIsStaleAndAWithheldOneGainsNothing() throws {
        var history = try history()
        // Signed right after arming, kept back, published in SUSPECT: the clock says two days ago.
        history.checkIn(50, signed: 1)
        #expect(history.state(50) == .suspect)
        // Signed over a checkpoint before the one already counted: void.
        history.checkIn(51, signed: 0.5)
        #expect(history.machine(51).voidLeaves == [2])
        // A clock that claims the future is cut to the time of inclusion.
        history.checkIn(52, signed: 9000)
        #expect(history.state(52) == .armed)
        #expect(history.state(76) == .due)
    }

    @Test func identicalCheckInsAreOne() throws {
        var history = try history()
        history.checkIn(10)
        history.checkIn(12, signed: 10)
        #expect(history.machine(12).voidLeaves == [2])
        #expect(history.state(34) == .due)
    }

    @Test func theWholeWayToARelease() throws {
        var history = try history()
        history.answer(49, [1, 2, 3], .dead)
        #expect(history.state(49) == .pending)
        #expect(history.state(72.9) == .pending)
        #expect(history.state(73) == .releasing)
        history.intend(74, [1, 2, 3])
        #expect(history.machine(74.9).allowsShares == false)
        #expect(history.machine(75).allowsShares)
        history.publish(75, [1, 2])
        #expect(history.state(75) == .releasing)
        history.publish(76, [3])
        #expect(history.state(76) == .released)
        #expect(history.machine(10_000).outlook == nil)
        let rules = history.machine(76).steps.map(\.rule)
        #expect(
            rules == [
                .intervalOver, .graceHalfOver, .graceOver, .trusteesAnswered, .vetoOver,
                .sharesPublished,
            ]
        )
        #expect(history.machine(76).steps.last?.leaf == 9)
    }

    @Test func fewerThanKTrusteesCanDoNothing() throws {
        var history = try history()
        history.answer(49, [1, 2], .dead)
        history.answer(50, [1, 2], .taken)
        history.answer(60, [1, 2], .unknown)
        #expect(history.state(50) == .suspect)
        #expect(history.state(10_000) == .suspect)
        history.intend(51, [1, 2])
        history.publish(52, [1, 2])
        #expect(history.state(10_000) == .suspect)
    }

    @Test func notKnowingCountsOnlyAfterAnotherGrace() throws {
        var history = try history()
        history.answer(49, [1, 2], .dead)
        history.answer(49, [3], .unknown)
        #expect(history.state(49) == .suspect)
        #expect(history.state(71.9) == .suspect)
        #expect(history.state(72) == .pending)
    }

    @Test func answersGivenEarlyWaitForTheGraceToPass() throws {
        var history = try history()
        history.answer(5, [1, 2, 3], .taken)
        #expect(history.state(47.9) == .overdue)
        #expect(history.state(48) == .pending)
        #expect(history.state(72) == .releasing)
    }

    @Test func takenAndUnknownLapseAtACheckInAndDeadDoesNot() throws {
        var lapsing = try history()
        lapsing.answer(49, [1, 2, 3], .taken)
        lapsing.checkIn(50)
        #expect(lapsing.state(50) == .armed)
        #expect(lapsing.state(98) == .suspect)
        var standing = try history()
        standing.answer(49, [1, 2, 3], .dead)
        standing.checkIn(50)
        #expect(standing.state(50) == .armed)
        #expect(standing.state(98) == .pending)
        standing.answer(99, [1], .alive)
        #expect(standing.state(99) == .suspect)
    }

    @Test func aVetoStopsTheReleaseUntilTheFirstShare() throws {
        var history = try history()
        history.answer(49, [1, 2, 3], .taken)
        history.intend(74, [1, 2, 3])
        var vetoed = history
        vetoed.checkIn(75)
        #expect(vetoed.state(74.9) == .releasing)
        #expect(vetoed.state(75) == .armed)
        #expect(vetoed.machine(75).steps.last?.rule == .calledOff)
        #expect(vetoed.machine(75).allowsShares == false)
        // A stale one leaves doubt.
        var stale = history
        stale.checkIn(75, signed: 2)
        #expect(stale.state(75) == .releasing)
        // After the first share it is too late, and the old dealing can be completed.
        var late = history
        late.publish(75, [1])
        late.checkIn(76)
        #expect(late.state(76) == .releasing)
        #expect(late.machine(76).facts?.needsReshare == true)
        late.publish(77, [2, 3])
        #expect(late.state(77) == .released)
    }

    @Test func intentsOfACalledOffReleaseCountNothing() throws {
        var history = try history()
        history.answer(49, [1, 2, 3], .dead)
        history.intend(74, [1, 2, 3])
        history.checkIn(74.5)
        // The dead verdicts stand: the next silence releases again, with new intents only.
        let machine = history.machine(74.5 + 48 + 24)
        #expect(machine.state == .releasing)
        #expect(machine.facts?.intents.isEmpty == true)
        let old = try #require(history.machine(74).facts?.releasingSince)
        history.add(147, .intent(TrusteeNumber(1), releasingSince: old))
        #expect(history.machine(147).voidLeaves == [8])
    }

    @Test func theVetoWindowResumesAndNeverRestarts() throws {
        var history = try history()
        history.answer(49, [1, 2, 3], .dead)
        history.answer(59, [3], .alive)
        #expect(history.state(59) == .suspect)
        history.answer(100, [3], .dead)
        // Ten of 24 hours had passed.
        #expect(history.state(113.9) == .pending)
        #expect(history.state(114) == .releasing)
    }

    @Test func delaysAreOneEachAndLimited() throws {
        var history = try history()
        history.answer(49, [1, 2, 3], .dead)
        history.delay(50, 4, seconds: 72 * 3600)
        history.delay(50, 4, seconds: 3600)
        #expect(history.machine(50).voidLeaves == [5])
        #expect(history.state(49 + 24 + 71.9) == .pending)
        #expect(history.state(49 + 24 + 72) == .releasing)
        for trustee in [1, 2, 5] {
            history.delay(51, trustee, seconds: 72 * 3600)
        }
        #expect(history.state(49 + 24 + 168 - 0.1) == .pending)
        #expect(history.state(49 + 24 + 168) == .releasing)
    }

    @Test func moreThanKDeadWithEvidenceNeedNoDeadline() throws {
        var history = try history()
        history.answer(1, [1, 2, 3], .dead, evidence: true)
        history.answer(1, [4], .dead)
        #expect(history.state(1) == .armed)
        history.answer(2, [4], .dead, evidence: true)
        #expect(history.state(2) == .pending)
        // Whoever holds the passphrase can not stop it.
        history.checkIn(3)
        history.hold(3, until: 100)
        history.add(3, .revocation(digest: [1]))
        #expect(history.machine(3).voidLeaves == [6, 7, 8])
        #expect(history.state(26) == .releasing)
        // k trustees who have spoken with the owner can, while the window runs.
        history.answer(20, [1, 2], .alive)
        #expect(history.state(20) == .pending)
        history.answer(21, [3], .alive)
        #expect(history.state(21) == .armed)
    }

    @Test func noReleaseSoonerThanTheFloor() throws {
        var history = try history()
        history.answer(1, [1, 2, 3, 4, 5], .taken)
        #expect(history.state(71.9) == .pending)
        #expect(history.state(72) == .releasing)
    }

    @Test func absencesAreBoundedInLengthAndNumber() throws {
        var history = try history()
        history.hold(1, until: 1 + 721)
        #expect(history.state(1) == .armed)
        history.hold(1, until: 101)
        #expect(history.state(1) == .hold)
        #expect(history.state(100.9) == .hold)
        #expect(history.state(101) == .armed)
        #expect(history.state(124.9) == .armed)
        #expect(history.state(125) == .due)
        history.hold(102, until: 200)
        #expect(history.state(102) == .hold)
        history.hold(201, until: 300)
        #expect(history.state(201) == .armed)
        history.checkIn(202)
        history.hold(203, until: 300)
        #expect(history.state(203) == .hold)
        history.checkIn(204)
        #expect(history.state(204) == .armed)
    }

    @Test func anOldAbsenceUndoesNoLaterCheckIn() throws {
        var history = try history()
        history.hold(1, until: 500)
        history.checkIn(20)
        // The same words, brought again, and others that were signed then and never sent.
        history.hold(21, until: 500, signed: 1)
        history.hold(22, until: 600, signed: 2)
        #expect(history.machine(22).voidLeaves == [3, 4])
        #expect(history.state(45) == .due)
        history.hold(30, until: 90, signed: 20)
        #expect(history.state(30) == .hold)
    }

    @Test func aDelayCountsInTheWindowThatItNames() throws {
        var history = try history()
        history.answer(49, [1, 2, 3], .dead)
        history.delay(50, 4, seconds: 72 * 3600)
        history.checkIn(60)
        history.add(
            109,
            .delay(TrusteeNumber(4), seconds: 72 * 3600, pendingSince: History.time(49))
        )
        #expect(history.state(109) == .pending)
        #expect(history.machine(109).voidLeaves.count == 1)
    }

    @Test func noAbsenceOnceTheOwnerIsDue() throws {
        var history = try history()
        history.hold(25, until: 100)
        #expect(history.machine(25).voidLeaves == [1])
        #expect(history.state(25) == .due)
    }

    @Test func aRevocationNeedsTimeAndKConsents() throws {
        var history = try history()
        history.add(1, .revocation(digest: [7]))
        for hours in stride(from: 2.0, to: 120, by: 12) { history.checkIn(hours) }
        #expect(history.state(73) == .armed)
        history.add(121, .consent(TrusteeNumber(1), request: [7]))
        history.add(121, .consent(TrusteeNumber(2), request: [7]))
        history.add(121, .consent(TrusteeNumber(2), request: [7]))
        history.add(121, .consent(TrusteeNumber(4), request: [8]))
        #expect(history.state(121) == .armed)
        history.add(122, .consent(TrusteeNumber(5), request: [7]))
        #expect(history.state(122) == .revoked)
        // The old dealing stays what it is.
        history.publish(130, [1, 2, 3])
        #expect(history.state(130) == .released)
    }

    @Test func consentsBeforeTheDelayIsOverWait() throws {
        var history = try history(.standard)
        history.add(1, .revocation(digest: [7]))
        for trustee in 1...3 { history.add(2, .consent(TrusteeNumber(trustee), request: [7])) }
        #expect(history.state(72.9) == .armed)
        #expect(history.state(73) == .revoked)
    }

    @Test func anOlderAttestationThatComesLateIsVoid() throws {
        var history = try history()
        let first = SwitchEvent.Kind.attestation(
            TrusteeNumber(1),
            number: 1,
            verdict: .dead,
            hasEvidence: true
        )
        let second = SwitchEvent.Kind.attestation(
            TrusteeNumber(1),
            number: 2,
            verdict: .alive,
            hasEvidence: false
        )
        history.add(49, second)
        history.add(50, first)
        #expect(history.machine(50).voidLeaves == [2])
    }

    @Test func everyRuleOfTheTableNamesReachableStates() {
        var reached: Set<SwitchState> = [.draft, .armed]
        for _ in SwitchState.allCases {
            for transition in SwitchTransition.table
            where !reached.isDisjoint(with: transition.from) {
                reached.insert(transition.to)
            }
        }
        #expect(reached == Set(SwitchState.allCases))
        #expect(SwitchTransition.table.map(\.rule) == orderedOnce(SwitchTransition.table))
        let left = SwitchTransition.table.reduce(into: Set<SwitchState>()) {
            $0.formUnion($1.from)
        }
        #expect(left == Set(SwitchState.allCases).subtracting([.draft, .released]))
    }

    private func orderedOnce(_ table: [SwitchTransition]) -> [SwitchTransition.Rule] {
        var seen: Set<SwitchTransition.Rule> = []
        return table.map(\.rule).filter { seen.insert($0).inserted }
    }
}
