// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension VouchStatement: RegistryStatement {
    /// Spec: `docs/spec/registry.md`, section 3.6.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject)
        guard let signer = state.verifiers[RegistryID(self.verifier)],
            signer.isActive(at: state.clock)
        else { throw .unknownVerifier }
        let epoch = self.epoch
        guard state.clock >= epoch.start - RegistryState.renewalDays * RegistryState.day,
            state.clock < epoch.end
        else {
            throw .wrongEpoch
        }
        let accounts = self.accounts.map { RegistryID($0) }
        guard accounts.allSatisfy({ subject.controls($0, at: state.clock) }) else {
            throw .uncontrolledAccount
        }
        let isRepeated = subject.vouches.contains {
            $0.verifier == signer.key.id && $0.epoch == epoch
        }
        guard !isRepeated else { throw .alreadyVouched }
        guard entry.isSigned(by: signer.key) else { throw .notSigned }
        state.subjects[subject.id]?.vouches.append(
            Subject.Vouch(
                verifier: signer.key.id,
                constituency: signer.constituency,
                epoch: epoch,
                accounts: accounts,
                entry: entry.digest,
                since: state.clock,
                until: epoch.end + Int64(charter.rules.graceDays) * RegistryState.day
            )
        )
    }
}
