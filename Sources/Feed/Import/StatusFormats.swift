// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

// How documents of Twitter's second interface and of Mastodon are read.

extension ImportedPost {
    /// A page `{data, includes, meta}` of Twitter's interface, or one flattened post.
    static func twitter(
        _ json: ForeignJSON,
        _ platform: String
    ) throws(CSVFault) -> [ImportedPost] {
        guard json.has("data") else { return [try tweet(json, json.object("author"), platform)] }
        let included = json.object("includes")
        var authors: [String: ForeignJSON] = [:]
        for user in included?.objects("users") ?? [] { authors[try user.identifier("id")] = user }
        var owners: [String: String] = [:]
        for tweet in included?.objects("tweets") ?? [] {
            owners[try tweet.identifier("id")] = tweet.text("author_id")
        }
        var posts: [ImportedPost] = []
        let lone = json.object("data").map { [$0] } ?? []
        for tweet in lone + json.objects("data") + (included?.objects("tweets") ?? []) {
            let author = tweet.text("author_id").flatMap { authors[$0] }
            var post = try self.tweet(tweet, author, platform)
            if post.repostAccount == nil, let original = post.repostOf {
                post.repostAccount = owners[original]
            }
            posts.append(post)
        }
        return posts
    }

    private static func tweet(
        _ json: ForeignJSON,
        _ author: ForeignJSON?,
        _ platform: String
    ) throws(CSVFault) -> ImportedPost {
        let name =
            if let author { try author.identifier("id") } else { try json.identifier("author_id") }
        var account = ImportedAccount(name)
        if let author {
            account.handle = author.text("username")
            account.displayName = author.text("name")
            account.description = author.text("description")
            account.hasPicture = author.text("profile_image_url").map {
                !$0.contains("default_profile")
            }
            if author.has("created_at") { account.createdAt = try author.time("created_at") }
            if let metrics = author.object("public_metrics") {
                account.followerCount = try metrics.optionalCount("followers_count")
                account.followingCount = try metrics.optionalCount("following_count")
                account.postCount = try metrics.optionalCount("tweet_count")
            }
        }
        var post = FeedPost(
            platform: platform,
            account: name,
            name: try json.identifier("id"),
            time: try json.time("created_at"),
            text: json.text("text") ?? ""
        )
        if let metrics = json.object("public_metrics") {
            post.likes = try metrics.count("like_count")
            post.reposts = try metrics.count("retweet_count")
            post.replies = try metrics.count("reply_count")
            post.views = try metrics.count("impression_count")
        }
        var imported = ImportedPost(post, by: account)
        imported.language = json.text("lang")
        imported.replyAccount = json.text("in_reply_to_user_id")
        for reference in json.objects("referenced_tweets") {
            switch reference.text("type") {
            case "retweeted":
                imported.repostOf = try reference.identifier("id")
                // Flattened posts hold the one that they pass on.
                imported.repostAccount =
                    reference.text("author_id") ?? reference.object("author")?.text("id")
            case "replied_to": imported.replyTo = try reference.identifier("id")
            default: break
            }
        }
        if let entities = json.object("entities") {
            imported.links = entities.objects("urls").compactMap {
                $0.text("unwound_url") ?? $0.text("expanded_url") ?? $0.text("url")
            }
            imported.hashtags = entities.objects("hashtags").compactMap {
                $0.text("tag")?.lowercased()
            }
            imported.mentions = entities.objects("mentions").compactMap {
                $0.text("id") ?? $0.text("username")
            }
        }
        imported.media = json.object("attachments")?.texts("media_keys") ?? []
        imported.post.hasImage = !imported.media.isEmpty
        return imported
    }

    /// A status of Mastodon, and the one that it passes on.
    static func mastodon(
        _ json: ForeignJSON,
        _ platform: String
    ) throws(CSVFault) -> [ImportedPost] {
        guard let owner = json.object("account") else { throw json.fault("account", .json) }
        var account = ImportedAccount(try owner.identifier("uri", "url", "id"))
        account.handle = owner.text("acct")
        account.displayName = owner.text("display_name")
        account.description = owner.text("note").map { PlainText.ofHTML($0) }
        account.followerCount = try owner.optionalCount("followers_count")
        account.followingCount = try owner.optionalCount("following_count")
        account.postCount = try owner.optionalCount("statuses_count")
        if owner.has("bot") { account.isAutomated = owner.flag("bot") }
        account.hasPicture = owner.text("avatar").map { !$0.hasSuffix("missing.png") }
        if owner.has("created_at") { account.createdAt = try owner.time("created_at") }
        let warning = json.text("spoiler_text") ?? ""
        let words = [warning, PlainText.ofHTML(json.text("content") ?? "")]
        var post = FeedPost(
            platform: platform,
            account: account.name,
            name: try json.identifier("uri", "id"),
            time: try json.time("created_at"),
            text: words.filter { !$0.isEmpty }.joined(separator: "\n")
        )
        post.likes = try json.count("favourites_count")
        post.reposts = try json.count("reblogs_count")
        post.replies = try json.count("replies_count")
        let media = json.objects("media_attachments")
        post.hasImage = !media.isEmpty
        var imported = ImportedPost(post, by: account)
        imported.language = json.text("language")
        imported.replyTo = json.text("in_reply_to_id")
        imported.replyAccount = json.text("in_reply_to_account_id")
        imported.hashtags = json.objects("tags").compactMap { $0.text("name")?.lowercased() }
        imported.mentions = json.objects("mentions").compactMap {
            $0.text("url") ?? $0.text("acct")
        }
        imported.media = media.compactMap { $0.text("remote_url") ?? $0.text("url") }
        imported.links = [json.object("card")?.text("url")].compactMap { $0 }
        guard let original = json.object("reblog") else { return [imported] }
        let passedOn = try mastodon(original, platform)
        imported.repostOf = passedOn.last?.post.name
        imported.repostAccount = passedOn.last?.post.account
        return passedOn + [imported]
    }
}
