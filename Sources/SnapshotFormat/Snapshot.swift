// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// How a source stands at one moment.
package struct SourceStanding: Equatable, Sendable {
    /// The pseudonymous subject, 32 bytes.
    package let subject: [UInt8]
    /// The period that holds at that moment.
    package let period: SourcePeriod
    /// The last moment at which what the account said was the subject's, Unix seconds.
    package let lastTrustedAt: Int64?
    /// Who may see this.
    package let visibility: SourceVisibility

    /// The state at that moment.
    package var state: SourceState { period.state }
    /// The tier at that moment.
    package var tier: SourceTier { period.tier }

    /// Whether a post of that moment comes from a source that stands attested.
    ///
    /// - Parameter time: When it was posted, Unix seconds.
    /// - Returns: `true` if it was attested at that time and its trust had not ended.
    package func trusts(postedAt time: Int64) -> Bool {
        state == .attested && time <= lastTrustedAt ?? .max
    }
}

/// Why an account counts as part of a designated network at one moment.
package struct DesignationStanding: Equatable, Sendable {
    /// The network, 32 bytes.
    package let network: [UInt8]
    /// What it is called.
    package let name: String
    /// The gravest of its harms.
    package let severity: HarmGrade
    /// How sure it is that the account belongs to the network, in thousandths.
    package let confidence: Int
    /// How that was found.
    package let method: String
    /// The rule that the designation passed.
    package let rule: String
    /// SHA-256 of each evidence dossier.
    package let evidence: [[UInt8]]
    /// What platforms are asked to do.
    package let actions: [SnapshotAction]
    /// When the designation holds, Unix seconds.
    package let validity: Range<Int64>
}

