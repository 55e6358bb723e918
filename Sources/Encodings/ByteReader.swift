// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Reads a byte string from front to back; every step checks its length first.
package struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    /// Starts at the first byte.
    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// Starts at the first byte.
    package init(_ bytes: [UInt8]) {
        self.init(bytes[...])
    }

    /// Bytes read so far.
    package var offset: Int { position - bytes.startIndex }
    /// Bytes left.
    package var remainingCount: Int { bytes.endIndex - position }
    /// Whether everything was read.
    package var isAtEnd: Bool { remainingCount == 0 }

    /// Reads exactly `count` bytes.
    ///
    /// - Throws: `.truncated`.
    package mutating func read(_ count: Int) throws(EncodingError) -> ArraySlice<UInt8> {
        precondition(count >= 0, "a count of bytes")
        guard count <= remainingCount else {
            throw .truncated(offset: offset, needed: count - remainingCount)
        }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    /// Reads an unsigned big-endian integer of the type's width.
    ///
    /// - Throws: `.truncated`.
    package mutating func readInteger<T: FixedWidthInteger & UnsignedInteger>(
        _ type: T.Type = T.self
    ) throws(EncodingError) -> T {
        var value: T = 0
        for byte in try read(T.bitWidth / 8) {
            value = value << (T.bitWidth > 8 ? 8 : 0) | T(byte)
        }
        return value
    }

    /// Reads up to and including the next line feed and returns the line without it.
    ///
    /// - Parameter countMax: Longest line accepted, the line feed not counted.
    /// - Returns: The line.
    /// - Throws: `.truncated` when no line feed is left, `.tooLong`.
    package mutating func readLine(countMax: Int) throws(EncodingError) -> ArraySlice<UInt8> {
        let window = bytes[position...].prefix(countMax + 1)
        guard let end = window.firstIndex(of: UInt8(ascii: "\n")) else {
            if window.count > countMax { throw .tooLong(limit: countMax) }
            throw .truncated(offset: offset, needed: 1)
        }
        let line = bytes[position..<end]
        position = end + 1
        return line
    }

    /// Throws unless everything was read.
    ///
    /// - Throws: `.trailingBytes`.
    package func requireEnd() throws(EncodingError) {
        guard isAtEnd else { throw .trailingBytes(offset: offset) }
    }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    /// The big-endian bytes of the integer.
    package var bigEndianBytes: [UInt8] {
        stride(from: Self.bitWidth - 8, through: 0, by: -8).map { shift in
            UInt8(truncatingIfNeeded: self >> Self(shift))
        }
    }
}
