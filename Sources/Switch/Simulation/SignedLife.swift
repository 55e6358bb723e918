// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Escrow
internal import Sodium
internal import Statements
internal import TransparencyLog

/// A simulated life once more, with real cryptography.
///
/// All that was said in it is signed, sealed and proven with real keys, stands in two logs that
/// five witnesses cosign, beside forgeries, and is read back as anybody and as a trustee reads it.
///
/// Spec: `docs/spec/switch.md`, section 12.
struct SignedLife {
    let ideal: SimulatedLife
    let owner = SimulatedOwner()
    let logs: SimulatedLogs
    /// Follows the ideal life, and so knows which epoch is in force.
    private var fold = SwitchMachine()
    /// Armings by epoch: of several requests the newest.
    private(set) var epochs: [Int64: SimulatedEpoch] = [:]
    /// What was asked for, by what the ideal life calls it.
    private var requests: [Request: Envelope] = [:]
    /// Checkpoints by what the ideal life calls them.
    private var checkpoints: [[UInt8]: String] = [:]
    private var sealed: Set<[UInt8]> = []
    /// The last day of each trustee's sealed statements, by epoch.
    private var days: [Int64: [TrusteeNumber: Int64]] = [:]
    private var forgeryCount = 0

    private struct Request: Hashable {
        let digest: [UInt8]
        let epoch: Int64
    }

    /// Signs all that was said.
    ///
    /// - Throws: What arming and signing throw.
    /// - Complexity: Some milliseconds a statement.
    init(_ life: SimulatedLife) throws {
        ideal = life
        logs = try SimulatedLogs(skews: ideal.plot.skews, liars: ideal.plot.liars)
        var rest = ideal.events[...]
        while let event = rest.first {
            // What one trustee says under seal at one moment is one statement.
            let batch =
                event.isSealed
                ? rest.prefix { $0.isSealed && $0.time == event.time } : rest.prefix(1)
            if event.isSealed { try seal(batch) } else { try sign(event) }
            rest = rest.dropFirst(batch.count)
            for event in batch { fold.take(event) }
        }
        try forge(at: ideal.machine.clock)
    }

    /// Whether both readers see the history that ideal signatures gave, and the successor gets
    /// the case if it was released.
    ///
    /// - Throws: What reading and recovering throw.
    func agrees() throws -> Bool {
        let now = ideal.machine.clock
        let log = logs.union(at: time(now))
        guard let first = epochs[1] else { return false }
        let everybody = try SwitchRecord(owner.id, in: log)
        let keys = try epochs.values.map { try BriefingKey(signer: $0.seats[0].signer) }
        let trustee = try SwitchRecord(owner.id, in: log, as: keys)
        let inPublic = SwitchMachine(
            of: ideal.events.compactMap(\.inPublic),
            outages: ideal.outages,
            asOf: now
        )
        let wereRefused = trustee.refused.count { $0.reason != .repeated }
        guard wereRefused == forgeryCount,
            isSame(trustee.events, ideal.machine), isSame(everybody.events, inPublic)
        else { return false }
        guard ideal.machine.state == .released else { return true }
        let escrow = (epochs[everybody.arming.statement.epoch.number] ?? first).armed.escrow
        let recovery = try Recovery(of: everybody, escrow: escrow, successors: [owner.successor])
        return recovery.caseIdentityFile.count > 0
    }

    /// Whether real statements lead to the ideal history.
    private func isSame(_ events: [SwitchEvent], _ expected: SwitchMachine) -> Bool {
        let start = SimulatedLogs.start
        let outages = ideal.outages.map {
            Outage(since: $0.since + start, until: $0.until + start, seconds: $0.seconds)
        }
        let real = SwitchMachine(of: events, outages: outages, asOf: time(ideal.machine.clock))
        return real.state == expected.state && real.steps.count == expected.steps.count
            && zip(real.steps, expected.steps).allSatisfy { real, ideal in
                real.rule == ideal.rule && real.from == ideal.from && real.to == ideal.to
                    && real.time == time(ideal.time)
            }
    }

    // MARK: Saying it

    private func time(_ virtual: Int64) -> Int64 { SimulatedLogs.start + virtual }

    /// Puts a statement into the logs; one of them hides what the owner says, perhaps.
    private func publish(_ envelope: Envelope, at virtual: Int64, isOwners: Bool = false) {
        let (first, second) = ideal.plot.hasSeizedLog ? (1, 0) : (0, 1)
        logs.append(envelope, to: first, at: time(virtual))
        if !(ideal.plot.hasSeizedLog && isOwners) {
            logs.append(envelope, to: second, at: time(virtual) + 60)
        }
    }

