// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Testing

@Suite struct BulkSealerTests {
    private static let key = [UInt8](0x80...0x9f)

    /// Sealed and opened by the ciphers under test; libsodium's answers are in `AgeTests`.
    @Test(arguments: [0, 1, 15, 16, 17, 63, 64, 65, 1000, 65_536])
    func opensWhatItSealedAndNothingElse(_ count: Int) {
        let buffer = ByteBuffer(count: count + BulkCipher.tagCount)
        let plain = ByteBuffer(count: max(count, 1))
        let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        buffer.withMutableSpan(0..<count) { $0.copyToFront(content.span) }
        let nonce = BulkNonce(repeating: 3)
        BulkSealer(key: Self.key.span).seal(buffer, at: 0, count: count, nonce: nonce)
        let opener = BulkOpener(key: Self.key.span)
        let range = 0..<(count + BulkCipher.tagCount)
        func opens(_ nonce: BulkNonce) -> Bool {
            opener.open(buffer, range, into: plain, at: 0, nonce: nonce)
        }
        #expect(opens(nonce))
        #expect(plain.withSpan(0..<count) { [UInt8](copying: $0) } == content)
        #expect(!opens(BulkNonce(repeating: 4)))
        for index in [0, range.count - 1] {
            buffer.withMutableSpan(range) { $0[index] ^= 1 }
            #expect(!opens(nonce))
            buffer.withMutableSpan(range) { $0[index] ^= 1 }
        }
        #expect(opens(nonce))
    }
}
