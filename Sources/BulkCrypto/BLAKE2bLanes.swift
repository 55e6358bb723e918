// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CBlake2bLanes

/// BLAKE2b-256 (RFC 7693) of eight pieces at once, for trees whose leaves are large.
///
/// No library has it. One message at a time leaves most of a processor's registers idle: here eight
/// take a fifth of the time (`docs/benchmarks.md`). The tests hold it against libsodium.
package enum BLAKE2bLanes {
    /// Messages in a call.
    package static let laneCount = Int(RESGUARDO_LANES)
    /// Bytes in a digest.
    package static let digestCount = 32
    /// Pieces are whole blocks.
    package static let blockCount = 128

    /// Hashes `prefix ‖ piece` for eight adjacent pieces of equal size.
    ///
    /// - Parameters:
    ///   - pieces: 8 × a multiple of 128 bytes.
    ///   - prefix: The byte before each piece.
    /// - Returns: 8 × 32 bytes, in the order of the pieces.
    /// - Complexity: O(n) time, no memory.
    package static func hash(_ pieces: Span<UInt8>, prefix: UInt8) -> [UInt8] {
        let pieceCount = pieces.count / laneCount
        precondition(
            pieceCount > 0 && pieceCount % blockCount == 0 && pieces.count % laneCount == 0,
            "eight pieces of whole blocks"
        )
        return unsafe [UInt8](unsafeUninitializedCapacity: laneCount * digestCount) {
            digests,
            count in
            unsafe pieces.withUnsafeBufferPointer { pieces in
                unsafe resguardo_blake2b256_lanes(
                    digests.baseAddress,
                    prefix,
                    pieces.baseAddress,
                    pieceCount
                )
            }
            count = laneCount * digestCount
        }
    }
}
