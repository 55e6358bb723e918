// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import RingSignature
package import Statements

extension VouchStatement: SealableRegistryStatement {
    package var ringAct: RingAct { .vouch }

    /// Spec: `docs/spec/registry.md`, section 3.6.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject)
        let firstDay = epoch.start - RegistryState.renewalDays * RegistryState.day
        guard state.clock >= firstDay, state.clock < epoch.end else { throw .wrongEpoch }
        guard accounts.allSatisfy({ subject.controls(RegistryID($0), at: state.clock) }) else {
            throw .uncontrolledAccount
        }
        let earlier = subject.vouches.filter { $0.epoch == epoch }
        guard let verifier else { return try admitSealed(to: &state, entry, charter, earlier) }
        guard let signer = state.verifiers[RegistryID(verifier)],
            signer.isActive(at: state.clock)
        else { throw .unknownVerifier }
        guard !earlier.contains(where: { $0.verifier == signer.key.id }) else {
            throw .alreadyVouched
        }
        guard state.mayVouch(signer, in: epoch) else { throw .onProbation }
        for other in state.siblings(of: signer) {
            guard state.rings.ownKey(of: other, epoch) == nil,
                !earlier.contains(where: { $0.verifier == other })
            else { throw .sharedControl }
        }
        guard entry.isSigned(by: signer.key) else { throw .notSigned }
        let known = earlier.compactMap(\.tag)
        var act = ProvenAct(
            digest: entry.digest,
            since: state.clock,
            constituency: signer.constituency,
            tag: nil
        )
        // Who has a ring key shows the tag of its sealed vouch, so that it cannot give both.
        if let ring = state.rings.ownRing(of: signer.key.id, epoch) {
            guard seal?.constituency == signer.constituency else { throw .sealMissing }
            let (proven, quotaTag) = try state.prove(
                self,
                entry,
                by: ring,
                known: known,
                sealedCount: nil
            )
            act = proven
            if let quotaTag { state.rings.use(quotaTag) }
        } else {
            guard seal == nil else { throw .unknownRing }
            state.rings.noteOpenVouch(of: signer.key.id, epoch)
        }
        try record(in: &state, act, charter)
    }

    private func admitSealed(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement,
        _ earlier: [Subject.Vouch]
    ) throws(Refusal) {
        guard let seal, let ring = state.rings.ring(epoch, seal.constituency) else {
            throw .unknownRing
        }
        let (act, quotaTag) = try state.prove(
            self,
            entry,
            by: ring,
            known: earlier.compactMap(\.tag),
            sealedCount: earlier.count {
                $0.verifier == nil && $0.constituency == seal.constituency
            }
        )
        if let quotaTag { state.rings.use(quotaTag) }
        try record(in: &state, act, charter)
    }

    package func record(
        in state: inout RegistryState,
        _ act: ProvenAct,
        _ charter: CharterStatement
    ) throws(Refusal) {
        state.subjects[RegistryID(subject)]?.vouches.append(
            Subject.Vouch(
                verifier: verifier.map { RegistryID($0) },
                tag: act.tag,
                key: seal.map { RegistryKey(bytes: $0.key) },
                constituency: act.constituency,
                epoch: epoch,
                accounts: accounts.map { RegistryID($0) },
                entry: act.digest,
                since: act.since,
                until: epoch.end + Int64(charter.rules.graceDays) * RegistryState.day
            )
        )
        state.convenePanel(RegistryID(subject), epoch, charter)
    }
}
