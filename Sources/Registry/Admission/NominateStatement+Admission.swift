// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension NominateStatement: RegistryStatement {
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.16.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        guard charter.constituencies.contains(where: { $0.id == constituency }) else {
            throw .unknownConstituency
        }
        let id = RegistryKey(bytes: key).id
        if state.verifiers[id]?.removedAt != nil { throw .removedVerifier }
        switch voice {
        case .for:
            let signers = state.activeSigners(of: entry)
            guard !signers.isEmpty else { throw .unknownVerifier }
            for signer in signers {
                state.candidacies[id, default: Candidacy()].nominators[signer.key.id] = state.clock
            }
        case .against:
            let seats = state.council.filter { entry.isSigned(by: $0.key) }
            guard !seats.isEmpty else { throw .notSigned }
            for seat in seats {
                state.candidacies[id, default: Candidacy()].opponents[seat.key.id] = state.clock
            }
        }
    }
}

/// What is said of an organisation that wants to vouch.
package struct Candidacy: Sendable {
    /// Days for which what is said counts.
    package static let days: Int64 = 90

    /// Verifiers, with the day of their word, seconds since 1970.
    package internal(set) var nominators: [RegistryID: Int64] = [:]
    /// Council seats that are against it.
    package internal(set) var opponents: [RegistryID: Int64] = [:]
}

extension RegistryState {
    /// Throws if an organisation that was never accredited lacks nominations, or if all seats of
    /// one constituency are against it.
    ///
    /// Spec: `docs/spec/registry.md`, section 3.16.
    func requireNominated(_ id: RegistryID, _ charter: CharterStatement) throws(Refusal) {
        let said = candidacies[id] ?? Candidacy()
        let since = clock - Candidacy.days * Self.day
        if verifiers[id] == nil, let quorum = charter.nominateQuorum {
            let nominators = said.nominators.filter { $0.value > since }.keys
                .compactMap { verifiers[$0] }
                .filter { $0.isActive(at: clock) }
            guard quorum.isMet(by: nominators.map(\.constituency)) else { throw .notNominated }
        }
        // Who is accredited is removed by the council's quorum, not by one seat at a renewal.
        guard verifiers[id] == nil else { return }
        let against = said.opponents.filter { $0.value > since }
        for constituency in Set(council.map(\.constituency)) {
            let seats = council.filter { $0.constituency == constituency }
            guard !seats.allSatisfy({ against[$0.key.id] != nil }) else { throw .opposed }
        }
    }
}

extension SuspendVerifierStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }
    package static var countsOnce: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.16.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let id = RegistryID(verifier)
        guard let verifier = state.verifiers[id] else { throw .unknownVerifier }
        guard verifier.removedAt == nil else { throw .removedVerifier }
        guard until > state.clock else { throw .wrongDate }
        let most = RegistryQuorum(count: state.council.count / 2 + 1, constituencies: 2)
        try state.requireCouncil(most, entry)
        // More than that is removal, which is not for one half alone and can be read as such.
        let start = RegistryEpoch(containing: state.clock).start
        guard !verifier.suspensions.contains(where: { $0.lowerBound >= start }) else {
            throw .repeated
        }
        let daySpan = (until - state.clock) / RegistryState.day
        guard daySpan <= RegistryState.suspensionDaysMax else { throw .tooLong }
        state.verifiers[id]?.suspensions.append(state.clock..<until)
    }
}
