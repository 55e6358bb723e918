// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

/// Reads objects of JSON that arrive piece by piece: one a line, or one document of any shape.
struct JSONRecordReader {
    /// The longest line, in bytes.
    static let lineByteCountMax = 16 << 20
    /// The longest file that is one document, in bytes: it has to be in memory whole.
    static let documentByteCountMax = 512 << 20
    /// How many faults are listed.
    private static let faultCountMax = 100
    private static let mark: [UInt8] = [0xef, 0xbb, 0xbf]

    private let isLenient: Bool
    private var pending: [UInt8] = []
    private var line = 1
    private var isStarted = false
    private var isDocument: Bool?
    /// Lines that were skipped.
    private(set) var faults: [CSVFault] = []
    /// How many there were.
    private(set) var skippedCount = 0

    init(isLenient: Bool) { self.isLenient = isLenient }

    /// Reads the objects that end in this piece.
    ///
    /// - Throws: `.csv` with the line, `.emptyFile`.
    mutating func records(
        in piece: [UInt8],
        isLast: Bool
    ) throws(FeedKernelError) -> [ForeignJSON] {
        pending += piece
        if !isStarted, pending.count >= Self.mark.count || isLast {
            isStarted = true
            if pending.starts(with: Self.mark) { pending.removeFirst(Self.mark.count) }
        }
        if isLast, line == 1, isBlank(pending[...]) { throw .emptyFile }
        if isDocument == nil { isDocument = startsDocument(isLast: isLast) }
        return isDocument == true ? try document(isLast: isLast) : try lines(isLast: isLast)
    }

    /// Counts a record that is refused, or throws its fault if not lenient.
    mutating func refuse(_ fault: CSVFault) throws(FeedKernelError) {
        guard isLenient else { throw .csv(fault) }
        if faults.count < Self.faultCountMax { faults.append(fault) }
        skippedCount += 1
    }

    /// A document is what does not have a whole object on its first line; `nil` while that cannot
    /// be told.
    private func startsDocument(isLast: Bool) -> Bool? {
        guard let start = pending.firstIndex(where: { !Self.isSpace($0) }) else { return nil }
        if pending[start] == UInt8(ascii: "[") { return true }
        guard let end = pending[start...].firstIndex(of: UInt8(ascii: "\n")) else {
            return isLast || pending.count > Self.lineByteCountMax ? true : nil
        }
        // A line that is broken is a fault of the line, unless all of it is one document.
        let line = pending[start..<end].filter { !Self.isSpace($0) }
        return line.last != UInt8(ascii: "}")
    }

    private mutating func document(isLast: Bool) throws(FeedKernelError) -> [ForeignJSON] {
        guard pending.count <= Self.documentByteCountMax else {
            let expected = CSVFault.Expectation.shorter(limit: Self.documentByteCountMax)
            throw .csv(CSVFault(line: 1, column: 1, expected: expected))
        }
        guard isLast else { return [] }
        guard let objects = ForeignJSON.parse(pending, line: 1) else {
            throw .csv(CSVFault(line: 1, column: 1, expected: .json))
        }
        pending = []
        return objects
    }

    private mutating func lines(isLast: Bool) throws(FeedKernelError) -> [ForeignJSON] {
        guard isDocument == false || isLast else { return [] }
        var objects: [ForeignJSON] = []
        var start = 0
        while start < pending.count {
            let end = pending[start...].firstIndex(of: UInt8(ascii: "\n"))
            guard end != nil || isLast else { break }
            let text = pending[start..<(end ?? pending.count)]
            start = (end ?? pending.count) + 1
            defer { line += 1 }
            if isBlank(text) { continue }
            if text.count <= Self.lineByteCountMax,
                let found = ForeignJSON.parse(text, line: line)
            {
                objects += found
            } else {
                try refuse(CSVFault(line: line, column: 1, expected: .json))
            }
        }
        pending.removeFirst(min(start, pending.count))
        guard pending.count <= Self.lineByteCountMax else {
            let expected = CSVFault.Expectation.shorter(limit: Self.lineByteCountMax)
            throw .csv(CSVFault(line: line, column: 1, expected: expected))
        }
        return objects
    }

    private func isBlank(_ text: ArraySlice<UInt8>) -> Bool { text.allSatisfy(Self.isSpace) }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
    }
}
