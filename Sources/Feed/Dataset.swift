// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import FeedKernels
internal import Storage

/// Posts, accounts and shares in one SQLite file.
///
/// Spec: `docs/spec/feed-dataset.md`.
package struct Dataset: Sendable {
    /// The version of the tables.
    package static let version = 3
    /// “RGfd” in ASCII.
    private static let applicationID: Int32 = 0x5247_6664

    private static let creation = """
        CREATE TABLE account (
            id INTEGER PRIMARY KEY,
            platform TEXT NOT NULL,
            name TEXT NOT NULL,
            handle TEXT,
            display_name TEXT,
            created INTEGER,
            followers INTEGER,
            following INTEGER,
            description TEXT,
            has_picture INTEGER,
            posts INTEGER,
            is_automated INTEGER,
            is_paid INTEGER NOT NULL DEFAULT 0,
            UNIQUE (platform, name)
        ) STRICT;
        CREATE TABLE post (
            id INTEGER PRIMARY KEY,
            platform TEXT NOT NULL,
            name TEXT NOT NULL,
            account INTEGER NOT NULL REFERENCES account (id),
            time INTEGER NOT NULL,
            text TEXT,
            language TEXT,
            repost_of TEXT,
            repost_account TEXT,
            reply_to TEXT,
            reply_account TEXT,
            deleted INTEGER,
            place TEXT,
            likes INTEGER NOT NULL DEFAULT 0,
            reposts INTEGER NOT NULL DEFAULT 0,
            replies INTEGER NOT NULL DEFAULT 0,
            views INTEGER NOT NULL DEFAULT 0,
            has_image INTEGER NOT NULL DEFAULT 0,
            UNIQUE (platform, name)
        ) STRICT;
        CREATE INDEX post_by_time ON post (time);
        CREATE TABLE object (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE share (
            id INTEGER PRIMARY KEY,
            object INTEGER NOT NULL REFERENCES object (id),
            account INTEGER NOT NULL REFERENCES account (id),
            post INTEGER NOT NULL REFERENCES post (id),
            time INTEGER NOT NULL,
            copy INTEGER NOT NULL DEFAULT 0,
            UNIQUE (post, object, account, time, copy)
        ) STRICT;
        CREATE TABLE hashtag (
            post INTEGER NOT NULL REFERENCES post (id),
            place INTEGER NOT NULL,
            tag TEXT NOT NULL,
            UNIQUE (post, tag)
        ) STRICT;
        CREATE TABLE mention (
            post INTEGER NOT NULL REFERENCES post (id),
            account TEXT NOT NULL,
            UNIQUE (post, account)
        ) STRICT;
        CREATE TABLE media (
            post INTEGER NOT NULL REFERENCES post (id),
            name TEXT NOT NULL,
            UNIQUE (post, name)
        ) STRICT;
        CREATE TABLE link (
            post INTEGER NOT NULL REFERENCES post (id),
            url TEXT NOT NULL,
            domain TEXT NOT NULL,
            UNIQUE (post, url)
        ) STRICT;
        CREATE TABLE import (
            id INTEGER PRIMARY KEY,
            sha256 TEXT NOT NULL,
            format TEXT NOT NULL,
            records INTEGER NOT NULL,
            posts_added INTEGER NOT NULL,
            shares_added INTEGER NOT NULL,
            skipped INTEGER NOT NULL,
            time INTEGER NOT NULL
        ) STRICT;
        """

    /// How much there is of each.
    package struct Summary: Equatable, Sendable {
        /// Accounts.
        package var accountCount = 0
        /// Posts, those of which only a share is known included.
        package var postCount = 0
        /// Posts with a text.
        package var textCount = 0
        /// Shared objects.
        package var objectCount = 0
        /// Shares of objects.
        package var shareCount = 0
        /// Distinct hashtags.
        package var hashtagCount = 0
        /// Distinct links.
        package var linkCount = 0
        /// Posts that pass another one on.
        package var repostCount = 0
        /// Posts that answer another one.
        package var replyCount = 0
        /// Distinct pictures, films and files.
        package var mediaCount = 0
        /// Posts that are known to be gone.
        package var deletedCount = 0
        /// The earliest and latest post.
        package var times: ClosedRange<Int64>?

        /// An empty dataset.
        package init() {}
    }

    let file: SQLiteFile

    /// Opens a dataset.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - isCreated: Whether it may be made and changed; otherwise it is only read.
    /// - Throws: `.dataset`.
    package init(path: String, isCreated: Bool) throws(FeedError) {
        let schema = SQLiteFile.Schema(
            applicationID: Self.applicationID,
            version: Self.version,
            creation: Self.creation
        )
        do throws(SQLiteFileError) {
            file = try SQLiteFile(path: path, schema: schema, isCreated: isCreated)
        } catch {
            throw .dataset(error)
        }
    }

    /// Whether a process was ended while it imported; what it had begun is taken back by this.
    ///
    /// - Parameter path: The file.
    /// - Returns: False while another process writes it.
    package static func isLeftUnfinished(path: String) -> Bool {
        SQLiteFile.isLeftUnfinished(path)
    }

    /// How much there is of each.
    package func summary() throws -> Summary {
        try reading { connection in
            var summary = Summary()
            func count(_ sql: String) throws -> Int {
                var count = 0
                try connection.rows("SELECT count(*) FROM " + sql) { count = Int($0.integer(0)) }
                return count
            }
            summary.accountCount = try count("account")
            summary.postCount = try count("post")
            summary.textCount = try count("post WHERE text IS NOT NULL")
            summary.objectCount = try count("object")
            summary.shareCount = try count("share")
            summary.hashtagCount = try count("(SELECT DISTINCT tag FROM hashtag)")
            summary.linkCount = try count("(SELECT DISTINCT url FROM link)")
            summary.repostCount = try count("post WHERE repost_of IS NOT NULL")
            summary.replyCount = try count("post WHERE reply_to IS NOT NULL")
            summary.mediaCount = try count("(SELECT DISTINCT name FROM media)")
            summary.deletedCount = try count("post WHERE deleted IS NOT NULL")
            try connection.rows("SELECT min(time), max(time) FROM post") { row in
                if !row.isNull(0) { summary.times = row.integer(0)...row.integer(1) }
            }
            return summary
        }
    }

    /// The shares until a time, in the order in which they were imported.
    ///
    /// - Parameters:
    ///   - layer: What is shared.
    ///   - time: Later shares are left out.
    ///   - isQualified: Whether accounts are called ``FeedPost/qualifiedAccount`` instead of by
    ///     their bare identifier, which two platforms may both have given out.
    /// - Returns: The shares.
    /// - Throws: `.dataset`, `.input` with `.tooManyIdentifiers` or `.tooManyPairs`.
    package func shares(
        of layer: ShareLayer = .object,
        until time: Int64 = .max,
        isQualified: Bool = false
    ) throws -> ShareTable {
        var builder = ShareTableBuilder()
        var sequence = TagSequence()
        var similar = SimilarText()
        var texts = try layer == .text ? TextObjects(textClusters(until: time)) : nil
        try reading { connection in
            try connection.rows(layer.query, [.integer(time)]) { row in
                let name = row.text(2) ?? ""
                let account =
                    isQualified
                    ? FeedPost.qualifiedAccount(platform: row.text(1) ?? "", name: name) : name
                var object = row.text(0)
                if layer == .sameText { object = object.flatMap(SameText.spelling) }
                if layer == .similarText { object = object.flatMap { similar.spelling(of: $0) } }
                if texts != nil {
                    object = texts?.next(platform: row.text(1) ?? "", post: row.text(3) ?? "")
                }
                guard let object else { return }
                let share = ShareRecord(
                    object: object,
                    account: account,
                    content: row.text(3) ?? "",
                    time: row.bounded(4)
                )
                guard layer == .hashtagSequence else { return try builder.append(share) }
                if let whole = sequence.add(share) { try builder.append(whole) }
            }
            if let last = sequence.finish() { try builder.append(last) }
        }
        return builder.finish()
    }

    /// Which texts are nearly the same, by their place among the posts that can be shares of one.
    func textClusters(until time: Int64) throws -> [UInt32?] {
        var clusters = TextClusters()
        try reading { connection in
            try connection.rows(ShareLayer.text.query, [.integer(time)]) { row in
                try clusters.append(row.text(0) ?? "")
            }
        }
        return try Self.mapped { try clusters.finish() }
    }

    /// The posts with a text, until a time, in the order in which they were imported.
    package func posts(until time: Int64 = .max) throws -> [FeedPost] {
        var posts: [FeedPost] = []
        try reading { connection in
            let sql = """
                SELECT post.name, account.platform, account.name, account.is_paid, post.time, text,
                place, likes, reposts, replies, views, has_image
                FROM post JOIN account ON account.id = post.account
                WHERE text IS NOT NULL AND post.time <= ? ORDER BY post.id
                """
            try connection.rows(sql, [.integer(time)]) { row in
                var post = FeedPost(
                    platform: row.text(1) ?? "",
                    account: row.text(2) ?? "",
                    name: row.text(0) ?? "",
                    time: row.bounded(4),
                    text: row.text(5) ?? ""
                )
                post.isPaid = row.integer(3) != 0
                post.place = row.text(6)
                post.likes = row.bounded(7)
                post.reposts = row.bounded(8)
                post.replies = row.bounded(9)
                post.views = row.bounded(10)
                post.hasImage = row.integer(11) != 0
                posts.append(post)
            }
        }
        return posts
    }

    /// The digests of all files that were imported, in order.
    package func sources() throws -> [String] {
        var digests: [String] = []
        try reading { connection in
            try connection.rows("SELECT sha256 FROM import ORDER BY id") { row in
                digests.append(row.text(0) ?? "")
            }
        }
        return digests
    }

    /// Reads, with the errors of lower layers among ours.
    func reading<Value>(_ body: (SQLiteConnection) throws -> Value) throws -> Value {
        try Self.mapped { try file.read(body) }
    }

    /// Gives the errors of lower layers their place among ours.
    static func mapped<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as SQLiteFileError {
            throw FeedError.dataset(error)
        } catch let error as FeedKernelError {
            throw FeedError.input(error)
        }
    }
}

