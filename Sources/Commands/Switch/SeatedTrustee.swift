// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Sodium
import Statements
import Switch
import Vault

/// A trustee's keys together with the switch they belong to.
struct SeatedTrustee {
    let keys: TrusteeKeys
    /// As this trustee reads it, what is sealed included.
    let record: SwitchRecord
    let seat: TrusteeSeat
    let place: any SwitchPlace
    let home: Home

    /// The seat that some keys have in a switch.
    ///
    /// - Throws: ``SwitchError/notATrustee``.
    init(
        _ keys: TrusteeKeys,
        in record: SwitchRecord,
        _ place: any SwitchPlace,
        _ home: Home
    ) throws {
        self.keys = keys
        self.record = record
        self.place = place
        self.home = home
        seat = try TrusteeSeat(record, signingKey: keys.signer.publicKey)
    }

    /// The seat that this home has in the switch that was named.
    ///
    /// - Parameters:
    ///   - name: The switch, or its first digits.
    ///   - context: Of the command.
    ///   - prefersNewest: Whether a request for a new epoch goes before the arming in force.
    ///   - isReading: Whether nothing will be signed.
    /// - Returns: The seat in the arming in force; where there is none, in another one.
    /// - Throws: ``SwitchError/notATrustee``; ``SwitchError/otherLog(origin:)`` for an arming on
    ///   other terms than those that were agreed to.
    static func find(
        _ name: String,
        _ context: Context,
        prefersNewest: Bool = false,
        isReading: Bool = false
    ) throws -> SeatedTrustee {
        let home = try context.openVault()
        let all = try TrusteeKeys.all(in: home)
        let places = try places(all.map(\.asked), context)
        let ids = try places.flatMap { SwitchRecord.ids(in: try $0.log()) }
        let id = try SwitchName.find(name, among: ids)
        let candidates = all.filter { $0.id == id }
            .sorted { $0.asked.epoch.number > $1.asked.epoch.number }
        let readers = try candidates.map { try $0.briefingKey() }
        for place in places where try SwitchRecord.ids(in: place.log()).contains(id) {
            if !isReading { try context.requireHonestClock(in: place) }
            let record = try context.record(of: id, in: place, as: readers)
            // Keys of an epoch that never came have no seat.
            let seated = candidates.compactMap { try? SeatedTrustee($0, in: record, place, home) }
            let inForce = seated.first {
                $0.seat.arming.statement.epoch.number <= record.epochInForce
            }
            guard let chosen = prefersNewest ? seated.first : inForce ?? seated.first else {
                continue
            }
            try chosen.requireAgreement()
            try KeptEscrow.settle(chosen.seat.arming, in: home, place)
            return chosen
        }
        throw SwitchError.notATrustee
    }

    private static func places(
        _ invitations: [SwitchInvitation],
        _ context: Context
    ) throws -> [any SwitchPlace] {
        if let exchange = context.exchange { return [try Exchange.open(exchange)] }
        var known: Set<SwitchID> = []
        let nodes = try invitations.filter { known.insert($0.epoch.id).inserted }
            .compactMap { try SwitchNodes($0, context) }
        return nodes.isEmpty ? [try Exchange.open(context.requireExchange())] : nodes
    }

    /// Refuses an arming on other terms than those that were agreed to.
    ///
    /// - Throws: ``SwitchError/otherLog(origin:)``.
    func requireAgreement() throws(SwitchError) {
        guard keys.agreed(to: seat.arming) else {
            throw .otherLog(origin: seat.arming.policy.origins.first ?? "")
        }
    }

    // MARK: Speaking

    /// Signs a statement and has the logs take it.
    ///
    /// - Returns: What is to be said of the switch then.
    func say(_ statement: some Statement, _ context: Context) throws -> Outcome {
        let count = try context.publish(statement.signed(by: keys.signer), in: place)
        return try report(receipts: count, context)
    }

    /// Says what was found out: openly, or under seal while the owner is forced, so that nobody
    /// who reads the log learns that anybody knows.
    func tell(_ inner: DayContents.Inner, _ context: Context) throws -> Outcome {
        if case .clearing = inner { return try seal(inner, context) }
        guard try !seat.isUnderDuress(asOf: now(context)) else {
            return try seal(inner, context)
        }
        return try say(inner.statement, context)
    }

    /// Keeps a statement until the next sealed day.
    func seal(_ inner: DayContents.Inner, _ context: Context) throws -> Outcome {
        if try !waiting().contains(inner) {
            try SealedSpeech.keep(inner, at: context.now, in: home)
        }
        context.console.note(Self.waits(try waiting().count))
        return try report(receipts: place.receiptCountMin, context)
    }

    /// Says today's sealed statement.
    ///
    /// - Returns: How many logs have it; `nil` if it was said before.
    func sayDay(_ context: Context) throws -> Int? {
        guard let day = try seat.day(saying: waiting(), asOf: now(context)) else { return nil }
        return try context.publish(day.signed(by: keys.signer), in: place)
    }

    /// What waits for a sealed day.
    func waiting() throws -> [DayContents.Inner] {
        try SealedSpeech.waiting(for: seat, in: home, record)
    }

    /// Shows that the escrow key is there.
    func drill(_ context: Context) throws -> Outcome {
        let note = try context.patiently { try place.refresh(asOf: context.now) }
        let drill = try seat.drill(with: keys.secret, checkpoint: note, asOf: now(context))
        return try say(drill, context)
    }

    /// What is to be said of the switch once so many logs have everything.
    func report(receipts count: Int, _ context: Context) throws -> Outcome {
        let readers = [try keys.briefingKey()]
        return try SwitchReport(
            record.id,
            place,
            receipts: count,
            isOwners: false,
            as: readers,
            context
        ).outcome
    }

    /// The time by which the switch counts.
    func now(_ context: Context) throws -> Int64 { try context.witnessedTime(in: place) }

    /// What is said of statements that wait.
    static func waits(_ count: Int) -> Text {
        Text(
            en: "\(count) under seal, for your next daily statement (trustee day)",
            es: "\(count) bajo sello, para su próxima declaración diaria (trustee day)"
        )
    }
}
