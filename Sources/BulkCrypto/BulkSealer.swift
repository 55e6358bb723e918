// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// ChaCha20-Poly1305 encryption of many messages under one key (RFC 8439), by OpenSSL: twice as
/// fast here as libsodium and swift-crypto (`docs/benchmarks.md`).
///
/// The cipher context is set up once; sealing a message allocates nothing.
@safe
package struct BulkSealer: ~Copyable {
    private let context: OpaquePointer

    /// Prepares a cipher; OpenSSL's context keeps a copy of the key and wipes it at the end.
    ///
    /// - Parameter key: 32 bytes.
    package init(key: Span<UInt8>) {
        precondition(key.count == BulkCipher.keyCount, "a ChaCha20-Poly1305 key has 32 bytes")
        guard let context = unsafe EVP_CIPHER_CTX_new() else {
            preconditionFailure("no memory for a cipher context")
        }
        unsafe self.context = context
        let status = unsafe key.withUnsafeBufferPointer { key in
            unsafe EVP_EncryptInit_ex(
                context,
                EVP_chacha20_poly1305(),
                nil,
                key.baseAddress,
                nil
            )
        }
        precondition(status == 1, "OpenSSL has ChaCha20-Poly1305")
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(context)
    }

    /// Encrypts in place and writes the tag behind the ciphertext.
    ///
    /// - Parameters:
    ///   - buffer: Holds the message; its next 16 bytes are overwritten.
    ///   - offset: Where the message starts.
    ///   - count: Bytes of the message, 0...2^30.
    ///   - nonce: Never used twice under one key.
    /// - Complexity: O(count), no allocation.
    package func seal(_ buffer: ByteBuffer, at offset: Int, count: Int, nonce: BulkNonce) {
        precondition(count <= BulkCipher.messageCountMax, "a message of at most 1 GiB")
        let range = offset..<(offset + count + BulkCipher.tagCount)
        let message = unsafe buffer.pointer(range)
        var written: Int32 = 0
        var status = unsafe nonce.span.withUnsafeBufferPointer { nonce in
            unsafe EVP_EncryptInit_ex(context, nil, nil, nil, nonce.baseAddress)
        }
        precondition(status == 1, "a nonce of 12 bytes")
        if count > 0 {
            status = unsafe EVP_EncryptUpdate(context, message, &written, message, Int32(count))
            precondition(status == 1 && written == count, "a stream cipher keeps the length")
        }
        let tag = unsafe message + count
        status = unsafe EVP_EncryptFinal_ex(context, tag, &written)
        precondition(status == 1 && written == 0, "a stream cipher has no padding")
        status = unsafe EVP_CIPHER_CTX_ctrl(
            context,
            EVP_CTRL_AEAD_GET_TAG,
            Int32(BulkCipher.tagCount),
            tag
        )
        precondition(status == 1, "a tag of 16 bytes")
    }
}
