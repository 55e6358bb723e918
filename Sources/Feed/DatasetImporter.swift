// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import FeedKernels
internal import Storage

/// One import within its transaction.
struct DatasetImporter {
    /// A record of one of the formats.
    private enum Parsed {
        case share(ShareRecord)
        case post(PostRecord)
    }

    /// A share's identity, to tell copies within one file.
    private struct ShareKey: Hashable {
        var object: Int64
        var account: Int64
        var post: Int64
        var time: Int64
    }

    private let connection: SQLiteConnection
    private let statements: ImportStatements
    private let platform: String
    private var format: FeedFormat?
    private var reader: CSVRecordReader
    private var report = ImportReport(format: .posts, digest: "")
    private var accounts: [String: Int64] = [:]
    private var objects: [String: Int64] = [:]
    private var copies: [ShareKey: Int64] = [:]

    init(
        _ connection: SQLiteConnection,
        _ format: FeedFormat?,
        _ platform: String,
        _ isLenient: Bool
    ) throws {
        self.connection = connection
        self.format = format
        self.platform = platform
        reader = CSVRecordReader(isLenient: isLenient)
        statements = try ImportStatements(connection)
    }

    /// Reads the source to its end, and notes the import.
    mutating func run(_ source: ByteSource, time: Int64) throws -> ImportReport {
        var hash = SHA256()
        var isLast = false
        while !isLast {
            let piece = try source()
            isLast = piece.isEmpty
            hash.update(piece)
            let records = try reader.records(in: piece, isLast: isLast)
            if format == nil, !reader.header.isEmpty { try chooseFormat() }
            for record in records { try add(record) }
        }
        try chooseFormat()
        report.digest = Hex.encode(hash.finish())
        report.skippedCount = reader.skippedCount
        report.faults = reader.faults
        try connection.execute(
            """
            INSERT INTO import (sha256, format, records, posts_added, shares_added, skipped, time)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(report.digest), .text(report.format.rawValue),
                .integer(Int64(report.recordCount)), .integer(Int64(report.postsAdded)),
                .integer(Int64(report.sharesAdded)), .integer(Int64(report.skippedCount)),
                .integer(time),
            ]
        )
        return report
    }

    /// Tells the format from the header, or checks that the header fits the one asked for.
    private mutating func chooseFormat() throws {
        guard let chosen = format ?? FeedFormat(columns: reader.header) else {
            throw FeedError.unknownFormat
        }
        let missing = chosen.requiredColumns.filter { !reader.header.contains($0) }
        guard missing.isEmpty else { throw FeedKernelError.missingColumns(missing) }
        format = chosen
        report.format = chosen
    }

    private mutating func add(_ record: CSVRecord) throws {
        report.recordCount += 1
        let fields = RecordFields(record, reader.header)
        let parsed: Parsed
        do throws(CSVFault) {
            parsed =
                report.format == .coortweet
                ? .share(try ShareRecord(fields))
                : .post(try PostRecord(fields, platform: platform))
        } catch {
            return try reader.refuse(error)
        }
        switch parsed {
        case .share(let share): try add(share)
        case .post(let record): try add(record)
        }
    }

    private mutating func add(_ share: ShareRecord) throws {
        let account = try account(platform, share.account, isPaid: false)
        let post: Int64
        if let known = try statements.findPost.firstInteger([.text(share.content)]) {
            post = known
        } else {
            try statements.insertPost.execute([
                .text(share.content), .integer(account), .integer(share.time), .null, .null,
                .integer(0), .integer(0), .integer(0), .integer(0), .integer(0),
            ])
            post = connection.lastInsertedRow
            report.postsAdded += 1
        }
        try addShare(share.object, account, post, share.time)
    }

    private mutating func add(_ record: PostRecord) throws {
        let post = record.post
        let account = try account(post.platform, post.account, isPaid: post.isPaid)
        let known = try statements.findPost.firstInteger([.text(post.name)])
        let details: [SQLiteValue] = [
            .text(post.text), post.place.map { .text($0) } ?? .null, .integer(post.likes),
            .integer(post.reposts), .integer(post.replies), .integer(post.views),
            .integer(post.hasImage ? 1 : 0),
        ]
        let row: Int64
        if let known {
            // A post that was known by its share only gets its text.
            try statements.completePost.execute(details + [.integer(known)])
            row = known
        } else {
            let identity: [SQLiteValue] = [
                .text(post.name), .integer(account), .integer(post.time),
            ]
            try statements.insertPost.execute(identity + details)
            row = connection.lastInsertedRow
            report.postsAdded += 1
        }
        for tag in FeedPost.hashtags(in: post.text) {
            try statements.insertHashtag.execute([.integer(row), .text(tag)])
        }
        for link in FeedPost.links(in: post.text) {
            try statements.insertLink.execute([.integer(row), .text(link)])
        }
        if let object = record.object { try addShare(object, account, row, post.time) }
    }

    private mutating func account(
        _ platform: String,
        _ name: String,
        isPaid: Bool
    ) throws -> Int64 {
        let key = platform + "\0" + name
        if let known = accounts[key] { return known }
        let row: Int64
        if let known = try statements.findAccount.firstInteger([.text(platform), .text(name)]) {
            row = known
        } else {
            let paid = SQLiteValue.integer(isPaid ? 1 : 0)
            try statements.insertAccount.execute([.text(platform), .text(name), paid])
            row = connection.lastInsertedRow
        }
        accounts[key] = row
        return row
    }

    private mutating func addShare(
        _ objectName: String,
        _ account: Int64,
        _ post: Int64,
        _ time: Int64
    ) throws {
        let object: Int64
        if let known = objects[objectName] {
            object = known
        } else {
            if let known = try statements.findObject.firstInteger([.text(objectName)]) {
                object = known
            } else {
                try statements.insertObject.execute([.text(objectName)])
                object = connection.lastInsertedRow
            }
            objects[objectName] = object
        }
        // Equal records of one file are kept apart by their number, so that importing the file
        // again finds each of them.
        let key = ShareKey(object: object, account: account, post: post, time: time)
        let copy = copies[key, default: 0]
        copies[key] = copy + 1
        try statements.insertShare.execute([
            .integer(object), .integer(account), .integer(post), .integer(time), .integer(copy),
        ])
        report.sharesAdded += connection.changedCount
    }
}

/// The statements of an import, prepared once.
private struct ImportStatements {
    let findAccount: SQLiteStatement
    let findPost: SQLiteStatement
    let findObject: SQLiteStatement
    let insertAccount: SQLiteStatement
    let insertPost: SQLiteStatement
    let completePost: SQLiteStatement
    let insertObject: SQLiteStatement
    let insertShare: SQLiteStatement
    let insertHashtag: SQLiteStatement
    let insertLink: SQLiteStatement

    init(_ connection: SQLiteConnection) throws {
        findAccount = try connection.statement(
            "SELECT id FROM account WHERE platform = ? AND name = ?"
        )
        findPost = try connection.statement("SELECT id FROM post WHERE name = ?")
        findObject = try connection.statement("SELECT id FROM object WHERE name = ?")
        insertAccount = try connection.statement(
            "INSERT INTO account (platform, name, is_paid) VALUES (?, ?, ?)"
        )
        insertPost = try connection.statement(
            """
            INSERT INTO post (name, account, time, text, place, likes, reposts, replies, views,
            has_image) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        completePost = try connection.statement(
            """
            UPDATE post SET text = ?, place = ?, likes = ?, reposts = ?, replies = ?, views = ?,
            has_image = ? WHERE id = ? AND text IS NULL
            """
        )
        insertObject = try connection.statement("INSERT INTO object (name) VALUES (?)")
        insertShare = try connection.statement(
            """
            INSERT OR IGNORE INTO share (object, account, post, time, copy)
            VALUES (?, ?, ?, ?, ?)
            """
        )
        insertHashtag = try connection.statement(
            "INSERT OR IGNORE INTO hashtag (post, tag) VALUES (?, ?)"
        )
        insertLink = try connection.statement(
            "INSERT OR IGNORE INTO link (post, url) VALUES (?, ?)"
        )
    }
}
