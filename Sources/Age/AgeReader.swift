// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Sodium

/// The content of an age file, pulled piece by piece; the next chunks are opened on all cores.
///
/// After one failure every later read fails in the same way.
package struct AgeReader: ~Copyable {
    private let work: OpenWork
    private var lanes: [OpenLane] = []
    private var filledCount = 0
    private var laneIndex = 0
    private var position = 0
    private var batchIndex = 0
    private var isInputDone = false
    private var failure: AgeError?
    private var inputFailure: AgeError?

    init(from input: InputBuffer, key: consuming SecretBytes) {
        let nowhere: ByteSink = { (_: Span<UInt8>) throws(AgeError) in }
        work = OpenWork(from: input, to: nowhere, key: key)
    }

    /// Fills the span from its front and returns how many bytes it wrote; 0 at the end only.
    ///
    /// - Throws: The first failure of the payload, after all that comes before it was read.
    package mutating func read(into target: inout MutableSpan<UInt8>) throws(AgeError) -> Int {
        guard target.count > 0 else { return 0 }
        while true {
            if let failure { throw failure }
            if laneIndex == filledCount {
                if let inputFailure { throw inputFailure }
                if isInputDone { return 0 }
                refill()
                continue
            }
            let lane = lanes[laneIndex]
            let count = min(target.count, lane.plaintextCount - position)
            if count > 0 {
                lane.plain.withSpan(position..<(position + count)) { target.copyToFront($0) }
                position += count
                return count
            }
            failure = lane.failure
            laneIndex += 1
            position = 0
        }
    }

    /// Reads up to `count` bytes, fewer only at the end.
    ///
    /// - Parameter count: 1...1 GiB; a buffer of that size is made.
    /// - Returns: The bytes; none at the end.
    /// - Throws: As ``read(into:)``.
    package mutating func read(count: Int) throws(AgeError) -> [UInt8] {
        let buffer = ByteBuffer(count: count)
        var filled = 0
        while filled < count {
            let readCount = try buffer.withMutableSpan(filled..<count) {
                (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
                try read(into: &target)
            }
            if readCount == 0 { break }
            filled += readCount
        }
        return buffer.withSpan(0..<filled) { [UInt8](copying: $0) }
    }

    private mutating func refill() {
        filledCount = 0
        laneIndex = 0
        position = 0
        while filledCount < Workers.count && !isInputDone {
            if filledCount == lanes.count { lanes.append(work.makeLane()) }
            do {
                isInputDone = try work.fill(lanes[filledCount], batchIndex: batchIndex)
            } catch {
                // What was read before is still delivered.
                inputFailure = error
                break
            }
            batchIndex += 1
            filledCount += 1
        }
        let filled = Array(lanes[0..<filledCount])
        guard !filled.isEmpty else { return }
        Workers.run(filled.count) { filled[$0].open() }
    }
}
