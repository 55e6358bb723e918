// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Sodium

/// An age file in the making: content goes in by pieces of any size, sealed chunks come out in
/// order.
///
/// Without ``finish()`` the file stays incomplete, and nobody will take it for complete.
package struct AgeWriter: ~Copyable {
    private let output: PayloadOutput
    private let key: SecretBytes
    private var lanes: [SealLane] = []
    private var laneIndex = 0
    private var chunkIndex = 0
    private var hasFailed = false

    init(to output: PayloadOutput, key: consuming SecretBytes) {
        self.output = output
        self.key = key
    }

    /// Adds content.
    ///
    /// - Throws: What the sink throws; after that the writer is of no use.
    /// - Complexity: O(bytes.count); memory as ``AgeEncryptor/seal(from:to:)``.
    package mutating func write(_ bytes: Span<UInt8>) throws(AgeError) {
        var position = 0
        while position < bytes.count {
            let lane = try laneWithRoom()
            let range = lane.freeRange
            let count = min(range.count, bytes.count - position)
            let piece = bytes.extracting(position..<(position + count))
            lane.buffer.withMutableSpan(range.lowerBound..<(range.lowerBound + count)) {
                $0.copyToFront(piece)
            }
            lane.plaintextCount += count
            position += count
        }
    }

    /// Adds content.
    ///
    /// - Throws: As ``write(_:)``.
    package mutating func write(_ bytes: [UInt8]) throws(AgeError) {
        try write(bytes.span)
    }

    /// Seals what is left as the last chunk and ends the file.
    ///
    /// - Throws: What the sink throws.
    package consuming func finish() throws(AgeError) {
        if lanes.isEmpty { lanes.append(SealLane(key: key)) }
        try flush(isLast: true)
        try output.finish()
    }

    /// The lane being filled.
    ///
    /// All lanes are sealed together once the last is full and more comes:
    /// not before, since a full chunk may turn out to be the last one.
    private mutating func laneWithRoom() throws(AgeError) -> SealLane {
        if laneIndex < lanes.count, !lanes[laneIndex].isFull { return lanes[laneIndex] }
        if laneIndex < lanes.count { laneIndex += 1 }
        if laneIndex == Workers.count { try flush(isLast: false) }
        if laneIndex == lanes.count { lanes.append(SealLane(key: key)) }
        return lanes[laneIndex]
    }

    private mutating func flush(isLast: Bool) throws(AgeError) {
        precondition(!hasFailed, "a writer whose sink failed is not used again")
        let filled = Array(lanes[0..<min(laneIndex + 1, lanes.count)])
        for lane in filled {
            lane.firstChunkIndex = chunkIndex
            lane.isLast = isLast && lane === filled.last
            chunkIndex += lane.chunkCount
        }
        Workers.run(filled.count) { filled[$0].seal() }
        hasFailed = true
        for lane in filled {
            try lane.drain(to: output.sink)
            lane.plaintextCount = 0
        }
        hasFailed = false
        laneIndex = 0
    }
}
