// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import BulkCrypto

/// Content for tests: the same every time, and no two chunks alike.
enum TestBytes {
    static func make(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            // xorshift64
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            bytes.append(UInt8(truncatingIfNeeded: state >> 32))
        }
        return bytes
    }

    /// A source that gives at most `pieces` bytes a call, as pipes do.
    static func source(_ bytes: [UInt8], pieces: Int) -> ByteSource {
        var position = 0
        return { (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
            let count = min(pieces, target.count, bytes.count - position)
            target.copyToFront(bytes.span.extracting(position..<(position + count)))
            position += count
            return count
        }
    }
}
