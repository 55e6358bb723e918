// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import SnapshotFormat
internal import Statements

/// Computes the records of a snapshot from the state and from what is kept beside the log.
///
/// Spec: `docs/spec/registry.md`, section 7; `docs/spec/snapshot.md`.
package struct SnapshotCompiler {
    private let state: RegistryState
    private let links: [RegistryID: AccountLink]
    private let lists: [RegistryID: AccountList]
    private let audience: SnapshotAudience
    private let date: Int64
    private let records: TrackRecords
    private let mask: SuspensionMask?

    /// Why something that the log says is not in the snapshot.
    package enum HeldBack: Equatable, Sendable {
        /// Two subjects show control of one account: neither is exported.
        case claimedTwice(PlatformAccount)
        /// The account is attested and designated: neither label is exported.
        case attestedAndDesignated(PlatformAccount)
        /// The list of accounts with that digest is not at hand.
        case missingList(RegistryID)
    }

    /// - Parameters:
    ///   - state: Folded up to `date`.
    ///   - links: What the operator was told of accounts.
    ///   - lists: Accounts of designated networks.
    ///   - audience: Whom the snapshot is for.
    ///   - date: When it is made, seconds since 1970.
    ///   - mask: Hides suspensions of sources that are not public.
    package init(
        state: RegistryState,
        links: [AccountLink],
        lists: [AccountList],
        audience: SnapshotAudience,
        date: Int64,
        mask: SuspensionMask? = nil
    ) {
        self.state = state
        self.links = Dictionary(links.map { ($0.commitment, $0) }) { first, _ in first }
        self.lists = Dictionary(lists.map { ($0.digest, $0) }) { first, _ in first }
        self.audience = audience
        self.date = date
        self.mask = mask
        records = state.trackRecords(at: date)
    }

    /// The records, and what was held back.
    ///
    /// - Complexity: O(n) in the subjects.
    package func compile() -> (records: [SnapshotRecord], heldBack: [HeldBack]) {
        var heldBack: [HeldBack] = []
        let sources = sources(&heldBack)
        var records: [SnapshotRecord] = []
        let designations = designations(&heldBack)
        let attested = Dictionary(
            sources.filter { isAttested($0.history) }
                .map { ($0.link.account, $0.link.commitment) }
        ) { first, _ in first }
        var designated: Set<PlatformAccount> = []
        var contested: Set<PlatformAccount> = []
        for designation in designations {
            let kept = designation.accounts.filter { entry in
                guard let commitment = attested[entry.account],
                    designation.validity.contains(date)
                else { return true }
                let network = RegistryID(designation.network)
                switch state.listing(of: commitment, in: network, at: date) {
                case .upheld: designated.insert(entry.account)
                case .rejected: return false
                case nil: contested.insert(entry.account)
                }
                return designated.contains(entry.account)
            }
            records.append(.designation(designation.with(kept.filter { isVisible($0.account) })))
        }
        heldBack += contested.map { .attestedAndDesignated($0) }
        let without = contested.union(designated)
        for source in sources where !without.contains(source.link.account) {
            if let record = record(of: source) { records.append(.source(record)) }
        }
        records += lexicon().map { .lexicon($0) }
        records += state.corrections.compactMap(Self.correction).map { .correction($0) }
        return (records, heldBack)
    }

    private struct Source {
        let subject: Subject
        let link: AccountLink
        let history: [StandingPeriod]
    }

    /// One source for each account that somebody controls today, or did.
    private func sources(_ heldBack: inout [HeldBack]) -> [Source] {
        var sources: [PlatformAccount: Source] = [:]
        var claimedTwice: Set<PlatformAccount> = []
        for subject in state.subjects.values
        where subject.closure(at: date)?.state != .withdrawn {
            for commitment in subject.accounts {
                guard let link = links[commitment] else { continue }
                let source = Source(subject: subject, link: link, history: shown(subject, link))
                guard let other = sources[link.account] else {
                    sources[link.account] = source
                    continue
                }
                if other.subject.id != subject.id {
                    claimedTwice.insert(link.account)
                } else if weight(of: source) > weight(of: other) {
                    sources[link.account] = source
                }
            }
        }
        heldBack += claimedTwice.map { .claimedTwice($0) }
        return sources.filter { !claimedTwice.contains($0.key) }.map(\.value)
    }

    /// The history of an account, masked unless everybody may know of it.
    private func shown(_ subject: Subject, _ link: AccountLink) -> [StandingPeriod] {
        let history = state.history(of: subject.id, account: link.commitment)
        guard let mask, link.visibility != .everyone else { return history }
        return mask.shown(history, of: link.commitment, at: date)
    }

    /// A subject may commit to one account twice, with another salt or visibility: the later one
    /// under which it stands better counts.
    private func weight(of source: Source) -> Int64 {
        source.history.last { $0.since <= date && $0.tier > .none }?.since ?? -1
    }

    private func isAttested(_ history: [StandingPeriod]) -> Bool {
        history.contains { $0.contains(date) && $0.state == .attested }
    }

    private func isVisible(_ account: PlatformAccount) -> Bool {
        switch audience {
        case .everyone: true
        case .platform(let platform): account.platform == platform
        }
    }

    private func record(of source: Source) -> SourceRecord? {
        let isForPlatform = audience != .everyone
        switch source.link.visibility {
        case .everyone: break
        case .platformsOnly: guard isForPlatform else { return nil }
        case .onRequest: return nil
        }
        guard isVisible(source.link.account) else { return nil }
        let periods = source.history.filter { $0.since <= date }
            .compactMap { period(of: $0, isForPlatform: isForPlatform) }
        guard periods.contains(where: { $0.tier > .none }) else { return nil }
        return SourceRecord(
            account: source.link.account,
            subject: source.subject.id.bytes,
            visibility: source.link.visibility,
            history: Array(periods.suffix(SourceRecord.periodCountMax)),
            lastTrustedAt: source.subject.lastTrustedAt(at: date),
            score: score(of: source)
        )
    }

    private func score(of source: Source) -> Int {
        let inputs = state.scoreInputs(
            of: source.subject.id,
            account: source.link.commitment,
            standing: source.history.first { $0.contains(date) }?.state ?? .registered,
            records,
            at: date
        )
        return Score(inputs).thousandths
    }

    /// A period in the words of the snapshot; `nil` for what the audience is not told.
    private func period(of period: StandingPeriod, isForPlatform: Bool) -> SourcePeriod? {
        let (state, tier): (SourceState, SourceTier)
        switch period.state {
        case .registered, .controlled, .withdrawn: return nil
        case .provisional, .pending:
            guard isForPlatform else { return nil }
            (state, tier) = (.provisional, .provisional)
        case .attested:
            (state, tier) = (.attested, period.tier == .strong ? .strong : .attested)
        case .stale, .lapsed: (state, tier) = (.lapsed, .none)
        case .suspended, .memorialPending: (state, tier) = (.suspended, .none)
        case .takenOver: (state, tier) = (.takenOver, .none)
        case .revoked:
            let isTaken = period.reason == .accountTakeover
            (state, tier) = (isTaken ? .takenOver : .revoked, .none)
        case .memorial: (state, tier) = (.memorial, .none)
        }
        return SourcePeriod(
            state: state,
            tier: tier,
            since: period.since,
            until: period.until,
            reason: period.reason?.rawValue
        )
    }

    private func designations(_ heldBack: inout [HeldBack]) -> [DesignationRecord] {
        var records: [DesignationRecord] = []
        for network in state.networks.values {
            for designation in network.designations {
                let statement = designation.statement
                let digest = RegistryID(statement.accountList)
                let list = lists[digest]
                if list == nil, statement.accountCount > 0 { heldBack.append(.missingList(digest)) }
                records.append(
                    DesignationRecord(
                        network: network.id.bytes,
                        name: statement.name,
                        severity: HarmGrade(rawValue: designation.verdict.severity.rawValue)
                            ?? .none,
                        coordination: statement.coordination.compactMap {
                            Coordination(rawValue: $0.rawValue)
                        },
                        rule: designation.rule,
                        evidence: statement.dossiers,
                        actions: statement.actions.compactMap {
                            SnapshotAction(rawValue: $0.rawValue)
                        },
                        validity: designation.span,
                        accounts: list?.accounts ?? []
                    )
                )
            }
        }
        return records
    }

    private func lexicon() -> [LexiconRecord] {
        state.networks.values.flatMap { network in
            network.designations.flatMap { designation in
                designation.statement.terms.compactMap { term in
                    LexiconForm(rawValue: term.form.rawValue).map { form in
                        LexiconRecord(
                            term: term.term,
                            form: form,
                            network: network.id.bytes,
                            regions: term.regions,
                            source: term.source,
                            validity: designation.span
                        )
                    }
                }
            }
        }
    }

    private static func correction(_ correction: Correction) -> CorrectionRecord? {
        let statement = correction.statement
        guard let verdict = CorrectionVerdict(rawValue: statement.finding.rawValue) else {
            return nil
        }
        return CorrectionRecord(
            content: statement.content,
            verdict: verdict,
            verifier: correction.verifier.bytes,
            link: statement.link,
            validity: correction.span
        )
    }
}
