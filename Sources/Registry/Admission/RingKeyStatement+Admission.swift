// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import RingSignature
internal import Sodium
package import Statements

extension RingKeyStatement: RegistryStatement {
    /// Spec: `docs/spec/registry.md`, section 3.10.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        guard let signer = state.verifiers[RegistryID(verifier)],
            signer.isActive(at: state.clock)
        else { throw .unknownVerifier }
        let current = RegistryEpoch(containing: state.clock)
        guard epoch == current || epoch == current.next else { throw .wrongEpoch }
        let id = RegistryID(key)
        guard state.rings.ownKey(of: signer.key.id, epoch) == nil,
            !state.rings.isAnnounced(id, epoch)
        else { throw .ringKeyExists }
        // It would get a second vouch for each of them.
        guard !state.rings.hasVouchedOpenly(signer.key.id, epoch) else { throw .alreadyVouched }
        guard state.mayVouch(signer, in: epoch) else { throw .onProbation }
        // They have one place in the rings, and one voice.
        for other in state.siblings(of: signer) {
            guard state.rings.ownKey(of: other, epoch) == nil,
                !state.rings.hasVouchedOpenly(other, epoch)
            else { throw .sharedControl }
        }
        guard entry.isSigned(by: signer.key) else { throw .notSigned }
        guard provesPossession(signer, state.context) else { throw .wrongProof }
        state.rings.announce(
            id,
            .init(verifier: signer.key.id, constituency: signer.constituency),
            epoch
        )
    }

    private func provesPossession(_ signer: Verifier, _ context: [UInt8]) -> Bool {
        // Why a proof is none does not matter.
        guard let element = try? Element(nonIdentity: key),
            let possession = try? RingPossession(proof),
            let scope = try? RingPossession.Scope(
                context: context,
                organisation: signer.key.id.bytes,
                epoch: epoch.number,
                constituency: RingBook.number(of: signer.constituency)
            )
        else { return false }
        do {
            try possession.verify(element, for: scope)
            return true
        } catch {
            return false
        }
    }
}

extension RingSnapshotStatement: RegistryStatement {
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.10.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let current = RegistryEpoch(containing: state.clock)
        guard epoch == current || epoch == current.next else { throw .wrongEpoch }
        guard charter.constituencies.contains(where: { $0.id == constituency }) else {
            throw .unknownConstituency
        }
        guard state.rings.ring(epoch, constituency) == nil else { throw .ringFrozen }
        // All that were announced, and no other: leaving one out would silence it unseen.
        guard keys == state.rings.announced(epoch, constituency).map(\.bytes) else {
            throw .wrongRing
        }
        try state.requireCouncil(charter.accreditQuorum, entry)
        guard let ring = try? Ring(keys) else { throw .wrongRing }
        state.rings.publish(ring, epoch, constituency)
    }
}
