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
    /// Bytes of plaintext that were observed.
    private var observedCount = 0
    /// Whether the rest of the batch is still to be read.
    var isParked = false
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

    /// Makes room for another batch.
    func clear() {
        plaintextCount = 0
        observedCount = 0
    }

    /// Shows the plaintext that was not shown yet, chunk by chunk; nothing is shown as nothing.
    func observe(_ body: (Span<UInt8>) -> Void) {
        repeat {
            let chunk = observedCount / PayloadLayout.chunkCount
            let used = observedCount % PayloadLayout.chunkCount
            let count = min(PayloadLayout.chunkCount - used, plaintextCount - observedCount)
            let start = chunk * PayloadLayout.sealedChunkCount + used
            buffer.withSpan(start..<(start + count), body)
            observedCount += count
        } while observedCount < plaintextCount
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
    private let observer: SourceObserver?
    private let sink: ByteSink
    private let key: SecretBytes

    init(
        from input: InputBuffer,
        observedBy observer: SourceObserver? = nil,
        to sink: @escaping ByteSink,
        key: consuming SecretBytes
    ) {
        self.input = input
        self.observer = observer
        self.sink = sink
        self.key = key
    }

    func makeLane() -> SealLane { SealLane(key: key) }

    func fill(_ lane: SealLane, batchIndex: Int) throws(AgeError) -> BatchFilling {
        lane.firstChunkIndex = batchIndex * SealLane.chunkCountMax
        if !lane.isParked { lane.clear() }
        while !lane.isFull {
            let range = lane.freeRange
            let count = try input.read(into: lane.buffer, range)
            lane.plaintextCount += count
            if count < range.count { break }
        }
        // Only the end of the input tells that a full chunk is the last one.
        lane.isLast = lane.isFull ? try input.isAtEnd() : true
        lane.isParked = lane.isLast && observer?.isAwaited() == true
        if lane.isParked {
            input.goOn()
            return .parked
        }
        return lane.isLast ? .last : .more
    }

    var isObserved: Bool { observer != nil }

    func observe(_ lane: SealLane) {
        if let observer { lane.observe(observer.observe) }
    }

    func transform(_ lane: SealLane) { lane.seal() }

    func drain(_ lane: SealLane) throws(AgeError) { try lane.drain(to: sink) }
}
