// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1), in one call or as a stream.
package struct HMACSHA256: ~Copyable {
    /// Bytes in a tag.
    package static let tagCount = 32

    private var state = crypto_auth_hmacsha256_state()

    /// Starts a tag under a secret key of any length.
    package init(key: borrowing SecretBytes) {
        unsafe key.withUnsafeBytes { pointer in
            _ = unsafe crypto_auth_hmacsha256_init(&state, pointer, key.count)
        }
    }

    /// Starts a tag under a public key, as HKDF does with its salt.
    init(publicKey key: [UInt8]) {
        unsafe crypto_auth_hmacsha256_init(&state, key, key.count)
    }

    /// Adds bytes to the message.
    package mutating func update(_ bytes: [UInt8]) {
        unsafe crypto_auth_hmacsha256_update(&state, bytes, UInt64(bytes.count))
    }

    /// Adds secret bytes to the message.
    package mutating func update(_ secret: borrowing SecretBytes) {
        unsafe secret.withUnsafeBytes { pointer in
            _ = unsafe crypto_auth_hmacsha256_update(&state, pointer, UInt64(secret.count))
        }
    }

    /// Ends the message and returns the tag, 32 bytes.
    package consuming func finish() -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: Self.tagCount)
        unsafe crypto_auth_hmacsha256_final(&state, &tag)
        unsafe sodium_memzero(&state, MemoryLayout<crypto_auth_hmacsha256_state>.size)
        return tag
    }

    /// Ends the message and returns a tag that is itself a key.
    package consuming func finishSecret() -> SecretBytes {
        var tag = SecretBytes(count: Self.tagCount)
        unsafe tag.withUnsafeMutableBytes { pointer in
            _ = unsafe crypto_auth_hmacsha256_final(&state, pointer)
        }
        unsafe sodium_memzero(&state, MemoryLayout<crypto_auth_hmacsha256_state>.size)
        return tag
    }

    /// Computes the tag of `message` under a key of any length.
    ///
    /// - Returns: 32 bytes.
    package static func authenticate(
        _ message: [UInt8],
        key: borrowing SecretBytes
    ) -> [UInt8] {
        var mac = HMACSHA256(key: key)
        mac.update(message)
        return mac.finish()
    }

    /// Tells whether `tag` is the tag of `message`, in constant time.
    package static func isValid(
        tag: [UInt8],
        of message: [UInt8],
        key: borrowing SecretBytes
    ) -> Bool {
        constantTimeEqual(tag, authenticate(message, key: key))
    }
}
