// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Encodings
package import Sodium

/// What a home leaves for the recovery key besides the records of its cases: the key of its log, so
/// that a restored home goes on with the same log, and its check-in token.
///
/// Spec: `docs/spec/vault.md`, section 4.4.
struct RecoveryRecord: ~Copyable {
    /// Bytes before sealing.
    static let byteCount = 1024
    /// The longest sealed record.
    static let sealedCountMax = 8 << 10
    private static let heading = "# resguardo recovery record 1"
    private static let logPrefix = "# log "
    private static let tokenPrefix = "# check-in "

    /// Seed of the key that signs checkpoints.
    let logSeed: SecretBytes
    /// What a switch recognizes its owner by.
    let checkInToken: SecretBytes

    /// Seals the record of a home to its recovery key.
    static func seal(_ secrets: borrowing KeyringSecrets) throws -> [UInt8] {
        var text = Array((heading + "\n").utf8)
        text.reserveCapacity(byteCount)
        defer { wipe(&text) }
        for (prefix, secret) in [
            (logPrefix, secrets.logSeed.reveal()), (tokenPrefix, secrets.checkInToken.reveal()),
        ] {
            var secret = secret
            text += Array((prefix + Hex.encode(secret) + "\n").utf8)
            wipe(&secret)
        }
        FixedText.fill(&text, to: byteCount)
        let recipient = try HybridRecipient(publicKey: secrets.recoveryRecipient)
        return try AgeEncryptor(recipients: [recipient]).seal(text)
    }

    /// Opens the record.
    ///
    /// - Throws: ``VaultError/wrongRecoveryKey``, ``VaultError/recoveryRecordDamaged``.
    static func open(_ sealed: [UInt8], with identity: HybridIdentity) throws -> RecoveryRecord {
        do {
            var text = try AgeDecryptor(identities: [identity], armor: .refused).open(sealed)
            defer { wipe(&text) }
            return try RecoveryRecord(parsing: text)
        } catch AgeError.noIdentityMatched {
            throw VaultError.wrongRecoveryKey
        } catch {
            throw VaultError.recoveryRecordDamaged
        }
    }

    private init(parsing text: [UInt8]) throws {
        guard text.count == Self.byteCount else { throw VaultError.recoveryRecordDamaged }
        var reader = ByteReader(text)
        try DepositRecord.read(Self.heading, &reader)
        let seed = try FixedText.secret(Self.logPrefix, &reader)
        let token = try FixedText.secret(Self.tokenPrefix, &reader)
        logSeed = seed
        checkInToken = token
    }
}

/// The recovery key as people type it.
package enum RecoveryKeyText {
    /// Characters in a key, without what people put between them.
    package static let characterCount = 77
    /// The longest text that is read.
    package static let byteCountMax = 4096

    /// The key without spaces and line feeds, in upper case; whole lines that begin with `#` are
    /// passed over.
    ///
    /// - Parameter text: As it was typed.
    /// - Returns: What may be an age identity.
    package static func tidied(_ text: borrowing SecretBytes) -> SecretBytes {
        var characters = text.withBytes { bytes in
            var characters: [UInt8] = []
            characters.reserveCapacity(bytes.count)
            var isComment = false
            var isLineStart = true
            for index in bytes.indices {
                let byte = bytes[index]
                if byte == 0x0a || byte == 0x0d {
                    isComment = false
                    isLineStart = true
                    continue
                }
                if isLineStart, byte == UInt8(ascii: "#") { isComment = true }
                if byte == 0x20 || byte == 0x09 { continue }
                isLineStart = false
                guard !isComment else { continue }
                let isLower = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                characters.append(isLower ? byte - 0x20 : byte)
            }
            return characters
        }
        return SecretBytes(wiping: &characters)
    }

    /// Reads a recovery key.
    ///
    /// - Throws: ``VaultError/malformedRecoveryKey``.
    static func identity(_ text: borrowing SecretBytes) throws -> HybridIdentity {
        do {
            return try HybridIdentity(parsing: tidied(text))
        } catch {
            throw VaultError.malformedRecoveryKey
        }
    }
}
