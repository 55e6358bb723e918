// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// An account as a file describes it.
struct ImportedAccount: Equatable {
    /// The platform's stable identifier.
    var name: String
    /// How it calls itself today.
    var handle: String?
    /// The name shown above its posts.
    var displayName: String?
    /// When it was made, seconds since 1970.
    var createdAt: Int64?
    var followerCount: Int64?
    var followingCount: Int64?
    /// What it says of itself.
    var description: String?
    /// Whether it has a picture of its own.
    var hasPicture: Bool?
    /// How many posts the platform counts, those that the file does not have too.
    var postCount: Int64?
    /// Whether it says of itself that a program posts.
    var isAutomated: Bool?

    init(_ name: String) { self.name = name }
}

/// A post as a file describes it, whatever the format.
struct ImportedPost: Equatable {
    var post: FeedPost
    var account: ImportedAccount
    /// Language that the platform or the author named.
    var language: String?
    /// The post that this one only passes on.
    var repostOf: String?
    /// The account whose post it is, as the file names it.
    var repostAccount: String?
    /// The post that this one answers.
    var replyTo: String?
    /// The account that it answers.
    var replyAccount: String?
    /// Hashtags that the format lists; `nil` to take those in the text.
    var hashtags: [String]?
    /// Links that the format lists, with those in the text.
    var links: [String] = []
    /// Accounts that it names.
    var mentions: [String] = []
    /// Pictures, films and files: an address or a hash of each.
    var media: [String] = []
    /// What the file says it shares.
    var object: String?
    /// Since when it is known to be gone, seconds since 1970.
    var deletedAt: Int64?

    init(_ post: FeedPost, by account: ImportedAccount? = nil) {
        self.post = post
        self.account = account ?? ImportedAccount(post.account)
    }
}

/// What a record of a file says.
enum ImportedRecord: Equatable {
    case share(ShareRecord)
    case post(ImportedPost)
    /// The post is gone since `time`.
    case deletion(platform: String, post: String, time: Int64)
}
