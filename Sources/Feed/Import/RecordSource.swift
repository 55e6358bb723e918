// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

/// Reads records of any format out of bytes that arrive piece by piece.
struct RecordSource {
    /// What is read: told by the first bytes, then by header or first object.
    private enum Reader {
        case table(CSVRecordReader)
        case json(JSONRecordReader)
    }

    /// What the file holds; `nil` until that is known.
    private(set) var format: FeedFormat?
    private let givenPlatform: String?
    private let columns: [String: String]
    private let isLenient: Bool
    private var reader: Reader?
    private var header: TableHeader?
    /// Records read.
    private(set) var recordCount = 0

    /// - Parameters:
    ///   - format: What the file holds; `nil` to tell from the file.
    ///   - platform: The platform of accounts whose record names none; `nil` for the format's own.
    ///   - columns: Names of our columns by those that the table has instead.
    ///   - isLenient: Whether malformed records are skipped and counted.
    init(
        _ format: FeedFormat?,
        platform: String?,
        columns: [String: String],
        isLenient: Bool
    ) {
        self.format = format
        givenPlatform = platform
        self.columns = columns
        self.isLenient = isLenient
    }

    /// Records that were skipped, and the first of them.
    var skipped: (count: Int, faults: [CSVFault]) {
        switch reader {
        case .table(let reader): (reader.skippedCount, reader.faults)
        case .json(let reader): (reader.skippedCount, reader.faults)
        case nil: (0, [])
        }
    }

    /// Reads what ends in this piece.
    ///
    /// - Throws: `.unknownFormat`, and a ``FeedKernelError`` with line and column.
    mutating func records(in piece: [UInt8], isLast: Bool) throws -> [ImportedRecord] {
        if reader == nil { reader = try start(piece) }
        switch reader {
        case .table(var table):
            reader = nil
            let found = try table.records(in: piece, isLast: isLast)
            if header == nil, !table.header.isEmpty { try chooseFormat(table.header) }
            var records: [ImportedRecord] = []
            for record in found {
                recordCount += 1
                do throws(CSVFault) {
                    records.append(try read(record))
                } catch {
                    try table.refuse(error)
                }
            }
            reader = .table(table)
            return records
        case .json(var json):
            reader = nil
            var records: [ImportedRecord] = []
            for object in try json.records(in: piece, isLast: isLast) {
                recordCount += 1
                if format == nil { format = FeedFormat(like: object) }
                guard let format else { throw FeedError.unknownFormat }
                do throws(CSVFault) {
                    records += try read(object, format)
                } catch {
                    try json.refuse(error)
                }
            }
            reader = .json(json)
            return records
        case nil: return []
        }
    }

    private func start(_ piece: [UInt8]) throws(FeedKernelError) -> Reader {
        let text = piece.starts(with: [0xef, 0xbb, 0xbf]) ? piece.dropFirst(3) : piece[...]
        let first = text.first { $0 != 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 }
        let isJSON = format?.isJSON ?? (first == UInt8(ascii: "{") || first == UInt8(ascii: "["))
        return isJSON
            ? .json(JSONRecordReader(isLenient: isLenient))
            : .table(CSVRecordReader(isLenient: isLenient))
    }

    /// Tells the format from the header, or checks that the header fits the one asked for.
    private mutating func chooseFormat(_ names: [String]) throws {
        let found = TableHeader(names, columns: columns)
        guard let chosen = format ?? FeedFormat(columns: found.names) else {
            throw FeedError.unknownFormat
        }
        let missing = chosen.requiredColumns.filter { found.place(of: $0) == nil }
        guard missing.isEmpty else { throw FeedKernelError.missingColumns(missing) }
        format = chosen
        header = found
    }

    private func platform(_ format: FeedFormat) -> String {
        givenPlatform ?? format.platform ?? "unknown"
    }

    private func read(_ record: CSVRecord) throws(CSVFault) -> ImportedRecord {
        guard let header, let format else {
            preconditionFailure("records come after the header")
        }
        let fields = RecordFields(record, header)
        let platform = platform(format)
        switch format {
        case .coortweet: return .share(try ShareRecord(fields))
        case .toolkit: return .post(try .toolkit(fields, platform))
        case .informationOperation: return .post(try .informationOperation(fields, platform))
        case .fourCAT: return .post(try .fourCAT(fields, platform))
        case .posts, .twitter, .mastodon, .activityStreams, .jetstream:
            return .post(try .own(fields, platform))
        }
    }

    private func read(
        _ json: ForeignJSON,
        _ format: FeedFormat
    ) throws(CSVFault) -> [ImportedRecord] {
        let platform = platform(format)
        switch format {
        case .twitter:
            return try ImportedPost.twitter(json, platform).map { .post($0) }
        case .mastodon:
            return try ImportedPost.mastodon(json, platform).map { .post($0) }
        case .jetstream: return try ImportedRecord.jetstream(json, platform)
        case .activityStreams, .coortweet, .posts, .toolkit, .informationOperation, .fourCAT:
            return try ImportedRecord.activity(json, platform)
        }
    }
}
