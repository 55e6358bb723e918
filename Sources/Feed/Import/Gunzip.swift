// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CZlib
internal import FeedKernels

/// Unpacks a gzip file that arrives piece by piece, several members one after the other included.
///
/// Spec: RFC 1952.
@safe package final class Gunzip {
    /// The most that is unpacked at once, in bytes.
    private static let pieceByteCount = 4 << 20
    /// The first two bytes of a gzip file.
    package static let mark: [UInt8] = [0x1f, 0x8b]

    private let source: ByteSource
    // zlib keeps its address.
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    private var isAtEnd = false
    private var isBetweenMembers = true

    /// - Parameter source: The packed bytes.
    package init(_ source: @escaping ByteSource) {
        self.source = source
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let code = unsafe resguardo_inflate_start(stream)
        precondition(code == Z_OK, "memory for a window of zlib")
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// The next piece, or an empty one at the end.
    ///
    /// - Throws: `.csv` with the expectation `.gzip` for what is none or ends early, and what the
    ///   source throws.
    package func next() throws -> [UInt8] {
        while true {
            if input.isEmpty, !isAtEnd {
                input = try source()
                isAtEnd = input.isEmpty
            }
            guard !input.isEmpty else {
                guard isBetweenMembers else { throw Self.broken }
                return []
            }
            let output = try unpack()
            if !output.isEmpty { return output }
        }
    }

    private static var broken: FeedKernelError {
        .csv(CSVFault(line: 1, column: 1, expected: .gzip))
    }

    private func unpack() throws -> [UInt8] {
        var code = Z_OK
        var left = 0
        let output = unsafe [UInt8](unsafeUninitializedCapacity: Self.pieceByteCount) {
            room,
            count in
            unsafe input.withUnsafeMutableBufferPointer { packed in
                unsafe stream.pointee.next_in = packed.baseAddress
                unsafe stream.pointee.avail_in = UInt32(packed.count)
                unsafe stream.pointee.next_out = room.baseAddress
                unsafe stream.pointee.avail_out = UInt32(room.count)
                code = unsafe inflate(stream, Z_NO_FLUSH)
                left = unsafe Int(stream.pointee.avail_in)
                count = unsafe room.count - Int(stream.pointee.avail_out)
            }
        }
        input.removeFirst(input.count - left)
        switch code {
        case Z_OK, Z_BUF_ERROR: isBetweenMembers = false
        case Z_STREAM_END:
            isBetweenMembers = true
            guard unsafe inflateReset(stream) == Z_OK else { throw Self.broken }
        default: throw Self.broken
        }
        return output
    }
}