/// A verified snapshot: answers what the registry says of an account at a moment.
///
/// Made by ``SnapshotFile/verified(by:audience:now:lastSeen:)`` only.
package struct Snapshot: Sendable {
    /// What was signed.
    package let header: SnapshotHeader
    /// What to remember to refuse older ones.
    package let seen: SnapshotSeen
    /// All designations, those that ended included.
    package private(set) var designations: [DesignationRecord] = []
    /// All limits, those that ended included.
    package private(set) var limits: [LimitRecord] = []
    /// All lexicon entries, those that ended included.
    package private(set) var lexicon: [LexiconRecord] = []
    private var corrections: [[UInt8]: [CorrectionRecord]] = [:]

    private var sources: AccountTable
    /// By the number of an account.
    ///
    /// All that is known of one lies together, so that a look-up waits for memory once.
    private var rows: [Row] = []
    private var periods: [SourcePeriod] = []

    /// A source, its account and its periods left out.
    private struct Row: Sendable {
        let subject: InlineArray<32, UInt8>
        let lastTrustedAt: Int64
        let periodStart: UInt32
        let periodCount: UInt16
        let score: Int16
        let visibility: SourceVisibility

        init(_ record: SourceRecord, periodStart: Int) {
            subject = InlineArray { record.subject[$0] }
            lastTrustedAt = record.lastTrustedAt ?? -1
            self.periodStart = UInt32(periodStart)
            periodCount = UInt16(record.history.count)
            score = Int16(record.score ?? -1)
            visibility = record.visibility
        }

        var subjectBytes: [UInt8] {
            unsafe subject.span.withUnsafeBufferPointer { unsafe Array($0) }
        }
    }

    private var designated = AccountLists()
    private var limited = AccountLists()

    init(header: SnapshotHeader, seen: SnapshotSeen) {
        self.header = header
        self.seen = seen
        sources = AccountTable(capacity: header.recordCount)
    }

    /// Count of accounts with a source record.
    package var sourceCount: Int { sources.count }

    /// The accounts with a source record.
    package var sourceAccounts: some Sequence<PlatformAccount> {
        (0..<sources.count).lazy.map { sources.account(at: $0) }
    }

    /// How the source behind `account` stood at `time`; `nil` when the registry says nothing.
    ///
    /// - Parameters:
    ///   - account: An account on a platform.
    ///   - time: Unix seconds.
    /// - Returns: Its standing, or `nil`.
    /// - Complexity: O(periods of the account).
    package func source(for account: PlatformAccount, asOf time: Int64) -> SourceStanding? {
        guard let index = sources.index(of: account) else { return nil }
        let row = rows[index]
        for period in history(row) where period.contains(time) {
            return SourceStanding(
                subject: row.subjectBytes,
                period: period,
                lastTrustedAt: row.lastTrustedAt < 0 ? nil : row.lastTrustedAt,
                visibility: row.visibility
            )
        }
        return nil
    }

    /// All that the registry said of the source behind `account`, oldest first; empty for none.
    package func history(of account: PlatformAccount) -> ArraySlice<SourcePeriod> {
        guard let index = sources.index(of: account) else { return [] }
        return history(rows[index])
    }

    /// The score of the source behind `account` at the snapshot's date, in thousandths.
    package func score(of account: PlatformAccount) -> Int? {
        guard let index = sources.index(of: account), rows[index].score >= 0 else { return nil }
        return Int(rows[index].score)
    }

    private func history(_ row: Row) -> ArraySlice<SourcePeriod> {
        periods[Int(row.periodStart)..<(Int(row.periodStart) + Int(row.periodCount))]
    }

    /// The designations that named `account` and held at `time`, the gravest and surest first.
    package func designations(
        for account: PlatformAccount,
        asOf time: Int64
    ) -> [DesignationStanding] {
        let standings = designated.entries(for: account).compactMap { entry in
            let record = designations[entry.record]
            return record.validity.contains(time)
                ? standing(record, record.accounts[entry.detail]) : nil
        }
        return standings.sorted { left, right in
            (left.severity, left.confidence) > (right.severity, right.confidence)
        }
    }

    /// The gravest and surest designation that named `account` and held at `time`.
    package func designation(
        for account: PlatformAccount,
        asOf time: Int64
    ) -> DesignationStanding? {
        designations(for: account, asOf: time).first
    }

    /// The limits on `account` at `time`.
    package func limits(for account: PlatformAccount, asOf time: Int64) -> [LimitRecord] {
        limited.entries(for: account).map { limits[$0.record] }
            .filter { $0.validity.contains(time) }
    }

    /// The corrections of the content with that SHA-256 digest at `time`.
    package func corrections(of content: [UInt8], asOf time: Int64) -> [CorrectionRecord] {
        (corrections[content] ?? []).filter { $0.validity.contains(time) }
    }

    /// The lexicon at `time`.
    package func lexicon(asOf time: Int64) -> [LexiconRecord] {
        lexicon.filter { $0.validity.contains(time) }
    }

    /// Takes in the record of a line.
    ///
    /// - Throws: `.duplicateAccount`.
    mutating func insert(_ record: SnapshotRecord, line: Int) throws(SnapshotError) {
        switch record {
        case .source(let record):
            guard sources.insert(record.account).isNew else {
                throw .duplicateAccount(line: line)
            }
            rows.append(Row(record, periodStart: periods.count))
            periods += record.history
        case .designation(let record):
            for (detail, entry) in record.accounts.enumerated() {
                let entryOfRecord = AccountLists.Entry(record: designations.count, detail: detail)
                designated.append(entryOfRecord, to: entry.account)
            }
            designations.append(record)
        case .limit(let record):
            limited.append(.init(record: limits.count, detail: 0), to: record.account)
            limits.append(record)
        case .correction(let record):
            corrections[record.content, default: []].append(record)
        case .lexicon(let record):
            lexicon.append(record)
        }
    }

    private func standing(
        _ record: DesignationRecord,
        _ entry: DesignatedAccount
    ) -> DesignationStanding {
        DesignationStanding(
            network: record.network,
            name: record.name,
            severity: record.severity,
            confidence: entry.confidence,
            method: entry.method,
            rule: record.rule,
            evidence: record.evidence,
            actions: record.actions,
            validity: record.validity
        )
    }
}
