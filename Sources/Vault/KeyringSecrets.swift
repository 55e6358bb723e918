// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

/// What a slot of the keyring holds once it is open.
package struct KeyringSecrets: ~Copyable, Sendable {
    /// Whose slot this is.
    package enum Role: UInt8, Sendable {
        case owner = 0
        case duress = 1
    }

    /// Bytes in a padded payload, for every slot.
    static let payloadCount = 4096
    /// Bytes in a post-quantum recipient.
    package static let recipientCount = 1216
    /// Bytes in every key below.
    package static let keyCount = 32

    /// Whose slot this is.
    package let role: Role
    /// Which of the two slots it was found in, 0 or 1: the case records are in the same order.
    package let slot: Int
    /// Seed of the post-quantum age identity that opens this slot's case records.
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
        role: Role,
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
        self.role = role
        self.slot = slot
        self.identity = identity
        self.logSeed = logSeed
        self.checkInToken = checkInToken
        self.otherRecipient = otherRecipient
        self.recoveryRecipient = recoveryRecipient
    }

    /// Reads a payload: role, three keys, two recipients, zeros.
    ///
    /// - Throws: ``VaultError/keyringDamaged``.
    init(payload: borrowing SecretBytes, slot: Int) throws {
        guard payload.count == Self.payloadCount else { throw VaultError.keyringDamaged }
        let keys = 1 + 3 * Self.keyCount
        let recipients = keys + 2 * Self.recipientCount
        let (role, other, recovery, isClean) = payload.withBytes { bytes in
            var other: [UInt8] = []
            var recovery: [UInt8] = []
            for index in keys..<(keys + Self.recipientCount) { other.append(bytes[index]) }
            for index in (keys + Self.recipientCount)..<recipients { recovery.append(bytes[index]) }
            var isClean = true
            for index in recipients..<bytes.count where bytes[index] != 0 { isClean = false }
            return (Role(rawValue: bytes[0]), other, recovery, isClean)
        }
        guard let known = role, isClean else { throw VaultError.keyringDamaged }
        self.init(
            role: known,
            slot: slot,
            identity: payload.slice(1..<33),
            logSeed: payload.slice(33..<65),
            checkInToken: payload.slice(65..<97),
            otherRecipient: other,
            recoveryRecipient: recovery
        )
    }

    /// The payload.
    func payload() -> SecretBytes {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.payloadCount)
        bytes.append(role.rawValue)
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
