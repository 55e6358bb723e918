// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Encodings
package import Sodium
internal import Storage

/// Small secrets that other parts keep under the keyring: keys of switches, for example.
///
/// Each is written once a slot, and once for the recovery key: a duress passphrase opens the same
/// secrets, and a copy of the home does not tell whether there is one. Names are random and sizes
/// are rounded, so a file does not tell what it is for.
///
/// Spec: `docs/spec/switch.md`, section 10.
extension Home {
    /// The longest secret: a copy of the largest escrow file, and its kind.
    package static let keptSecretCountMax = 260 << 10
    private static let keptRoundingCount = 4096
    private static let keptNameCount = 16
    private static let keptSealedCountMax = 272 << 10
    private static let keptRecoveryName = "recovery.age"

    /// Keeps a secret.
    ///
    /// - Parameter secret: At most 260 KiB.
    /// - Throws: `AgeError`, ``FileFailure``.
    package func keep(_ secret: borrowing SecretBytes) throws {
        precondition(secret.count <= Self.keptSecretCountMax, "a small secret")
        var bytes = UInt32(secret.count).bigEndianBytes + secret.reveal()
        defer { wipe(&bytes) }
        let rounding = Self.keptRoundingCount
        let rest = (rounding - bytes.count % rounding) % rounding
        bytes += [UInt8](repeating: 0, count: rest)
        let recovery = try HybridRecipient(publicKey: secrets.recoveryRecipient)
        let name = Hex.encode(randomBytes(Self.keptNameCount))
        try layout.files.make(layout.secrets)
        let temporary = layout.secrets.appending(".new-" + name)
        try layout.files.make(temporary)
        for (slot, recipient) in (try slotRecipients() + [recovery]).enumerated() {
            let sealed = try AgeEncryptor(recipients: [recipient]).seal(bytes)
            try layout.files.replace(temporary.appending(Self.keptFile(slot)), with: sealed)
        }
        // All appear together.
        try layout.files.rename(temporary, to: layout.secrets.appending(name))
    }

    /// Reads every kept secret in turn.
    ///
    /// - Parameter read: Gets a secret; returns `nil` for one that is not of interest.
    /// - Returns: What `read` made of the others, in no particular order.
    /// - Throws: ``VaultError/keyringDamaged`` for a damaged secret; `AgeError`; ``FileFailure``;
    ///   what `read` throws.
    package func kept<T>(_ read: (borrowing SecretBytes) throws -> T?) throws -> [T] {
        var found: [T] = []
        for name in try keptNames() {
            var bytes = try open(name, Self.keptFile(secrets.slot), identity)
            defer { wipe(&bytes) }
            guard bytes.count >= 4 else { throw VaultError.keyringDamaged }
            let count = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
            guard count <= bytes.count - 4 else { throw VaultError.keyringDamaged }
            let secret = SecretBytes(copying: Array(bytes[4..<(4 + count)]))
            if let value = try read(secret) { found.append(value) }
        }
        return found
    }

    /// Seals all kept secrets anew for both slots.
    func resealKept(to recipients: [HybridRecipient]) throws {
        for name in try keptNames() {
            // As with records of cases, damage is no reason to keep a passphrase.
            guard var bytes = try? open(name, Self.keptFile(secrets.slot), identity) else {
                continue
            }
            defer { wipe(&bytes) }
            try seal(bytes, as: name, to: recipients)
        }
    }

    /// Seals all kept secrets for the slots of a new keyring.
    func restoreKept(_ recovery: HybridIdentity) throws {
        let recipients = try slotRecipients()
        for name in try keptNames() {
            var bytes = try open(name, Self.keptRecoveryName, recovery)
            defer { wipe(&bytes) }
            try seal(bytes, as: name, to: recipients)
        }
    }

    private func seal(_ bytes: [UInt8], as name: [UInt8], to recipients: [HybridRecipient]) throws {
        for (slot, recipient) in recipients.enumerated() {
            try layout.files.supersede(
                layout.secrets.appending(name).appending(Self.keptFile(slot)),
                with: AgeEncryptor(recipients: [recipient]).seal(bytes)
            )
        }
    }

    /// The file for slot 0, for slot 1, and for the recovery key.
    private static func keptFile(_ slot: Int) -> String {
        slot < 2 ? "slot\(slot).age" : keptRecoveryName
    }

    private func keptNames() throws -> [[UInt8]] {
        guard FileStatus.exists(layout.secrets) else { return [] }
        return try Directory.names(in: layout.secrets).filter { $0.first != UInt8(ascii: ".") }
    }

    private func open(
        _ name: [UInt8],
        _ file: String,
        _ identity: HybridIdentity
    ) throws -> [UInt8] {
        let sealed = try Directory.contents(
            of: layout.secrets.appending(name).appending(file),
            countMax: Self.keptSealedCountMax
        )
        return try AgeDecryptor(identities: [identity], armor: .refused).open(sealed)
    }

    /// What this slot puts its name to a switch's check-ins with: another one for each switch.
    ///
    /// - Parameter id: The switch.
    /// - Returns: 32 bytes.
    package func checkInToken(for id: [UInt8]) -> SecretBytes {
        HKDFSHA256.derive(
            secret: secrets.checkInToken,
            salt: id,
            info: Array("resguardo/check-in-token/v1".utf8),
            count: KeyringSecrets.keyCount
        )
    }
}
