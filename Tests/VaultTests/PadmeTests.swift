// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Vault

@Suite struct PadmeTests {
    @Test func growsByTwelvePercentAtMost() {
        for size in UInt64(1)...100_000 {
            let padded = Padme.paddedSize(size)
            #expect(padded >= size)
            #expect((padded - size) * 100 <= size * 12)
        }
    }

    @Test func isStableAndKeepsBlocks() {
        var size: UInt64 = 1024
        while size < 1 << 50 {
            let padded = Padme.paddedSize(size)
            #expect(padded % 512 == 0)
            #expect(Padme.paddedSize(padded) == padded)
            size += size / 3 / 512 * 512 + 512
        }
    }

    @Test func matchesThePaper() {
        // PoPETS 2019, section 4: the exponent of 9 is 3, whose two bits are kept.
        #expect(Padme.paddedSize(8) == 8)
        #expect(Padme.paddedSize(9) == 10)
        #expect(Padme.paddedSize(1_000_000) == 1_015_808)
    }
}
