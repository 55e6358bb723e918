// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto

/// How a payload is cut into chunks.
///
/// Spec: C2SP `age.md`, "Payload" (STREAM).
package enum PayloadLayout {
    /// Plaintext bytes in a full chunk.
    package static let chunkCount = 64 << 10
    /// Bytes in a full sealed chunk.
    package static let sealedChunkCount = chunkCount + BulkCipher.tagCount
    /// Bytes before the first chunk.
    package static let nonceCount = FileKey.nonceCount

    /// Size of a payload, its nonce included, for 0...2^62 bytes of plaintext.
    package static func payloadCount(plaintextCount: Int) -> Int {
        let chunks = max(1, (plaintextCount + chunkCount - 1) / chunkCount)
        return nonceCount + plaintextCount + chunks * BulkCipher.tagCount
    }

    /// 11-byte big-endian counter, then 1 for the last chunk and 0 for any other.
    static func nonce(chunkIndex: Int, isLast: Bool) -> BulkNonce {
        precondition(chunkIndex >= 0, "chunks count from zero")
        var nonce = BulkNonce(repeating: 0)
        // An `Int` fills the low 8 of the counter's 11 bytes; no file has 2^63 chunks.
        for byte in 0..<8 {
            nonce[10 - byte] = UInt8(truncatingIfNeeded: chunkIndex >> (8 * byte))
        }
        nonce[11] = isLast ? 1 : 0
        return nonce
    }
}
