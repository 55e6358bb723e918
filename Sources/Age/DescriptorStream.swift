// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A file, pipe or socket by its number, read and written with plain system calls.
///
/// It is closed by
/// whoever opened it.
package struct DescriptorStream: Sendable {
    private let descriptor: Int32

    /// A stream over an open descriptor.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Reads from the descriptor's position.
    package var source: ByteSource {
        { [descriptor] (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
            while true {
                let count = unsafe target.withUnsafeMutableBytes { bytes in
                    unsafe read(descriptor, bytes.baseAddress, bytes.count)
                }
                if count >= 0 { return count }
                let code = errno
                guard code == EINTR else { throw .sourceFailed(code: code) }
            }
        }
    }

    /// Writes at the descriptor's position, all or an error.
    package var sink: ByteSink {
        { [descriptor] (bytes: Span<UInt8>) throws(AgeError) in
            var position = 0
            while position < bytes.count {
                let rest = bytes.extracting(position..<bytes.count)
                let count = unsafe rest.withUnsafeBytes { bytes in
                    unsafe write(descriptor, bytes.baseAddress, bytes.count)
                }
                if count >= 0 {
                    position += count
                } else {
                    let code = errno
                    guard code == EINTR else { throw .sinkFailed(code: code) }
                }
            }
        }
    }

    /// Reads at an offset, without moving the position; for files only.
    package var sourceAtOffset: RandomAccessDecryptor.Source {
        {
            [descriptor] (
                offset: Int,
                target: inout MutableSpan<UInt8>
            ) throws(AgeError) -> Int in
            while true {
                let count = unsafe target.withUnsafeMutableBytes { bytes in
                    unsafe pread(descriptor, bytes.baseAddress, bytes.count, offset)
                }
                if count >= 0 { return count }
                let code = errno
                guard code == EINTR else { throw .sourceFailed(code: code) }
            }
        }
    }
}