    private func checkpoint(_ virtual: Int64) -> String {
        String(decoding: logs.checkpoint(of: 1, at: time(virtual)).encoded, as: UTF8.self)
    }

    /// The checkpoint that the ideal life calls by a name.
    private mutating func checkpoint(named name: [UInt8], at virtual: Int64) -> String {
        if let known = checkpoints[name] { return known }
        let fresh = checkpoint(virtual)
        checkpoints[name] = fresh
        return fresh
    }

    private mutating func sign(_ event: SwitchEvent) throws {
        if case .arming(let terms, let digest, let signed) = event.kind {
            return try arm(terms, Request(digest: digest, epoch: event.epoch), signed, event.time)
        }
        guard let people = epochs[event.epoch] else { return }
        let epoch = people.epoch
        switch event.kind {
        case .checkIn(let time, let name, let mark):
            let text = checkpoint(named: name, at: time)
            let word =
                mark == .duress
                ? CheckIn(epoch: epoch, checkpoint: text, token: owner.duressToken)
                : CheckIn(epoch: epoch, checkpoint: text, token: owner.token)
            publish(try word.signed(by: owner.key), at: event.time, isOwners: true)
        case .hold(let until, let signed):
            let (until, text) = (time(until), checkpoint(signed))
            let hold =
                ideal.forcedLeaves.contains(event.leaf)
                ? Hold(epoch: epoch, until: until, checkpoint: text, token: owner.duressToken)
                : Hold(epoch: epoch, until: until, checkpoint: text, token: owner.token)
            publish(try hold.signed(by: owner.key), at: event.time, isOwners: true)
        case .revocation(let digest):
            let request = Request(digest: digest, epoch: 0)
            let asked = Revocation(
                epoch: epoch,
                checkpoint: checkpoint(event.time),
                token: owner.token
            )
            let envelope = try requests[request] ?? asked.signed(by: owner.key)
            requests[request] = envelope
            publish(envelope, at: event.time, isOwners: true)
        default:
            guard let (envelope, _) = try trusteeStatement(event, people) else { return }
            publish(envelope, at: event.time)
        }
    }

    private mutating func arm(
        _ terms: SwitchTerms,
        _ request: Request,
        _ signed: Int64,
        _ virtual: Int64
    ) throws {
        guard requests[request] == nil else { return }
        let people = try SimulatedEpoch(
            of: owner,
            number: request.epoch,
            terms: terms,
            policy: (logs.policyText, logs.policy.origins),
            checkpoint: logs.checkpoint(of: 1, at: time(signed))
        )
        let isNext = request.epoch == (fold.facts?.epoch ?? 0) + 1
        if isNext { epochs[request.epoch] = people } else { forgeryCount += 1 }
        requests[request] = people.armed.envelope
        for envelope in [people.armed.envelope] + (isNext ? people.armed.briefings : []) {
            publish(envelope, at: virtual, isOwners: true)
        }
    }

