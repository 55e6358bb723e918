// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// An account, as far as its signals need it.
package struct AccountProfile: Equatable, Sendable {
    /// The platform.
    package let platform: String
    /// The platform's stable identifier.
    package let name: String
    /// How it calls itself.
    package internal(set) var handle: String?
    /// When it says it was made, Unix seconds.
    package internal(set) var created: Int64?
    /// Who follows it, and whom it follows.
    package internal(set) var followerCount: Int64?
    package internal(set) var followingCount: Int64?
    /// Posts that the platform counts.
    package internal(set) var postCount: Int64?
    /// Whether it says anything of itself.
    package internal(set) var hasDescription: Bool?
    /// Whether it has a picture of its own.
    package internal(set) var hasPicture: Bool?
    /// Whether it says of itself that a program posts.
    package internal(set) var isAutomated: Bool?

    /// An account of which nothing else is known.
    package init(platform: String, name: String) {
        self.platform = platform
        self.name = name
    }
}

/// A post, as far as the signals of accounts need it.
struct AccountPost {
    /// Number of its account.
    let account: Int
    let time: Int64
    /// Since when it is known to be gone.
    let deleted: Int64?
    /// Whether it passes another one on.
    let isRepost: Bool
    /// Whose post it passes on, by the number of the source.
    let source: Int?
    /// When that post was made, if it is in the data.
    let sourceTime: Int64?
    /// Which texts say nearly the same; `nil` for reposts and short texts.
    let cluster: UInt32?
    /// What can be counted of its text; `nil` without one.
    let text: TextCounts?

    /// Whether it is known to be gone within an hour.
    var isGoneSoon: Bool {
        guard let deleted, deleted >= time else { return false }
        return deleted - time <= TopicTrend.soonSeconds
    }
}

/// Who is passed on: an account, or one that the data only name.
package struct AccountSource: Equatable, Sendable {
    /// The platform.
    package let platform: String
    /// Its identifier, or what the file calls it.
    package let name: String
    /// Its number, if it is an account of the data.
    package let account: Int?
}

/// All accounts of a dataset with their posts.
struct AccountRecords {
    /// In byte order of platform and name.
    var profiles: [AccountProfile] = []
    /// In the order of import.
    var posts: [AccountPost] = []
    var sources: [AccountSource] = []
    /// Each link of each post, by the post's number and the link's.
    var links: [(post: Int, link: Int)] = []

    /// For each account the numbers of its posts, in order of time, then of import.
    func postsByAccount() -> [[Int]] {
        var lists = [[Int]](repeating: [], count: profiles.count)
        for (place, post) in posts.enumerated() { lists[post.account].append(place) }
        for account in lists.indices {
            lists[account].sort { (posts[$0].time, $0) < (posts[$1].time, $1) }
        }
        return lists
    }
}
