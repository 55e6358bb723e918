// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension CorrectStatement: RegistryStatement {
    package static var countsOnce: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.9.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        guard let signer = state.verifiers[RegistryID(self.verifier)],
            signer.isActive(at: state.clock)
        else { throw .unknownVerifier }
        guard signer.kind == .factChecker else { throw .notFactChecker }
        guard entry.isSigned(by: signer.key) else { throw .notSigned }
        guard self.until > state.clock else { throw .wrongDate }
        state.corrections.append(
            Correction(
                statement: self,
                verifier: signer.key.id,
                span: state.clock..<self.until
            )
        )
    }
}
