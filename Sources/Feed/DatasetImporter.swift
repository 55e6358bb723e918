// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import FeedKernels
internal import Storage

/// One import within its transaction.
struct DatasetImporter {
    /// How much is read while what was read before is written, in bytes.
    private static let pieceByteCountMax = 1 << 19

    /// An account's identity.
    private struct AccountKey: Hashable {
        var platform: String
        var name: ByteText
    }

    /// An account of this import.
    private struct KnownAccount {
        let row: Int64
        /// What was written of it last.
        let written: ImportedAccount
        let isPaid: Bool
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
    private let reading: RecordReading
    /// The last post that was there before the import.
    private let lastKnownPost: Int64
    private var report = ImportReport(format: .posts, digest: "")
    private var accounts: [AccountKey: KnownAccount] = [:]
    private var objects: [ByteText: Int64] = [:]
    /// How often shares of posts occurred that were there before the import.
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
        reading = RecordReading(
            RecordSource(format, platform: platform, columns: columns, isLenient: isLenient)
        )
        statements = try ImportStatements(connection)
        lastKnownPost = try statements.lastPost.firstInteger([]) ?? 0
    }

    /// Reads the source to its end, and notes the import.
    mutating func run(_ bytes: ByteSource, time: Int64) throws -> ImportReport {
        var hash = SHA256()
        var isLast = false
        var isStarted = false
        while !isLast {
            let whole = try bytes()
            isLast = whole.isEmpty
            hash.update(whole)
            var start = 0
            repeat {
                let end = min(whole.count, start + Self.pieceByteCountMax)
                // What was started before is written while this is read.
                let records = isStarted ? try reading.records() : []
                reading.start(Array(whole[start..<end]), isLast: isLast)
                isStarted = true
                for record in records { try add(record) }
                start = end
            } while start < whole.count
        }
        for record in try reading.records() { try add(record) }
        return try noteImport(Hex.encode(hash.finish()), time: time)
    }

    private mutating func noteImport(_ digest: String, time: Int64) throws -> ImportReport {
        let source = reading.state
        guard let format = source.format else { throw FeedError.unknownFormat }
        report.format = format
        report.recordCount = source.recordCount
        report.digest = digest
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
        let account = try bareAccount(platform, share.account)
        let name: [SQLiteValue] = [.text(platform), .text(share.content)]
        try statements.insertSharedPost.execute(
            name + [.integer(account), .integer(share.time)]
        )
        let (post, isNew) = try insertedPost(name)
        try addShare(share.object, account, post, isFirst: isNew, share.time)
    }

    /// The post that was inserted, or else the one of the name that was there.
    private mutating func insertedPost(
        _ name: [SQLiteValue]
    ) throws -> (row: Int64, isNew: Bool) {
        if connection.changedCount > 0 {
            report.postsAdded += 1
            return (connection.lastInsertedRow, true)
        }
        guard let known = try statements.findPost.firstInteger(name) else {
            throw SQLiteFileError.damaged
        }
        return (known, false)
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
        let identity: [SQLiteValue] = [.integer(account), .integer(post.time)]
        try statements.insertPost.execute(name + identity + details)
        let (row, isNew) = try insertedPost(name)
        // A post that was known by its share only gets its text.
        if !isNew { try statements.completePost.execute(details + [.integer(row)]) }
        try addParts(of: imported, row)
        if let object = imported.object {
            try addShare(object, account, row, isFirst: isNew, post.time)
        }
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
        let key = AccountKey(platform: platform, name: ByteText(account.name))
        let known = accounts[key]
        if let known, known.isPaid || !isPaid, account.isOld(after: known.written) {
            return known.row
        }
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
        let row =
            try known?.row ?? statements.findAccount.firstInteger(name)
            ?? connection.lastInsertedRow
        accounts[key] = KnownAccount(
            row: row,
            written: account,
            isPaid: isPaid || known?.isPaid == true
        )
        return row
    }

    /// An account of which only the name is known.
    private mutating func bareAccount(_ platform: String, _ name: String) throws -> Int64 {
        let key = AccountKey(platform: platform, name: ByteText(name))
        if let known = accounts[key] { return known.row }
        return try account(platform, ImportedAccount(name), isPaid: false)
    }

    private mutating func addShare(
        _ objectName: String,
        _ account: Int64,
        _ post: Int64,
        isFirst: Bool,
        _ time: Int64
    ) throws {
        let object: Int64
        let key = ByteText(objectName)
        if let known = objects[key] {
            object = known
        } else {
            if let known = try statements.findObject.firstInteger([.text(objectName)]) {
                object = known
            } else {
                try statements.insertObject.execute([.text(objectName)])
                object = connection.lastInsertedRow
            }
            objects[key] = object
        }
        let share = ShareKey(object: object, account: account, post: post, time: time)
        let copy = try copyNumber(of: share, isFirst: isFirst)
        try statements.insertShare.execute([
            .integer(object), .integer(account), .integer(post), .integer(time), .integer(copy),
        ])
        report.sharesAdded += connection.changedCount
    }

    /// Equal records of one file are kept apart by their number, so that importing the file again
    /// finds each of them.
    private mutating func copyNumber(of share: ShareKey, isFirst: Bool) throws -> Int64 {
        guard share.post > lastKnownPost else {
            defer { copies[share, default: 0] += 1 }
            return copies[share, default: 0]
        }
        // All shares of a new post are of this file.
        if isFirst { return 0 }
        let key: [SQLiteValue] = [
            .integer(share.post), .integer(share.object), .integer(share.account),
            .integer(share.time),
        ]
        return try statements.nextCopy.firstInteger(key) ?? 0
    }
}

/// A text that equals another one only if its bytes do, as in SQLite: Swift takes two spellings
/// of an accented letter for equal.
private struct ByteText: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ByteText, right: ByteText) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { bytes in unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes)) }
    }
}

extension ImportedAccount {
    /// Whether it says nothing beyond what was said last.
    fileprivate func isOld(after last: ImportedAccount) -> Bool {
        if self == ImportedAccount(name) { return true }
        func isSame(_ left: String?, _ right: String?) -> Bool {
            left.map { ByteText($0) } == right.map { ByteText($0) }
        }
        return self == last && isSame(handle, last.handle)
            && isSame(displayName, last.displayName) && isSame(description, last.description)
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
