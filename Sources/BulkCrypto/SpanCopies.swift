// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

extension Array where Element == UInt8 {
    /// Appends the bytes of a span in one copy.
    package mutating func append(_ span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Copies the bytes of a span.
    package init(copying span: Span<UInt8>) {
        self = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }
}

extension MutableSpan where Element == UInt8 {
    /// Copies `source` to the front of the span, which is at least as long.
    package mutating func copyToFront(_ source: Span<UInt8>) {
        precondition(source.count <= count, "source fits")
        unsafe withUnsafeMutableBytes { target in
            unsafe source.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
        }
    }
}
