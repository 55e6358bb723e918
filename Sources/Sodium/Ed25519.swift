// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// Ed25519 signatures (RFC 8032).
///
/// Verification is libsodium's: it refuses non-canonical `s`, and points of small order, which
/// makes signatures unambiguous among all who verify here.
package enum Ed25519 {
    /// Bytes in a signature.
    package static let signatureCount = 64
    /// Bytes in a secret seed and in a public key.
    package static let keyCount = 32

    /// A public key.
    package struct PublicKey: Equatable, Hashable, Sendable {
        /// The 32-byte encoding.
        package let bytes: [UInt8]

        /// - Throws: `.wrongLength` unless there are 32 bytes.
        package init(_ bytes: [UInt8]) throws(SodiumError) {
            try requireCount(bytes.count, keyCount)
            self.bytes = bytes
        }

        /// Tells whether `signature` is this key's signature of exactly `message`.
        ///
        /// Signatures of a wrong length are invalid, not errors.
        package func isValid(signature: [UInt8], of message: [UInt8]) -> Bool {
            guard signature.count == signatureCount else { return false }
            let count = UInt64(message.count)
            return unsafe crypto_sign_verify_detached(signature, message, count, bytes) == 0
        }
    }

    /// A secret key; it stays in guarded memory.
    package struct SecretKey: ~Copyable, Sendable {
        /// The public half.
        package let publicKey: PublicKey
        private let expanded: SecretBytes

        /// Makes a new key.
        package init() {
            self.init(valid: SecretBytes(random: keyCount))
        }

        /// The key of a 32-byte seed (RFC 8032, section 5.1.5).
        ///
        /// - Throws: `.wrongLength` unless there are 32 bytes.
        package init(seed: borrowing SecretBytes) throws(SodiumError) {
            try requireCount(seed.count, keyCount)
            self.init(valid: seed.copy())
        }

        private init(valid seed: consuming SecretBytes) {
            var publicBytes = [UInt8](repeating: 0, count: keyCount)
            var secret = SecretBytes(count: 2 * keyCount)
            unsafe seed.withUnsafeBytes { seed in
                unsafe secret.withUnsafeMutableBytes { secret in
                    _ = unsafe crypto_sign_seed_keypair(&publicBytes, secret, seed)
                }
            }
            do {
                publicKey = try PublicKey(publicBytes)
            } catch {
                preconditionFailure("a public key has 32 bytes")
            }
            expanded = secret
        }

        /// The 32-byte seed, for storage under encryption.
        package func seed() -> SecretBytes {
            expanded.slice(0..<keyCount)
        }

        /// Signs `message`.
        ///
        /// - Returns: 64 bytes, the same for the same message.
        package func sign(_ message: [UInt8]) -> [UInt8] {
            var signature = [UInt8](repeating: 0, count: signatureCount)
            unsafe expanded.withUnsafeBytes { key in
                _ = unsafe crypto_sign_detached(
                    &signature,
                    nil,
                    message,
                    UInt64(message.count),
                    key
                )
            }
            return signature
        }
    }
}
