// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// SHA-512 (FIPS 180-4), in one call or as a stream.
package struct SHA512: ~Copyable {
    /// Bytes in a digest.
    package static let digestCount = 64

    private var state = crypto_hash_sha512_state()

    /// Starts a digest.
    package init() {
        unsafe crypto_hash_sha512_init(&state)
    }

    /// Adds bytes to the digest.
    package mutating func update(_ bytes: [UInt8]) {
        unsafe crypto_hash_sha512_update(&state, bytes, UInt64(bytes.count))
    }

    /// Adds secret bytes to the digest.
    package mutating func update(_ secret: borrowing SecretBytes) {
        unsafe secret.withUnsafeBytes { pointer in
            _ = unsafe crypto_hash_sha512_update(&state, pointer, UInt64(secret.count))
        }
    }

    /// Ends the digest and returns its 64 bytes.
    package consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.digestCount)
        unsafe crypto_hash_sha512_final(&state, &digest)
        // Nonces are hashed from secrets: the last block must not stay behind.
        unsafe sodium_memzero(&state, MemoryLayout<crypto_hash_sha512_state>.size)
        return digest
    }

    /// Digest of `bytes`, 64 bytes.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: digestCount)
        unsafe crypto_hash_sha512(&digest, bytes, UInt64(bytes.count))
        return digest
    }
}
