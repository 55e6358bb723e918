// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Sodium

/// Chunks of plaintext that are sealed together, each in its place, with room for its tag.
final class SealLane {
    /// Large enough that system calls and turns cost nothing, small enough for a core's cache.
    static let chunkCountMax = 8

    let buffer = ByteBuffer(count: chunkCountMax * PayloadLayout.sealedChunkCount)
    let sealer: BulkSealer
    var firstChunkIndex = 0
    var plaintextCount = 0
    var isLast = false

    init(key: borrowing SecretBytes) {
        sealer = key.withBytes { BulkSealer(key: $0) }
    }

    var isFull: Bool { plaintextCount == Self.chunkCountMax * PayloadLayout.chunkCount }

    /// Chunks in the batch; the only chunk of an empty file is empty.
    var chunkCount: Int {
        let chunks = (plaintextCount + PayloadLayout.chunkCount - 1) / PayloadLayout.chunkCount
        return max(chunks, 1)
    }

    var sealedCount: Int { plaintextCount + chunkCount * BulkCipher.tagCount }

    /// Where the next plaintext goes, up to the end of the current chunk.
    var freeRange: Range<Int> {
        let chunk = plaintextCount / PayloadLayout.chunkCount
        let used = plaintextCount % PayloadLayout.chunkCount
        let start = chunk * PayloadLayout.sealedChunkCount
        return (start + used)..<(start + PayloadLayout.chunkCount)
    }

    func seal() {
        var rest = plaintextCount
        for chunk in 0..<chunkCount {
            let count = min(rest, PayloadLayout.chunkCount)
            let isLastChunk = isLast && chunk == chunkCount - 1
            sealer.seal(
                buffer,
                at: chunk * PayloadLayout.sealedChunkCount,
                count: count,
                nonce: PayloadLayout.nonce(
                    chunkIndex: firstChunkIndex + chunk,
                    isLast: isLastChunk
                )
            )
            rest -= count
        }
    }

    func drain(to sink: ByteSink) throws(AgeError) {
        try buffer.withSpan(0..<sealedCount) { (span: Span<UInt8>) throws(AgeError) in
            try sink(span)
        }
    }
}

/// Seals a payload.
///
/// Spec: C2SP `age.md`, "Payload".
final class SealWork: BatchWork {
    private let input: InputBuffer
    private let sink: ByteSink
    private let key: SecretBytes

    init(from input: InputBuffer, to sink: @escaping ByteSink, key: consuming SecretBytes) {
        self.input = input
        self.sink = sink
        self.key = key
    }

    func makeLane() -> SealLane { SealLane(key: key) }

    func fill(_ lane: SealLane, batchIndex: Int) throws(AgeError) -> Bool {
        lane.firstChunkIndex = batchIndex * SealLane.chunkCountMax
        lane.plaintextCount = 0
        while !lane.isFull {
            let range = lane.freeRange
            let count = try input.read(into: lane.buffer, range)
            lane.plaintextCount += count
            if count < range.count { break }
        }
        // Only the end of the input tells that a full chunk is the last one.
        lane.isLast = lane.isFull ? try input.isAtEnd() : true
        return lane.isLast
    }

    func transform(_ lane: SealLane) { lane.seal() }

    func drain(_ lane: SealLane) throws(AgeError) { try lane.drain(to: sink) }
}
