// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// ChaCha20-Poly1305 decryption of many messages under one key (RFC 8439), by OpenSSL.
///
/// The cipher context is set up once; opening a message allocates nothing.
@safe
package struct BulkOpener: ~Copyable {
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
            unsafe EVP_DecryptInit_ex(
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

    /// Checks and decrypts from one buffer into another.
    ///
    /// - Parameters:
    ///   - sealed: Holds ciphertext and tag.
    ///   - range: Where they are; at least 16 bytes.
    ///   - plain: Takes the plaintext, 16 bytes less. The caller releases it only after `true`;
    ///     after `false` it holds bytes that nobody vouches for.
    ///   - offset: Where in `plain` the plaintext goes.
    ///   - nonce: The one it was sealed with.
    /// - Returns: Whether the tag is right.
    /// - Complexity: O(range.count), no allocation.
    package func open(
        _ sealed: ByteBuffer,
        _ range: Range<Int>,
        into plain: ByteBuffer,
        at offset: Int,
        nonce: BulkNonce
    ) -> Bool {
        let count = range.count - BulkCipher.tagCount
        precondition((0...BulkCipher.messageCountMax).contains(count), "a message and its tag")
        let source = unsafe sealed.pointer(range)
        let target = unsafe plain.pointer(offset..<(offset + count))
        var written: Int32 = 0
        var status = unsafe nonce.span.withUnsafeBufferPointer { nonce in
            unsafe EVP_DecryptInit_ex(context, nil, nil, nil, nonce.baseAddress)
        }
        precondition(status == 1, "a nonce of 12 bytes")
        status = unsafe EVP_CIPHER_CTX_ctrl(
            context,
            EVP_CTRL_AEAD_SET_TAG,
            Int32(BulkCipher.tagCount),
            source + count
        )
        precondition(status == 1, "a tag of 16 bytes")
        if count > 0 {
            status = unsafe EVP_DecryptUpdate(context, target, &written, source, Int32(count))
            precondition(status == 1 && written == count, "a stream cipher keeps the length")
        }
        return unsafe EVP_DecryptFinal_ex(context, target + count, &written) == 1
    }
}
