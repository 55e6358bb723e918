// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension WithdrawVouchStatement: RegistryStatement {
    /// Spec: `docs/spec/registry.md`, section 3.6.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let id = RegistryID(self.subject)
        guard let subject = state.subjects[id] else { throw .unknownSubject }
        let name = RegistryID(self.vouch)
        guard let place = subject.vouches.firstIndex(where: { $0.entry == name }),
            subject.vouches[place].withdrawnAt == nil,
            let maker = state.verifiers[subject.vouches[place].verifier]
        else { throw .unknownVouch }
        guard entry.isSigned(by: maker.key) else { throw .notSigned }
        state.subjects[id]?.vouches[place].withdrawnAt = state.clock
    }
}
