// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Storage

/// Something long that is read part by part.
package struct ByteSource: Equatable, Sendable {
    /// What it is called where it lies.
    let name: String
    /// Bytes that are in memory at a time.
    let stepCount: Int
    /// Reads a part; fewer bytes only where it ends.
    package let read: @Sendable (Range<UInt64>) throws -> [UInt8]

    /// A source with these parts.
    init(
        name: String,
        stepCount: Int,
        read: @escaping @Sendable (Range<UInt64>) throws -> [UInt8]
    ) {
        self.name = name
        self.stepCount = stepCount
        self.read = read
    }

    /// A file that never changes.
    init(_ path: BytePath) {
        self.init(name: String(decoding: path.bytes, as: UTF8.self), stepCount: 1 << 18) { range in
            try LocalFileSystem().open(path).read(at: range.lowerBound, count: range.count)
        }
    }

    /// Whether both are the same thing, which never changes.
    package static func == (left: ByteSource, right: ByteSource) -> Bool {
        left.name == right.name
    }
}
