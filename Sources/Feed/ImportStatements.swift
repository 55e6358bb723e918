// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Storage

/// The statements of an import, prepared once.
struct ImportStatements {
    let findAccount: SQLiteStatement
    let findPost: SQLiteStatement
    let findObject: SQLiteStatement
    let upsertAccount: SQLiteStatement
    let insertPost: SQLiteStatement
    let insertSharedPost: SQLiteStatement
    let completePost: SQLiteStatement
    let deletePost: SQLiteStatement
    let insertObject: SQLiteStatement
    let insertShare: SQLiteStatement
    let nextCopy: SQLiteStatement
    let lastPost: SQLiteStatement
    let insertHashtag: SQLiteStatement
    let insertLink: SQLiteStatement
    let insertMention: SQLiteStatement
    let insertMedia: SQLiteStatement

    /// What is newer in the file is believed, and what it does not say is kept.
    private static let upsertAccountSQL = """
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

    init(_ connection: SQLiteConnection) throws {
        findAccount = try connection.statement(
            "SELECT id FROM account WHERE platform = ? AND name = ?"
        )
        findPost = try connection.statement("SELECT id FROM post WHERE platform = ? AND name = ?")
        findObject = try connection.statement("SELECT id FROM object WHERE name = ?")
        upsertAccount = try connection.statement(Self.upsertAccountSQL)
        insertPost = try connection.statement(
            """
            INSERT INTO post (platform, name, account, time, text, language, repost_of,
            repost_account, reply_to, reply_account, deleted, place, likes, reposts, replies,
            views, has_image)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """
        )
        insertSharedPost = try connection.statement(
            """
            INSERT INTO post (platform, name, account, time) VALUES (?, ?, ?, ?)
            ON CONFLICT DO NOTHING
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
        nextCopy = try connection.statement(
            """
            SELECT copy + 1 FROM share WHERE post = ? AND object = ? AND account = ? AND time = ?
            ORDER BY copy DESC LIMIT 1
            """
        )
        lastPost = try connection.statement("SELECT max(id) FROM post")
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
