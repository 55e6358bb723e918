// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A record of a CSV file.
package struct CSVRecord: Equatable, Sendable {
    /// One-based line on which it starts.
    package var line: Int
    /// One-based byte position of each field.
    package var columns: [Int]
    /// The fields.
    package var fields: [String]
}

/// Reads the records of any CSV file that arrives piece by piece; all have as many fields as the
/// header, which is the first.
package struct CSVRecordReader: Sendable {
    /// The longest record, in bytes.
    package static let recordByteCountMax = 8 << 20

    /// The header's names, once it was read.
    package private(set) var header: [String] = []
    /// Malformed records that were skipped.
    package private(set) var faults: [CSVFault] = []
    /// How many there were, those beyond the first hundred included.
    package private(set) var skippedCount = 0
    private let isLenient: Bool
    private var pending: [UInt8] = []
    private var lineCount = 0
    private var isStarted = false

    /// Starts before the file's first byte.
    ///
    /// - Parameter isLenient: Whether malformed records are skipped and counted.
    package init(isLenient: Bool) {
        self.isLenient = isLenient
    }

    /// Reads the records that end in this piece.
    ///
    /// - Parameters:
    ///   - piece: The next bytes of the file.
    ///   - isLast: Whether the file ends with them.
    /// - Returns: The records after the header.
    /// - Throws: `.csv` with line and column, `.emptyFile`.
    package mutating func records(
        in piece: [UInt8],
        isLast: Bool
    ) throws(FeedKernelError) -> [CSVRecord] {
        pending += piece
        guard let end = isLast ? pending.count : lastRecordEnd() else {
            guard pending.count <= Self.recordByteCountMax else {
                let expected = CSVFault.Expectation.shorter(limit: Self.recordByteCountMax)
                throw .csv(CSVFault(line: lineCount + 1, column: 1, expected: expected))
            }
            return []
        }
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let start = !isStarted && pending.starts(with: mark) ? mark.count : 0
        isStarted = true
        var scanner = CSVScanner(Array(pending[..<end]), from: start, line: lineCount + 1)
        var records: [CSVRecord] = []
        while true {
            scanner.skipEmptyLines()
            guard !scanner.isAtEnd else { break }
            if let record = try record(&scanner) { records.append(record) }
        }
        lineCount = scanner.line - 1
        pending = Array(pending[end...])
        if isLast && header.isEmpty { throw .emptyFile }
        return records
    }

    /// Counts a record that the caller refuses, or throws its fault if not lenient.
    package mutating func refuse(_ fault: CSVFault) throws(FeedKernelError) {
        guard isLenient else { throw .csv(fault) }
        if faults.count < ShareBlock.faultCountMax { faults.append(fault) }
        skippedCount += 1
    }

    private mutating func record(
        _ scanner: inout CSVScanner
    ) throws(FeedKernelError) -> CSVRecord? {
        var record = CSVRecord(line: scanner.line, columns: [], fields: [])
        var isEnded = false
        do throws(CSVFault) {
            while !isEnded {
                record.columns.append(scanner.column(of: scanner.position))
                let field = try scanner.nextField()
                isEnded = field.isLast
                let content = scanner.bytes[field.start..<field.end]
                record.fields.append(String(decoding: content, as: UTF8.self))
                guard header.isEmpty || record.fields.count <= header.count else {
                    throw fault(record)
                }
            }
            guard header.isEmpty || record.fields.count == header.count else { throw fault(record) }
        } catch {
            if header.isEmpty { throw .csv(error) }
            try refuse(error)
            if !isEnded { scanner.skipLine() }
            return nil
        }
        guard header.isEmpty else { return record }
        header = record.fields
        return nil
    }

    private func fault(_ record: CSVRecord) -> CSVFault {
        CSVFault(
            line: record.line,
            column: record.columns.last ?? 1,
            expected: .fieldCount(header.count)
        )
    }

    private func lastRecordEnd() -> Int? {
        var isQuoted = false
        var last: Int?
        for (index, byte) in pending.enumerated() {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "\n") && !isQuoted { last = index + 1 }
        }
        return last
    }
}
