// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Escrow
package import Sodium
package import Statements
package import TransparencyLog

/// A trustee's seat in a switch: what it lets its holder say, and when.
///
/// A share leaves a trustee's hands in one place, ``share(opening:asOf:)``, and only after the
/// state computed from the witnessed log says so. No server is asked and none can order it.
///
/// Spec: `docs/spec/switch.md`, sections 3.6, 3.8 to 3.11.
package struct TrusteeSeat: Sendable {
    /// Which trustee.
    package let number: TrusteeNumber
    /// The arming that names this trustee: it need not be the one in force.
    package let arming: VerifiedArming
    let record: SwitchRecord

    /// The seat of the trustee who signs with this key.
    ///
    /// - Throws: ``SwitchError/notATrustee``.
    package init(_ record: SwitchRecord, signingKey: Ed25519.PublicKey) throws(SwitchError) {
        for arming in [record.arming] + record.armings.sorted(by: { $0.key > $1.key }).map(\.value)
        {
            let keys = arming.statement.trustees.map(\.signingKey)
            guard let index = keys.firstIndex(of: signingKey) else { continue }
            number = TrusteeNumber(index + 1)
            self.arming = arming
            self.record = record
            return
        }
        throw .notATrustee
    }

    private var epoch: SwitchEpoch { arming.statement.epoch }

    /// Whether the trustees know that the owner is forced: then what they find out is said under
    /// seal.
    package func isUnderDuress(asOf now: Int64) -> Bool {
        record.machine(asOf: now).facts?.duress != nil
    }

    /// An answer to what has become of the owner.
    ///
    /// - Parameters:
    ///   - verdict: What is said.
    ///   - evidenceDigest: SHA-256 of what it rests on; without it, *dead* does not count towards
    ///     k+1.
    ///   - waiting: What this trustee has said that waits for a sealed day.
    ///   - now: Witnessed time.
    /// - Returns: The statement, to be signed by the trustee.
    /// - Throws: ``SwitchError/notAllowed(_:)`` in a final state.
    package func attest(
        _ verdict: Attestation.Verdict,
        evidenceDigest: [UInt8]?,
        waiting: [DayContents.Inner] = [],
        asOf now: Int64
    ) throws(SwitchError) -> Attestation {
        let state = record.machine(asOf: now).state
        guard !state.isFinal else { throw .notAllowed(state) }
        let numbers = waiting.map { inner in
            if case .attestation(let answer) = inner { return answer.number }
            return 0
        }
        let known = record.answerNumbers[epoch.number]?[number] ?? 0
        return Attestation(
            epoch: epoch,
            trustee: number,
            number: (numbers + [known]).reduce(0, max) + 1,
            verdict: verdict,
            evidenceDigest: evidenceDigest
        )
    }

    /// A request for more time.
    ///
    /// - Throws: ``SwitchError/notAllowed(_:)`` unless the switch is PENDING and this trustee has
    ///   not asked before.
    package func delay(seconds: Int64, asOf now: Int64) throws(SwitchError) -> Delay {
        let machine = record.machine(asOf: now)
        guard machine.state == .pending, machine.facts?.delays[number] == nil,
            let since = machine.facts?.pendingSince
        else { throw .notAllowed(machine.state) }
        return Delay(
            epoch: epoch,
            trustee: number,
            seconds: min(seconds, Delay.secondsMax),
            pendingSince: since
        )
    }

    /// What an owner may ask the trustees' consent to.
    package enum Request: Sendable {
        /// The end of the switch.
        case revocation
        /// A new dealing, to other people perhaps.
        case newEpoch
    }

    /// Consent to the owner's newest request.
    ///
    /// - Throws: ``SwitchError/notAllowed(_:)`` if there is none that stands in this reader's view.
    package func consent(
        to request: Request = .revocation,
        asOf now: Int64
    ) throws(SwitchError) -> Consent {
        let machine = record.machine(asOf: now)
        let digest: [UInt8]? =
            switch request {
            case .revocation: machine.facts?.ending?.digest
            case .newEpoch: machine.facts?.nextEpoch?.digest
            }
        guard let digest, !machine.state.isFinal else { throw .notAllowed(machine.state) }
        return Consent(epoch: epoch, trustee: number, request: digest)
    }

    /// Words that the owner has read to this trustee.
    ///
    /// - Throws: ``SwitchError/wordsUnknown`` if they are none of the arming's,
    ///   ``SwitchError/notAllowed(_:)`` in a final state.
    package func reading(_ words: OneTimeWords, asOf now: Int64) throws(SwitchError) -> WordsReading
    {
        let state = record.machine(asOf: now).state
        guard !state.isFinal else { throw .notAllowed(state) }
        for (index, row) in arming.statement.words.enumerated() {
            let cycle = Int64(index + 1)
            let commitment = words.commitment(of: epoch.id, cycle: cycle)
            guard row.commitments.contains(commitment) else { continue }
            return WordsReading(epoch: epoch, trustee: number, cycle: cycle, words: words)
        }
        throw .wordsUnknown
    }

    /// The end of an alarm: the owner is free, and their newest check-in is to be believed.
    ///
    /// - Returns: The statement, for a sealed day.
    /// - Throws: ``SwitchError/notAllowed(_:)`` if there is no alarm in this reader's view, or no
    ///   check-in since that was free.
    package func clearing(asOf now: Int64) throws(SwitchError) -> Clearing {
        let machine = record.machine(asOf: now)
        guard let checkIns = machine.facts?.duress?.checkIns,
            let newest = checkIns.max(by: { $0.value < $1.value })
        else { throw .notAllowed(machine.state) }
        return Clearing(epoch: epoch, trustee: number, checkpoint: newest.key)
    }

    /// What this trustee says on a day.
    ///
    /// - Parameters:
    ///   - waiting: What is to be said under seal, oldest first. What the log has already is left
    ///     out; what does not fit waits.
    ///   - now: Witnessed time.
    /// - Returns: The statement, to be signed by the trustee; `nil` if the day's was said.
    /// - Throws: ``SwitchError/notBriefed`` for a reader whose briefing is not there.
    package func day(
        saying waiting: [DayContents.Inner],
        asOf now: Int64
    ) throws(SwitchError) -> SealedDay? {
        guard let briefing = record.briefing(of: epoch.number) else { throw .notBriefed }
        let day = now / SealedDay.daySeconds
        guard !record.hasDay(day, of: number, epoch: epoch.number) else { return nil }
        var contents = DayContents()
        for inner in waiting where inner.epoch == epoch && inner.trustee == number {
            guard !record.hasSealed(inner),
                let more = try? DayContents(contents.statements + [inner])
            else { continue }
            contents = more
        }
        return SealedDay(
            epoch: epoch,
            trustee: number,
            day: day,
            contents: contents,
            key: SecretBytes(copying: briefing.dayKey)
        )
    }

    /// An answer to a drill: the escrow key is still here.
    ///
    /// - Parameters:
    ///   - secret: The trustee's escrow key. Nothing is decrypted with it.
    ///   - checkpoint: The newest, with the cosignatures that give it its time.
    ///   - now: Witnessed time.
    /// - Returns: The statement, to be signed by the trustee.
    /// - Throws: ``SwitchError/notAllowed(_:)`` in a final state, ``SwitchError/notATrustee`` for
    ///   another secret.
    package func drill(
        with secret: borrowing TrusteeSecret,
        checkpoint: SignedNote,
        asOf now: Int64
    ) throws(SwitchError) -> Drill {
        let state = record.machine(asOf: now).state
        guard !state.isFinal else { throw .notAllowed(state) }
        let text = checkpoint.encoded
        let proof: DrillProof
        do {
            let digest = SHA256.hash(text)
            proof = try secret.drill(in: arming.dealing.context, checkpoint: digest)
        } catch {
            throw .notATrustee
        }
        guard Int(proof.index.value) == number.value else { throw .notATrustee }
        return Drill(
            epoch: epoch,
            trustee: number,
            checkpoint: String(decoding: text, as: UTF8.self),
            proof: proof.proof.bytes
        )
    }

    /// The announcement that a share will follow; `nil` if it was made for this release already.
    ///
    /// - Throws: ``SwitchError/notAllowed(_:)`` unless the switch is RELEASING,
    ///   ``SwitchError/calledAlive`` for who has called the owner alive.
    package func intent(asOf now: Int64) throws(SwitchError) -> ReleaseIntent? {
        let machine = record.machine(asOf: now)
        guard machine.state == .releasing, let since = machine.facts?.releasingSince else {
            throw .notAllowed(machine.state)
        }
        guard machine.facts?.intents[number] == nil else { return nil }
        guard machine.facts?.answers[number]?.verdict != .alive else { throw .calledAlive }
        return ReleaseIntent(epoch: epoch, trustee: number, releasingSince: since)
    }

    /// Opens this trustee's share of the armed dealing, with its proof.
    ///
    /// Publishing it can not be undone.
    ///
    /// - Parameters:
    ///   - secret: The trustee's escrow key.
    ///   - now: Witnessed time.
    /// - Returns: The statement, to be signed by the trustee.
    /// - Throws: ``SwitchError/notAllowed(_:)`` unless the switch is RELEASING,
    ///   ``SwitchError/intentsMissing(needed:stand:allowedAt:)`` unless k intents have stood for
    ///   an hour, ``SwitchError/notATrustee`` for another secret.
    package func share(
        opening secret: borrowing TrusteeSecret,
        asOf now: Int64
    ) throws(SwitchError) -> PublishedShare {
        let machine = record.machine(asOf: now)
        guard machine.state == .releasing, machine.facts?.epoch == epoch.number else {
            throw .notAllowed(machine.state)
        }
        guard machine.allowsShares else {
            throw .intentsMissing(
                needed: arming.terms.threshold,
                stand: machine.facts?.intents.count ?? 0,
                allowedAt: machine.facts?.sharesAllowedAt()
            )
        }
        let opened: OpenedShare
        do {
            opened = try secret.open(arming.dealing)
        } catch {
            throw .notATrustee
        }
        guard Int(opened.index.value) == number.value else { throw .notATrustee }
        return PublishedShare(epoch: epoch, trustee: number, share: opened.bytes)
    }
}