/// Puts the tags of a post together that come one after the other.
private struct TagSequence {
    private var pending: ShareRecord?
    private var isLong = false

    /// - Returns: The post before, if it has two tags or more.
    mutating func add(_ share: ShareRecord) -> ShareRecord? {
        guard let known = pending, known.content == share.content, known.account == share.account
        else {
            let whole = finish()
            pending = share
            return whole
        }
        isLong = true
        pending = ShareRecord(
            object: known.object + " " + share.object,
            account: known.account,
            content: known.content,
            time: known.time
        )
        return nil
    }

    mutating func finish() -> ShareRecord? {
        defer { (pending, isLong) = (nil, false) }
        return isLong ? pending : nil
    }
}

/// Names clusters of texts after their first post.
private struct TextObjects {
    private let clusters: [UInt32?]
    private var place = 0
    private var names: [UInt32: String] = [:]

    init(_ clusters: [UInt32?]) { self.clusters = clusters }

    /// - Returns: The object of the next text; `nil` if it is too short.
    mutating func next(platform: String, post: String) -> String? {
        defer { place += 1 }
        // A post that came between both readings is of the next run.
        guard place < clusters.count, let cluster = clusters[place] else { return nil }
        if let name = names[cluster] { return name }
        let name = "text:\(platform)/\(post)"
        names[cluster] = name
        return name
    }
}

extension ShareTableBuilder {
    fileprivate mutating func append(_ share: ShareRecord) throws(FeedKernelError) {
        try append(
            object: share.object,
            account: share.account,
            content: share.content,
            time: share.time
        )
    }
}
