// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels
internal import SnapshotFormat

/// The places of columns by name.
struct TableHeader {
    let names: [String]
    private let places: [String: Int]

    /// - Parameters:
    ///   - names: As the file has them.
    ///   - columns: Names of our columns by those that the file has instead.
    init(_ names: [String], columns: [String: String]) {
        self.names = names.map { columns[$0] ?? $0 }
        let pairs = self.names.enumerated().map { ($0.element, $0.offset) }
        places = Dictionary(pairs) { first, _ in first }
    }

    func place(of name: String) -> Int? { places[name] }
}

/// The fields of a record by name.
struct RecordFields {
    private let record: CSVRecord
    private let header: TableHeader

    init(_ record: CSVRecord, _ header: TableHeader) {
        self.record = record
        self.header = header
    }

    /// Reads a whole table, row by row.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - required: The columns that have to be there.
    ///   - body: Gets each row.
    /// - Throws: `.input` with line and column of what is wrong.
    /// - Complexity: O(n).
    static func forEach(
        in bytes: [UInt8],
        requiring required: [String],
        _ body: (RecordFields) throws(CSVFault) -> Void
    ) throws(FeedError) {
        do throws(FeedKernelError) {
            var reader = CSVRecordReader(isLenient: false)
            let records = try reader.records(in: bytes, isLast: true)
            let header = TableHeader(reader.header, columns: [:])
            let missing = required.filter { header.place(of: $0) == nil }
            guard missing.isEmpty else { throw .missingColumns(missing) }
            for record in records {
                do throws(CSVFault) {
                    try body(RecordFields(record, header))
                } catch {
                    throw .csv(error)
                }
            }
        } catch {
            throw .input(error)
        }
    }

    /// A field; `nil` without such a column.
    func text(_ name: String) -> String? {
        header.place(of: name).map { record.fields[$0] }
    }

    /// A field that may not be empty.
    func identifier(_ name: String) throws(CSVFault) -> String {
        guard let text = text(name), !text.isEmpty else { throw fault(name, .identifier) }
        return text
    }

    /// A time; `nil` for an empty field or without such a column.
    func optionalTime(_ name: String) throws(CSVFault) -> Int64? {
        guard text(name).nonEmpty != nil else { return nil }
        return try time(name)
    }

    func time(_ name: String) throws(CSVFault) -> Int64 {
        guard let time = text(name).flatMap({ Timestamp.parse($0) }) else {
            throw fault(name, .time)
        }
        return time
    }

    /// A time; a fraction after whole seconds is dropped.
    func wholeTime(_ name: String) throws(CSVFault) -> Int64 {
        let parts = (text(name) ?? "").split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 2, let seconds = Timestamp.parse(String(parts[0])), seconds >= 0,
            parts[0].allSatisfy(\.isNumber), parts[1].allSatisfy(\.isNumber)
        {
            return seconds
        }
        return try time(name)
    }

    /// A whole number that is not negative; 0 for an empty field or without such a column.
    func count(_ name: String) throws(CSVFault) -> Int64 {
        guard let text = text(name), !text.isEmpty else { return 0 }
        guard let count = Int64(text), (0...Timestamp.magnitudeMax).contains(count) else {
            throw fault(name, .count)
        }
        return count
    }

    /// A whole number that is not negative; `nil` for an empty field or without such a column.
    func optionalCount(_ name: String) throws(CSVFault) -> Int64? {
        guard text(name).nonEmpty != nil else { return nil }
        return try count(name)
    }

    func fault(_ name: String, _ expected: CSVFault.Expectation) -> CSVFault {
        let column = header.place(of: name).map { record.columns[$0] } ?? 1
        return CSVFault(line: record.line, column: column, field: name, expected: expected)
    }
}

/// A record of CooRTweet's format.
struct ShareRecord: Equatable {
    let object: String
    let account: String
    let content: String
    let time: Int64

    init(object: String, account: String, content: String, time: Int64) {
        self.object = object
        self.account = account
        self.content = content
        self.time = time
    }

    init(_ fields: RecordFields) throws(CSVFault) {
        object = fields.text(ShareHeader.columns[0]) ?? ""
        account = try fields.identifier(ShareHeader.columns[1])
        content = fields.text(ShareHeader.columns[2]) ?? ""
        time = try fields.time(ShareHeader.columns[3])
    }
}

extension ImportedPost {
    /// A record of our own table.
    static func own(
        _ fields: RecordFields,
        _ platform: String
    ) throws(CSVFault) -> ImportedPost {
        let chosen = fields.text("platform").nonEmpty ?? platform
        guard Token.isValid(chosen, countMax: PlatformAccount.platformCountMax) else {
            throw fields.fault("platform", .identifier)
        }
        var post = FeedPost(
            platform: chosen,
            account: try fields.identifier("account_id"),
            name: try fields.identifier("post_id"),
            time: try fields.time("time"),
            text: fields.text("text") ?? ""
        )
        post.isPaid = try fields.count("paid") != 0
        post.place = fields.text("place").nonEmpty
        post.likes = try fields.count("likes")
        post.reposts = try fields.count("reposts")
        post.replies = try fields.count("replies")
        post.views = try fields.count("views")
        post.hasImage = try fields.count("image") != 0
        var imported = ImportedPost(post)
        imported.account.handle = fields.text("handle").nonEmpty
        imported.account.displayName = fields.text("display_name").nonEmpty
        imported.account.createdAt = try fields.optionalTime("account_created")
        imported.account.followerCount = try fields.optionalCount("followers")
        imported.account.followingCount = try fields.optionalCount("following")
        imported.account.postCount = try fields.optionalCount("account_posts")
        imported.account.description = fields.text("description")
        imported.account.hasPicture = try fields.optionalCount("picture").map { $0 != 0 }
        imported.account.isAutomated = try fields.optionalCount("automated").map { $0 != 0 }
        imported.language = fields.text("language").nonEmpty
        imported.repostOf = fields.text("repost_of").nonEmpty
        imported.repostAccount = fields.text("repost_account").nonEmpty
        imported.replyTo = fields.text("reply_to").nonEmpty
        imported.media = fields.text("media").map(Self.listed) ?? []
        imported.deletedAt = try fields.optionalTime("deleted")
        imported.object = fields.text("shared_object").nonEmpty
        return imported
    }
}
