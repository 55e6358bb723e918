// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Encodings
package import Sodium
internal import Synchronization

/// The keyring file: a heading and two slots, one of which may be nothing but random bytes.
///
/// A passphrase opens the slot that was sealed under it. Both slots are always tried, at the same
/// time and with the same work, so neither the file nor the time taken tells whether the second one
/// means anything. The checksum over all bytes tells damage from a wrong passphrase; it is made of
/// what everyone sees.
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
    /// Bytes in a slot: salt, nonce, ciphertext, tag.
    static let slotCount =
        Argon2id.saltCount + ChaChaPoly.extendedNonceCount + KeyringSecrets.payloadCount
        + ChaChaPoly.tagCount
    /// Bytes in the file.
    package static let byteCount = headerCount + 2 * slotCount + BLAKE2b256.digestCount
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

    /// A keyring whose slots both hold random bytes.
    package init(work: Work) {
        self.work = work
        slots = [randomBytes(Self.slotCount), randomBytes(Self.slotCount)]
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
        var reader = ByteReader(bytes[Self.memoryOffset..<Self.headerCount])
        work = Work(memoryKiB: try reader.readInteger(), passes: try reader.readInteger())
        slots = [
            Array(bytes[Self.headerCount..<(Self.headerCount + Self.slotCount)]),
            Array(bytes[(Self.headerCount + Self.slotCount)..<sumOffset]),
        ]
        guard self.bytes == bytes else { throw VaultError.keyringDamaged }
    }

    /// The file.
    package var bytes: [UInt8] {
        let content = header + slots[0] + slots[1]
        return content + BLAKE2b256.hash(content)
    }

    private var header: [UInt8] {
        var header = Self.magic
        header += [UInt8](repeating: 0, count: Self.memoryOffset - header.count)
        header += work.memoryKiB.bigEndianBytes + work.passes.bigEndianBytes
        return header + [UInt8](repeating: 0, count: Self.headerCount - header.count)
    }

    /// Seals secrets into their slot.
    ///
    /// - Throws: ``VaultError/invalidPassphrase``, ``VaultError/outOfMemory``.
    /// - Complexity: The work of one derivation.
    package mutating func seal(
        _ secrets: borrowing KeyringSecrets,
        passphrase: borrowing SecretBytes
    ) throws {
        try Self.check(passphrase)
        let salt = randomBytes(Argon2id.saltCount)
        let nonce = randomBytes(ChaChaPoly.extendedNonceCount)
        guard let key = Self.derive(passphrase, salt: salt, work: work) else {
            throw VaultError.outOfMemory
        }
        let payload = secrets.payload()
        let sealed = try ChaChaPoly.seal(payload, key: key, nonce: nonce, authenticating: header)
        slots[secrets.slot] = salt + nonce + sealed
        precondition(slots[secrets.slot].count == Self.slotCount, "a slot has a fixed size")
    }

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
        try Self.check(passphrase)
        guard work.memoryKiB >= least.memoryKiB, work.passes >= least.passes,
            Int(work.memoryKiB) << 10 <= Argon2id.memoryBytesMax
        else { throw VaultError.keyringTooWeak }
        let derivation = Derivation(slots: slots, work: work, passphrase: passphrase.copy())
        DispatchQueue.concurrentPerform(iterations: 2) { derivation.run(slot: $0) }
        guard let key0 = derivation.takeKey(slot: 0), let key1 = derivation.takeKey(slot: 1)
        else { throw VaultError.outOfMemory }
        // Both are opened before either is looked at.
        let payload0 = open(slot: 0, key: key0)
        let payload1 = open(slot: 1, key: key1)
        if let payload0 { return try KeyringSecrets(payload: payload0, slot: 0) }
        if let payload1 { return try KeyringSecrets(payload: payload1, slot: 1) }
        throw VaultError.wrongPassphrase
    }

    private func open(slot: Int, key: borrowing SecretBytes) -> SecretBytes? {
        let bytes = slots[slot].dropFirst(Argon2id.saltCount)
        let nonce = Array(bytes.prefix(ChaChaPoly.extendedNonceCount))
        let sealed = Array(bytes.dropFirst(ChaChaPoly.extendedNonceCount))
        // The one way to fail is another passphrase: damage was found when the file was read.
        return try? ChaChaPoly.open(sealed, key: key, nonce: nonce, authenticating: header)
    }

    private static func derive(
        _ passphrase: borrowing SecretBytes,
        salt: [UInt8],
        work: Work
    ) -> SecretBytes? {
        // The parameters were checked, so what remains is a machine without the memory.
        try? Argon2id.derive(
            passphrase: passphrase,
            salt: salt,
            memoryBytes: Int(work.memoryKiB) << 10,
            passes: Int(work.passes),
            count: ChaChaPoly.keyCount
        )
    }

    /// The keys of both slots, derived side by side.
    private final class Derivation: Sendable {
        private let slots: [[UInt8]]
        private let work: Work
        private let passphrase: SecretBytes
        private let key0 = Mutex<SecretBytes?>(nil)
        private let key1 = Mutex<SecretBytes?>(nil)

        init(slots: [[UInt8]], work: Work, passphrase: consuming SecretBytes) {
            self.slots = slots
            self.work = work
            self.passphrase = passphrase
        }

        func run(slot: Int) {
            let salt = Array(slots[slot].prefix(Argon2id.saltCount))
            if slot == 0 {
                key0.withLock { $0 = Keyring.derive(passphrase, salt: salt, work: work) }
            } else {
                key1.withLock { $0 = Keyring.derive(passphrase, salt: salt, work: work) }
            }
        }

        func takeKey(slot: Int) -> SecretBytes? {
            slot == 0 ? key0.withLock { $0.take() } : key1.withLock { $0.take() }
        }
    }

    private static func check(_ passphrase: borrowing SecretBytes) throws {
        guard (1...passphraseCountMax).contains(passphrase.count) else {
            throw VaultError.invalidPassphrase
        }
    }
}
