// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import RingSignature
import Sodium
import Statements

extension World {
    static func ringSecret(_ name: String, _ epoch: RegistryEpoch) throws -> RingSecret {
        var seed = SHA256.hash(Array("ring \(name) \(epoch.name)".utf8))
        seed[31] &= 0x0f
        return try RingSecret(SecretBytes(copying: seed))
    }

    /// A ring key with its proof.
    func ringKey(
        _ name: String,
        _ constituency: String,
        _ epoch: RegistryEpoch
    ) throws -> RingKeyStatement {
        let secret = try Self.ringSecret(name, epoch)
        let scope = try RingPossession.Scope(
            context: state.context,
            organisation: Self.keyID(name).bytes,
            epoch: epoch.number,
            constituency: RingBook.number(of: constituency)
        )
        return RingKeyStatement(
            head: head,
            verifier: try Self.keyID(name).bytes,
            epoch: epoch,
            key: secret.key.bytes,
            proof: secret.possession(for: scope).bytes
        )
    }

    func ringSnapshot(_ constituency: String, _ epoch: RegistryEpoch) -> RingSnapshotStatement {
        RingSnapshotStatement(
            head: head,
            epoch: epoch,
            constituency: constituency,
            keys: state.rings.announced(epoch, constituency).map(\.bytes)
        )
    }

    /// Makes verifiers with a ring, from `press-1` and `rights-1` on.
    mutating func foundRings(
        count: Int = 12,
        _ constituencies: [String] = ["press", "rights"]
    ) throws {
        let epoch = RegistryEpoch(containing: state.clock)
        for constituency in constituencies {
            for number in 1...count {
                let name = "\(constituency)-\(number)"
                if try state.verifiers[Self.keyID(name)] == nil {
                    try accredit(name, constituency)
                }
                try submit(try ringKey(name, constituency, epoch), [name])
            }
            try submit(ringSnapshot(constituency, epoch), Array(Self.seats.prefix(3)))
        }
    }

    /// Seals a statement, keeps its ring signature beside the log, and hands it in.
    @discardableResult
    mutating func submitSealed(
        _ statement: some SealableRegistryStatement,
        _ name: String,
        slot: Int?,
        ring: Ring? = nil,
        loses: Bool = false
    ) throws -> Refusal? {
        let secret = try Self.ringSecret(name, statement.epoch)
        let constituency = statement.seal?.constituency ?? ""
        guard let ring = ring ?? state.rings.ring(statement.epoch, constituency) else {
            return .unknownRing
        }
        let (sealed, signature) = try statement.sealed(
            by: secret,
            in: ring,
            slot: slot,
            context: state.context
        )
        if !loses { seals[RegistryID(SHA256.hash(signature))] = signature }
        var envelope = try Self.envelope(sealed, [])
        let context = state.context
        let hand: Hand = { try $0.sign(with: sealed.oneTimeKey(of: secret, context: context)) }
        try hand(&envelope)
        if let id = envelope.signatures.first { remember(RegistryID(id.keyDigest), hand) }
        return append(envelope.bytes)
    }

    func sealableVouch(
        _ subject: RegistryID,
        _ account: RegistryID,
        _ constituency: String,
        epoch: RegistryEpoch? = nil
    ) -> VouchStatement {
        VouchStatement(
            head: head,
            subject: subject.bytes,
            accounts: [account.bytes],
            epoch: epoch ?? RegistryEpoch(containing: state.clock),
            seal: .blank(constituency)
        )
    }

    @discardableResult
    mutating func sealedVouch(
        _ subject: RegistryID,
        _ account: RegistryID,
        _ name: String,
        slot: Int = 0
    ) throws -> Refusal? {
        let constituency = String(name.prefix { $0 != "-" })
        return try submitSealed(
            sealableVouch(subject, account, constituency),
            name,
            slot: slot
        )
    }

    @discardableResult
    mutating func act(
        _ act: SealedAct,
        _ subject: RegistryID,
        _ name: String,
        slot: Int? = nil
    ) throws -> Refusal? {
        let statement = SealedActStatement(
            head: head,
            act: act,
            subject: subject.bytes,
            epoch: RegistryEpoch(containing: state.clock),
            reason: .impersonation,
            seal: .blank(String(name.prefix { $0 != "-" }))
        )
        return try submitSealed(statement, name, slot: slot)
    }
}
