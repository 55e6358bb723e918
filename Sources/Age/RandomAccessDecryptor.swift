// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Sodium

/// An age file that is read at any place without opening what comes before.
///
/// Spec: C2SP `age.md`, "Payload": before offsets relative to the end are trusted, the last chunk
/// is checked to be the last.
package final class RandomAccessDecryptor {
    /// Reads at an offset into the span and returns how many bytes it wrote; 0 means the end.
    package typealias Source = (Int, inout MutableSpan<UInt8>) throws(AgeError) -> Int

    /// Bytes of plaintext.
    package let count: Int
    private let payloadOffset: Int
    private let source: Source
    private let chunkCount: Int
    private let opener: BulkOpener
    private let sealed = ByteBuffer(count: PayloadLayout.sealedChunkCount)
    private let plain = ByteBuffer(count: PayloadLayout.chunkCount)

    /// Checks the last chunk; `payloadOffset` is where the first one starts.
    init(
        payloadOffset: Int,
        fileCount: Int,
        source: @escaping Source,
        key: consuming SecretBytes
    ) throws(AgeError) {
        let sealedCount = fileCount - payloadOffset
        let chunkCount = max(
            1,
            (sealedCount + PayloadLayout.sealedChunkCount - 1) / PayloadLayout.sealedChunkCount
        )
        count = sealedCount - chunkCount * BulkCipher.tagCount
        self.payloadOffset = payloadOffset
        self.source = source
        self.chunkCount = chunkCount
        opener = key.withBytes { BulkOpener(key: $0) }
        let lastStart = (chunkCount - 1) * PayloadLayout.chunkCount
        guard count >= lastStart else { throw .payloadTruncated(chunkIndex: chunkCount - 1) }
        guard count > lastStart || chunkCount == 1 else {
            throw .emptyLastChunk(index: chunkCount - 1)
        }
        _ = try open(chunkIndex: chunkCount - 1)
    }

    /// Reads a range of the plaintext; all of it or nothing.
    ///
    /// - Parameter range: Within 0..<``count``.
    /// - Returns: As many bytes as the range has.
    /// - Throws: `.rangeOutOfBounds`, `.chunkAuthenticationFailed`, `.payloadTruncated`.
    /// - Complexity: O(range.count + 64 KiB).
    package func read(_ range: Range<Int>) throws(AgeError) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= count else { throw .rangeOutOfBounds }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        while bytes.count < range.count {
            let position = range.lowerBound + bytes.count
            let chunkIndex = position / PayloadLayout.chunkCount
            let chunkStart = chunkIndex * PayloadLayout.chunkCount
            let opened = try open(chunkIndex: chunkIndex)
            let end = min(range.upperBound - chunkStart, opened)
            plain.withSpan((position - chunkStart)..<end) { bytes.append($0) }
        }
        return bytes
    }

    /// Opens a chunk into `plain` and returns its length.
    private func open(chunkIndex: Int) throws(AgeError) -> Int {
        let plainCount = min(
            PayloadLayout.chunkCount,
            count - chunkIndex * PayloadLayout.chunkCount
        )
        let sealedCount = plainCount + BulkCipher.tagCount
        let start = payloadOffset + chunkIndex * PayloadLayout.sealedChunkCount
        var filled = 0
        while filled < sealedCount {
            let readCount = try sealed.withMutableSpan(filled..<sealedCount) {
                (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
                try source(start + filled, &target)
            }
            guard readCount > 0 else { throw .payloadTruncated(chunkIndex: chunkIndex) }
            filled += readCount
        }
        let isOpen = opener.open(
            sealed,
            0..<sealedCount,
            into: plain,
            at: 0,
            nonce: PayloadLayout.nonce(chunkIndex: chunkIndex, isLast: chunkIndex == chunkCount - 1)
        )
        guard isOpen else { throw .chunkAuthenticationFailed(index: chunkIndex) }
        return plainCount
    }
}
