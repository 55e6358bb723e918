// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Escrow
internal import Sodium
package import Statements
internal import TransparencyLog

/// All that a log says about one switch, checked.
///
/// Spec: `docs/spec/switch.md`, section 6.
package struct SwitchRecord: Sendable {
    /// Why an entry about the switch changes nothing.
    package enum Refusal: String, Sendable {
        /// A field is missing, unknown or malformed.
        case malformed
        /// Not signed by the key that has to sign it.
        case signature
        /// Of another epoch.
        case epoch
        /// The trustee's number is above n.
        case trustee
        /// The checkpoint inside is not one that log and witnesses signed.
        case checkpoint
        /// The share's proof does not hold.
        case share
        /// The drill's proof does not hold.
        case drill
        /// The same statement stands in the log already.
        case repeated
    }

    /// An entry that was refused.
    package struct Refused: Equatable, Sendable {
        /// Where it stands.
        package let leaf: UInt64
        /// Why.
        package let reason: Refusal
    }

    /// The switch.
    package let id: SwitchID
    /// Its arming.
    package let arming: VerifiedArming
    /// What happened, in the order of the log.
    package private(set) var events: [SwitchEvent] = []
    /// What was refused.
    package private(set) var refused: [Refused] = []
    /// Shares that are out, with proofs that hold.
    package private(set) var shares: [TrusteeNumber: VerifiedShare] = [:]
    /// The newest number of each trustee's answers.
    package private(set) var answerNumbers: [TrusteeNumber: Int64] = [:]
    /// The newest request to end the switch: SHA-256 of its payload.
    package private(set) var revocation: [UInt8]?
    private let outages: [Outage]
    /// SHA-256 of the payloads that have counted: each counts once, whoever brings it again.
    private var payloads: Set<[UInt8]> = []

    /// Reads a switch out of a log.
    ///
    /// - Parameters:
    ///   - id: Which switch.
    ///   - log: The log, its entries with their times.
    /// - Throws: ``SwitchError/unknownSwitch``; ``SwitchError/armingInvalid(_:)`` if the owner
    ///   signed an arming that does not verify and none that does;
    ///   ``SwitchError/otherLog(origin:)`` if the arming names other logs or witnesses than those
    ///   by which this log was read.
    package init(_ id: SwitchID, in log: WitnessedLog) throws(SwitchError) {
        var flaw: ArmingFlaw?
        var found: (arming: VerifiedArming, entry: WitnessedLog.Entry)?
        for entry in log.entries {
            guard let envelope = Self.envelope(entry, of: SwitchArming.type),
                let claim = try? envelope.read(SwitchArming.self), claim.epoch.id == id
            else { continue }
            do {
                found = (try VerifiedArming(envelope), entry)
                break
            } catch .armingInvalid(let reason) {
                // What somebody else wrote under this id says nothing about the switch.
                if reason != .signature { flaw = reason }
            }
        }
        guard let found else {
            if let flaw { throw .armingInvalid(flaw) }
            throw .unknownSwitch
        }
        // An arming can be copied anywhere. Only the logs that the owner named tell the truth about
        // the switch: in any other the owner's check-ins are missing.
        guard found.arming.policy.hasSameKeys(as: log.policy) else {
            throw .otherLog(origin: found.arming.policy.origins.first ?? "")
        }
        self.id = id
        arming = found.arming
        outages = log.outages
        add(found.entry, .arming(found.arming.terms, digest: [], signed: 0))
        for entry in log.entries where entry.leaf > found.entry.leaf {
            read(entry)
        }
    }

    /// The ids of all switches that a log names, in the order of their armings.
    package static func ids(in log: WitnessedLog) -> [SwitchID] {
        var ids: [SwitchID] = []
        for entry in log.entries {
            guard let envelope = envelope(entry, of: SwitchArming.type),
                let arming = try? envelope.read(SwitchArming.self),
                envelope.isSigned(by: arming.owner), !ids.contains(arming.epoch.id)
            else { continue }
            ids.append(arming.epoch.id)
        }
        return ids
    }

    /// The state at a moment.
    package func machine(asOf now: Int64) -> SwitchMachine {
        SwitchMachine(of: events, outages: outages, asOf: now)
    }

    // MARK: Reading entries

    /// The envelope of an entry if it holds a statement of this type.
    ///
    /// Other entries are others'.
    private static func envelope(_ entry: WitnessedLog.Entry, of type: String) -> Envelope? {
        guard let envelope = try? Envelope(canonical: entry.bytes),
            let kind = try? envelope.kind(), kind.type == type
        else { return nil }
        return envelope
    }

    private mutating func add(_ entry: WitnessedLog.Entry, _ kind: SwitchEvent.Kind) {
        events.append(SwitchEvent(leaf: entry.leaf, time: entry.time, kind: kind))
    }

    private mutating func read(_ entry: WitnessedLog.Entry) {
        guard let envelope = try? Envelope(canonical: entry.bytes),
            let type = try? envelope.kind().type, concerns(envelope)
        else { return }
        let payload = SHA256.hash(envelope.payload)
        let countBefore = events.count
        do throws(Refusal) {
            guard !payloads.contains(payload) else { throw Refusal.repeated }
            switch type {
            case CheckIn.type: try readCheckIn(envelope, entry)
            case Attestation.type: try readAttestation(envelope, entry)
            case Hold.type:
                let hold = try open(Hold.self, envelope, \.epoch)
                let signed = try time(of: hold.checkpoint)
                add(entry, .hold(until: hold.until, signed: signed))
            case Delay.type:
                let delay = try open(Delay.self, envelope, \.epoch, by: \.trustee)
                let (seconds, since) = (delay.seconds, delay.pendingSince)
                add(entry, .delay(delay.trustee, seconds: seconds, pendingSince: since))
            case Revocation.type: try readRevocation(envelope, entry)
            case Consent.type:
                let consent = try open(Consent.self, envelope, \.epoch, by: \.trustee)
                add(entry, .consent(consent.trustee, request: consent.revocation))
            case ReleaseIntent.type:
                let intent = try open(ReleaseIntent.self, envelope, \.epoch, by: \.trustee)
                add(entry, .intent(intent.trustee, releasingSince: intent.releasingSince))
            case PublishedShare.type: try readShare(envelope, entry)
            case Drill.type: try readDrill(envelope, entry)
            default: break
            }
            // Only what was signed by whom it names: nobody else can use a statement up.
            if events.count > countBefore { payloads.insert(payload) }
        } catch {
            refused.append(Refused(leaf: entry.leaf, reason: error))
        }
    }

    /// Whether a payload names this switch.
    ///
    /// Entries of other switches are not looked into.
    private func concerns(_ envelope: Envelope) -> Bool {
        guard let body = try? envelope.body() else { return false }
        return body["switch"]?.string == id.text
    }

    /// Opens a statement of the owner's.
    private func open<S: Statement>(
        _ type: S.Type,
        _ envelope: Envelope,
        _ epoch: (S) -> SwitchEpoch
    ) throws(Refusal) -> S {
        try open(type, envelope, epoch, signer: { _ in arming.statement.owner })
    }

    /// Opens a statement of a trustee's.
    private func open<S: Statement>(
        _ type: S.Type,
        _ envelope: Envelope,
        _ epoch: (S) -> SwitchEpoch,
        by trustee: (S) -> TrusteeNumber
    ) throws(Refusal) -> S {
        let trustees = arming.statement.trustees
        return try open(type, envelope, epoch) { (statement) throws(Refusal) in
            let number = trustee(statement)
            guard number.value <= trustees.count else { throw .trustee }
            return trustees[number.value - 1].signingKey
        }
    }

    private func open<S: Statement>(
        _ type: S.Type,
        _ envelope: Envelope,
        _ epoch: (S) -> SwitchEpoch,
        signer: (S) throws(Refusal) -> Ed25519.PublicKey
    ) throws(Refusal) -> S {
        let statement: S
        do {
            statement = try envelope.read(type)
        } catch {
            throw .malformed
        }
        guard epoch(statement) == arming.statement.epoch else { throw .epoch }
        guard envelope.isSigned(by: try signer(statement)) else { throw .signature }
        return statement
    }

    private mutating func readCheckIn(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let checkIn = try open(CheckIn.self, envelope, \.epoch)
        add(entry, .checkIn(time: try time(of: checkIn.checkpoint), checkpoint: [], mark: .unread))
    }

    /// The witnessed time of the checkpoint that a statement carries.
    private func time(of checkpoint: String) throws(Refusal) -> Int64 {
        do {
            let note = try SignedNote(parsing: Array(checkpoint.utf8))
            return try arming.policy.witnessedTime(of: note)
        } catch {
            throw .checkpoint
        }
    }

    private mutating func readAttestation(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let answer = try open(Attestation.self, envelope, \.epoch, by: \.trustee)
        answerNumbers[answer.trustee] = max(answer.number, answerNumbers[answer.trustee] ?? 0)
        let kind = SwitchEvent.Kind.attestation(
            answer.trustee,
            number: answer.number,
            verdict: answer.verdict,
            hasEvidence: answer.evidenceDigest != nil
        )
        add(entry, kind)
    }

    private mutating func readRevocation(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let asked = try open(Revocation.self, envelope, \.epoch)
        _ = try time(of: asked.checkpoint)
        let digest = SHA256.hash(envelope.payload)
        revocation = digest
        add(entry, .revocation(digest: digest))
    }

    private mutating func readDrill(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let drill = try open(Drill.self, envelope, \.epoch, by: \.trustee)
        let signed = try time(of: drill.checkpoint)
        let checkpoint = SHA256.hash(Array(drill.checkpoint.utf8))
        // What does not parse does not prove either.
        guard let proof = try? DrillProof(index: drill.trustee.value, proof: drill.proof),
            proof.isValid(in: arming.dealing.context, checkpoint: checkpoint)
        else { throw .drill }
        add(entry, .drill(drill.trustee, time: signed))
    }

    private mutating func readShare(
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) {
        let published = try open(PublishedShare.self, envelope, \.epoch, by: \.trustee)
        let share: VerifiedShare
        do {
            share = try OpenedShare(bytes: published.share).verified(in: arming.dealing)
        } catch {
            throw .share
        }
        guard Int(share.share.index.value) == published.trustee.value else { throw .trustee }
        shares[published.trustee] = share
        add(entry, .share(published.trustee))
    }
}

extension SwitchRecord.Refusal: Error {}
