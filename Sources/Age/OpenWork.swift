// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Sodium

/// Sealed chunks that are opened together.
final class OpenLane {
    /// Half of what is sealed at once, since there are two buffers.
    static let chunkCountMax = SealLane.chunkCountMax / 2
    static let sealedCountMax = chunkCountMax * PayloadLayout.sealedChunkCount

    let sealed = ByteBuffer(count: sealedCountMax)
    let plain = ByteBuffer(count: chunkCountMax * PayloadLayout.chunkCount)
    let opener: BulkOpener
    var firstChunkIndex = 0
    var sealedCount = 0
    var isLast = false
    /// Bytes of plaintext whose tags are right.
    private(set) var plaintextCount = 0
    /// Why the chunk after them was refused.
    private(set) var failure: AgeError?

    init(key: borrowing SecretBytes) {
        opener = key.withBytes { BulkOpener(key: $0) }
    }

    func open() {
        plaintextCount = 0
        failure = nil
        var chunkIndex = firstChunkIndex
        var position = 0
        repeat {
            let end = min(position + PayloadLayout.sealedChunkCount, sealedCount)
            let isLastChunk = isLast && end == sealedCount
            open(position..<end, chunkIndex: chunkIndex, isLast: isLastChunk)
            position = end
            chunkIndex += 1
        } while position < sealedCount && failure == nil
    }

    private func open(_ range: Range<Int>, chunkIndex: Int, isLast: Bool) {
        let count = range.count - BulkCipher.tagCount
        guard count >= 0 else {
            failure = .payloadTruncated(chunkIndex: chunkIndex)
            return
        }
        // An empty last chunk would be a second way to write the same payload.
        guard count > 0 || chunkIndex == 0 else {
            failure = .emptyLastChunk(index: chunkIndex)
            return
        }
        if opens(range, chunkIndex: chunkIndex, isLast: isLast) {
            plaintextCount += count
        } else if !isLast && opens(range, chunkIndex: chunkIndex, isLast: true) {
            plaintextCount += count
            failure = .trailingPayload(chunkIndex: chunkIndex)
        } else if isLast && opens(range, chunkIndex: chunkIndex, isLast: false) {
            plaintextCount += count
            failure = .payloadTruncated(chunkIndex: chunkIndex + 1)
        } else {
            failure = .chunkAuthenticationFailed(index: chunkIndex)
        }
    }

    private func opens(_ range: Range<Int>, chunkIndex: Int, isLast: Bool) -> Bool {
        // A chunk that is not the last is full.
        guard isLast || range.count == PayloadLayout.sealedChunkCount else { return false }
        return opener.open(
            sealed,
            range,
            into: plain,
            at: plaintextCount,
            nonce: PayloadLayout.nonce(chunkIndex: chunkIndex, isLast: isLast)
        )
    }
}

/// Opens a payload.
///
/// A chunk is released only after its tag was checked.
///
/// Spec: C2SP `age.md`, "Payload".
final class OpenWork: BatchWork {
    private let input: InputBuffer
    private let sink: ByteSink
    private let key: SecretBytes

    init(from input: InputBuffer, to sink: @escaping ByteSink, key: consuming SecretBytes) {
        self.input = input
        self.sink = sink
        self.key = key
    }

    func makeLane() -> OpenLane { OpenLane(key: key) }

    func fill(_ lane: OpenLane, batchIndex: Int) throws(AgeError) -> BatchFilling {
        lane.firstChunkIndex = batchIndex * OpenLane.chunkCountMax
        lane.sealedCount = try input.read(into: lane.sealed, 0..<OpenLane.sealedCountMax)
        // Only the end of the input tells which chunk has to be the last one.
        let isFull = lane.sealedCount == OpenLane.sealedCountMax
        lane.isLast = isFull ? try input.isAtEnd() : true
        return lane.isLast ? .last : .more
    }

    func transform(_ lane: OpenLane) { lane.open() }

    func drain(_ lane: OpenLane) throws(AgeError) {
        if lane.plaintextCount > 0 {
            try lane.plain.withSpan(0..<lane.plaintextCount) {
                (span: Span<UInt8>) throws(AgeError) in
                try sink(span)
            }
        }
        if let failure = lane.failure { throw failure }
    }
}
