// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Storage

extension Dataset {
    /// Posts by hashtag, and the names of their accounts.
    struct TopicPosts {
        /// By number.
        var accounts: [String] = []
        /// Of each hashtag, sorted by time, then by import.
        var posts: [String: [TopicPost]] = [:]
    }

    /// The posts with hashtags until a time; those that pass another one on too.
    ///
    /// - Throws: `.dataset`.
    func topicPosts(until time: Int64) throws -> TopicPosts {
        var read = TopicPosts()
        var numbers: [Int64: Int32] = [:]
        let sql = """
            SELECT hashtag.tag, post.account, account.name, post.time,
            post.repost_of IS NOT NULL, post.deleted, post.text, original.account, author.name
            FROM post JOIN hashtag ON hashtag.post = post.id
            JOIN account ON account.id = post.account
            LEFT JOIN post AS original
            ON original.platform = post.platform AND original.name = post.repost_of
            LEFT JOIN account AS author ON author.id = original.account
            WHERE post.time <= ? ORDER BY post.time, post.id, hashtag.place
            """
        try Self.mapped {
            try file.read { connection in
                try connection.rows(sql, [.integer(time)]) { row in
                    func number(_ column: Int) -> Int32 {
                        let id = row.integer(column)
                        if let known = numbers[id] { return known }
                        let number = Int32(truncatingIfNeeded: read.accounts.count)
                        numbers[id] = number
                        read.accounts.append(row.text(column + 1) ?? "")
                        return number
                    }
                    let posted = row.bounded(3)
                    let isGone =
                        !row.isNull(5) && row.bounded(5) >= posted
                        && row.bounded(5) - posted <= TopicTrend.soonSeconds
                    let post = TopicPost(
                        account: number(1),
                        original: row.isNull(7) ? nil : number(7),
                        time: posted,
                        isRepost: row.integer(4) != 0,
                        isGoneSoon: isGone,
                        isLexicon: LexiconText.matches(row.text(6) ?? "")
                    )
                    read.posts[row.text(0) ?? "", default: []].append(post)
                }
            }
        }
        return read
    }
}
