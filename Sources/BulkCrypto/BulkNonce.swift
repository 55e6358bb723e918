// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A ChaCha20-Poly1305 nonce, kept on the stack.
package typealias BulkNonce = InlineArray<12, UInt8>

/// What the bulk cipher's formats share.
package enum BulkCipher {
    /// Bytes in a key.
    package static let keyCount = 32
    /// Bytes in a tag, which follows the ciphertext.
    package static let tagCount = 16
    /// The longest message of one call; OpenSSL counts in `Int32`.
    package static let messageCountMax = 1 << 30
}
