// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import FeedKernels
internal import Storage

/// One import within its transaction.
struct DatasetImporter {
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
    private var source: RecordSource
    private var report = ImportReport(format: .posts, digest: "")
    private var accounts: [String: Int64] = [:]
    private var objects: [String: Int64] = [:]
    private var copies: [ShareKey: Int64] = [:]

    init(
        _ connection: SQLiteConnection,
        _ format: FeedFormat?,
        _ platform: String?,
        _ columns: [String: String],
        _ isLenient: Bool
    ) throws {
        self.connection = connection
        self.platform = platform ?? "unknown"
        source = RecordSource(
            format,
            platform: platform,
            columns: columns,
            isLenient: isLenient
        )
        statements = try ImportStatements(connection)
    }

    /// Reads the source to its end, and notes the import.
    mutating func run(_ bytes: ByteSource, time: Int64) throws -> ImportReport {
        var hash = SHA256()
        var isLast = false
        while !isLast {
            let piece = try bytes()
            isLast = piece.isEmpty
            hash.update(piece)
            for record in try source.records(in: piece, isLast: isLast) { try add(record) }
        }
        guard let format = source.format else { throw FeedError.unknownFormat }
        report.format = format
        report.recordCount = source.recordCount
        report.digest = Hex.encode(hash.finish())
        (report.skippedCount, report.faults) = source.skipped
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

    private mutating func add(_ record: ImportedRecord) throws {
        switch record {
        case .share(let share): try add(share)
        case .post(let post): try add(post)
        case .deletion(let platform, let post, let time):
            try statements.deletePost.execute([.integer(time), .text(platform), .text(post)])
            report.deletionCount += connection.changedCount
        }
    }

    private mutating func add(_ share: ShareRecord) throws {
        let account = try account(platform, ImportedAccount(share.account), isPaid: false)
        let name: [SQLiteValue] = [.text(platform), .text(share.content)]
        let post: Int64
        if let known = try statements.findPost.firstInteger(name) {
            post = known
        } else {
            let rest = [SQLiteValue](repeating: .null, count: 7)
            let counts = [SQLiteValue](repeating: .integer(0), count: 5)
            let identity: [SQLiteValue] = [.integer(account), .integer(share.time)]
            try statements.insertPost.execute(name + identity + rest + [.null] + counts)
            post = connection.lastInsertedRow
            report.postsAdded += 1
        }
        try addShare(share.object, account, post, share.time)
    }

    private mutating func add(_ imported: ImportedPost) throws {
        let post = imported.post
        let account = try account(post.platform, imported.account, isPaid: post.isPaid)
        let name: [SQLiteValue] = [.text(post.platform), .text(post.name)]
        let details: [SQLiteValue] = [
            .text(post.text), .optional(imported.language), .optional(imported.repostOf),
            .optional(imported.repostAccount), .optional(imported.replyTo),
            .optional(imported.replyAccount),
            imported.deletedAt.map { .integer($0) } ?? .null, .optional(post.place),
            .integer(post.likes), .integer(post.reposts), .integer(post.replies),
            .integer(post.views), .integer(post.hasImage ? 1 : 0),
        ]
        let row: Int64
        if let known = try statements.findPost.firstInteger(name) {
            // A post that was known by its share only gets its text.
            try statements.completePost.execute(details + [.integer(known)])
            row = known
        } else {
            let identity: [SQLiteValue] = [.integer(account), .integer(post.time)]
            try statements.insertPost.execute(name + identity + details)
            row = connection.lastInsertedRow
            report.postsAdded += 1
        }
        try addParts(of: imported, row)
        if let object = imported.object { try addShare(object, account, row, post.time) }
    }

    private func addParts(of imported: ImportedPost, _ row: Int64) throws {
        let text = imported.post.text
        for (place, tag) in (imported.hashtags ?? FeedPost.hashtags(in: text)).enumerated() {
            try statements.insertHashtag.execute([
                .integer(row), .integer(Int64(place)), .text(tag),
            ])
        }
        for address in imported.links + FeedPost.links(in: text) {
            guard let link = CanonicalLink(address) else { continue }
            try statements.insertLink.execute([
                .integer(row), .text(link.text), .text(link.domain),
            ])
        }
        for account in imported.mentions {
            try statements.insertMention.execute([.integer(row), .text(account)])
        }
        for name in imported.media {
            try statements.insertMedia.execute([.integer(row), .text(name)])
        }
    }

    private mutating func account(
        _ platform: String,
        _ account: ImportedAccount,
        isPaid: Bool
    ) throws -> Int64 {
        let key = platform + "\0" + account.name
        let isBare = account == ImportedAccount(account.name) && !isPaid
        if let known = accounts[key], isBare { return known }
        let name: [SQLiteValue] = [.text(platform), .text(account.name)]
        // What is newer in the file is believed.
        try statements.upsertAccount.execute(
            name + [
                .optional(account.handle), .optional(account.displayName),
                .optional(account.createdAt), .optional(account.followerCount),
                .optional(account.followingCount), .optional(account.description),
                .optional(account.hasPicture.map { $0 ? 1 : 0 }), .optional(account.postCount),
                .optional(account.isAutomated.map { $0 ? 1 : 0 }), .integer(isPaid ? 1 : 0),
            ]
        )
        if let known = accounts[key] { return known }
        let row = try statements.findAccount.firstInteger(name) ?? connection.lastInsertedRow
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
    let upsertAccount: SQLiteStatement
    let insertPost: SQLiteStatement
    let completePost: SQLiteStatement
    let deletePost: SQLiteStatement
    let insertObject: SQLiteStatement
    let insertShare: SQLiteStatement
    let insertHashtag: SQLiteStatement
    let insertLink: SQLiteStatement
    let insertMention: SQLiteStatement
    let insertMedia: SQLiteStatement

    init(_ connection: SQLiteConnection) throws {
        findAccount = try connection.statement(
            "SELECT id FROM account WHERE platform = ? AND name = ?"
        )
        findPost = try connection.statement("SELECT id FROM post WHERE platform = ? AND name = ?")
        findObject = try connection.statement("SELECT id FROM object WHERE name = ?")
        upsertAccount = try connection.statement(
            """
            INSERT INTO account (platform, name, handle, display_name, created, followers,
            following, description, has_picture, posts, is_automated, is_paid)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET
            handle = coalesce(excluded.handle, handle),
            display_name = coalesce(excluded.display_name, display_name),
            created = coalesce(excluded.created, created),
            followers = coalesce(excluded.followers, followers),
            following = coalesce(excluded.following, following),
            description = coalesce(excluded.description, description),
            has_picture = coalesce(excluded.has_picture, has_picture),
            posts = coalesce(excluded.posts, posts),
            is_automated = coalesce(excluded.is_automated, is_automated),
            is_paid = max(excluded.is_paid, is_paid)
            """
        )
        insertPost = try connection.statement(
            """
            INSERT INTO post (platform, name, account, time, text, language, repost_of,
            repost_account, reply_to, reply_account, deleted, place, likes, reposts, replies,
            views, has_image)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        completePost = try connection.statement(
            """
            UPDATE post SET text = ?, language = ?, repost_of = ?, repost_account = ?,
            reply_to = ?, reply_account = ?, deleted = ?, place = ?, likes = ?, reposts = ?,
            replies = ?, views = ?, has_image = ? WHERE id = ? AND text IS NULL
            """
        )
        deletePost = try connection.statement(
            "UPDATE post SET deleted = ? WHERE platform = ? AND name = ? AND deleted IS NULL"
        )
        insertObject = try connection.statement("INSERT INTO object (name) VALUES (?)")
        insertShare = try connection.statement(
            """
            INSERT OR IGNORE INTO share (object, account, post, time, copy)
            VALUES (?, ?, ?, ?, ?)
            """
        )
        insertHashtag = try connection.statement(
            "INSERT OR IGNORE INTO hashtag (post, place, tag) VALUES (?, ?, ?)"
        )
        insertLink = try connection.statement(
            "INSERT OR IGNORE INTO link (post, url, domain) VALUES (?, ?, ?)"
        )
        insertMention = try connection.statement(
            "INSERT OR IGNORE INTO mention (post, account) VALUES (?, ?)"
        )
        insertMedia = try connection.statement(
            "INSERT OR IGNORE INTO media (post, name) VALUES (?, ?)"
        )
    }
}

extension SQLiteValue {
    fileprivate static func optional(_ text: String?) -> SQLiteValue {
        text.map { .text($0) } ?? .null
    }

    fileprivate static func optional(_ number: Int64?) -> SQLiteValue {
        number.map { .integer($0) } ?? .null
    }
}
