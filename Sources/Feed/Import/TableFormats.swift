// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

// How the tables of others are read. Each function takes a record apart; what a column means is
// in `docs/spec/feed-dataset.md`, section 3.

extension ImportedPost {
    /// A record of the coordination-network-toolkit: `repost_id`, `reply_id`, `message`, `urls`.
    static func toolkit(
        _ fields: RecordFields,
        _ platform: String
    ) throws(CSVFault) -> ImportedPost {
        var account = ImportedAccount(try fields.identifier("user_id"))
        account.handle = fields.text("username").nonEmpty
        var imported = ImportedPost(
            FeedPost(
                platform: platform,
                account: account.name,
                name: try fields.identifier("message_id"),
                time: try fields.wholeTime("timestamp"),
                text: fields.text("message") ?? ""
            ),
            by: account
        )
        imported.repostOf = fields.text("repost_id").nonEmpty
        imported.replyTo = fields.text("reply_id").nonEmpty
        imported.links = listed(fields.text("urls") ?? "")
        return imported
    }

    /// A record of Twitter's releases on information operations.
    static func informationOperation(
        _ fields: RecordFields,
        _ platform: String
    ) throws(CSVFault) -> ImportedPost {
        var account = ImportedAccount(try fields.identifier("userid"))
        account.handle = fields.text("user_screen_name").nonEmpty
        account.displayName = fields.text("user_display_name").nonEmpty
        account.description = fields.text("user_profile_description")
        account.followerCount = try fields.optionalCount("follower_count")
        account.followingCount = try fields.optionalCount("following_count")
        account.createdAt = try fields.optionalTime("account_creation_date")
        var post = FeedPost(
            platform: platform,
            account: account.name,
            name: try fields.identifier("tweetid"),
            time: try fields.time("tweet_time"),
            text: fields.text("tweet_text") ?? ""
        )
        post.likes = try fields.count("like_count")
        post.reposts = try fields.count("retweet_count")
        post.replies = try fields.count("reply_count")
        var imported = ImportedPost(post, by: account)
        imported.language = fields.text("tweet_language").nonEmpty
        imported.repostOf = fields.text("retweet_tweetid").nonEmpty
        imported.repostAccount = fields.text("retweet_userid").nonEmpty
        imported.replyTo = fields.text("in_reply_to_tweetid").nonEmpty
        imported.replyAccount = fields.text("in_reply_to_userid").nonEmpty
        imported.hashtags = listed(fields.text("hashtags") ?? "").map { $0.lowercased() }
        imported.links = listed(fields.text("urls") ?? "")
        imported.mentions = listed(fields.text("user_mentions") ?? "")
        return imported
    }

    /// A record of 4CAT's table of posts; a platform's own columns where it has them.
    static func fourCAT(
        _ fields: RecordFields,
        _ platform: String
    ) throws(CSVFault) -> ImportedPost {
        let author = fields.text("author_id").nonEmpty ?? fields.text("author") ?? ""
        guard !author.isEmpty else { throw fields.fault("author", .identifier) }
        var account = ImportedAccount(author)
        account.handle = fields.text("author").nonEmpty
        account.displayName = fields.text("author_fullname").nonEmpty
        let seconds = fields.text("unix_timestamp").nonEmpty == nil ? "timestamp" : "unix_timestamp"
        let words = [fields.text("subject") ?? "", fields.text("body") ?? ""]
        var post = FeedPost(
            platform: platform,
            account: author,
            name: try fields.identifier("id"),
            time: try fields.time(seconds),
            text: words.filter { !$0.isEmpty }.joined(separator: "\n")
        )
        post.likes = try fields.count("like_count")
        post.reposts = try fields.count("retweet_count")
        post.replies = try fields.count("reply_count")
        post.place = fields.text("place_name").nonEmpty
        let pictures = separated(fields.text("images") ?? "")
        post.hasImage = !pictures.isEmpty
        var imported = ImportedPost(post, by: account)
        imported.language = fields.text("language_guess").nonEmpty
        imported.hashtags = fields.text("hashtags").map { separated($0.lowercased()) }
        imported.links = separated(fields.text("urls") ?? "")
        imported.mentions = separated(fields.text("mentions") ?? "")
        imported.media = pictures + separated(fields.text("videos") ?? "")
        if let thread = fields.text("thread_id").nonEmpty, thread != post.name,
            fields.text("is_retweet") != "yes"
        {
            imported.replyTo = thread
        }
        imported.replyAccount = fields.text("replied_user").nonEmpty
        imported.repostAccount = fields.text("retweeted_user").nonEmpty
        return imported
    }

    /// What stands in `[a, b]`, as Python writes lists, or between spaces.
    static func listed(_ text: String) -> [String] {
        var rest = text[...]
        let isList = rest.hasPrefix("[") && rest.hasSuffix("]")
        if isList { rest = rest.dropFirst().dropLast() }
        return rest.split { $0 == " " || isList && $0 == "," }
            .map { $0.trimming("'\"") }
            .filter { !$0.isEmpty }
    }

    /// What stands between commas.
    private static func separated(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimming(" ") }.filter { !$0.isEmpty }
    }
}

extension String? {
    /// The text if it has any characters.
    var nonEmpty: String? { self?.isEmpty == false ? self : nil }
}

extension Substring {
    fileprivate func trimming(_ marks: String) -> String {
        var rest = self
        while let first = rest.first, marks.contains(first) { rest.removeFirst() }
        while let last = rest.last, marks.contains(last) { rest.removeLast() }
        return String(rest)
    }
}
