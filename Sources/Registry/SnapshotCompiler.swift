// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import SnapshotFormat
internal import Statements

/// Computes the records of a snapshot from the state and from what is kept beside the log.
///
/// Spec: `docs/spec/registry.md`, section 7; `docs/spec/snapshot.md`.
package struct SnapshotCompiler: Sendable {
    private let state: RegistryState
    private let links: [RegistryID: AccountLink]
    private let lists: [RegistryID: AccountList]
    private let audience: SnapshotAudience
    private let date: Int64
    private let records: TrackRecords
    private let mask: SuspensionMask?

    /// Why something that the log says is not in the snapshot.
    package enum HeldBack: Equatable, Sendable {
        /// Two subjects are trusted with one account: neither is exported.
        case claimedTwice(PlatformAccount)
        /// The account is attested and designated: neither label is exported.
        case attestedAndDesignated(PlatformAccount)
        /// A panel limits an account that is attested: a dispute about its source decides.
        case attestedAndLimited(PlatformAccount)
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
        let (sources, guarded) = sources(&heldBack)
        let panels = Listings(state, links, date)
        var records: [SnapshotRecord] = []
        var without: Set<PlatformAccount> = []
        var contested: Set<PlatformAccount> = []
        for designation in designations(&heldBack) {
            let isInForce = designation.validity.contains(date)
            let network = RegistryID(designation.network)
            let kept = designation.accounts.filter { entry in
                let outcome = panels.outcome(of: entry.account, in: network)
                guard outcome != .rejected else { return false }
                let isContested = outcome == nil && guarded.contains(entry.account)
                if isInForce, isContested { contested.insert(entry.account) }
                if isInForce, isContested || outcome == .upheld { without.insert(entry.account) }
                return !isContested && isVisible(entry.account)
            }
            // What everybody can read names none of them: a list without those who are trusted
            // in secret would tell who they are.
            records.append(.designation(designation.with(audience == .everyone ? [] : kept)))
        }
        heldBack += contested.map { .attestedAndDesignated($0) }
        let shown = sources.filter { !without.contains($0.link.account) || warns($0) }
        records += shown.mapOnAllCores { part in
            part.compactMap { source in record(of: source).map { .source($0) } }
        }
        // As with designations, what everybody can read names nobody.
        if audience != .everyone {
            records += limits(guarded, &heldBack).filter { isVisible($0.account) }
                .map { .limit($0) }
        }
        records += lexicon().map { .lexicon($0) }
        records += state.corrections.compactMap(Self.correction).map { .correction($0) }
        return (records, heldBack)
    }

    private struct Source: Sendable {
        let subject: Subject
        let link: AccountLink
        let commitment: RegistryID
        /// As the log says.
        let history: [StandingPeriod]
        /// As the audience may know.
        let shown: [StandingPeriod]
        let claim: Claim
    }

    /// How much a subject's word on an account weighs against that of another one.
    ///
    /// Control alone weighs nothing: two observers could take any source out with an invented one.
    private enum Claim: Int, Comparable, Sendable {
        /// It was revoked, and not because somebody else took the account.
        case ended
        /// It has or had some vouches.
        case some
        /// It is attested, or was when something bad happened.
        case attested

        static func < (left: Claim, right: Claim) -> Bool { left.rawValue < right.rawValue }
    }

    /// One source for each account that somebody vouches for, or did; and the accounts of which a
    /// council does not decide alone.
    private func sources(
        _ heldBack: inout [HeldBack]
    ) -> (sources: [Source], guarded: Set<PlatformAccount>) {
        var claims: [PlatformAccount: [Source]] = [:]
        var guarded: Set<PlatformAccount> = []
        // Histories are what takes the time.
        let found = Array(state.subjects.values).mapOnAllCores { part in
            part.flatMap { subject in candidates(of: subject) }
        }
        for source in found {
            let account = source.link.account
            if isGuarded(source) { guarded.insert(account) }
            if source.subject.closure(at: date)?.state != .withdrawn {
                claims[account, default: []].append(source)
            }
        }
        var sources: [Source] = []
        for (account, all) in claims {
            let best = all.map(\.claim).max() ?? .ended
            let equal = all.filter { $0.claim == best }
            if best > .ended, Set(equal.map(\.subject.id)).count > 1 {
                heldBack.append(.claimedTwice(account))
            } else if let source = equal.max(by: { order(of: $0) < order(of: $1) }) {
                sources.append(source)
            }
        }
        return (sources, guarded)
    }

    private func candidates(of subject: Subject) -> [Source] {
        subject.accounts.compactMap { commitment in
            links[commitment].flatMap { source(subject, $0, commitment) }
        }
    }

    /// - Returns: `nil` where nobody ever vouched enough to be told.
    private func source(
        _ subject: Subject,
        _ link: AccountLink,
        _ commitment: RegistryID
    ) -> Source? {
        let history = state.history(of: subject.id, account: commitment)
        guard let claim = claim(history) else { return nil }
        var shown = history
        if let mask, link.visibility != .everyone {
            shown = mask.shown(history, of: commitment, at: date)
        }
        return Source(
            subject: subject,
            link: link,
            commitment: commitment,
            history: history,
            shown: shown,
            claim: claim
        )
    }

    private func claim(_ history: [StandingPeriod]) -> Claim? {
        guard let now = history.first(where: { $0.contains(date) }),
            history.contains(where: { $0.since <= date && $0.tier > .none })
        else { return nil }
        switch now.state {
        case .attested: return .attested
        case .revoked where now.reason != .accountTakeover: return .ended
        case .stale, .suspended, .takenOver, .revoked, .memorialPending, .memorial:
            return wasAttested(history) ? .attested : .some
        default: return .some
        }
    }

    private func wasAttested(_ history: [StandingPeriod]) -> Bool {
        history.contains { $0.since <= date && $0.state == .attested }
    }

    /// Whether an account is or was a trusted source's, in truth or as it shows.
    ///
    /// Neither a suspension, silence, death or theft, nor a week in which the mask covers it, opens
    /// it to a designation. Only a decision against the source itself does.
    private func isGuarded(_ source: Source) -> Bool {
        [source.history, source.shown].contains { history in
            guard let now = history.first(where: { $0.contains(date) }), wasAttested(history)
            else { return false }
            return now.state != .revoked || now.reason == .accountTakeover
        }
    }

    /// Whether what shows of a source is a warning, which no designation takes away.
    private func warns(_ source: Source) -> Bool {
        guard let now = source.shown.first(where: { $0.contains(date) }) else { return false }
        switch now.state {
        case .takenOver, .revoked, .memorialPending, .memorial: return true
        // Masks look like this, and are worn by who is trusted.
        case .suspended: return now.reason != .routineReview
        default: return false
        }
    }

    /// A subject may commit to one account twice, with another salt or visibility: the later one
    /// under which it stands better counts.
    private func order(of source: Source) -> (Int64, RegistryID) {
        let since = source.history.last { $0.since <= date && $0.tier > .none }?.since ?? -1
        return (since, source.commitment)
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
        let periods = source.shown.filter { $0.since <= date }
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
            account: source.commitment,
            standing: source.shown.first { $0.contains(date) }?.state ?? .registered,
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
                        readings: designation.verdict.readings.sorted(),
                        rightsImpact: statement.rightsImpact,
                        reasons: statement.reasons,
                        splitFrom: statement.splitFrom,
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

    /// What panels asked platforms to do about accounts, as long as it held.
    private func limits(
        _ guarded: Set<PlatformAccount>,
        _ heldBack: inout [HeldBack]
    ) -> [LimitRecord] {
        var records: [LimitRecord] = []
        for complaint in state.complaints(about: nil) {
            for (limit, reason, span) in complaint.limits {
                let digest = RegistryID(limit.accountList)
                guard let list = lists[digest] else {
                    heldBack.append(.missingList(digest))
                    continue
                }
                for account in list.accounts.map(\.account) {
                    guard !guarded.contains(account) else {
                        if span.contains(date) { heldBack.append(.attestedAndLimited(account)) }
                        continue
                    }
                    records += limit.actions.compactMap { SnapshotAction(rawValue: $0.rawValue) }
                        .map { action in
                            LimitRecord(
                                account: account,
                                action: action,
                                reason: reason.rawValue,
                                evidence: complaint.statement.evidence,
                                validity: span
                            )
                        }
                }
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
