// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension RemoveVerifierStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.3.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let id = RegistryID(self.verifier)
        guard let verifier = state.verifiers[id] else { throw .unknownVerifier }
        guard verifier.removedAt == nil else { throw .removedVerifier }
        try state.requireCouncil(charter.accreditQuorum, entry)
        state.verifiers[id]?.removedAt = state.clock
        state.rings.remove(id, since: state.clock)
        state.verifiers[id]?.removalReason = self.reason
    }
}
