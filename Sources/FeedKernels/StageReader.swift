// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Turns lines of a CSV file, or the four columns of a table, into shares, by the parsers of
/// ``ShareReader``.
///
/// Each record starts with the key of its row: a name of the file, then where the piece of the file
/// that was read in one go starts, and the row's number, both in 16 hexadecimal digits. Rows of a
/// piece come one after the other. What is written: the key, `m` for a share that may match others
/// or `u` for one that may not or `x` for a malformed record that was skipped, object, account,
/// content and time.
package struct StageReader: Stage {
    /// What stands behind the key.
    package enum Source: Sendable {
        /// A line of a CSV file, which starts with this line, as every file does.
        case csv(header: [UInt8])
        /// Object, account, content and time.
        case columns
    }

    private static let digitCount = 16
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
    /// Stands for a text that is not UTF-8, which Spark cannot hand over.
    private static let noText = Array("\\!".utf8)

    private let header: ShareHeader?
    private let headerLine: [UInt8]
    private let isLenient: Bool
    private var part: [UInt8] = []
    private var line = 0
    private var isAwaitingHeader = false

    /// Fields of a record.
    package var fieldCount: Int { header == nil ? 6 : 3 }

    /// Starts before the first record.
    ///
    /// - Throws: `.header`.
    package init(_ source: Source, isLenient: Bool) throws(StageError) {
        self.isLenient = isLenient
        switch source {
        case .columns:
            header = nil
            headerLine = []
        case .csv(let line):
            headerLine = Self.withoutMark(line)
            var scanner = CSVScanner(headerLine + [UInt8(ascii: "\n")])
            do throws(FeedKernelError) {
                header = try ShareHeader(reading: &scanner)
            } catch {
                throw .header(error)
            }
        }
    }

    private static func withoutMark(_ line: [UInt8]) -> [UInt8] {
        line.starts(with: byteOrderMark) ? Array(line[byteOrderMark.count...]) : line
    }

    /// Reads a row.
    ///
    /// - Throws: `.csv` unless lenient, `.record`, `.header`.
    package mutating func take(
        _ record: StageRecord,
        number: Int,
        into output: inout [UInt8]
    ) throws(StageError) {
        let key = record[0]
        guard key.count >= 2 * Self.digitCount else { throw .record(number) }
        let part = key.dropLast(Self.digitCount)
        if !self.part.elementsEqual(part) {
            self.part = Array(part)
            line = 0
            isAwaitingHeader = part.suffix(Self.digitCount).allSatisfy { $0 == 0x30 }
        }
        line += 1
        do throws(CSVFault) {
            if let header {
                try takeLine(record, header, number, into: &output)
            } else {
                try takeColumns(record, into: &output)
            }
        } catch {
            let isSpanning = error.expected == .closingQuote
            guard isLenient, !isSpanning else {
                throw .csv(error.shifted(byLines: line - 1), part: self.part)
            }
            append(key, "x", [], [], [], 0, to: &output)
        }
    }

    private mutating func takeLine(
        _ record: StageRecord,
        _ header: ShareHeader,
        _ number: Int,
        into output: inout [UInt8]
    ) throws(CSVFault) {
        guard !record[1].elementsEqual(Self.noText) else {
            throw CSVFault(line: 1, column: 1, expected: .text)
        }
        guard var text = StageRecord.text(record[1]) else {
            throw CSVFault(line: 1, column: 1, expected: .text)
        }
        if isAwaitingHeader {
            let bare = Self.withoutMark(text)
            if bare.isEmpty || bare == [UInt8(ascii: "\r")] { return }
            guard bare == headerLine else {
                throw CSVFault(line: 1, column: 1, expected: .fieldCount(header.roles.count))
            }
            isAwaitingHeader = false
            return
        }
        text.append(UInt8(ascii: "\n"))
        let block: ShareBlock
        do throws(FeedKernelError) {
            block = try ShareBlock(text, header, isLenient: false)
        } catch {
            guard case .csv(let fault) = error else { preconditionFailure("a block of one line") }
            throw fault
        }
        guard block.times.count == 1 else { return }
        func field(_ identifier: ShareBlock.Identifier) -> ArraySlice<UInt8> {
            block.bytes[Int(identifier.start)..<Int(identifier.end)]
        }
        append(
            record[0],
            block.isMatchable[0] ? "m" : "u",
            field(block.objects[0]),
            field(block.accounts[0]),
            field(block.contents[0]),
            block.times[0],
            to: &output
        )
    }

    private func takeColumns(
        _ record: StageRecord,
        into output: inout [UInt8]
    ) throws(CSVFault) {
        var texts: [[UInt8]] = []
        for index in 1...4 {
            let name = ShareHeader.columns[index - 1]
            let fault = CSVFault(line: 1, column: 1, field: name, expected: .text)
            guard !record[index].elementsEqual(Self.noText),
                let text = StageRecord.text(record[index]), !text.contains(0)
            else { throw fault }
            guard text.count <= CSVScanner.fieldByteCountMax else {
                let limit = CSVScanner.fieldByteCountMax
                throw CSVFault(line: 1, column: 1, field: name, expected: .shorter(limit: limit))
            }
            texts.append(text)
        }
        guard let time = Timestamp.parse(texts[3], 0, texts[3].count) else {
            throw CSVFault(line: 1, column: 1, field: ShareHeader.columns[3], expected: .time)
        }
        guard !texts[1].isEmpty else {
            throw CSVFault(line: 1, column: 1, field: ShareHeader.columns[1], expected: .identifier)
        }
        let isMatchable = !texts[0].isEmpty && texts[0] != texts[2]
        let kind = isMatchable ? "m" : "u"
        append(record[0], kind, texts[0][...], texts[1][...], texts[2][...], time, to: &output)
    }

    private func append(
        _ key: ArraySlice<UInt8>,
        _ kind: String,
        _ object: ArraySlice<UInt8>,
        _ account: ArraySlice<UInt8>,
        _ content: ArraySlice<UInt8>,
        _ time: Int64,
        to output: inout [UInt8]
    ) {
        StageRecord.append(escaped: key, to: &output)
        StageRecord.append(Array(kind.utf8)[...], to: &output)
        for text in [object, account, content] { StageRecord.append(text, to: &output) }
        StageRecord.append(Array(String(time).utf8)[...], to: &output)
        StageRecord.end(&output)
    }
}
