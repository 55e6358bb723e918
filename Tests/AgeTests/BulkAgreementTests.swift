// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Sodium
import Testing

/// OpenSSL, which seals the bulk, and libsodium, which seals the rest, say the same.
@Suite struct BulkAgreementTests {
    @Test(arguments: [0, 1, 15, 16, 17, 255, 256, 4096, 65_535, 65_536])
    func bulkCipherAgreesWithLibsodium(_ count: Int) throws {
        let key = SecretBytes(random: BulkCipher.keyCount)
        let content = TestBytes.make(count)
        let buffer = ByteBuffer(count: count + BulkCipher.tagCount)
        var nonce = BulkNonce(repeating: 0)
        for index in 0..<12 { nonce[index] = UInt8(truncatingIfNeeded: index * 19 + count) }
        let nonceBytes = (0..<12).map { nonce[$0] }
        buffer.withMutableSpan(0..<count) { $0.copyToFront(content.span) }
        let sealer = key.withBytes { BulkSealer(key: $0) }
        sealer.seal(buffer, at: 0, count: count, nonce: nonce)
        let sealed = buffer.withSpan(0..<buffer.count) { [UInt8](copying: $0) }
        let expected = try ChaChaPoly.seal(
            SecretBytes(copying: content),
            key: key,
            nonce: nonceBytes
        )
        #expect(sealed == expected)
    }
}
