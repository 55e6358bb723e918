// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto

/// Fills the span from its front and returns how many bytes it wrote; 0 means the end.
///
/// Calls come one at a time, though not always from the same thread.
package typealias ByteSource = (inout MutableSpan<UInt8>) throws(AgeError) -> Int

/// Takes all bytes of the span.
///
/// Calls come one at a time and in order, though not always from the same thread.
package typealias ByteSink = (Span<UInt8>) throws(AgeError) -> Void

/// Looks at the bytes of a source in order, on another core than the one that reads them.
package struct SourceObserver {
    /// Gets all bytes, in order, some time after they were read; calls come one at a time.
    let observe: (Span<UInt8>) -> Void
    /// Whether the end that the source announced is none.
    ///
    /// It goes on once everything before was observed. Called after the source returned 0, on the
    /// same thread.
    let isAwaited: () -> Bool

    /// Makes one of its two parts.
    package init(
        observe: @escaping (Span<UInt8>) -> Void,
        isAwaited: @escaping () -> Bool
    ) {
        self.observe = observe
        self.isAwaited = isAwaited
    }
}

/// Bytes in memory as a source.
package func bytesSource(_ bytes: [UInt8]) -> ByteSource {
    var position = 0
    return { (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
        let count = min(target.count, bytes.count - position)
        target.copyToFront(bytes.span.extracting(position..<(position + count)))
        position += count
        return count
    }
}

/// Collects bytes in memory.
final class ByteCollector {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    var sink: ByteSink {
        { (span: Span<UInt8>) throws(AgeError) in self.bytes.append(span) }
    }
}
