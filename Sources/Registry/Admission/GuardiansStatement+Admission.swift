// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension GuardiansStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }
    package static var countsOnce: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.13.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject)
        guard entry.isSigned(by: subject.key) else { throw .notSigned }
        // Those that it has keep watch for days: a thief of the key cannot change them at once.
        let isFirst = subject.guardians.isEmpty
        let delay = isFirst ? 0 : RegistryState.recoverySeconds
        state.subjects[subject.id]?.guardians.append(
            .init(
                keys: guardians.map { RegistryKey(bytes: $0) },
                since: state.clock + delay
            )
        )
    }
}

extension GuardStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }
    package static var countsOnce: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.13.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject)
        let signers = state.guardianSigners(of: entry, subject)
        switch act {
        case .freeze:
            guard !signers.isEmpty else { throw .notSigned }
            let epoch = RegistryEpoch(containing: state.clock)
            guard !subject.freezes.contains(epoch) else { throw .repeated }
            state.subjects[subject.id]?.freezes.insert(epoch)
            state.subjects[subject.id]?.suspensions.append(
                .init(
                    span: state.clock..<(state.clock + RegistryState.day),
                    reason: .routineReview
                )
            )
        case .takenOver:
            guard signers.count >= Subject.guardianThreshold else { throw .noQuorum }
            try state.requirePast(lastTrustedAt)
            guard subject.takeover(at: state.clock) == nil else { throw .repeated }
            state.subjects[subject.id]?.takeovers.append(
                .init(since: state.clock, lastTrustedAt: lastTrustedAt)
            )
        }
    }
}

extension RecoverKeyStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }
    package static var countsOnce: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.13.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject)
        let signers = state.guardianSigners(of: entry, subject)
        guard signers.count >= Subject.guardianThreshold else { throw .noQuorum }
        let key = RegistryKey(bytes: self.key)
        guard entry.isSigned(by: key) else { throw .notSigned }
        let day = state.clock
        state.subjects[subject.id]?.recovery = .init(
            key: key,
            next: RegistryID(next),
            holdsAt: day + RegistryState.recoverySeconds
        )
        state.recovering.insert(subject.id)
        let takeovers = subject.takeovers.indices
        if let last = takeovers.last, subject.takeovers[last].recoveryAt == nil,
            subject.takeover(at: day) != nil
        {
            state.subjects[subject.id]?.takeovers[last].recoveryAt = day
        }
    }
}

extension CancelMemorialStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }
    package static var countsOnce: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.14.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject)
        let day = state.clock
        guard let place = subject.closures.lastIndex(where: { $0.isPending(at: day) }) else {
            throw .unknownDecision
        }
        // With a key that was promised before: whoever has only the phone has not got it.
        let announced = subject.closures[place].announcedAt
        guard subject.rotations.contains(where: { $0 >= announced }) else { throw .brokenPromise }
        guard entry.isSigned(by: subject.key) else { throw .notSigned }
        let verifiers = state.activeSigners(of: entry).map(\.constituency)
        guard !state.guardianSigners(of: entry, subject).isEmpty,
            charter.rules.emergency.isMet(by: verifiers)
        else { throw .noQuorum }
        state.subjects[subject.id]?.closures[place].until = day
    }
}

extension RegistryState {
    /// The guardians of a subject that have signed.
    func guardianSigners(of entry: RegistryEntry, _ subject: Subject) -> [RegistryKey] {
        subject.guardians(at: clock).filter { entry.isSigned(by: $0) }
    }
}
