// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension WithdrawVouchStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.6.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let id = RegistryID(self.subject)
        guard let subject = state.subjects[id] else { throw .unknownSubject }
        let name = RegistryID(self.vouch)
        // One whose ring signature is not here can still be taken back.
        if let waiting = state.unproven[name], let key = waiting.statement.seal?.key {
            guard waiting.statement.subject == self.subject, !waiting.isWithdrawn else {
                throw .unknownVouch
            }
            guard entry.isSigned(by: RegistryKey(bytes: key)) else { throw .notSigned }
            state.unproven[name]?.isWithdrawn = true
            return
        }
        guard let place = subject.vouches.firstIndex(where: { $0.entry == name }),
            subject.vouches[place].withdrawnAt == nil
        else { throw .unknownVouch }
        let vouch = subject.vouches[place]
        let maker = vouch.verifier.flatMap { state.verifiers[$0]?.key }
        guard [maker, vouch.key].contains(where: { $0.map(entry.isSigned) ?? false }) else {
            throw .notSigned
        }
        state.subjects[id]?.vouches[place].withdrawnAt = state.clock
    }
}
