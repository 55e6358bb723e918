// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The lines of a header, counted, each ended by a line feed.
struct HeaderLines {
    /// The longest header that is read.
    ///
    /// A post-quantum recipient takes 1.6 KiB.
    static let byteCountMax = 1 << 20

    private let input: InputBuffer
    private var lineCount = 0
    private var byteCount = 0

    init(_ input: InputBuffer) {
        self.input = input
    }

    /// The failure that names the line read last.
    var failure: AgeError { .malformedHeader(line: max(lineCount, 1)) }

    /// Reads a line and returns it without its line feed.
    mutating func next() throws(AgeError) -> [UInt8] {
        lineCount += 1
        let limit = Self.byteCountMax - byteCount
        guard limit > 0 else { throw .headerTooLong(limit: Self.byteCountMax) }
        switch try input.readLine(countMax: limit) {
        case .line(let line):
            byteCount += line.count + 1
            return line
        case .unterminated: throw failure
        case .tooLong: throw .headerTooLong(limit: Self.byteCountMax)
        }
    }
}
