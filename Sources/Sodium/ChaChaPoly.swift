// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// ChaCha20-Poly1305 for small messages: wrapped keys, keyring slots, sealed names.
///
/// The length of the nonce names the algorithm: 12 bytes are ChaCha20-Poly1305 (RFC 8439), for keys
/// used once or with a counter; 24 bytes are XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), whose
/// nonces may be random. Bulk data goes through `BulkCrypto`, which is faster and knows nothing of
/// guarded memory.
package enum ChaChaPoly {
    /// Bytes in a key.
    package static let keyCount = 32
    /// Bytes in a nonce that is used once or counted.
    package static let nonceCount = 12
    /// Bytes in a nonce that may be random.
    package static let extendedNonceCount = 24
    /// Bytes in a tag, which follows the ciphertext.
    package static let tagCount = 16

    /// Encrypts and authenticates.
    ///
    /// - Parameters:
    ///   - plaintext: At most 1 MiB.
    ///   - key: 32 bytes.
    ///   - nonce: 12 or 24 bytes, never twice with the same key.
    ///   - associatedData: Authenticated, not encrypted.
    /// - Returns: Ciphertext, as long as `plaintext`, then the tag.
    /// - Throws: `.wrongLength`.
    package static func seal(
        _ plaintext: borrowing SecretBytes,
        key: borrowing SecretBytes,
        nonce: [UInt8],
        authenticating associatedData: [UInt8] = []
    ) throws(SodiumError) -> [UInt8] {
        try requireCount(key.count, keyCount)
        let isExtended = try isExtended(nonce)
        let encrypt =
            unsafe isExtended
            ? crypto_aead_xchacha20poly1305_ietf_encrypt
            : crypto_aead_chacha20poly1305_ietf_encrypt
        var sealed = [UInt8](repeating: 0, count: plaintext.count + tagCount)
        unsafe plaintext.withUnsafeBytes { plain in
            unsafe key.withUnsafeBytes { key in
                _ = unsafe encrypt(
                    &sealed,
                    nil,
                    plain,
                    UInt64(plaintext.count),
                    associatedData,
                    UInt64(associatedData.count),
                    nil,
                    nonce,
                    key
                )
            }
        }
        return sealed
    }

    /// Checks and decrypts.
    ///
    /// - Parameters:
    ///   - sealed: Ciphertext, then the tag.
    ///   - key: 32 bytes.
    ///   - nonce: 12 or 24 bytes.
    ///   - associatedData: What was authenticated with the plaintext.
    /// - Returns: The plaintext in guarded memory.
    /// - Throws: `.authenticationFailed`, and nothing is released; `.wrongLength`.
    package static func open(
        _ sealed: [UInt8],
        key: borrowing SecretBytes,
        nonce: [UInt8],
        authenticating associatedData: [UInt8] = []
    ) throws(SodiumError) -> SecretBytes {
        try requireCount(key.count, keyCount)
        let isExtended = try isExtended(nonce)
        guard sealed.count >= tagCount, sealed.count <= SecretBytes.countMax else {
            throw .authenticationFailed
        }
        let decrypt =
            unsafe isExtended
            ? crypto_aead_xchacha20poly1305_ietf_decrypt
            : crypto_aead_chacha20poly1305_ietf_decrypt
        var plaintext = SecretBytes(count: sealed.count - tagCount)
        let status = unsafe plaintext.withUnsafeMutableBytes { plain in
            unsafe key.withUnsafeBytes { key in
                unsafe decrypt(
                    plain,
                    nil,
                    nil,
                    sealed,
                    UInt64(sealed.count),
                    associatedData,
                    UInt64(associatedData.count),
                    nonce,
                    key
                )
            }
        }
        guard status == 0 else { throw .authenticationFailed }
        return plaintext
    }

    /// Checks and decrypts what is about to be shown, and so needs no guarded memory.
    ///
    /// A page of guarded memory costs more than the decryption of a kilobyte.
    ///
    /// - Parameters:
    ///   - sealed: Ciphertext, then the tag.
    ///   - key: 32 bytes.
    ///   - nonce: 24 bytes.
    /// - Returns: The plaintext; nil, and nothing is released, if it does not authenticate.
    package static func openReadable(
        _ sealed: ArraySlice<UInt8>,
        key: borrowing SecretBytes,
        nonce: ArraySlice<UInt8>
    ) -> [UInt8]? {
        guard key.count == keyCount, nonce.count == extendedNonceCount, sealed.count >= tagCount
        else { return nil }
        var isOpened = false
        let plain = unsafe [UInt8](
            unsafeUninitializedCapacity: sealed.count - tagCount
        ) { plain, count in
            let status = unsafe sealed.withUnsafeBufferPointer { sealed -> Int32 in
                unsafe nonce.withUnsafeBufferPointer { nonce -> Int32 in
                    guard let sealedBase = sealed.baseAddress, let nonceBase = nonce.baseAddress
                    else { return -1 }
                    return unsafe key.withUnsafeBytes { key in
                        unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                            plain.baseAddress,
                            nil,
                            nil,
                            sealedBase,
                            UInt64(sealed.count),
                            nil,
                            0,
                            nonceBase,
                            key
                        )
                    }
                }
            }
            isOpened = status == 0
            count = isOpened ? sealed.count - tagCount : 0
        }
        return isOpened ? plain : nil
    }

    private static func isExtended(_ nonce: [UInt8]) throws(SodiumError) -> Bool {
        if nonce.count == extendedNonceCount { return true }
        try requireCount(nonce.count, nonceCount)
        return false
    }
}
