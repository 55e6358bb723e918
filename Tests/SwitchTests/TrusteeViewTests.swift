// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Escrow
import Sodium
import Statements
import Switch
import Testing
import TransparencyLog

/// What trustees see that nobody else does, and later armings.
@Suite struct TrusteeViewTests {
    /// A cast whose switch is armed, the trustees told.
    private func armedCast(_ words: WordsSheet.Choice? = nil) throws -> Cast {
        let cast = try Cast()
        try cast.arm(words: words)
        return cast
    }

    private let otherToken = [UInt8](repeating: 7, count: 32)

    private func checkIn(_ cast: Cast, _ hours: Double, isForced: Bool) throws {
        let note = try cast.log.refresh(cast.time(hours))
        let checkIn = CheckIn(
            epoch: SwitchEpoch(id: cast.id, number: 1),
            checkpoint: String(decoding: note.encoded, as: UTF8.self),
            token: isForced ? SecretBytes(copying: otherToken) : cast.token.copy()
        )
        try cast.log.append(checkIn.signed(by: cast.owner), cast.time(hours))
    }

    private func isAlarmed(_ record: SwitchRecord, _ cast: Cast, _ hours: Double) -> Bool {
        record.machine(asOf: cast.time(hours)).flags().contains(.duress)
    }

    @Test func aTrusteeIsToldAndNobodyElse() throws {
        let cast = try armedCast()
        #expect(try cast.record().briefing(of: 1) == nil)
        let told = try (0..<5).map { try #require(try cast.view($0).briefing(of: 1)) }
        #expect(Set(told.map(\.dayKey)).count == 1)
        #expect(told[0].clean == cast.token.reveal())
        #expect(try cast.record().refused.isEmpty)
        #expect(try cast.view(0).refused.isEmpty)
        let stranger = try SwitchRecord(
            cast.id,
            in: cast.log.witnessed(),
            as: [BriefingKey(signer: Ed25519.SecretKey())]
        )
        #expect(stranger.briefing(of: 1) == nil)
    }

    @Test func aForcedCheckInAlarmsTrusteesOnly() throws {
        let cast = try armedCast()
        try checkIn(cast, 20, isForced: false)
        #expect(try !isAlarmed(cast.view(2), cast, 21))
        try checkIn(cast, 40, isForced: true)
        #expect(try !isAlarmed(cast.record(), cast, 41))
        #expect(try isAlarmed(cast.view(2), cast, 41))
        // In public the cycle starts anew; for trustees it does not.
        #expect(try cast.record().machine(asOf: cast.time(50)).state == .armed)
        #expect(try cast.view(2).machine(asOf: cast.time(50)).state == .due)
    }

    @Test func aForcedHoldAndRevocationAreAlarmsToo() throws {
        for isHold in [true, false] {
            let cast = try armedCast()
            let note = try cast.log.refresh(cast.time(2))
            let desk = try OwnerDesk(cast.record(), owner: cast.owner.publicKey)
            let token = SecretBytes(copying: otherToken)
            let envelope =
                isHold
                ? try desk.hold(
                    until: cast.time(300),
                    checkpoint: note,
                    token: token,
                    asOf: cast.time(2)
                ).signed(by: cast.owner)
                : try desk.revocation(checkpoint: note, token: token, asOf: cast.time(2))
                    .signed(by: cast.owner)
            try cast.log.append(envelope, cast.time(2))
            #expect(try cast.state(3) == (isHold ? .hold : .armed))
            let view = try cast.view(0)
            #expect(isAlarmed(view, cast, 3))
            #expect(view.machine(asOf: cast.time(3)).state == .armed)
            #expect(try view.events.compactMap(\.inPublic) == cast.record().events)
        }
    }

    // MARK: Days

    private func say(
        _ cast: Cast,
        _ hours: Double,
        _ index: Int,
        _ waiting: [DayContents.Inner] = []
    ) throws {
        let seat = try cast.viewSeat(index)
        let day = try #require(try seat.day(saying: waiting, asOf: cast.time(hours)))
        try cast.log.append(day.signed(by: cast.trustees[index].signer), cast.time(hours))
    }

    @Test func aSealedAnswerCountsForTrusteesOnly() throws {
        let cast = try armedCast()
        for index in 0..<3 {
            let answer = try cast.viewSeat(index).attest(
                .taken,
                evidenceDigest: nil,
                asOf: cast.time(49)
            )
            try say(cast, 49, index, [.attestation(answer)])
        }
        #expect(try cast.state(50) == .suspect)
        #expect(try cast.view(4).machine(asOf: cast.time(50)).state == .pending)
        #expect(try cast.view(4).refused.isEmpty)
        // The day's is said.
        #expect(try cast.viewSeat(0).day(saying: [], asOf: cast.time(50)) == nil)
        // The same under another seal says nothing new.
        let view = try cast.view(0)
        try say(cast, 73, 0)
        #expect(try cast.view(0).events == view.events)
    }

    @Test func aSecondDayOrOneUnderAnotherKeyIsRefused() throws {
        let cast = try armedCast()
        for _ in 0..<2 {
            let day = SealedDay(
                epoch: SwitchEpoch(id: cast.id, number: 1),
                trustee: TrusteeNumber(1),
                day: 5,
                contents: DayContents(),
                key: SecretBytes(random: 32)
            )
            try cast.log.append(day.signed(by: cast.trustees[0].signer), cast.time(1))
        }
        #expect(try cast.record().refused.map(\.reason) == [.repeated])
        #expect(try cast.view(0).refused.map(\.reason) == [.sealed, .repeated])
    }

    @Test func anAlarmIsClearedUnderSealAndNotOpenly() throws {
        let cast = try armedCast()
        try checkIn(cast, 10, isForced: true)
        #expect(throws: SwitchError.notAllowed(.armed)) {
            try cast.viewSeat(0).clearing(asOf: cast.time(11))
        }
        try checkIn(cast, 20, isForced: false)
        let clearing = try cast.viewSeat(0).clearing(asOf: cast.time(21))
        try cast.log.append(clearing.signed(by: cast.trustees[0].signer), cast.time(21))
        #expect(try cast.record().refused.map(\.reason) == [.unsealed])
        for index in 0..<3 {
            #expect(try isAlarmed(cast.view(4), cast, 22))
            let clearing = try cast.viewSeat(index).clearing(asOf: cast.time(21))
            try say(cast, 22, index, [.clearing(clearing)])
        }
        let view = try cast.view(4)
        #expect(!isAlarmed(view, cast, 23))
        #expect(view.machine(asOf: cast.time(23)).facts?.cycleStart == cast.time(20))
    }

