// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Sodium
internal import Statements

/// What an owner says.
///
/// Spec: `docs/spec/switch.md`, section 6.
extension SwitchRecord {
    /// A request for a new epoch.
    mutating func readArming(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let next: VerifiedArming
        do {
            next = try VerifiedArming(envelope)
        } catch {
            throw error == .armingInvalid(.signature) ? .signature : .arming
        }
        let epoch = next.statement.epoch
        // A request may be replaced by a newer one as long as it is none but a request.
        guard epoch.number == epochInForce + 1 else { throw .epoch }
        guard isHere(next) else { throw .arming }
        let signed = try time(of: next.statement.checkpoint)
        let isForced = note(next.statement, by: epochInForce, signed: signed, entry)
        armings[epoch.number] = next
        for forget in [\SwitchRecord.drilled, \.briefed] {
            self[keyPath: forget][epoch.number] = nil
        }
        ready[epoch.number] = nil
        briefings[epoch.number] = nil
        forcedEpochs.remove(epoch.number)
        if isForced { forcedEpochs.insert(epoch.number) }
        add(entry, epoch, .arming(next.terms, digest: next.digest, signed: signed))
    }

    /// What a trustee is told after an arming.
    mutating func readBriefing(_ envelope: Envelope) throws(Refusal) {
        let (briefing, _) = try open(Briefing.self, envelope) { _, arming in
            [arming.owner]
        }
        let epoch = briefing.epoch.number
        guard let arming = armings[epoch],
            briefing.trustee.value <= arming.statement.trustees.count
        else { throw .trustee }
        guard briefed[epoch, default: []].insert(briefing.trustee).inserted else {
            throw .repeated
        }
        let recipient = arming.statement.trustees[briefing.trustee.value - 1].signingKey
        guard let key = keys.first(where: { $0.signer == recipient }) else { return }
        guard let contents = key.open(briefing) else { throw .sealed }
        briefings[epoch] = contents
    }

    mutating func readCheckIn(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let checkIn = try openOwners(CheckIn.self, envelope)
        let kind = SwitchEvent.Kind.checkIn(
            time: try time(of: checkIn.checkpoint),
            checkpoint: Self.digest(checkIn.checkpoint),
            mark: mark(of: checkIn, by: checkIn.epoch.number)
        )
        add(entry, checkIn.epoch, kind)
    }

    mutating func readHold(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let hold = try openOwners(Hold.self, envelope)
        let signed = try time(of: hold.checkpoint)
        _ = note(hold, by: hold.epoch.number, signed: signed, entry)
        add(entry, hold.epoch, .hold(until: hold.until, signed: signed))
    }

    mutating func readRevocation(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let asked = try openOwners(Revocation.self, envelope)
        let signed = try time(of: asked.checkpoint)
        _ = note(asked, by: asked.epoch.number, signed: signed, entry)
        add(entry, asked.epoch, .revocation(digest: SHA256.hash(envelope.payload)))
    }

    // MARK: Marks

    /// What a clearing names: the checkpoint of a check-in.
    package static func digest(_ checkpoint: String) -> [UInt8] {
        SHA256.hash(Array(checkpoint.utf8))
    }

    /// What the field of a statement shows to this reader, by the briefing of an epoch.
    private func mark<S: OwnerStatement>(of statement: S, by epoch: Int64) -> SwitchEvent.Mark {
        // Whoever was forced to arm was forced to say what is clean.
        guard !forcedEpochs.contains(epoch) else { return .duress }
        guard let briefing = briefings[epoch] else { return .unread }
        let isClean = statement.isMade(with: SecretBytes(copying: briefing.clean))
        return isClean ? .clean : .duress
    }

    /// Takes in what the field of a statement shows that is no check-in: a forced one is a forced
    /// check-in besides.
    ///
    /// - Returns: Whether it was forced.
    private mutating func note<S: OwnerStatement>(
        _ statement: S,
        by epoch: Int64,
        signed: Int64,
        _ entry: WitnessedLog.Entry
    ) -> Bool {
        guard mark(of: statement, by: epoch) == .duress else { return false }
        let digest = Self.digest(statement.checkpoint)
        add(
            entry,
            statement.epoch,
            isSealed: true,
            .checkIn(time: signed, checkpoint: digest, mark: .duress)
        )
        return true
    }

    mutating func readWords(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let reading = try openTrustees(WordsReading.self, envelope)
        let epoch = reading.epoch.number
        // Cycles are counted from the arming in force.
        guard epoch == epochInForce, let rows = armings[epoch]?.statement.words else {
            throw .epoch
        }
        let row = Int(reading.cycle) - 1
        let commitment = reading.words.commitment(of: id, cycle: reading.cycle)
        guard row < rows.count, let place = rows[row].commitments.firstIndex(of: commitment)
        else { throw .words }
        let mark: SwitchEvent.Mark
        if forcedEpochs.contains(epoch) {
            mark = .duress
        } else if let briefing = briefings[epoch] {
            mark = briefing.cleanPlace(inRow: row) == place ? .clean : .duress
        } else {
            mark = .unread
        }
        add(entry, reading.epoch, .words(cycle: reading.cycle, mark: mark))
    }
}
