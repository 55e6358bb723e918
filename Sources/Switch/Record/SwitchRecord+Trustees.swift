// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Escrow
internal import Sodium
internal import Statements

/// What trustees, senders and successors say.
///
/// Spec: `docs/spec/switch.md`, section 6.
extension SwitchRecord {
    /// Takes in what may be said openly and under seal.
    mutating func take(
        _ inner: DayContents.Inner,
        _ entry: WitnessedLog.Entry,
        isSealed: Bool = false
    ) {
        let kind: SwitchEvent.Kind
        switch inner {
        case .attestation(let answer):
            let epoch = answer.epoch.number
            let known = answerNumbers[epoch]?[answer.trustee] ?? 0
            answerNumbers[epoch, default: [:]][answer.trustee] = max(answer.number, known)
            kind = .attestation(
                answer.trustee,
                number: answer.number,
                verdict: answer.verdict,
                hasEvidence: answer.evidenceDigest != nil
            )
        case .delay(let delay):
            let (seconds, since) = (delay.seconds, delay.pendingSince)
            kind = .delay(delay.trustee, seconds: seconds, pendingSince: since)
        case .intent(let intent):
            kind = .intent(intent.trustee, releasingSince: intent.releasingSince)
        case .clearing(let clearing):
            kind = .clearing(clearing.trustee, checkpoint: clearing.checkpoint)
        }
        add(entry, inner.epoch, isSealed: isSealed, kind)
    }

    /// A day's statement, and what is in it if the reader has the key.
    mutating func readDay(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let day = try openTrustees(SealedDay.self, envelope)
        let name = DayName(epoch: day.epoch.number, trustee: day.trustee, day: day.day)
        guard days.insert(name).inserted else { throw .repeated }
        guard let briefing = briefings[day.epoch.number] else { return }
        guard let contents = day.contents(key: SecretBytes(copying: briefing.dayKey)) else {
            throw .sealed
        }
        for inner in contents.statements
        where sealedPayloads.insert(SHA256.hash(inner.payload)).inserted {
            take(inner, entry, isSealed: true)
        }
    }

    mutating func readDrill(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let drill = try openTrustees(Drill.self, envelope)
        let signed = try time(of: drill.checkpoint)
        // What does not parse does not prove either.
        guard let context = armings[drill.epoch.number]?.dealing.context,
            let proof = try? DrillProof(index: drill.trustee.value, proof: drill.proof),
            proof.isValid(in: context, checkpoint: Self.digest(drill.checkpoint))
        else { throw .drill }
        drilled[drill.epoch.number, default: []].insert(drill.trustee)
        add(entry, drill.epoch, .drill(drill.trustee, time: signed))
    }

    mutating func readShare(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let published = try openTrustees(PublishedShare.self, envelope)
        let epoch = published.epoch.number
        // Nobody who obeys the rules opens a share of what is a mere request.
        guard epoch <= epochInForce, let dealing = armings[epoch]?.dealing else { throw .epoch }
        let share: VerifiedShare
        do {
            share = try OpenedShare(bytes: published.share).verified(in: dealing)
        } catch {
            throw .share
        }
        guard Int(share.share.index.value) == published.trustee.value else { throw .trustee }
        sharesByEpoch[epoch, default: [:]][published.trustee] = share
        add(entry, published.epoch, .share(published.trustee))
    }

    mutating func readReminder(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let (reminder, _) = try open(Reminder.self, envelope) { _, arming in
            arming.senders + arming.trustees.map(\.signingKey)
        }
        let isDelivered = reminder.outcome == .delivered
        add(entry, reminder.epoch, .reminder(cycle: reminder.cycle, isDelivered: isDelivered))
    }

    mutating func readReceipt(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let (receipt, signer) = try open(SuccessorReceipt.self, envelope) { _, arming in
            arming.successors
        }
        let epoch = receipt.epoch.number
        guard receipt.escrowDigest == armings[epoch]?.statement.escrowDigest else {
            throw .receipt
        }
        switch receipt.matter {
        case .escrow: ready[epoch, default: []].insert(signer.bytes)
        case .delivery: add(entry, receipt.epoch, .receipt(successor: signer.bytes))
        }
    }
}
