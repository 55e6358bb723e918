// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Sodium
internal import Synchronization

/// The two keys that a passphrase gives for a slot of the keyring.
///
/// Spec: `docs/spec/vault.md`, section 4.1.
final class SlotKeys: Sendable {
    /// Seals the payload.
    let inner: SecretBytes
    /// Seals the sealed payload once more; the holder of the other slot may know it.
    let outer: SecretBytes

    private init(_ derived: borrowing SecretBytes) {
        inner = derived.slice(0..<ChaChaPoly.keyCount)
        outer = derived.slice(ChaChaPoly.keyCount..<(2 * ChaChaPoly.keyCount))
    }

    /// Derives the keys of both slots, side by side and with the same work.
    ///
    /// - Parameters:
    ///   - passphrase: 1...1024 bytes.
    ///   - salts: Of slot 0 and of slot 1.
    ///   - work: Of the keyring.
    /// - Returns: The keys of slot 0 and of slot 1.
    /// - Throws: ``VaultError/invalidPassphrase``, ``VaultError/outOfMemory``.
    static func both(
        of passphrase: borrowing SecretBytes,
        salts: [[UInt8]],
        work: Keyring.Work
    ) throws -> [SlotKeys] {
        guard (1...Keyring.passphraseCountMax).contains(passphrase.count) else {
            throw VaultError.invalidPassphrase
        }
        let derivation = Derivation(salts: salts, work: work, passphrase: passphrase.copy())
        DispatchQueue.concurrentPerform(iterations: 2) { derivation.run(slot: $0) }
        let keys = derivation.keys.withLock { $0 }
        guard let first = keys[0], let second = keys[1] else { throw VaultError.outOfMemory }
        return [first, second]
    }

    private final class Derivation: Sendable {
        let keys = Mutex<[SlotKeys?]>([nil, nil])
        private let salts: [[UInt8]]
        private let work: Keyring.Work
        private let passphrase: SecretBytes

        init(salts: [[UInt8]], work: Keyring.Work, passphrase: consuming SecretBytes) {
            self.salts = salts
            self.work = work
            self.passphrase = passphrase
        }

        func run(slot: Int) {
            // The parameters were checked, so what remains is a machine without the memory.
            guard
                let derived = try? Argon2id.derive(
                    passphrase: passphrase,
                    salt: salts[slot],
                    memoryBytes: Int(work.memoryKiB) << 10,
                    passes: Int(work.passes),
                    count: 2 * ChaChaPoly.keyCount
                )
            else { return }
            let pair = SlotKeys(derived)
            keys.withLock { $0[slot] = pair }
        }
    }
}
