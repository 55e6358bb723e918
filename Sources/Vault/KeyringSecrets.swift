// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
package import Sodium

/// What a slot of the keyring holds once it is open.
///
/// Nothing in it tells whether there is another slot, or which of two is the owner's: each slot
/// reads the cases that were made with it, and can deposit into those of the other.
package struct KeyringSecrets: ~Copyable, Sendable {
    /// Bytes in a padded payload, for every slot.
    package static let payloadCount = 4096
    /// Bytes in a post-quantum recipient.
    package static let recipientCount = 1216
    /// Bytes in every key below.
    package static let keyCount = 32

    /// Which of the two slots it was found in, 0 or 1.
    package let slot: Int
    /// Seed of the post-quantum age identity that opens the records of cases.
    package let identity: SecretBytes
    /// Seed of the Ed25519 key that signs the checkpoints of this home's log; both slots have it.
    package let logSeed: SecretBytes
    /// What a switch recognizes this slot by when its owner checks in.
    package let checkInToken: SecretBytes
    /// The recipient of the other slot, or of nobody where there is none.
    package let otherRecipient: [UInt8]
    /// The recipient of the recovery key, whose identity was shown once and is not here.
    package let recoveryRecipient: [UInt8]

    /// Secrets of a new slot.
    package init(
        slot: Int,
        identity: consuming SecretBytes,
        logSeed: consuming SecretBytes,
        checkInToken: consuming SecretBytes,
        otherRecipient: [UInt8],
        recoveryRecipient: [UInt8]
    ) {
        precondition(slot == 0 || slot == 1, "a keyring has two slots")
        precondition(otherRecipient.count == Self.recipientCount, "a post-quantum recipient")
        precondition(recoveryRecipient.count == Self.recipientCount, "a post-quantum recipient")
        self.slot = slot
        self.identity = identity
        self.logSeed = logSeed
        self.checkInToken = checkInToken
        self.otherRecipient = otherRecipient
        self.recoveryRecipient = recoveryRecipient
    }

    /// The same secrets beside another recipient of the other slot.
    func beside(_ otherRecipient: [UInt8]) -> KeyringSecrets {
        KeyringSecrets(
            slot: slot,
            identity: identity.copy(),
            logSeed: logSeed.copy(),
            checkInToken: checkInToken.copy(),
            otherRecipient: otherRecipient,
            recoveryRecipient: recoveryRecipient
        )
    }

    /// Secrets for the other slot: an identity and a token of its own, the same log.
    func companion(_ other: HybridIdentity) throws -> KeyringSecrets {
        precondition(other.recipient.publicKey == otherRecipient, "the slot that records go to")
        return KeyringSecrets(
            slot: 1 - slot,
            identity: other.seedCopy(),
            logSeed: logSeed.copy(),
            checkInToken: SecretBytes(random: Self.keyCount),
            otherRecipient: try HybridIdentity(seed: identity.copy()).recipient.publicKey,
            recoveryRecipient: recoveryRecipient
        )
    }

    /// Reads a payload: three keys, two recipients, zeros.
    ///
    /// - Throws: ``VaultError/keyringDamaged``.
    init(payload: borrowing SecretBytes, slot: Int) throws {
        guard payload.count == Self.payloadCount else { throw VaultError.keyringDamaged }
        let keys = 3 * Self.keyCount
        let recipients = keys + 2 * Self.recipientCount
        let isClean = payload.withBytes { bytes in
            var isClean = true
            for index in recipients..<bytes.count where bytes[index] != 0 { isClean = false }
            return isClean
        }
        guard isClean else { throw VaultError.keyringDamaged }
        self.init(
            slot: slot,
            identity: payload.slice(0..<32),
            logSeed: payload.slice(32..<64),
            checkInToken: payload.slice(64..<96),
            otherRecipient: payload.slice(keys..<(keys + Self.recipientCount)).reveal(),
            recoveryRecipient: payload.slice((keys + Self.recipientCount)..<recipients).reveal()
        )
    }

    /// The payload.
    func payload() -> SecretBytes {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.payloadCount)
        for key in [identity.reveal(), logSeed.reveal(), checkInToken.reveal()] {
            var key = key
            bytes += key
            wipe(&key)
        }
        bytes += otherRecipient
        bytes += recoveryRecipient
        bytes += [UInt8](repeating: 0, count: Self.payloadCount - bytes.count)
        return SecretBytes(wiping: &bytes)
    }
}
