// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeStamping

@Suite struct TimestampQueryTests {
    @Test func writesWhatTheStandardSays() {
        let digest = [UInt8](repeating: 0xaa, count: 32)
        let query = TimestampQuery(digest: digest, random: [UInt8](repeating: 0xff, count: 16))
        #expect(query.nonce.first == 0x7f)
        let algorithm: [UInt8] = [
            0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0,
        ]
        let expected: [UInt8] =
            [0x30, 0x4b, 0x02, 0x01, 0x01, 0x30, 0x31] + algorithm + [0x04, 0x20] + digest
            + [0x02, 0x10] + query.nonce + [0x01, 0x01, 0xff]
        #expect(query.bytes == expected)
        // A first byte of zero would not be the shortest form of the number.
        let zeros = TimestampQuery(digest: digest, random: [UInt8](repeating: 0, count: 16))
        #expect(zeros.nonce.first == 0x40)
    }
}
