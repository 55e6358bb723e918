// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// A complaint, and what became of it.
///
/// Spec: `docs/spec/complaints.md`.
package struct Complaint: Sendable {
    /// Members of a panel.
    package static let memberCount = 5
    /// How many members of one constituency at most.
    package static let constituencyMemberCountMax = 2
    /// How many of a panel decide, and of how many constituencies.
    package static let quorum = RegistryQuorum(count: 4, constituencies: 3)
    /// Days that a panel has to answer.
    package static let answerDays: Int64 = 14
    /// Days in which a party may contest what a panel decided.
    package static let contestDays: Int64 = 14
    /// Days after which nobody waits any longer for a panel that decides.
    package static let lapseDays: Int64 = 90
    /// How many complaints of one key may be undecided at a time.
    package static let openCountMax = 3

    /// Verifiers that were drawn.
    package struct Draw: Sendable {
        /// Who, in the order of the lot.
        package let members: [RegistryID]
        /// The day, seconds since 1970.
        package let drawnOn: Int64

        /// First moment at which they cannot decide any more, seconds since 1970.
        package var deadline: Int64 {
            drawnOn + Complaint.answerDays * RegistryHead.daySeconds
        }
    }

    /// What a panel decided.
    package struct Decision: Sendable {
        /// The review.
        package let entry: RegistryID
        /// Whether the complaint is right.
        package let outcome: AppealOutcome
        /// How grave the panel finds it: at most what the complainant claims.
        package let grade: NetworkHarmGrade
        /// What platforms are asked to do about accounts.
        package let limit: ReviewLimit?
        /// Why.
        package let reason: RegistryReason
        /// SHA-256 of the reasons that are published.
        package let reasons: [UInt8]
        /// The day, seconds since 1970.
        package let since: Int64
        /// Who signed.
        let signers: [RegistryID]
    }

    /// The digest of the statement.
    package let id: RegistryID
    /// What was said.
    package let statement: ComplaintStatement
    /// The day on which it came, seconds since 1970.
    package let since: Int64
    /// The day whose outputs draw the next panel; `nil` when none is awaited.
    package internal(set) var awaitedDay: Int64?
    /// Who can be drawn, ascending: who could when the awaited day was over.
    var pool: [Verifier]?
    /// Whether the charter names no beacon holders: any independent verifiers decide.
    package internal(set) var isOpenToAll: Bool
    /// Panels in the order in which they were drawn.
    package internal(set) var draws: [Draw] = []
    /// What was decided: once, and a second time when it was contested.
    package internal(set) var decisions: [Decision] = []
    /// When a party contested the first decision, seconds since 1970.
    package internal(set) var contestedAt: Int64?

    /// First moment at which no panel can decide any more, seconds since 1970.
    package var lapsesAt: Int64 {
        (contestedAt ?? since) + Self.lapseDays * RegistryHead.daySeconds
    }

    /// Whether no panel has decided yet, in time or not.
    private var isUnanswered: Bool { decisions.count == (contestedAt == nil ? 0 : 1) }

    /// Whether a panel has still to decide at `time`, the last moment that was heard of.
    package func isUndecided(at time: Int64) -> Bool { isUnanswered && time < lapsesAt }

    /// Whether no panel decided in time.
    package func isLapsed(at time: Int64) -> Bool { isUnanswered && time >= lapsesAt }

    /// What holds at `time`; `nil` while nothing is decided, or it is contested.
    ///
    /// If no second panel decides in time, the first decision holds again.
    package func decision(at time: Int64) -> Decision? {
        if let contestedAt, contestedAt <= time, !isLapsed(at: time) {
            return decisions.dropFirst().first { $0.since <= time }
        }
        return decisions.first { $0.since <= time }
    }

    /// What panels asked platforms to do about accounts, and when that held: what a second panel
    /// decides ends what the first one did.
    package var limits: [(limit: ReviewLimit, reason: RegistryReason, span: Range<Int64>)] {
        zip(decisions, decisions.dropFirst().map(\.since) + [.max]).compactMap { decision, end in
            guard let limit = decision.limit, decision.since < min(limit.until, end) else {
                return nil
            }
            return (limit, decision.reason, decision.since..<min(limit.until, end))
        }
    }

    /// Everybody who may not judge it (again).
    var excluded: Set<RegistryID> {
        Set(draws.flatMap(\.members) + decisions.flatMap(\.signers))
            .union([RegistryKey(bytes: statement.key).id])
    }
}

/// The complaints of a registry.
package struct ComplaintBook: Sendable {
    /// By the digest of the statement.
    package internal(set) var all: [RegistryID: Complaint] = [:]
    /// Those about subjects, by subject.
    var disputes: [RegistryID: [RegistryID]] = [:]
    /// Evidence that panels decided about accounts, by target.
    var judgedEvidence: [RegistryID: Set<[UInt8]>] = [:]
    /// Those that a panel has to be drawn for, or has to decide.
    var awaiting: Set<RegistryID> = []
    /// Those of one key that were undecided when it last complained.
    var ofKey: [RegistryID: [RegistryID]] = [:]

    package internal(set) subscript(id: RegistryID) -> Complaint? {
        get { all[id] }
        set { all[id] = newValue }
    }
}

extension RegistryState {
    /// Complaints, all or those about something, by day.
    package func complaints(about target: RegistryID?) -> [Complaint] {
        complaints.all.values
            .filter { target == nil || RegistryID($0.statement.target) == target }
            .sorted { ($0.since, $0.id) < ($1.since, $1.id) }
    }