    // MARK: Words

    @Test func wordsCheckInAndTheOtherSetAlarms() throws {
        let sheet = WordsSheet(rowCount: 4)
        #expect(WordsSheet(parsing: sheet.text) == sheet)
        for (column, isForced) in [(1, false), (0, true)] {
            let cast = try armedCast(WordsSheet.Choice(sheet, clean: .right))
            let reading = try cast.seat(0).reading(sheet.rows[1][column], asOf: cast.time(30))
            #expect(reading.cycle == 2)
            try cast.log.append(reading.signed(by: cast.trustees[0].signer), cast.time(30))
            #expect(try cast.state(30) == .armed)
            #expect(try isAlarmed(cast.view(3), cast, 31) == isForced)
            #expect(try !isAlarmed(cast.record(), cast, 31))
        }
    }

    @Test func wordsOfNobodyAreRefused() throws {
        let sheet = WordsSheet(rowCount: 2)
        let cast = try armedCast(WordsSheet.Choice(sheet, clean: .left))
        #expect(throws: SwitchError.wordsUnknown) {
            try cast.seat(0).reading(OneTimeWords(), asOf: cast.time(1))
        }
        for (cycle, words) in [(1, sheet.rows[1][0]), (2, OneTimeWords()), (3, sheet.rows[1][0])] {
            let reading = WordsReading(
                epoch: SwitchEpoch(id: cast.id, number: 1),
                trustee: TrusteeNumber(1),
                cycle: Int64(cycle),
                words: words
            )
            try cast.log.append(reading.signed(by: cast.trustees[0].signer), cast.time(30))
        }
        #expect(try cast.record().refused.map(\.reason) == [.words, .words, .words])
    }

    // MARK: Senders and successors

    @Test func sendersAndTrusteesMayRemindAndNobodyElse() throws {
        let cast = try Cast()
        let sender = Ed25519.SecretKey()
        try cast.arm(senders: [sender.publicKey])
        func remind(_ cycle: Int64, _ moment: Int64, _ key: borrowing Ed25519.SecretKey) throws {
            let reminder = Reminder(
                epoch: SwitchEpoch(id: cast.id, number: 1),
                cycle: cycle,
                moment: moment,
                channel: .mail,
                outcome: .delivered
            )
            try cast.log.append(reminder.signed(by: key), cast.time(25))
        }
        try remind(cast.time(0), 0, Ed25519.SecretKey())
        #expect(try cast.record().refused.map(\.reason) == [.signature])
        // Without one the trustees are asked 48 hours later.
        #expect(try cast.state(50) == .overdue)
        try remind(cast.time(0), 25, cast.trustees[3].signer)
        #expect(try cast.state(50) == .suspect)
        try remind(cast.time(0), 50, sender)
        #expect(try cast.record().refused.count == 1)
    }

    @Test func nothingIsProtectedUntilAllHaveConfirmed() throws {
        let cast = try Cast()
        let armed = try cast.armed()
        try cast.log.append(armed.envelope, cast.time(0))
        var readiness = try cast.record().readiness
        #expect(readiness.unbriefed.count == 5)
        #expect(readiness.unconfirmed.count == 5)
        for briefing in armed.briefings { try cast.log.append(briefing, cast.time(0)) }
        try cast.drill(1, 0..<4)
        readiness = try cast.record().readiness
        #expect(readiness.unbriefed.isEmpty)
        #expect(readiness.unconfirmed == [TrusteeNumber(5)])
        try cast.drill(1, 4..<5)
        #expect(try !cast.record().readiness.isComplete)
        func receipt(_ digest: [UInt8], _ key: borrowing Ed25519.SecretKey) throws {
            let epoch = SwitchEpoch(id: cast.id, number: 1)
            let receipt = SuccessorReceipt(epoch: epoch, matter: .escrow, escrowDigest: digest)
            try cast.log.append(receipt.signed(by: key), cast.time(1))
        }
        try receipt(otherToken, cast.successorSigner)
        try receipt(armed.escrow.digest, Ed25519.SecretKey())
        #expect(try cast.record().refused.map(\.reason) == [.receipt, .signature])
        try receipt(armed.escrow.digest, cast.successorSigner)
        #expect(try cast.record().readiness.isComplete)
    }

    // MARK: Epochs

    private func consent(_ cast: Cast, _ hours: Double, _ indices: Range<Int>) throws {
        for index in indices {
            let consent = try cast.seat(index).consent(to: .newEpoch, asOf: cast.time(hours))
            try cast.log.append(consent.signed(by: cast.trustees[index].signer), cast.time(hours))
        }
    }

    @Test func aNewEpochTakesItsTrusteesConsent() throws {
        let cast = try armedCast()
        let successors = Cast.countries.prefix(5).map { TestTrustee($0) }
        try cast.rearm(5, successors)
        #expect(try cast.record().epochInForce == 1)
        try consent(cast, 6, 0..<2)
        #expect(try cast.record().epochInForce == 1)
        try consent(cast, 6, 2..<3)
        let record = try cast.record()
        #expect(record.epochInForce == 2)
        #expect(record.arming.statement.epoch.number == 2)
        #expect(record.refused.isEmpty)
        #expect(record.machine(asOf: cast.time(7)).facts?.armedAt == cast.time(6))
        // The old trustees have a seat in the old epoch, and nothing to say in the new one.
        #expect(try cast.seat(0).arming.statement.epoch.number == 1)
        let seat = try TrusteeSeat(record, signingKey: successors[2].signer.publicKey)
        #expect(seat.number == TrusteeNumber(3))
        // Their briefing opens for the new trustees.
        let view = try SwitchRecord(
            cast.id,
            in: cast.log.witnessed(),
            as: [BriefingKey(signer: successors[2].signer)]
        )
        #expect(view.briefing(of: 2) != nil)
        #expect(view.briefing(of: 1) == nil)
    }

    @Test func aRequestIsReplacedByANewerOneUntilItIsInForce() throws {
        let cast = try armedCast()
        let first = Cast.countries.prefix(5).map { TestTrustee($0) }
        let second = Cast.countries.prefix(5).map { TestTrustee($0) }
        try cast.rearm(5, first)
        try cast.rearm(6, second)
        try consent(cast, 7, 0..<3)
        try cast.rearm(8, first)
        let record = try cast.record()
        let told = [SwitchRecord.Refusal](repeating: .repeated, count: 5)
        #expect(record.refused.map(\.reason) == [.epoch] + told)
        #expect(record.epochInForce == 2)
        let key = record.arming.statement.trustees[0].signingKey
        #expect(key == second[0].signer.publicKey)
    }

    @Test func aNewEpochByForceIsNoneAndItsWordIsNotBelieved() throws {
        let cast = try armedCast()
        let trustees = Cast.countries.prefix(5).map { TestTrustee($0) }
        try cast.rearm(5, trustees, token: SecretBytes(copying: otherToken))
        let view = try cast.view(0)
        #expect(isAlarmed(view, cast, 6))
        #expect(try !isAlarmed(cast.record(), cast, 6))
        #expect(throws: SwitchError.notAllowed(.armed)) {
            try TrusteeSeat(view, signingKey: cast.trustees[0].signer.publicKey)
                .consent(to: .newEpoch, asOf: cast.time(6))
        }
        // A check-in of that epoch is forced, whatever its briefing calls clean.
        let note = try cast.log.refresh(cast.time(8))
        let checkIn = CheckIn(
            epoch: SwitchEpoch(id: cast.id, number: 2),
            checkpoint: String(decoding: note.encoded, as: UTF8.self),
            token: SecretBytes(copying: otherToken)
        )
        try cast.log.append(checkIn.signed(by: cast.owner), cast.time(8))
        let marks = try cast.view(0).events.compactMap { event -> SwitchEvent.Mark? in
            guard case .checkIn(_, _, let mark) = event.kind else { return nil }
            return mark
        }
        #expect(marks == [.duress, .duress])
    }

    @Test func aShareOfAMereRequestIsRefused() throws {
        let cast = try armedCast()
        let trustees = Cast.countries.prefix(5).map { TestTrustee($0) }
        try cast.rearm(5, trustees)
        let arming = try #require(try cast.record().armings[2])
        let opened = try trustees[0].secret.open(arming.dealing)
        let share = PublishedShare(
            epoch: SwitchEpoch(id: cast.id, number: 2),
            trustee: TrusteeNumber(1),
            share: opened.bytes
        )
        try cast.log.append(share.signed(by: trustees[0].signer), cast.time(6))
        #expect(try cast.record().refused.map(\.reason) == [.epoch])
    }
}
