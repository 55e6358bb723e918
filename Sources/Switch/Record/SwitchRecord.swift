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
/// Everybody reads the public view. Whoever brings a trustee's key reads besides what the owner
/// told that trustee, and what trustees say under seal.
///
/// Spec: `docs/spec/switch.md`, sections 5.1 and 6.
package struct SwitchRecord: Sendable {
    /// Why an entry about the switch changes nothing.
    package enum Refusal: String, CaseIterable, Sendable {
        /// A field is missing, unknown or malformed.
        case malformed
        /// Not signed by a key that may sign it.
        case signature
        /// Of an epoch in which it can not be said.
        case epoch
        /// The trustee's number is above n.
        case trustee
        /// The checkpoint inside is not one that log and witnesses signed.
        case checkpoint
        /// The share's proof does not hold.
        case share
        /// The drill's proof does not hold.
        case drill
        /// The same statement stands in the log already, or the trustee's of that day.
        case repeated
        /// A later arming does not verify, or names other logs or witnesses.
        case arming
        /// The words open neither commitment of their cycle.
        case words
        /// The receipt is for another file than the one that was armed.
        case receipt
        /// It may only be said under seal.
        case unsealed
        /// The reader's own briefing does not open, or a day under the key that it gave.
        case sealed
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
    /// The arming that counts: the one whose shares are out, else the one in force.
    package internal(set) var arming: VerifiedArming
    /// All armings that verify, by epoch; of several requests for an epoch the newest.
    package internal(set) var armings: [Int64: VerifiedArming]
    /// What happened, in the order of the log.
    package internal(set) var events: [SwitchEvent] = []
    /// What was refused.
    package internal(set) var refused: [Refused] = []
    /// The newest number of each trustee's answers, by epoch.
    var answerNumbers: [Int64: [TrusteeNumber: Int64]] = [:]
    /// Shares that are out, with proofs that hold, by epoch.
    var sharesByEpoch: [Int64: [TrusteeNumber: VerifiedShare]] = [:]
    /// Trustees who have proven to have their keys since the arming, by epoch.
    var drilled: [Int64: Set<TrusteeNumber>] = [:]
    /// Trustees to whom the owner has written, by epoch.
    var briefed: [Int64: Set<TrusteeNumber>] = [:]
    /// Successors who have the escrow file, by epoch.
    var ready: [Int64: Set<[UInt8]>] = [:]
    /// The trustees' view: keys that open briefings, and what was in them.
    let keys: [BriefingKey]
    var briefings: [Int64: BriefingContents] = [:]
    /// Epochs that were asked for by force: what their briefings call clean is not.
    var forcedEpochs: Set<Int64> = []
    /// Days that were said, by epoch and trustee.
    var days: Set<DayName> = []
    /// What was said under seal, as far as the reader can open it: SHA-256 of payloads.
    var sealedPayloads: Set<[UInt8]> = []
    /// SHA-256 of the payloads that have counted: each counts once, whoever brings it again.
    private var payloads: Set<[UInt8]> = []
    private let policy: LogPolicy
    private let outages: [Outage]
    /// Says which epoch is in force.
    private var fold = SwitchMachine()

    /// A day's statement of a trustee.
    struct DayName: Hashable {
        let epoch: Int64
        let trustee: TrusteeNumber
        let day: Int64
    }

    /// Reads a switch out of a log.
    ///
    /// - Parameters:
    ///   - id: Which switch.
    ///   - log: The log, its entries with their times.
    ///   - keys: Of a trustee who reads it, one an epoch; none for the public view.
    /// - Throws: ``SwitchError/unknownSwitch``; ``SwitchError/armingInvalid(_:)`` if the owner
    ///   signed an arming that does not verify and none that does;
    ///   ``SwitchError/otherLog(origin:)`` if the arming names other logs or witnesses than those
    ///   by which this log was read.
    package init(
        _ id: SwitchID,
        in log: WitnessedLog,
        as keys: [BriefingKey] = []
    ) throws(SwitchError) {
        let (found, entry) = try Self.firstArming(of: id, in: log)
        // An arming can be copied anywhere. Only the logs that the owner named tell the truth about
        // the switch: in any other the owner's check-ins are missing.
        guard found.policy.hasSameKeys(as: log.policy) else {
            throw .otherLog(origin: found.policy.origins.first ?? "")
        }
        self.id = id
        self.keys = keys
        policy = log.policy
        outages = log.outages
        for outage in log.outages { fold.note(outage) }
        arming = found
        armings = [found.statement.epoch.number: found]
        payloads = [found.digest]
        add(
            entry,
            found.statement.epoch,
            .arming(found.terms, digest: found.digest, signed: entry.time)
        )
        for entry in log.entries where entry.leaf > self.first {
            read(entry)
        }
    }

    /// The leaf of the first arming.
    private var first: UInt64 { events.first?.leaf ?? 0 }

    /// The first arming of an id that verifies.
    private static func firstArming(
        of id: SwitchID,
        in log: WitnessedLog
    ) throws(SwitchError) -> (VerifiedArming, WitnessedLog.Entry) {
        var flaw: ArmingFlaw?
        for entry in log.entries {
            guard let envelope = Self.envelope(entry, of: SwitchArming.type),
                let claim = try? envelope.read(SwitchArming.self), claim.epoch.id == id
            else { continue }
            do {
                return (try VerifiedArming(envelope), entry)
            } catch .armingInvalid(let reason) {
                // What somebody else wrote under this id says nothing about the switch.
                if reason != .signature { flaw = reason }
            }
        }
        if let flaw { throw .armingInvalid(flaw) }
        throw .unknownSwitch
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
    ///
    /// - Parameters:
    ///   - now: The witnessed time.
    ///   - event: Something more, to learn what would come of it.
    /// - Returns: The machine, advanced to that moment.
    package func machine(asOf now: Int64, adding event: SwitchEvent? = nil) -> SwitchMachine {
        SwitchMachine(of: events + (event.map { [$0] } ?? []), outages: outages, asOf: now)
    }

    /// The epoch in force once everything here was said.
    package var epochInForce: Int64 { fold.facts?.epoch ?? arming.statement.epoch.number }

    /// Shares of the arming that counts.
    package var shares: [TrusteeNumber: VerifiedShare] {
        sharesByEpoch[arming.statement.epoch.number] ?? [:]
    }

    /// What the owner told the trustee who reads this, by epoch; empty in the public view.
    package func briefing(of epoch: Int64) -> BriefingContents? { briefings[epoch] }

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

    /// Takes in what was found right.
    mutating func add(
        _ entry: WitnessedLog.Entry,
        _ epoch: SwitchEpoch,
        isSealed: Bool = false,
        _ kind: SwitchEvent.Kind
    ) {
        let event = SwitchEvent(
            leaf: entry.leaf,
            time: entry.time,
            epoch: epoch.number,
            isSealed: isSealed,
            kind: kind
        )
        events.append(event)
        fold.take(event)
        let complete = sharesByEpoch.filter { epoch, shares in
            armings[epoch].map { shares.count >= $0.terms.threshold } ?? false
        }
        arming = armings[complete.keys.max() ?? epochInForce] ?? arming
    }

    private mutating func read(_ entry: WitnessedLog.Entry) {
        guard let envelope = try? Envelope(canonical: entry.bytes),
            let type = try? envelope.kind().type, concerns(envelope)
        else { return }
        let payload = SHA256.hash(envelope.payload)
        do throws(Refusal) {
            guard !payloads.contains(payload) else { throw Refusal.repeated }
            guard try read(type, envelope, entry) else { return }
            // Only what was signed by whom it names: nobody else can use a statement up.
            payloads.insert(payload)
        } catch {
            refused.append(Refused(leaf: entry.leaf, reason: error))
        }
    }

    /// Reads a statement of a known type.
    ///
    /// - Returns: `false` for one of another type.
    private mutating func read(
        _ type: String,
        _ envelope: Envelope,
        _ entry: WitnessedLog.Entry
    ) throws(Refusal) -> Bool {
        switch type {
        case SwitchArming.type: try readArming(envelope, entry)
        case Briefing.type: try readBriefing(envelope)
        case CheckIn.type: try readCheckIn(envelope, entry)
        case Hold.type: try readHold(envelope, entry)
        case Revocation.type: try readRevocation(envelope, entry)
        case WordsReading.type: try readWords(envelope, entry)
        case Attestation.type:
            try take(.attestation(openTrustees(Attestation.self, envelope)), entry)
        case Delay.type: try take(.delay(openTrustees(Delay.self, envelope)), entry)
        case ReleaseIntent.type:
            try take(.intent(openTrustees(ReleaseIntent.self, envelope)), entry)
        case Consent.type:
            let consent = try openTrustees(Consent.self, envelope)
            add(entry, consent.epoch, .consent(consent.trustee, request: consent.request))
        case PublishedShare.type: try readShare(envelope, entry)
        case Drill.type: try readDrill(envelope, entry)
        case Reminder.type: try readReminder(envelope, entry)
        case SealedDay.type: try readDay(envelope, entry)
        case Clearing.type: throw .unsealed
        case SuccessorReceipt.type: try readReceipt(envelope, entry)
        default: return false
        }
        return true
    }

    /// Whether a payload names this switch.
    ///
    /// Entries of other switches are not looked into.
    private func concerns(_ envelope: Envelope) -> Bool {
        guard let body = try? envelope.body() else { return false }
        return body["switch"]?.string == id.text
    }

    // MARK: Signatures

    /// Opens a statement that one of several keys may sign.
    ///
    /// - Parameters:
    ///   - type: Which statement.
    ///   - envelope: As it stands in the log.
    ///   - signers: Who may sign it, by the arming of that epoch.
    /// - Returns: The statement, and which of the keys has signed it.
    /// - Throws: ``Refusal/malformed``, ``Refusal/epoch``, ``Refusal/signature``, and what
    ///   `signers` throws.
    func open<S: EpochStatement>(
        _ type: S.Type,
        _ envelope: Envelope,
        signers: (S, SwitchArming) throws(Refusal) -> [Ed25519.PublicKey]
    ) throws(Refusal) -> (statement: S, signer: Ed25519.PublicKey) {
        let statement: S
        do {
            statement = try envelope.read(type)
        } catch {
            throw .malformed
        }
        guard let arming = armings[statement.epoch.number] else { throw .epoch }
        let signer = try signers(statement, arming.statement)
            .first(where: { envelope.isSigned(by: $0) })
        guard let signer else { throw .signature }
        return (statement, signer)
    }

    /// Opens a statement of the owner's.
    func openOwners<S: OwnerStatement>(
        _ type: S.Type,
        _ envelope: Envelope
    ) throws(Refusal) -> S {
        try open(type, envelope) { _, arming in [arming.owner] }.statement
    }

    /// Opens a statement of a trustee's.
    func openTrustees<S: TrusteeStatement>(
        _ type: S.Type,
        _ envelope: Envelope
    ) throws(Refusal) -> S {
        try open(type, envelope) { (statement, arming) throws(Refusal) in
            let number = statement.trustee
            guard number.value <= arming.trustees.count else { throw .trustee }
            return [arming.trustees[number.value - 1].signingKey]
        }.statement
    }

    /// The witnessed time of the checkpoint that a statement carries.
    func time(of checkpoint: String) throws(Refusal) -> Int64 {
        do {
            let note = try SignedNote(parsing: Array(checkpoint.utf8))
            return try policy.witnessedTime(of: note)
        } catch {
            throw .checkpoint
        }
    }

    /// Whether an arming names the logs and witnesses by which this log is read.
    func isHere(_ arming: VerifiedArming) -> Bool { arming.policy.hasSameKeys(as: policy) }
}

extension SwitchRecord.Refusal: Error {}
