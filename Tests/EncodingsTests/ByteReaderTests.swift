// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Testing

@Suite struct ByteReaderTests {
    @Test func integersAreBigEndian() throws {
        var reader = ByteReader([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0, 0, 0, 0, 0, 0, 0, 9])
        #expect(try reader.readInteger(UInt8.self) == 1)
        #expect(try reader.readInteger(UInt16.self) == 0x0203)
        #expect(try reader.readInteger(UInt32.self) == 0x0405_0607)
        #expect(try reader.readInteger(UInt64.self) == 9)
        #expect(reader.isAtEnd)
        try reader.requireEnd()
        #expect(UInt64(0x0102_0304_0506_0708).bigEndianBytes == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(UInt8(5).bigEndianBytes == [5])
    }

    @Test func aFailedReadTakesNothing() throws {
        var reader = ByteReader([1, 2, 3])
        #expect(throws: EncodingError.truncated(offset: 0, needed: 1)) {
            try reader.readInteger(UInt32.self)
        }
        #expect(try Array(reader.read(2)) == [1, 2])
        #expect(throws: EncodingError.truncated(offset: 2, needed: 4)) { try reader.read(5) }
        #expect(reader.offset == 2)
        #expect(reader.remainingCount == 1)
        #expect(throws: EncodingError.trailingBytes(offset: 2)) { try reader.requireEnd() }
        #expect(try reader.read(0).isEmpty)
    }

    @Test func slicesCountFromTheirOwnStart() throws {
        let bytes: [UInt8] = [9, 9, 9, 1, 2]
        var reader = ByteReader(bytes[3...])
        #expect(reader.offset == 0)
        #expect(try Array(reader.read(1)) == [1])
        #expect(reader.offset == 1)
    }

    @Test func linesEndWithALineFeedWithinTheLimit() throws {
        var reader = ByteReader(Array("ab\n\nlong\nend".utf8))
        #expect(try Array(reader.readLine(countMax: 2)) == Array("ab".utf8))
        #expect(try reader.readLine(countMax: 0).isEmpty)
        #expect(throws: EncodingError.tooLong(limit: 3)) { try reader.readLine(countMax: 3) }
        #expect(try Array(reader.readLine(countMax: 4)) == Array("long".utf8))
        #expect(throws: EncodingError.truncated(offset: 9, needed: 1)) {
            try reader.readLine(countMax: 10)
        }
    }
}
