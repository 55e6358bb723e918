// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A post of a topic, as far as trends need it.
struct TopicPost {
    /// Number of its account.
    let account: Int32
    /// Whose post it passes on, if that is known.
    let original: Int32?
    let time: Int64
    let isRepost: Bool
    /// Whether it is known to be gone within TopicTrend/soonSeconds.
    let isGoneSoon: Bool
    /// Whether it is a text of a few words without sense.
    let isLexicon: Bool
}

/// What became of one topic, and who made it.
///
/// Spec: `docs/spec/trends.md`.
package struct TopicTrend: Sendable {
    /// Posts that are gone after at most as long were never meant to be read.
    package static let soonSeconds: Int64 = 3600
    /// Fewest deleted posts without sense, and their least share of all of these, in a topic that
    /// was astroturfed by posts that are deleted at once.
    static let ephemeralCountMin = 4
    static let ephemeralShareMin = 0.45

    /// What a class of accounts did.
    package struct Part: Equatable, Sendable {
        /// The class.
        package let name: String
        /// Posts, and their accounts.
        package let postCount: Int
        package let accountCount: Int
    }

    /// The hashtag, without #.
    package let name: String
    /// Posts; those of them that pass another one on.
    package let postCount: Int
    package let repostCount: Int
    /// Who posted.
    package let accountCount: Int
    /// First and last post, Unix seconds.
    package let times: ClosedRange<Int64>
    /// From the end of the first tenth of the posts to the beginning of the last, Unix seconds.
    package let core: ClosedRange<Int64>
    /// By class, most posts first.
    package let parts: [Part]
    /// The class of the first account that has one; `nil` if none has.
    package let promoter: String?
    /// Posts by official accounts, or that pass theirs on.
    package let officialCount: Int
    /// Posts that are judged inorganic.
    package let inorganic: ClusterShare
    /// The same of accounts.
    package let inorganicAccountCount: Int
    /// Posts by accounts that coordinate.
    package let coordinatedCount: Int
    /// Deleted posts without sense, where there are enough of them.
    package let ephemeralCount: Int
    /// Posts that were gone soon.
    package let goneSoonCount: Int
    /// Times in which it was much more of all posts than usual.
    package internal(set) var bursts: [TopicBurst] = []

    /// - Parameters:
    ///   - name: The hashtag.
    ///   - posts: Sorted by time, at least one.
    ///   - book: Who the accounts are.
    init(_ name: String, _ posts: [TopicPost], _ book: ActorBook) {
        self.name = name
        postCount = posts.count
        repostCount = posts.count(where: \.isRepost)
        times = posts[0].time...posts[posts.count - 1].time
        let tenth = posts.count / 10
        core = posts[tenth].time...posts[posts.count - 1 - tenth].time
        goneSoonCount = posts.count(where: \.isGoneSoon)
        let senseless = posts.filter { $0.isLexicon && !$0.isRepost }
        let goneCount = senseless.count(where: \.isGoneSoon)
        let isEphemeral =
            goneCount >= Self.ephemeralCountMin
            && Double(goneCount) >= Self.ephemeralShareMin * Double(senseless.count)
        ephemeralCount = isEphemeral ? goneCount : 0

        var places: [Int32: Int] = [:]
        var clusters: [(hits: Int, count: Int)] = []
        var byClass: [String: (posts: Int, accounts: Int)] = [:]
        var promoter: String?
        var (official, coordinated) = (0, 0)
        for post in posts {
            let kind = book.kind(of: post.account)
            if promoter == nil, kind != ActorClasses.other { promoter = kind }
            let isOfficial = [post.account, post.original].contains { account in
                account.map { book.kind(of: $0) } == ActorClasses.official
            }
            if isOfficial { official += 1 }
            let isCoordinated = book.isCoordinated(post.account)
            if isCoordinated { coordinated += 1 }
            let isThrownAway =
                isEphemeral && post.isLexicon && post.isGoneSoon && !post.isRepost
            let place = places[post.account] ?? clusters.count
            if place == clusters.count {
                places[post.account] = place
                clusters.append((0, 0))
                byClass[kind, default: (0, 0)].accounts += 1
            }
            byClass[kind, default: (0, 0)].posts += 1
            clusters[place].count += 1
            if isCoordinated || isThrownAway { clusters[place].hits += 1 }
        }
        self.promoter = promoter
        officialCount = official
        coordinatedCount = coordinated
        accountCount = clusters.count
        inorganicAccountCount = clusters.count { $0.hits > 0 }
        inorganic = ClusterShare(clusters)
        parts = byClass.map { name, part in
            Part(name: name, postCount: part.posts, accountCount: part.accounts)
        }
        .sorted { ($1.postCount, $0.name) < ($0.postCount, $1.name) }
    }
}

/// Who the accounts of a dataset are, by their numbers.
struct ActorBook {
    private let kinds: [String]
    private let coordinated: [Bool]

    /// - Parameters:
    ///   - names: Of the accounts.
    ///   - classes: Who they are.
    ///   - networks: Accounts that were found to coordinate.
    init(_ names: [String], _ classes: ActorClasses, _ networks: Set<String>) {
        kinds = names.map { classes[$0] }
        coordinated = names.map { networks.contains($0) }
    }

    func kind(of account: Int32) -> String { kinds[Int(account)] }
    func isCoordinated(_ account: Int32) -> Bool { coordinated[Int(account)] }
}
