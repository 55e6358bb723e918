// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Why `resguardo-stage` refuses its input.
package enum StageError: Error, Equatable, Sendable {
    /// A record of the file that is analysed is malformed; `part` names the piece of the file whose
    /// lines are counted.
    case csv(CSVFault, part: [UInt8])
    /// The file's first line, or its columns.
    case header(FeedKernelError)
    /// One-based number of a record on standard input that no sender of ours wrote.
    case record(Int)
    /// One-based number of a record that stands before one it should follow.
    case order(Int)
    /// Standard input ended within a record.
    case truncated
    /// One thing has more pairs within the window than can be worked through.
    case tooManyPairs(limit: Int)
}

/// The fields of one line on the standard input of a stage.
///
/// Fields are separated by tabs and the last one is a full stop, so that no reader takes an empty
/// end for none. Tab, line feed, carriage return and backslash stand in them as `\t`, `\n`, `\r`
/// and `\\`.
package struct StageRecord: Sendable {
    private let bytes: [UInt8]
    private let ends: [Int]

    /// Cuts a line without its line feed.
    ///
    /// - Returns: `nil` unless there are `count` fields, the full stop included.
    init?(_ bytes: [UInt8], count: Int) {
        var ends: [Int] = []
        ends.reserveCapacity(count)
        for (index, byte) in bytes.enumerated() where byte == Self.tab { ends.append(index) }
        ends.append(bytes.count)
        guard ends.count == count, bytes.last == Self.stop, ends[count - 1] - ends[count - 2] == 2
        else { return nil }
        self.bytes = bytes
        self.ends = ends
    }

    /// A field, its escapes as they stand.
    subscript(index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : ends[index - 1] + 1)..<ends[index]]
    }

    /// The fields before `index` with the tabs between them.
    func prefix(_ index: Int) -> ArraySlice<UInt8> { bytes[..<ends[index - 1]] }

    /// A whole number as ``StageRecord/append(_:to:)`` of it writes it.
    func number(_ index: Int) -> Int64? {
        guard let value = Int64(String(decoding: self[index], as: UTF8.self)),
            abs(value) <= Timestamp.magnitudeMax
        else { return nil }
        return value
    }

    private static let tab = UInt8(ascii: "\t")
    private static let stop = UInt8(ascii: ".")
    private static let backslash = UInt8(ascii: "\\")
    private static let escapes: [(byte: UInt8, letter: UInt8)] = [
        (tab, UInt8(ascii: "t")), (UInt8(ascii: "\n"), UInt8(ascii: "n")),
        (UInt8(ascii: "\r"), UInt8(ascii: "r")), (backslash, backslash),
    ]

    /// The text of a field.
    ///
    /// - Returns: `nil` if an escape is none of ours.
    package static func text(_ field: ArraySlice<UInt8>) -> [UInt8]? {
        guard field.contains(backslash) else { return Array(field) }
        var text: [UInt8] = []
        var index = field.startIndex
        while index < field.endIndex {
            if field[index] == backslash {
                index += 1
                guard index < field.endIndex,
                    let escape = escapes.first(where: { $0.letter == field[index] })
                else { return nil }
                text.append(escape.byte)
            } else {
                text.append(field[index])
            }
            index += 1
        }
        return text
    }

    /// Appends a text as a field, and the tab that ends it.
    package static func append(_ text: ArraySlice<UInt8>, to line: inout [UInt8]) {
        for byte in text {
            if let escape = escapes.first(where: { $0.byte == byte }) {
                line += [backslash, escape.letter]
            } else {
                line.append(byte)
            }
        }
        line.append(tab)
    }

    /// Appends a field that has its escapes already.
    static func append(escaped field: ArraySlice<UInt8>, to line: inout [UInt8]) {
        line += field
        line.append(tab)
    }

    /// Ends a line.
    package static func end(_ line: inout [UInt8]) { line += [stop, UInt8(ascii: "\n")] }
}

/// What a stage does with each record.
package protocol Stage {
    /// How many fields a record has, the full stop included.
    var fieldCount: Int { get }

    /// Takes the next record, and appends the lines that follow from it.
    ///
    /// - Throws: What is wrong with it; `number` names the record.
    mutating func take(
        _ record: StageRecord,
        number: Int,
        into output: inout [UInt8]
    ) throws(StageError)
}

/// Cuts a stream of bytes into records and hands them to a stage.
package struct StagePipe<Work: Stage> {
    /// The longest record, in bytes.
    package static var recordByteCountMax: Int { 16 << 20 }

    private var work: Work
    private var pending: [UInt8] = []
    private var count = 0

    /// Starts before the first byte.
    package init(_ work: Work) { self.work = work }

    /// Takes the next piece.
    ///
    /// - Returns: The lines that follow from it.
    /// - Throws: A ``StageError``.
    package mutating func append(_ piece: ArraySlice<UInt8>) throws(StageError) -> [UInt8] {
        var output: [UInt8] = []
        var start = piece.startIndex
        while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = pending + piece[start..<end]
            pending = []
            start = end + 1
            count += 1
            guard let record = StageRecord(line, count: work.fieldCount) else {
                throw .record(count)
            }
            try work.take(record, number: count, into: &output)
        }
        pending += piece[start...]
        guard pending.count <= Self.recordByteCountMax else { throw .record(count + 1) }
        return output
    }

    /// Makes sure that the stream ended with a whole record.
    ///
    /// - Returns: The stage.
    /// - Throws: `.truncated`.
    package consuming func finish() throws(StageError) -> Work {
        guard pending.isEmpty else { throw .truncated }
        return work
    }
}