    /// What a trustee, or who sends reminders, says.
    private func trusteeStatement(
        _ event: SwitchEvent,
        _ people: SimulatedEpoch
    ) throws -> (Envelope, DayContents.Inner?)? {
        let epoch = people.epoch
        switch event.kind {
        case .attestation(let trustee, let number, let verdict, let hasEvidence):
            let answer = Attestation(
                epoch: epoch,
                trustee: trustee,
                number: number,
                verdict: verdict,
                evidenceDigest: hasEvidence ? SHA256.hash([1]) : nil
            )
            return (try answer.signed(by: people.seat(trustee).signer), .attestation(answer))
        case .delay(let trustee, let seconds, let since):
            let delay = Delay(
                epoch: epoch,
                trustee: trustee,
                seconds: min(seconds, Delay.secondsMax),
                pendingSince: time(since)
            )
            return (try delay.signed(by: people.seat(trustee).signer), .delay(delay))
        case .intent(let trustee, let since):
            let intent = ReleaseIntent(epoch: epoch, trustee: trustee, releasingSince: time(since))
            return (try intent.signed(by: people.seat(trustee).signer), .intent(intent))
        case .clearing(let trustee, let name):
            let digest = SwitchRecord.digest(checkpoints[name] ?? "")
            let clearing = Clearing(epoch: epoch, trustee: trustee, checkpoint: digest)
            return (try clearing.signed(by: people.seat(trustee).signer), .clearing(clearing))
        case .consent(let trustee, let name):
            let asked =
                requests[Request(digest: name, epoch: 0)]
                ?? requests[Request(digest: name, epoch: event.epoch + 1)]
            let digest = asked.map { SHA256.hash($0.payload) } ?? SHA256.hash(name)
            let consent = Consent(epoch: epoch, trustee: trustee, request: digest)
            return (try consent.signed(by: people.seat(trustee).signer), nil)
        case .share(let trustee):
            let opened = try people.seat(trustee).secret.open(people.dealing)
            let share = PublishedShare(epoch: epoch, trustee: trustee, share: opened.bytes)
            return (try share.signed(by: people.seat(trustee).signer), nil)
        case .drill(let trustee, let signed):
            let text = checkpoint(signed)
            let proof = try people.seat(trustee).secret.drill(
                in: people.dealing.context,
                checkpoint: SwitchRecord.digest(text)
            )
            let drill = Drill(
                epoch: epoch,
                trustee: trustee,
                checkpoint: text,
                proof: proof.proof.bytes
            )
            return (try drill.signed(by: people.seat(trustee).signer), nil)
        case .reminder(let cycle, let isDelivered):
            let reminder = Reminder(
                epoch: epoch,
                cycle: time(cycle),
                moment: 0,
                channel: .mail,
                outcome: isDelivered ? .delivered : .failed
            )
            return (try reminder.signed(by: people.seats[0].signer), nil)
        case .arming, .checkIn, .words, .hold, .revocation, .receipt:
            return nil
        }
    }

    /// What one trustee says under seal at one moment.
    private mutating func seal(_ batch: ArraySlice<SwitchEvent>) throws {
        var said: [TrusteeNumber: [DayContents.Inner]] = [:]
        var order: [TrusteeNumber] = []
        guard let time = batch.first?.time else { return }
        for event in batch {
            guard let people = epochs[event.epoch],
                let inner = try trusteeStatement(event, people)?.1,
                sealed.insert(inner.payload).inserted
            else { continue }
            if said[inner.trustee] == nil { order.append(inner.trustee) }
            said[inner.trustee, default: []].append(inner)
        }
        for trustee in order {
            guard let statements = said[trustee] else { continue }
            let number = statements[0].epoch.number
            guard let people = epochs[number] else { continue }
            // One a day; by the clock that a trustee goes by, it may be the day before.
            let today = self.time(time) / SealedDay.daySeconds
            let day = max(days[number]?[trustee].map { $0 + 1 } ?? 0, today - 1)
            days[number, default: [:]][trustee] = day
            publish(try people.day(day, of: trustee, saying: statements), at: time)
        }
    }

    // MARK: Forging it

    /// Says what nobody may say: none of it may count.
    private mutating func forge(at virtual: Int64) throws {
        let number = fold.facts?.epoch ?? 1
        guard let people = epochs[number] else { return }
        let stranger = Ed25519.SecretKey()
        let (one, two) = (people.seats[0], people.seats[1])
        let text = checkpoint(virtual)
        // A minority of the witnesses has seen it.
        let minority = logs.checkpoint(of: 1, at: time(virtual), by: 2)
        let unseen = String(decoding: minority.encoded, as: UTF8.self)
        let answer = Attestation(
            epoch: people.epoch,
            trustee: one.number,
            number: 1 << 40,
            verdict: .dead,
            evidenceDigest: SHA256.hash([2])
        )
        let foreign = try two.secret.open(people.dealing)
        let share = PublishedShare(epoch: people.epoch, trustee: one.number, share: foreign.bytes)
        let proof = try two.secret.drill(
            in: people.dealing.context,
            checkpoint: SwitchRecord.digest(text)
        )
        let drill = Drill(
            epoch: people.epoch,
            trustee: one.number,
            checkpoint: text,
            proof: proof.proof.bytes
        )
        let word = CheckIn(epoch: people.epoch, checkpoint: text, token: owner.token)
        let ahead = CheckIn(epoch: people.epoch, checkpoint: unseen, token: owner.token)
        let forged = [
            try answer.signed(by: stranger), try answer.signed(by: two.signer),
            try share.signed(by: one.signer), try drill.signed(by: one.signer),
            try word.signed(by: one.signer), try ahead.signed(by: owner.key),
        ]
        for envelope in forged { publish(envelope, at: virtual) }
        forgeryCount += forged.count
    }
}
