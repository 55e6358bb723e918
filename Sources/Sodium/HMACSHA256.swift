// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1).
package enum HMACSHA256 {
    /// Bytes in a tag.
    package static let tagCount = 32

    /// Computes the tag of `message` under a key of any length.
    ///
    /// - Returns: 32 bytes.
    package static func authenticate(
        _ message: [UInt8],
        key: borrowing SecretBytes
    ) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: tagCount)
        unsafe key.withUnsafeBytes { pointer in
            unsafe mac(message, key: pointer, keyCount: key.count, into: &tag)
        }
        return tag
    }

    /// Tells whether `tag` is the tag of `message`, in constant time.
    package static func isValid(
        tag: [UInt8],
        of message: [UInt8],
        key: borrowing SecretBytes
    ) -> Bool {
        constantTimeEqual(tag, authenticate(message, key: key))
    }

    @unsafe
    static func mac(
        _ message: [UInt8],
        key: UnsafePointer<UInt8>,
        keyCount: Int,
        into tag: UnsafeMutablePointer<UInt8>
    ) {
        var state = crypto_auth_hmacsha256_state()
        unsafe crypto_auth_hmacsha256_init(&state, key, keyCount)
        unsafe crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        unsafe crypto_auth_hmacsha256_final(&state, tag)
        unsafe sodium_memzero(&state, MemoryLayout<crypto_auth_hmacsha256_state>.size)
    }
}
