// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import RingSignature
package import Sodium
package import Statements

extension RingSeal {
    /// A seal that is still to be made.
    package static func blank(_ constituency: String) -> RingSeal {
        let zeros = [UInt8](repeating: 0, count: 32)
        return RingSeal(constituency: constituency, ring: zeros, slot: nil, key: zeros)
    }
}

extension SealableRegistryStatement {
    /// Signs a statement as a member of a ring.
    ///
    /// - Parameters:
    ///   - secret: The member's, whose one-time key has to sign the envelope.
    ///   - ring: With its key in it.
    ///   - slot: For acts with a quota.
    ///   - context: SHA-256 of the log's origin.
    /// - Returns: The statement, and the ring signature that it names.
    /// - Throws: `.notAMember`, `.wrongSlot`.
    package func sealed(
        by secret: borrowing RingSecret,
        in ring: Ring,
        slot: Int?,
        context: [UInt8]
    ) throws(RingRefusal) -> (statement: Self, signature: [UInt8]) {
        let key = try oneTimeKey(of: secret, context: context)
        var statement = self
        statement.seal = RingSeal(
            constituency: seal?.constituency ?? "",
            ring: ring.digest,
            slot: slot,
            key: key.publicKey.bytes
        )
        let message = try statement.ringMessage(context: context)
        let signature = try secret.sign(message, in: ring).bytes
        statement.seal?.signature = SHA256.hash(signature)
        return (statement, signature)
    }

    /// The one-time key that signs the envelope, and takes the act back.
    package func oneTimeKey(
        of secret: borrowing RingSecret,
        context: [UInt8]
    ) throws(RingRefusal) -> Ed25519.SecretKey {
        try secret.withdrawalKey(
            act: ringAct,
            context: context,
            subject: subject,
            epoch: epoch.number
        )
    }

    /// The slots of a member that are free.
    ///
    /// The signer looks for its own tags in the log first, as nobody else can.
    ///
    /// - Parameters:
    ///   - secret: The member's.
    ///   - state: What the log says.
    /// - Returns: Ascending; `nil` for acts without quota.
    /// - Throws: `.wrongLength`.
    package func freeSlots(
        of secret: borrowing RingSecret,
        in state: RegistryState
    ) throws(RingRefusal) -> [Int]? {
        guard let quota = state.quota(ringAct) else { return nil }
        var free: [Int] = []
        for slot in 0..<quota {
            var candidate = self
            candidate.seal = RingSeal(
                constituency: seal?.constituency ?? "",
                ring: state.context,
                slot: slot,
                key: state.context
            )
            let message = try candidate.ringMessage(context: state.context)
            guard let tag = secret.tags(on: message).quotaTag else { return nil }
            if !state.rings.isUsed(RegistryID(tag.bytes)) { free.append(slot) }
        }
        return free
    }
}
