// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Encodings
package import Sodium
internal import Storage

/// Small secrets that other parts keep under the keyring: keys of switches, for example.
///
/// Each is written twice, once a slot, like the records of cases: a duress passphrase opens the
/// same secrets, and a copy of the home does not tell whether there is one. Names are random and
/// sizes are rounded, so a file does not tell what it is for.
///
/// Spec: `docs/spec/switch.md`, section 10.
extension Home {
    /// The longest secret.
    package static let keptSecretCountMax = 64 << 10
    private static let keptRoundingCount = 4096
    private static let keptNameCount = 16
    private static let keptSealedCountMax = 80 << 10

    private var keptDirectory: BytePath { layout.home.appending("secrets") }

    /// Keeps a secret.
    ///
    /// - Parameter secret: At most 64 KiB.
    /// - Throws: `AgeError`, ``FileFailure``.
    package func keep(_ secret: borrowing SecretBytes) throws {
        precondition(secret.count <= Self.keptSecretCountMax, "a small secret")
        var bytes = UInt32(secret.count).bigEndianBytes + secret.reveal()
        defer { wipe(&bytes) }
        let rounding = Self.keptRoundingCount
        let rest = (rounding - bytes.count % rounding) % rounding
        bytes += [UInt8](repeating: 0, count: rest)
        var recipients = [
            try HybridIdentity(seed: secrets.identity.copy()).recipient,
            try HybridRecipient(publicKey: secrets.otherRecipient),
        ]
        if secrets.slot == 1 { recipients.reverse() }
        let name = Hex.encode(randomBytes(Self.keptNameCount))
        let files = layout.files
        try files.make(keptDirectory)
        let temporary = keptDirectory.appending(".new-" + name)
        try files.make(temporary)
        for (slot, recipient) in recipients.enumerated() {
            let sealed = try AgeEncryptor(recipients: [recipient]).seal(bytes)
            try files.replace(temporary.appending("slot\(slot).age"), with: sealed)
        }
        // Both appear together.
        try files.rename(temporary, to: keptDirectory.appending(name))
    }

    /// Reads every kept secret in turn.
    ///
    /// - Parameter read: Gets a secret; returns `nil` for one that is not of interest.
    /// - Returns: What `read` made of the others, in no particular order.
    /// - Throws: ``VaultError/keyringDamaged`` for a damaged secret; `AgeError`; ``FileFailure``;
    ///   what `read` throws.
    package func kept<T>(_ read: (borrowing SecretBytes) throws -> T?) throws -> [T] {
        let identity = try HybridIdentity(seed: secrets.identity.copy())
        let decryptor = AgeDecryptor(identities: [identity], armor: .refused)
        var found: [T] = []
        for name in try keptNames() {
            if let value = try read(keptSecret(name, decryptor)) { found.append(value) }
        }
        return found
    }

    private func keptNames() throws -> [[UInt8]] {
        guard FileStatus.exists(keptDirectory) else { return [] }
        return try Directory.names(in: keptDirectory).filter { $0.first != UInt8(ascii: ".") }
    }

    private func keptSecret(_ name: [UInt8], _ decryptor: AgeDecryptor) throws -> SecretBytes {
        let sealed = try Directory.contents(
            of: keptDirectory.appending(name).appending("slot\(secrets.slot).age"),
            countMax: Self.keptSealedCountMax
        )
        var bytes = try decryptor.open(sealed)
        defer { wipe(&bytes) }
        guard bytes.count >= 4 else { throw VaultError.keyringDamaged }
        let count = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard count <= bytes.count - 4 else { throw VaultError.keyringDamaged }
        return SecretBytes(copying: Array(bytes[4..<(4 + count)]))
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
