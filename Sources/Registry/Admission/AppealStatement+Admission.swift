// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension AppealStatement: RegistryStatement {
    // What suspends and revokes is heard after a charter's end: so is who defends against it.
    package static var outlivesCharter: Bool { true }
    package static var countsOnce: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.15.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject, evenRevoked: true)
        let (id, day) = (RegistryID(decision), state.clock)
        let suspension = subject.suspensions.lastIndex { $0.entry == id && $0.covers(day) }
        let closure = subject.closures.lastIndex {
            $0.entry == id && $0.state == .revoked && $0.holds(at: day)
        }
        guard suspension != nil || closure != nil else { throw .unknownDecision }
        guard !subject.appeals.values.contains(where: { $0.decision == id }) else {
            throw .repeated
        }
        guard entry.isSigned(by: subject.key) else { throw .notSigned }
        if let suspension {
            state.subjects[subject.id]?.suspensions[suspension].appealedAt = day
        }
        state.subjects[subject.id]?.appeals[entry.digest] = .init(decision: id, since: day)
    }
}

extension AppealDecisionStatement: RegistryStatement {
    // Or every suspension that is appealed would lapse.
    package static var outlivesCharter: Bool { true }
    package static var countsOnce: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.15.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject, evenRevoked: true)
        let (id, day) = (RegistryID(self.appeal), state.clock)
        guard let appeal = subject.appeals[id], !appeal.isDecided else { throw .unknownAppeal }
        let suspension = subject.suspensions.firstIndex { $0.entry == appeal.decision }
        let closure = subject.closures.firstIndex { $0.entry == appeal.decision }
        // None of those who decided first, nor who is under one control with them.
        let first = Set(
            suspension.map { subject.suspensions[$0].signers }
                ?? closure.map { subject.closures[$0].signers } ?? []
        )
        let units = Set(first.compactMap { state.verifiers[$0]?.unit })
        let panel = state.activeSigners(of: entry).filter { !units.contains($0.unit) }
        guard charter.rules.strong.isMet(by: panel.map(\.constituency)) else { throw .noQuorum }
        if let suspension {
            // What lapsed, lapsed.
            guard outcome == .upheld || day < appeal.since + RegistryState.appealSeconds else {
                throw .wrongDate
            }
            switch outcome {
            case .upheld: state.subjects[subject.id]?.suspensions[suspension].liftedAt = day
            case .rejected: state.subjects[subject.id]?.suspensions[suspension].stands = true
            }
        } else if let closure, outcome == .upheld {
            state.subjects[subject.id]?.closures[closure].until = day
        }
        state.subjects[subject.id]?.appeals[id]?.isDecided = true
    }
}

extension ReopenStatement: RegistryStatement {
    package static var countsOnce: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.15.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject, evenRevoked: true)
        let day = state.clock
        let closures = subject.closures.indices.filter { subject.closures[$0].holds(at: day) }
        let lost = subject.isLost(at: day) ? subject.takeovers.indices.last : nil
        let since =
            closures.map { subject.closures[$0].since }
            + [lost.map { subject.takeovers[$0].deadline }].compactMap { $0 }
        guard let last = since.max() else { throw .unknownDecision }
        guard day - last >= RegistryState.reopenSeconds else { throw .wrongDate }
        guard entry.isSigned(by: subject.key) else { throw .notSigned }
        let verifiers = state.activeSigners(of: entry).map(\.constituency)
        guard charter.rules.attested.isMet(by: verifiers) else { throw .noQuorum }
        for index in closures { state.subjects[subject.id]?.closures[index].until = day }
        if let lost { state.subjects[subject.id]?.takeovers[lost].reopenedAt = day }
        state.subjects[subject.id]?.reopenings.append(day)
    }
}
