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

    /// Size of the plaintext of a payload of this size, or `nil` when there is none.
    package static func plaintextCount(payloadCount: Int) -> Int? {
        let sealedCount = payloadCount - nonceCount
        guard sealedCount >= BulkCipher.tagCount else { return nil }
        let chunks = (sealedCount + sealedChunkCount - 1) / sealedChunkCount
        let count = sealedCount - chunks * BulkCipher.tagCount
        // A last chunk holds at least a byte, unless it is the only one.
        guard chunks == 1 || count > (chunks - 1) * chunkCount else { return nil }
        return count
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
