// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto

/// A source with a look ahead: headers are read by line, payloads by the megabyte.
final class InputBuffer {
    enum Line {
        case line([UInt8])
        /// The input ended before a line feed.
        case unterminated([UInt8])
        case tooLong
    }

    private static let readCount = 4096

    private let source: ByteSource
    private let window: ByteBuffer
    private var pending = 0..<0
    private var isExhausted = false

    init(_ source: @escaping ByteSource) {
        self.source = source
        window = ByteBuffer(count: Self.readCount)
    }

    convenience init(_ bytes: [UInt8]) {
        self.init(bytesSource(bytes))
    }

    /// Whether nothing is left.
    ///
    /// Reads ahead to find out.
    func isAtEnd() throws(AgeError) -> Bool {
        try refill()
        return pending.isEmpty
    }

    /// Asks the source again, although it said that it had ended.
    func goOn() {
        isExhausted = false
    }

    /// Up to `count` of the next bytes, which stay unread.
    func peek(_ count: Int) throws(AgeError) -> [UInt8] {
        precondition(count <= Self.readCount, "a look ahead within the window")
        while pending.count < count && !isExhausted {
            // Moved to the front so that there is room behind.
            let kept = window.withSpan(pending) { [UInt8](copying: $0) }
            window.withMutableSpan(0..<kept.count) { $0.copyToFront(kept.span) }
            pending = 0..<kept.count
            let count = try window.withMutableSpan(
                pending.upperBound..<window.count
            ) { (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
                try source(&target)
            }
            isExhausted = count == 0
            pending = 0..<(pending.upperBound + count)
        }
        let end = min(pending.lowerBound + count, pending.upperBound)
        return window.withSpan(pending.lowerBound..<end) { [UInt8](copying: $0) }
    }

    /// Reads up to and including the next line feed; `countMax` does not count the line feed.
    func readLine(countMax: Int) throws(AgeError) -> Line {
        var line: [UInt8] = []
        while true {
            try refill()
            if pending.isEmpty { return .unterminated(line) }
            let length = window.withSpan(pending) { bytes in
                var length = 0
                while length < bytes.count && bytes[length] != UInt8(ascii: "\n") { length += 1 }
                return length
            }
            guard line.count + length <= countMax else { return .tooLong }
            let end = pending.lowerBound + length
            window.withSpan(pending.lowerBound..<end) { line.append($0) }
            let hasLineFeed = end < pending.upperBound
            pending = (hasLineFeed ? end + 1 : end)..<pending.upperBound
            if hasLineFeed { return .line(line) }
        }
    }

    /// Reads until `range` is full or the input ends, and returns how many bytes that were.
    func read(into buffer: ByteBuffer, _ range: Range<Int>) throws(AgeError) -> Int {
        var position = range.lowerBound
        while position < range.upperBound {
            let count: Int
            if !pending.isEmpty {
                count = min(pending.count, range.upperBound - position)
                let start = pending.lowerBound
                window.withSpan(start..<(start + count)) { bytes in
                    buffer.withMutableSpan(position..<(position + count)) {
                        $0.copyToFront(bytes)
                    }
                }
                pending = (start + count)..<pending.upperBound
            } else if isExhausted {
                break
            } else {
                count = try buffer.withMutableSpan(
                    position..<range.upperBound
                ) { (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
                    try source(&target)
                }
                isExhausted = count == 0
            }
            position += count
        }
        return position - range.lowerBound
    }

    /// Reads `count` bytes, or fewer at the end.
    func read(_ count: Int) throws(AgeError) -> [UInt8] {
        precondition(count > 0, "a count of bytes")
        let buffer = ByteBuffer(count: count)
        let readCount = try read(into: buffer, 0..<count)
        return buffer.withSpan(0..<readCount) { [UInt8](copying: $0) }
    }

    private func refill() throws(AgeError) {
        guard pending.isEmpty, !isExhausted else { return }
        let count = try window.withMutableSpan(
            0..<window.count
        ) { (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
            try source(&target)
        }
        isExhausted = count == 0
        pending = 0..<count
    }
}
