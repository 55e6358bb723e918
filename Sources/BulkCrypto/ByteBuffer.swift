// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// Memory of a fixed size in which bulk data is read, sealed or opened, and written: allocated
/// once, used for many chunks, wiped when it goes.
@safe
package final class ByteBuffer {
    private static let alignment = 64

    private let base: UnsafeMutablePointer<UInt8>

    /// Size in bytes.
    package let count: Int

    /// Allocates `count` bytes, zeroed by the system when they are first touched.
    package init(count: Int) {
        precondition(count > 0, "a buffer holds something")
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: count,
            alignment: Self.alignment
        )
        unsafe base = memory.bindMemory(to: UInt8.self, capacity: count)
        self.count = count
    }

    deinit {
        unsafe OPENSSL_cleanse(base, count)
        unsafe UnsafeMutableRawPointer(base).deallocate()
    }

    /// Lends the bytes of `range` for reading.
    package func withSpan<R, E: Error>(
        _ range: Range<Int>,
        _ body: (Span<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        try unsafe body(Span(_unsafeStart: pointer(range), count: range.count))
    }

    /// Lends the bytes of `range` for writing.
    package func withMutableSpan<R, E: Error>(
        _ range: Range<Int>,
        _ body: (inout MutableSpan<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        var span = unsafe MutableSpan(_unsafeStart: pointer(range), count: range.count)
        return try body(&span)
    }

    /// The address of a range that was checked against the buffer's size.
    @unsafe
    func pointer(_ range: Range<Int>) -> UnsafeMutablePointer<UInt8> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range in a buffer")
        return unsafe base + range.lowerBound
    }
}
