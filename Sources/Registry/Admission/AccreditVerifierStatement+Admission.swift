// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension AccreditVerifierStatement: RegistryStatement {
    package static var countsOnce: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.3.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        guard charter.constituencies.contains(where: { $0.id == self.constituency }) else {
            throw .unknownConstituency
        }
        guard self.until > state.clock else { throw .wrongDate }
        let key = RegistryKey(bytes: self.key)
        if state.verifiers[key.id]?.removedAt != nil { throw .removedVerifier }
        guard entry.isSigned(by: key) else { throw .notSigned }
        try state.requireCouncil(charter.accreditQuorum, entry)
        let isNew = state.verifiers[key.id]?.constituency != self.constituency
        guard !isNew || state.mayJoin(self.constituency, charter.limits) else { throw .growthCap }
        try state.requireNominated(key.id, charter)
        let term = state.clock..<self.until
        var verifier =
            state.verifiers[key.id]
            ?? Verifier(
                key: key,
                name: self.name,
                kind: self.kind,
                constituency: self.constituency,
                joinedAt: state.clock,
                terms: []
            )
        verifier.name = self.name
        verifier.kind = self.kind
        verifier.control = self.control
        if isNew { verifier.joinedAt = state.clock }
        verifier.constituency = self.constituency
        verifier.terms.append(term)
        state.verifiers[key.id] = verifier
    }
}
