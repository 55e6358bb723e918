// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension ComplaintStatement: RegistryStatement {
    package static var countsOnce: Bool { true }

    /// Spec: `docs/spec/complaints.md`, section 2.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        switch about {
        case .subject: _ = try state.open(target)
        case .network:
            guard state.networks[RegistryID(target)] != nil else { throw .unknownNetwork }
        case .listing:
            guard let network, state.networks[RegistryID(network)] != nil else {
                throw .unknownNetwork
            }
        case .account:
            // Who was not believed, or whose limit is over, does not look for another panel.
            let judged = state.complaints.judgedEvidence[RegistryID(target), default: []]
            guard !judged.isSuperset(of: evidence) else { throw .repeated }
        case .post: break
        }
        guard entry.isSigned(by: RegistryKey(bytes: key)) else { throw .notSigned }
        let open = state.complaints.ofKey[RegistryID(key), default: []]
            .filter { state.complaints[$0]?.isUndecided(at: state.clock) == true }
        guard open.count < Complaint.openCountMax else { throw .tooManyComplaints }
        state.complaints.ofKey[RegistryID(key)] = open + [entry.digest]
        state.complaints[entry.digest] = Complaint(
            id: entry.digest,
            statement: self,
            since: state.clock,
            isOpenToAll: false
        )
        if about == .subject {
            state.complaints.disputes[RegistryID(target), default: []].append(entry.digest)
        }
        state.assign(entry.digest, charter)
    }
}

extension ReviewStatement: RegistryStatement {
    package static var countsOnce: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/complaints.md`, section 4.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let id = RegistryID(self.complaint)
        guard let complaint = state.complaints[id] else { throw .unknownComplaint }
        guard complaint.isUndecided(at: state.clock) else { throw .panelOver }
        guard !grade.isGraver(than: complaint.statement.grade) else { throw .gradeTooHigh }
        guard limit == nil || complaint.statement.about == .account else {
            throw .notAboutAccount
        }
        var judges = state.activeSigners(of: entry)
        if complaint.isOpenToAll {
            let partial = state.partialUnits(to: complaint)
            judges = judges.filter { !partial.contains($0.unit) }
        } else {
            guard complaint.awaitedDay == nil, let draw = complaint.draws.last else {
                throw .noPanel
            }
            guard state.clock < draw.deadline else { throw .panelOver }
            judges = judges.filter { draw.members.contains($0.key.id) }
        }
        guard Complaint.quorum.isMet(by: judges.map(\.constituency)) else { throw .noQuorum }
        let first = complaint.decisions.first
        state.complaints[id]?.decisions.append(
            Complaint.Decision(
                entry: entry.digest,
                outcome: outcome,
                grade: grade,
                limit: limit,
                reason: reason,
                reasons: reasons,
                since: state.clock,
                signers: judges.map(\.key.id)
            )
        )
        switch complaint.statement.about {
        case .subject: state.follow(self, entry, complaint, first)
        case .account:
            let target = RegistryID(complaint.statement.target)
            state.complaints.judgedEvidence[target, default: []]
                .formUnion(complaint.statement.evidence)
        default: break
        }
    }
}

extension RegistryState {
    /// A grave dispute that was upheld suspends; another panel can end that.
    fileprivate mutating func follow(
        _ review: ReviewStatement,
        _ entry: RegistryEntry,
        _ complaint: Complaint,
        _ first: Complaint.Decision?
    ) {
        let subject = RegistryID(complaint.statement.target)
        if let first, review.grade != .high,
            let place = subjects[subject]?.suspensions.firstIndex(where: {
                $0.entry == first.entry && $0.covers(clock)
            })
        {
            subjects[subject]?.suspensions[place].liftedAt = clock
        }
        guard review.grade == .high, first?.grade != .high else { return }
        let deciders = deciders(of: entry)
        subjects[subject]?.suspensions.append(
            .init(
                span: clock..<(clock + Self.suspensionDaysMax * Self.day),
                reason: review.reason,
                entry: entry.digest,
                signers: deciders
            )
        )
    }
}

extension ContestStatement: RegistryStatement {
    package static var countsOnce: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/complaints.md`, section 5.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let id = RegistryID(self.complaint)
        guard let complaint = state.complaints[id] else { throw .unknownComplaint }
        guard let first = complaint.decisions.first else { throw .unknownDecision }
        guard complaint.contestedAt == nil else { throw .repeated }
        let end = first.since + Complaint.contestDays * RegistryState.day
        guard state.clock < end else { throw .wrongDate }
        let target = RegistryID(complaint.statement.target)
        let subject = state.subjects[target] ?? state.subject(with: complaint)
        // Nobody here knows whose account it is if it is no source's.
        let isStrangers = complaint.statement.about == .account && subject == nil
        let stranger = isStrangers ? key.map { RegistryKey(bytes: $0) } : nil
        let parties = [RegistryKey(bytes: complaint.statement.key), subject?.key, stranger]
        guard parties.contains(where: { $0.map(entry.isSigned) ?? false }) else {
            throw .notSigned
        }
        state.complaints[id]?.contestedAt = state.clock
        state.assign(id, charter)
    }
}
