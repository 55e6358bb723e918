// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Statements

/// Everything the registry says, computed from its log: `state = fold(entries, asOf)`.
///
/// The fold is pure and total: no entry makes it fail, and the same entries give the same state
/// everywhere. What an entry may do is decided by the state before it alone, so the state at the
/// end of a prefix of the log is the state that everybody saw then.
///
/// Spec: `docs/spec/registry.md`, section 4.
package struct RegistryState: Sendable {
    /// The oldest date that a statement may carry when it is appended, in days.
    package static let ageDaysMax: Int64 = 30
    /// How many refused entries are remembered one by one.
    package static let refusedCountMax = 10_000

    static let day = RegistryHead.daySeconds

    /// An entry that was refused.
    package struct Refused: Equatable, Sendable {
        /// Its place in the log.
        package let index: Int64
        /// Why.
        package let reason: Refusal
    }

    /// SHA-256 of the log's origin.
    package let context: [UInt8]
    /// The day that the log has reached, seconds since 1970; 0 before the charter.
    package internal(set) var clock: Int64 = 0
    /// Charters in force, with the day from which each held.
    package internal(set) var charters: [(since: Int64, charter: CharterStatement)] = []
    /// Verifiers by the digest of their key.
    package internal(set) var verifiers: [RegistryID: Verifier] = [:]
    /// Subjects by id.
    package internal(set) var subjects: [RegistryID: Subject] = [:]
    /// Whose a commitment to an account is: that of the first who showed control.
    var accountOwners: [RegistryID: RegistryID] = [:]
    /// Those whose guardians gave them a key that does not hold yet.
    var recovering: Set<RegistryID> = []
    /// Designated networks by id.
    package internal(set) var networks: [RegistryID: Network] = [:]
    /// Corrections in the order of the log.
    package internal(set) var corrections: [Correction] = []
    /// Incidents that were shared, in the order of the log.
    package internal(set) var incidents: [Incident] = []
    /// Entries that were refused, the first ``refusedCountMax`` of them.
    package private(set) var refused: [Refused] = []
    /// How many entries were refused.
    package private(set) var refusedCount = 0
    /// How many entries were looked at.
    package private(set) var entryCount: Int64 = 0
    /// Ring keys and rings.
    package internal(set) var rings = RingBook()
    /// Panels that look at sources before a badge shows.
    package internal(set) var panels = PanelBook()
    /// Complaints, and what panels decided of them.
    package internal(set) var complaints = ComplaintBook()
    /// What is said of organisations that want to vouch.
    package internal(set) var candidacies: [RegistryID: Candidacy] = [:]
    /// Sealed statements whose signatures are not there.
    var unproven: [RegistryID: UnprovenAct] = [:]
    /// What counted by the council's word, by quarter, where a signature of it is not here.
    private(set) var decided: [RegistryEpoch: Set<RegistryID>] = [:]
    /// Sealed statements that counted, by quarter: what the council decides of one day.
    package private(set) var countedSeals: [RegistryEpoch: Set<RegistryID>] = [:]
    /// How many of them are believed without their signatures, by the council's word.
    package private(set) var believedSealCounts: [RegistryEpoch: Int] = [:]
    /// Digests of the statements that count once and were taken in.
    private var taken: Set<RegistryID> = []
    /// The seats of each charter.
    var councils: [[(key: RegistryKey, constituency: String)]] = []

    /// A state before the first entry.
    ///
    /// - Parameters:
    ///   - origin: The log's origin.
    ///   - decided: What the council decided, where signatures are deleted.
    package init(origin: String, decided: [RegistryEpoch: Set<RegistryID>] = [:]) {
        context = Self.context(of: origin)
        self.decided = decided
    }

    /// Folds the entries of a log up to the day of `asOf`.
    ///
    /// - Parameters:
    ///   - origin: The log's origin.
    ///   - entries: In log order, from the first one.
    ///   - time: Seconds since 1970. Batches of later days are not looked at.
    /// - Complexity: O(n).
    package init(
        origin: String,
        folding entries: some Collection<RegistryEntry>,
        asOf time: Int64 = .max
    ) {
        self.init(origin: origin)
        var ledger = SealLedger(origin: origin)
        var isPast = true
        for entry in entries {
            isPast = isPast && !isAfter(time, entry)
            ledger.note(entry, isPast: isPast)
            if isPast { apply(entry) }
        }
        guard !ledger.decided.isEmpty else { return }
        self.init(origin: origin, decided: ledger.decided)
        for entry in entries {
            guard !isAfter(time, entry) else { break }
            apply(entry)
        }
    }

    /// The context of a registry's statements: SHA-256 of its log's origin.
    package static func context(of origin: String) -> [UInt8] {
        SHA256.hash(Array(origin.utf8))
    }

    /// The charter in force.
    package var charter: CharterStatement? { charter(at: clock) }

    var council: [(key: RegistryKey, constituency: String)] {
        let place = charters.lastIndex { $0.since <= clock } ?? 0
        return councils.indices.contains(place) ? councils[place] : []
    }

    /// The charter that was in force at `time`: the first one for earlier moments.
    package func charter(at time: Int64) -> CharterStatement? {
        guard let first = charters.indices.first else { return nil }
        // By place: a closure would be handed copies of charters.
        return charters[charters.indices.last { charters[$0].since <= time } ?? first].charter
    }

    /// Whether an entry opens a day after `time`.
    package func isAfter(_ time: Int64, _ entry: RegistryEntry) -> Bool {
        guard let statement = entry.statement else { return false }
        let kind = type(of: statement)
        let opensDay =
            kind == BatchStatement.self || (charters.isEmpty && kind == CharterStatement.self)
        return opensDay && statement.head.date > time
    }

    /// Takes one entry in, and keeps count of those that change nothing; a sealed one whose
    /// signature is not here waits for the council's word.
    ///
    /// - Returns: Why it changes nothing, or `nil`.
    @discardableResult
    package mutating func apply(_ entry: RegistryEntry) -> Refusal? {
        guard let reason = take(entry) else { return nil }
        if reason == .sealMissing { putAside(entry) }
        entryCount += 1
        refusedCount += 1
        if refused.count < Self.refusedCountMax {
            refused.append(Refused(index: entry.index, reason: reason))
        }
        return reason
    }

    /// Takes one entry in if that is possible; otherwise it is as if it had not been there.
    ///
    /// - Returns: Why it is not possible, or `nil`.
    package mutating func take(_ entry: RegistryEntry) -> Refusal? {
        defer { entry.settle() }
        do throws(Refusal) {
            try admit(entry)
            entryCount += 1
            return nil
        } catch {
            entry.noteUnproven()
            return error
        }
    }

    /// Why an entry would not be possible on a day that has not come to the log yet.
    ///
    /// - Parameters:
    ///   - entry: What would be appended.
    ///   - time: The moment of it, seconds since 1970.
    /// - Returns: The reason, or `nil` if it would be possible.
    package func refusal(of entry: RegistryEntry, at time: Int64) -> Refusal? {
        var copy = reaching(time)
        return copy.take(entry)
    }

    /// The state on a day that has not come to the log yet, if nothing else comes before.
    ///
    /// - Parameter time: A moment of the day, seconds since 1970.
    /// - Returns: A copy on that day.
    package func reaching(_ time: Int64) -> RegistryState {
        var copy = self
        if charter != nil { copy.advance(to: max(clock, time - time % Self.day)) }
        return copy
    }

    private mutating func admit(_ entry: RegistryEntry) throws(Refusal) {
        guard let statement = entry.statement else { throw .unreadable }
        guard statement.head.context == context else { throw .otherRegistry }
        // Types are compared before anything is cast: a cast is dearer than all of these checks.
        let kind = type(of: statement)
        if kind == CharterStatement.self, let first = statement as? CharterStatement {
            return try first.admit(to: &self, entry, charter ?? first)
        }
        guard let charter else { throw .noCharter }
        if kind != BatchStatement.self { try requireTimely(statement.head) }
        guard clock < charter.until || kind.outlivesCharter else { throw .expiredCharter }
        let countsOnce = kind.countsOnce
        if countsOnce, taken.contains(entry.digest) { throw .repeated }
        try statement.admit(to: &self, entry, charter)
        if countsOnce { taken.insert(entry.digest) }
        if statement.seal != nil, let sealed = statement as? any SealableRegistryStatement {
            countedSeals[sealed.epoch, default: []].insert(entry.digest)
            if entry.sealBytes == nil { believedSealCounts[sealed.epoch, default: 0] += 1 }
        }
    }

    /// A day has come.
    mutating func advance(to time: Int64) {
        if time > clock { closePools() }
        let before = (charter?.number, RegistryEpoch(containing: clock))
        clock = time
        panels.advance(to: time, rings, context: context)
        if let charter {
            // Where the next charter asks for fewer vouches, today may be the day; and so it is
            // for what was vouched for before the quarter began.
            if before != (charter.number, RegistryEpoch(containing: time)) {
                convenePanels(charter)
            }
            conveneUndrawn(charter)
        }
        assignComplaints()
        settleRecoveries()
    }

    func requireTimely(_ head: RegistryHead) throws(Refusal) {
        guard head.date <= clock, clock - head.date <= Self.ageDaysMax * Self.day else {
            throw .wrongDate
        }
    }

    /// Throws unless enough council seats of enough constituencies have signed.
    func requireCouncil(_ quorum: RegistryQuorum, _ entry: RegistryEntry) throws(Refusal) {
        let constituencies = council.filter { entry.isSigned(by: $0.key) }.map(\.constituency)
        guard quorum.isMet(by: constituencies) else { throw .noQuorum }
    }

    /// Verifiers and seats that have signed, whether their signature was needed or not.
    ///
    /// A key that is only listed is none of them: anybody can list one.
    func deciders(of entry: RegistryEntry) -> [RegistryID] {
        entry.signerIDs.filter { id in
            let key = verifiers[id]?.key ?? council.first { $0.key.id == id }?.key
            return key.map { entry.isSigned(by: $0) } ?? false
        }
    }

    /// The verifiers that are active today and have signed, one of each that have one control.
    func activeSigners(of entry: RegistryEntry) -> [Verifier] {
        var units: Set<String> = []
        return entry.signerIDs.compactMap { verifiers[$0] }
            .filter { $0.isActive(at: clock) && entry.isSigned(by: $0.key) }
            .filter { units.insert($0.unit).inserted }
    }
}
