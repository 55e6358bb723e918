// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Encodings
package import Sodium

/// The keyring file: a heading, two slots, of which one may mean nothing, and two boxes.
///
/// A passphrase opens the slot that was sealed under it. Both slots are always tried, at the same
/// time and with the same work, so neither the file nor the time taken tells whether the second one
/// means anything. The checksum over all bytes tells damage from a wrong passphrase; it is made of
/// what everyone sees.
///
/// Whoever changes one slot seals the other one anew without being able to read it: slots are
/// sealed twice, and the box of a slot tells its holder the outer key of the other slot. So each
/// change of a passphrase changes all bytes but the salts, whichever slot it was for.
///
/// Spec: `docs/spec/vault.md`, section 4.1.
package struct Keyring: Sendable {
    /// First line of the file; the number is the version of the format.
    static let magic = Array("resguardo-keyring/1\n".utf8)
    private static let magicPrefix = Array("resguardo-keyring/".utf8)
    /// Bytes in the heading: magic, memory in KiB, passes, zeros.
    static let headerCount = 64
    private static let memoryOffset = 32
    private static let passesOffset = 36
    /// Bytes in a payload that was sealed once.
    static let innerCount =
        ChaChaPoly.extendedNonceCount + KeyringSecrets.payloadCount + ChaChaPoly.tagCount
    /// Bytes in a slot: salt, and the payload sealed twice.
    package static let slotCount =
        Argon2id.saltCount + ChaChaPoly.extendedNonceCount + innerCount + ChaChaPoly.tagCount
    /// Bytes in a box: an age file with one post-quantum recipient and a key in it.
    package static let boxCount = 1691
    /// Bytes in the file.
    package static let byteCount =
        headerCount + 2 * slotCount + 2 * boxCount + BLAKE2b256.digestCount
    /// The longest passphrase, in UTF-8 bytes.
    package static let passphraseCountMax = 1024

    /// How much work a guess costs.
    package struct Work: Equatable, Sendable {
        /// Memory of Argon2id, in KiB.
        package let memoryKiB: UInt32
        /// Passes of Argon2id over its memory.
        package let passes: UInt32

        /// What every keyring outside of demonstrations needs at least: 256 MiB, three passes.
        package static let standard = Work(memoryKiB: 256 << 10, passes: 3)
        /// For demonstrations and tests, where nothing is protected.
        package static let demo = Work(memoryKiB: 8 << 10, passes: 1)

        /// Some amount of work.
        package init(memoryKiB: UInt32, passes: UInt32) {
            self.memoryKiB = memoryKiB
            self.passes = passes
        }
    }

    /// The work that its slots were sealed with.
    package let work: Work
    private var slots: [[UInt8]]
    private var boxes: [[UInt8]]

    /// A keyring with one slot that means something.
    ///
    /// - Parameters:
    ///   - secrets: What the slot holds.
    ///   - passphrase: What opens it.
    ///   - work: How much a guess costs.
    /// - Throws: As ``seal(_:passphrase:)``.
    package init(
        _ secrets: borrowing KeyringSecrets,
        passphrase: borrowing SecretBytes,
        work: Work
    ) throws {
        self.work = work
        slots = [randomBytes(Self.slotCount), randomBytes(Self.slotCount)]
        boxes = [randomBytes(Self.boxCount), randomBytes(Self.boxCount)]
        try sealAlone(secrets, passphrase: passphrase)
    }

    /// Reads the file.
    ///
    /// - Throws: ``VaultError/keyringDamaged``, ``VaultError/keyringTooNew``.
    package init(parsing bytes: [UInt8]) throws {
        guard bytes.starts(with: Self.magic) else {
            let isOurs = bytes.starts(with: Self.magicPrefix) && bytes.prefix(32).contains(0x0a)
            throw isOurs ? VaultError.keyringTooNew : VaultError.keyringDamaged
        }
        guard bytes.count == Self.byteCount else { throw VaultError.keyringDamaged }
        let sumOffset = bytes.count - BLAKE2b256.digestCount
        guard BLAKE2b256.hash(Array(bytes[..<sumOffset])) == Array(bytes[sumOffset...]) else {
            throw VaultError.keyringDamaged
        }
        var reader = ByteReader(bytes)
        _ = try reader.read(Self.memoryOffset)
        work = Work(memoryKiB: try reader.readInteger(), passes: try reader.readInteger())
        _ = try reader.read(Self.headerCount - reader.offset)
        slots = [
            Array(try reader.read(Self.slotCount)), Array(try reader.read(Self.slotCount)),
        ]
        boxes = [Array(try reader.read(Self.boxCount)), Array(try reader.read(Self.boxCount))]
        guard self.bytes == bytes else { throw VaultError.keyringDamaged }
    }

    /// The file.
    package var bytes: [UInt8] {
        let content = header + slots[0] + slots[1] + boxes[0] + boxes[1]
        return content + BLAKE2b256.hash(content)
    }

    private var header: [UInt8] {
        var header = Self.magic
        header += [UInt8](repeating: 0, count: Self.memoryOffset - header.count)
        header += work.memoryKiB.bigEndianBytes + work.passes.bigEndianBytes
        return header + [UInt8](repeating: 0, count: Self.headerCount - header.count)
    }

    // MARK: Sealing

    /// Seals secrets into their slot under a passphrase; what the other slot means stays.
    ///
    /// - Throws: ``VaultError/invalidPassphrase``, ``VaultError/passphraseInUse`` for one that
    ///   opens the other slot, ``VaultError/outOfMemory``, ``VaultError/keyringDamaged``.
    /// - Complexity: The work of two derivations, side by side.
    package mutating func seal(
        _ secrets: borrowing KeyringSecrets,
        passphrase: borrowing SecretBytes
    ) throws {
        let other = 1 - secrets.slot
        let keys = try SlotKeys.both(of: passphrase, salts: salts, work: work)
        guard open(slot: other, keys[other]) == nil else { throw VaultError.passphraseInUse }
        let outer = try openBox(secrets)
        guard let inner = strip(slot: other, outer) else { throw VaultError.keyringDamaged }
        try put(secrets, keys[secrets.slot])
        try wrap(inner, slot: other, outer)
        try putBoxes(secrets, own: keys[secrets.slot].outer, other: outer)
    }

    /// Seals secrets into their slot under a passphrase, and nothing into the other one.
    ///
    /// - Throws: ``VaultError/invalidPassphrase``, ``VaultError/outOfMemory``.
    /// - Complexity: The work of two derivations, side by side.
    package mutating func sealAlone(
        _ secrets: borrowing KeyringSecrets,
        passphrase: borrowing SecretBytes
    ) throws {
        let keys = try SlotKeys.both(of: passphrase, salts: salts, work: work)
        let outer = SecretBytes(random: ChaChaPoly.keyCount)
        try put(secrets, keys[secrets.slot])
        try wrap(SecretBytes(random: Self.innerCount), slot: 1 - secrets.slot, outer)
        try putBoxes(secrets, own: keys[secrets.slot].outer, other: outer)
    }

    /// Seals both slots.
    ///
    /// - Parameters:
    ///   - secrets: Of one slot.
    ///   - passphrase: What opens it.
    ///   - other: Of the other slot.
    ///   - otherPassphrase: What opens that.
    /// - Throws: ``VaultError/invalidPassphrase``, ``VaultError/passphraseInUse`` where both are
    ///   the same, ``VaultError/outOfMemory``.
    /// - Complexity: The work of four derivations, two at a time.
    package mutating func seal(
        _ secrets: borrowing KeyringSecrets,
        passphrase: borrowing SecretBytes,
        other: borrowing KeyringSecrets,
        otherPassphrase: borrowing SecretBytes
    ) throws {
        precondition(secrets.slot != other.slot, "two slots")
        guard !passphrase.constantTimeEquals(otherPassphrase) else {
            throw VaultError.passphraseInUse
        }
        let keys = try SlotKeys.both(of: passphrase, salts: salts, work: work)[secrets.slot]
        let others = try SlotKeys.both(of: otherPassphrase, salts: salts, work: work)[other.slot]
        try put(secrets, keys)
        try put(other, others)
        try putBoxes(secrets, own: keys.outer, other: others.outer)
    }

    private mutating func put(_ secrets: borrowing KeyringSecrets, _ keys: SlotKeys) throws {
        let nonce = randomBytes(ChaChaPoly.extendedNonceCount)
        let sealed = try ChaChaPoly.seal(
            secrets.payload(),
            key: keys.inner,
            nonce: nonce,
            authenticating: header
        )
        try wrap(SecretBytes(copying: nonce + sealed), slot: secrets.slot, keys.outer)
    }

    /// Puts the outer seal around a payload that is sealed already, or random.
    private mutating func wrap(
        _ inner: borrowing SecretBytes,
        slot: Int,
        _ outer: borrowing SecretBytes
    ) throws {
        let nonce = randomBytes(ChaChaPoly.extendedNonceCount)
        let sealed = try ChaChaPoly.seal(inner, key: outer, nonce: nonce, authenticating: header)
        slots[slot] = salts[slot] + nonce + sealed
        precondition(slots[slot].count == Self.slotCount, "a slot has a fixed size")
    }

    private mutating func putBoxes(
        _ secrets: borrowing KeyringSecrets,
        own: borrowing SecretBytes,
        other: borrowing SecretBytes
    ) throws {
        let recipient = try HybridIdentity(seed: secrets.identity.copy()).recipient
        let otherRecipient = try HybridRecipient(publicKey: secrets.otherRecipient)
        boxes[secrets.slot] = try Self.box(other, for: recipient)
        boxes[1 - secrets.slot] = try Self.box(own, for: otherRecipient)
    }

    private static func box(
        _ key: borrowing SecretBytes,
        for recipient: HybridRecipient
    ) throws -> [UInt8] {
        var bytes = key.reveal()
        defer { wipe(&bytes) }
        let box = try AgeEncryptor(recipients: [recipient]).seal(bytes)
        precondition(box.count == boxCount, "a box has a fixed size")
        return box
    }

    // MARK: Opening

    /// Opens whichever slot the passphrase fits.
    ///
    /// - Parameters:
    ///   - passphrase: 1...1024 bytes.
    ///   - least: Work below which the keyring is refused.
    /// - Returns: The secrets of that slot.
    /// - Throws: ``VaultError/keyringTooWeak``, ``VaultError/wrongPassphrase``,
    ///   ``VaultError/outOfMemory``, ``VaultError/invalidPassphrase``.
    /// - Complexity: The work of two derivations, side by side.
    package func open(
        passphrase: borrowing SecretBytes,
        least: Work = .standard
    ) throws -> KeyringSecrets {
        guard work.memoryKiB >= least.memoryKiB, work.passes >= least.passes,
            Int(work.memoryKiB) << 10 <= Argon2id.memoryBytesMax
        else { throw VaultError.keyringTooWeak }
        let keys = try SlotKeys.both(of: passphrase, salts: salts, work: work)
        // Both are opened before either is looked at.
        let payload0 = open(slot: 0, keys[0])
        let payload1 = open(slot: 1, keys[1])
        if let payload0 { return try KeyringSecrets(payload: payload0, slot: 0) }
        if let payload1 { return try KeyringSecrets(payload: payload1, slot: 1) }
        throw VaultError.wrongPassphrase
    }

    private var salts: [[UInt8]] { slots.map { Array($0.prefix(Argon2id.saltCount)) } }

    private func open(slot: Int, _ keys: SlotKeys) -> SecretBytes? {
        guard let inner = strip(slot: slot, keys.outer) else { return nil }
        return unseal(inner.reveal()[...], keys.inner)
    }

    /// Takes the outer seal off.
    private func strip(slot: Int, _ outer: borrowing SecretBytes) -> SecretBytes? {
        unseal(slots[slot].dropFirst(Argon2id.saltCount), outer)
    }

    private func unseal(_ bytes: ArraySlice<UInt8>, _ key: borrowing SecretBytes) -> SecretBytes? {
        let nonce = Array(bytes.prefix(ChaChaPoly.extendedNonceCount))
        let sealed = Array(bytes.dropFirst(ChaChaPoly.extendedNonceCount))
        // The one way to fail is another key: damage was found when the file was read.
        return try? ChaChaPoly.open(sealed, key: key, nonce: nonce, authenticating: header)
    }

    private func openBox(_ secrets: borrowing KeyringSecrets) throws -> SecretBytes {
        let identity = try HybridIdentity(seed: secrets.identity.copy())
        let decryptor = AgeDecryptor(identities: [identity], armor: .refused)
        guard var key = try? decryptor.open(boxes[secrets.slot]), key.count == ChaChaPoly.keyCount
        else { throw VaultError.keyringDamaged }
        return SecretBytes(wiping: &key)
    }
}
