// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Sodium
import Testing

@Suite struct BLAKE2bLanesTests {
    /// Bytes that differ in every lane and block.
    private static func pieces(of count: Int) -> [UInt8] {
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15 &+ UInt64(count)
        return (0..<(BLAKE2bLanes.laneCount * count)).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    @Test(arguments: [1, 2, 3, 7, 8, 9, 31, 64, 255, 8192])
    func agreesWithLibsodium(blocks: Int) {
        let count = blocks * BLAKE2bLanes.blockCount
        let pieces = Self.pieces(of: count)
        for prefix: UInt8 in [0x00, 0x01, 0x80, 0xff] {
            let digests = BLAKE2bLanes.hash(pieces.span, prefix: prefix)
            for lane in 0..<BLAKE2bLanes.laneCount {
                let piece = pieces[(lane * count)..<((lane + 1) * count)]
                let digest = digests[(32 * lane)..<(32 * (lane + 1))]
                #expect(Array(digest) == BLAKE2b256.hash([prefix] + piece))
            }
        }
    }

    @Test func aBitOfAnyLaneChangesThatLaneOnly() {
        let count = 2 * BLAKE2bLanes.blockCount
        var pieces = Self.pieces(of: count)
        let before = BLAKE2bLanes.hash(pieces.span, prefix: 0)
        for lane in 0..<BLAKE2bLanes.laneCount {
            for offset in [0, 126, 127, 128, count - 2, count - 1] {
                pieces[lane * count + offset] ^= 0x10
                let after = BLAKE2bLanes.hash(pieces.span, prefix: 0)
                pieces[lane * count + offset] ^= 0x10
                for other in 0..<BLAKE2bLanes.laneCount {
                    let range = (32 * other)..<(32 * (other + 1))
                    #expect((before[range] == after[range]) == (other != lane))
                }
            }
        }
    }
}