    /// Whether a dispute about a subject was upheld between two moments and still is.
    func hasUpheldDispute(_ subject: RegistryID, since start: Int64, at time: Int64) -> Bool {
        complaints.disputes[subject, default: []].contains { id in
            guard let decision = complaints[id]?.decision(at: time) else { return false }
            return decision.outcome == .upheld && decision.since >= start
        }
    }

    /// Disputes about a subject that were upheld, and still are at `time`; by day.
    func upheldDisputes(
        about subject: RegistryID,
        at time: Int64
    ) -> [(severity: ScoreSeverity, since: Int64)] {
        complaints.disputes[subject, default: []].compactMap { id in
            guard let complaint = complaints[id],
                let decision = complaint.decision(at: time), decision.outcome == .upheld,
                let severity = ScoreSeverity(rawValue: decision.grade.rawValue)
            else { return nil }
            return (severity, decision.since)
        }
        .sorted { ($0.since, $0.severity.failureWeight) < ($1.since, $1.severity.failureWeight) }
    }

    /// Days on which something was decided about a subject.
    func disputeDays(_ subject: RegistryID) -> [Int64] {
        complaints.disputes[subject, default: []].compactMap { complaints[$0] }.flatMap {
            complaint in
            complaint.decisions.map(\.since)
                + (complaint.contestedAt.map { [$0, complaint.lapsesAt] } ?? [])
        }
    }

    /// Asks for a panel with the outputs of today.
    mutating func assign(_ id: RegistryID, _ charter: CharterStatement) {
        complaints[id]?.isOpenToAll = charter.beacons.isEmpty
        complaints[id]?.pool = nil
        complaints[id]?.awaitedDay = nil
        guard !charter.beacons.isEmpty else { return }
        complaints[id]?.awaitedDay = clock
        complaints.awaiting.insert(id)
        panels.openRound(clock, charter.beacons)
    }

    /// Draws panels that can be drawn, and has those drawn again that did not answer in time,
    /// until nobody waits any longer.
    ///
    /// - Complexity: O(complaints that are undecided).
    mutating func assignComplaints() {
        for id in complaints.awaiting.sorted() {
            guard let complaint = complaints[id], let charter else { continue }
            guard complaint.isUndecided(at: clock) else {
                complaints.awaiting.remove(id)
                continue
            }
            if let day = complaint.awaitedDay {
                guard let outputs = panels.outputs(of: day) else { continue }
                if let draw = draw(complaint, day, outputs) {
                    complaints[id]?.draws.append(draw)
                    complaints[id]?.awaitedDay = nil
                    complaints[id]?.pool = nil
                } else if day < clock {
                    assign(id, charter)
                }
            } else if let last = complaint.draws.last, last.deadline <= clock {
                assign(id, charter)
            }
        }
    }

    /// The day is over: whoever it takes out or lets in later, the lot takes of those of today.
    ///
    /// Who knew the outputs could otherwise choose the panel by choosing who is there.
    ///
    /// - Complexity: O(complaints of the day × verifiers).
    mutating func closePools() {
        let entered = complaints.awaiting.filter { complaints[$0]?.awaitedDay == clock }
        guard !entered.isEmpty else { return }
        let active = verifiers.values.filter { $0.isActive(at: clock) }
            .sorted { $0.key.id < $1.key.id }
        for id in entered {
            guard let complaint = complaints[id], complaint.pool == nil else { continue }
            let units = partialUnits(to: complaint)
            complaints[id]?.pool = active.filter { !units.contains($0.unit) }
        }
    }

    /// - Returns: `nil` when there are too few independent verifiers.
    private func draw(
        _ complaint: Complaint,
        _ day: Int64,
        _ outputs: [(key: [UInt8], output: [UInt8])]
    ) -> Complaint.Draw? {
        let pool = complaint.pool ?? []
        let seed = PanelSeed.seed(
            context: context,
            subject: complaint.id,
            epochName: "review-\(complaint.draws.count)",
            day: day,
            outputs: outputs
        )
        var members: [Verifier] = []
        for place in Sortition.draw(pool.count, of: pool.count, seed: seed) {
            let next = pool[place]
            let count = members.count { $0.constituency == next.constituency }
            let isTaken = members.contains { $0.unit == next.unit }
            guard count < Complaint.constituencyMemberCountMax, !isTaken else { continue }
            members.append(next)
            guard members.count == Complaint.memberCount else { continue }
            return Complaint.Draw(members: members.map(\.key.id), drawnOn: clock)
        }
        return nil
    }

    /// Those under whose control nobody judges a complaint: who complained, judged it before, or
    /// vouched in the open for its subject.
    func partialUnits(to complaint: Complaint) -> Set<String> {
        let target = RegistryID(complaint.statement.target)
        let subject = subjects[target] ?? subject(with: complaint)
        let names = complaint.excluded.union(subject?.vouches.compactMap(\.verifier) ?? [])
        return Set(names.compactMap { verifiers[$0]?.unit })
    }

    /// The source whose account a complaint is about.
    func subject(with complaint: Complaint) -> Subject? {
        guard [.account, .listing].contains(complaint.statement.about) else { return nil }
        let account = RegistryID(complaint.statement.target)
        return accountOwners[account].flatMap { subjects[$0] }
    }
}
