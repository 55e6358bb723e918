// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Encodings
import Escrow
import Sodium
import Statements
import Switch
import Testing
import TransparencyLog

/// The switch from arming to recovery with real keys, proofs, signatures and log.
@Suite struct WholeStoryTests {
    private func file(_ text: borrowing SecretBytes) -> String {
        String(decoding: text.reveal(), as: UTF8.self)
    }

    @Test(arguments: [false, true])
    func kTrusteesAndASuccessorGetTheCaseKeyBack(_ isClassic: Bool) throws {
        let cast = try Cast(isClassic: isClassic)
        let armed = try cast.armed()
        try cast.log.append(armed.envelope, cast.time(0))
        #expect(try cast.state(0) == .armed)
        try cast.checkIn(20)
        #expect(try cast.state(43) == .armed)
        #expect(try cast.state(68) == .suspect)
        try cast.attest(69, 0..<3, .taken)
        #expect(try cast.state(92.9) == .pending)
        try cast.intend(93, 0..<3)
        try cast.publish(94, 0..<2)
        // k − 1 shares, with the successor: nothing.
        #expect(throws: SwitchError.tooFewShares(needed: 3, have: 2)) {
            _ = try Recovery(
                of: cast.record(),
                escrow: armed.escrow,
                successors: [cast.successor]
            )
        }
        try cast.publish(95, 2..<3)
        #expect(try cast.state(95) == .released)
        let record = try cast.record()
        #expect(record.refused.isEmpty)
        // k shares, with somebody who is no successor: nothing.
        let stranger: any AgeIdentity = isClassic ? X25519Identity() : HybridIdentity()
        #expect(throws: SwitchError.notASuccessor) {
            _ = try Recovery(of: record, escrow: armed.escrow, successors: [stranger])
        }
        let recovery = try Recovery(
            of: record,
            escrow: armed.escrow,
            successors: [stranger, cast.successor]
        )
        #expect(file(recovery.caseIdentityFile) == "# case\n\(file(cast.caseText))\n")
        let prefix = isClassic ? "AGE-SECRET-KEY-1" : "AGE-SECRET-KEY-PQ-1"
        #expect(file(recovery.outerIdentity).hasPrefix(prefix))
        #expect(Recovery.missing(in: record) == [TrusteeNumber(4), TrusteeNumber(5)])
    }

    @Test func drillsKeepASwitchFromBeingDegraded() throws {
        let cast = try Cast()
        try cast.log.append(try cast.armed().envelope, cast.time(0))
        #expect(try cast.record().machine(asOf: cast.time(721)).flags() == [.drillsOverdue])
        try cast.drill(700, 0..<5)
        #expect(try cast.record().refused.isEmpty)
        #expect(try cast.record().machine(asOf: cast.time(721)).flags() == [])
        // Somebody else's key proves nothing, and a proof for another checkpoint neither.
        let seat = try cast.seat(0)
        #expect(throws: SwitchError.notATrustee) {
            _ = try seat.drill(
                with: cast.trustees[1].secret,
                checkpoint: cast.log.note,
                asOf: cast.time(701)
            )
        }
        let old = try seat.drill(
            with: cast.trustees[0].secret,
            checkpoint: cast.log.note,
            asOf: cast.time(701)
        )
        let note = try cast.log.refresh(cast.time(702))
        let forged = Drill(
            epoch: old.epoch,
            trustee: old.trustee,
            checkpoint: String(decoding: note.encoded, as: UTF8.self),
            proof: old.proof
        )
        try cast.log.append(try forged.signed(by: cast.trustees[0].signer), cast.time(703))
        #expect(try cast.record().refused.map(\.reason) == [.drill])
    }

    @Test func aShareIsOpenedInReleasingOnlyAndAfterTheIntentsOnly() throws {
        let cast = try Cast()
        try cast.log.append(try cast.armed().envelope, cast.time(0))
        #expect(throws: SwitchError.notAllowed(.armed)) { try cast.publish(1, 0..<1) }
        #expect(throws: SwitchError.notAllowed(.armed)) { try cast.intend(1, 0..<1) }
        try cast.attest(49, 0..<3, .dead)
        #expect(throws: SwitchError.notAllowed(.pending)) { try cast.publish(50, 0..<1) }
        try cast.intend(73, 0..<2)
        #expect(throws: SwitchError.intentsMissing(needed: 3, stand: 2, allowedAt: nil)) {
            try cast.publish(80, 0..<1)
        }
        try cast.intend(81, 2..<3)
        #expect(
            throws: SwitchError.intentsMissing(needed: 3, stand: 3, allowedAt: cast.time(82))
        ) {
            try cast.publish(81.9, 0..<1)
        }
        // Another trustee's seat does not fit this key.
        let seat = try cast.seat(0)
        #expect(throws: SwitchError.notATrustee) {
            _ = try seat.share(opening: cast.trustees[1].secret, asOf: cast.time(82))
        }
        try cast.publish(82, 0..<1)
        #expect(try cast.record().shares.count == 1)
    }

    @Test func aCheckInDuringTheVetoWindowStopsEverything() throws {
        let cast = try Cast()
        try cast.log.append(try cast.armed().envelope, cast.time(0))
        try cast.attest(49, 0..<3, .taken)
        try cast.checkIn(60)
        #expect(try cast.state(60) == .armed)
        #expect(throws: SwitchError.notAllowed(.armed)) { try cast.publish(75, 0..<1) }
    }

    @Test func statementsByOthersOrOfOtherSwitchesChangeNothing() throws {
        let cast = try Cast()
        let other = try Cast()
        try cast.log.append(try cast.armed().envelope, cast.time(0))
        let epoch = try cast.record().arming.statement.epoch
        let forged = Attestation(
            epoch: epoch,
            trustee: TrusteeNumber(1),
            number: 1,
            verdict: .dead,
            evidenceDigest: nil
        )
        try cast.log.append(forged.signed(by: other.trustees[0].signer), cast.time(1))
        try cast.log.append(forged.signed(by: cast.owner), cast.time(1))
        let beyond = Attestation(
            epoch: epoch,
            trustee: TrusteeNumber(6),
            number: 1,
            verdict: .dead,
            evidenceDigest: nil
        )
        try cast.log.append(beyond.signed(by: cast.trustees[0].signer), cast.time(1))
        let old = SwitchEpoch(id: cast.id, number: 2)
        try cast.log.append(
            Hold(epoch: old, until: cast.time(9), checkpoint: "a\n", token: cast.token)
                .signed(by: cast.owner),
            cast.time(1)
        )
        let stale = CheckIn(epoch: epoch, checkpoint: "nothing\n", token: cast.token)
        try cast.log.append(stale.signed(by: cast.owner), cast.time(1))
        let foreign = CheckIn(
            epoch: epoch,
            checkpoint: String(decoding: other.log.note.encoded, as: UTF8.self),
            token: cast.token
        )
        try cast.log.append(foreign.signed(by: cast.owner), cast.time(1))
        let otherEpoch = SwitchEpoch(id: other.id, number: 1)
        try cast.log.append(
            Hold(epoch: otherEpoch, until: cast.time(9), checkpoint: "a\n", token: other.token)
                .signed(by: other.owner),
            cast.time(1)
        )
        try cast.log.append(bytes: Array("not a statement".utf8), cast.time(1))
        let record = try cast.record()
        #expect(
            record.refused.map(\.reason) == [
                .signature, .signature, .trustee, .epoch, .checkpoint, .checkpoint,
            ]
        )
        #expect(record.events.count == 1)
    }

    @Test func aShareOfAnotherDealingIsRefused() throws {
        let cast = try Cast()
        let armed = try cast.armed()
        try cast.log.append(armed.envelope, cast.time(0))
        let again = try VerifiedArming(try cast.armed().envelope)
        let copied = try cast.trustees[0].secret.open(again.dealing)
        let epoch = again.statement.epoch
        let share = PublishedShare(epoch: epoch, trustee: TrusteeNumber(1), share: copied.bytes)
        try cast.log.append(share.signed(by: cast.trustees[0].signer), cast.time(1))
        let right = try cast.trustees[0].secret.open(VerifiedArming(armed.envelope).dealing)
        let moved = PublishedShare(epoch: epoch, trustee: TrusteeNumber(2), share: right.bytes)
        try cast.log.append(moved.signed(by: cast.trustees[1].signer), cast.time(1))
        #expect(try cast.record().refused.map(\.reason) == [.share, .trustee])
        #expect(try cast.record().shares.isEmpty)
    }

    @Test func recoveryRefusesAnEscrowFileThatIsNotTheArmedOne() throws {
        let cast = try Cast()
        let armed = try cast.armed()
        try cast.log.append(armed.envelope, cast.time(0))
        try cast.attest(49, 0..<3, .dead)
        try cast.intend(74, 0..<3)
        try cast.publish(75, 0..<3)
        var bytes = armed.escrow.bytes
        bytes[bytes.count - 1] ^= 1
        #expect(throws: SwitchError.escrowChanged) {
            _ = try Recovery(
                of: cast.record(),
                escrow: EscrowFile(bytes: bytes),
                successors: [cast.successor]
            )
        }
    }

    @Test func theFirstValidArmingStands() throws {
        let cast = try Cast()
        #expect(throws: SwitchError.unknownSwitch) { try cast.record() }
        // Somebody else can not arm under this id.
        let thief = try Cast()
        try cast.log.append(try thief.armed().envelope, cast.time(0))
        #expect(throws: SwitchError.unknownSwitch) { try cast.record() }
        let first = try cast.armed()
        try cast.log.append(first.envelope, cast.time(1))
        try cast.log.append(try cast.armed().envelope, cast.time(2))
        #expect(try cast.record().arming.statement.escrowDigest == first.escrow.digest)
        #expect(SwitchRecord.ids(in: try cast.log.witnessed()) == [thief.id, cast.id])
    }

    @Test func aStatementBroughtAgainChangesNothing() throws {
        let cast = try Cast()
        try cast.log.append(try cast.armed().envelope, cast.time(0))
        let note = try cast.log.refresh(cast.time(1))
        let desk = try OwnerDesk(cast.record(), owner: cast.owner.publicKey)
        let hold = try desk.hold(
            until: cast.time(500),
            checkpoint: note,
            token: cast.token,
            asOf: cast.time(1)
        ).signed(by: cast.owner)
        try cast.log.append(hold, cast.time(1))
        #expect(try cast.state(1) == .hold)
        try cast.checkIn(20)
        try cast.log.append(hold, cast.time(21))
        #expect(try cast.record().refused.map(\.reason) == [.repeated])
        #expect(try cast.state(45) == .due)
    }

    @Test func anArmingCopiedIntoAnotherLogIsRefused() throws {
        let cast = try Cast()
        let armed = try cast.armed().envelope
        try cast.log.append(armed, cast.time(0))
        let other = try MemoryLog(time: Cast.start)
        try other.append(armed, cast.time(0))
        #expect(throws: SwitchError.otherLog(origin: "test.invalid/log")) {
            _ = try SwitchRecord(cast.id, in: other.witnessed())
        }
    }

    @Test func anOldCheckpointBroughtAgainHarmsNothing() throws {
        let cast = try Cast()
        try cast.log.append(try cast.armed().envelope, cast.time(0))
        let old = cast.log.note.encoded
        try cast.checkIn(20)
        try cast.log.append(bytes: old, cast.time(21))
        try cast.checkIn(22)
        #expect(try cast.record().refused.isEmpty)
        #expect(try cast.state(45) == .armed)
    }

    @Test func aLogThatContradictsItselfIsRefused() throws {
        let cast = try Cast()
        try cast.log.append(try cast.armed().envelope, cast.time(0))
        try cast.checkIn(1)
        var leaves = cast.log.leaves
        leaves[0][10] ^= 1
        #expect(throws: SwitchError.self) {
            _ = try WitnessedLog(
                leaves: leaves,
                newest: cast.log.note,
                policy: cast.log.policy
            )
        }
        #expect(throws: SwitchError.logContradictsItself(leaf: 3)) {
            _ = try WitnessedLog(
                leaves: Array(cast.log.leaves.dropLast()),
                newest: cast.log.note,
                policy: cast.log.policy
            )
        }
    }
}
