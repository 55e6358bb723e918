// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

/// A number about all posts of a dataset, as astrodetection 0.3.6 asks for it.
///
/// Spec: `docs/spec/account-signals.md`, section 6.
package struct AccountIndicator: Equatable, Sendable {
    /// A part of some whole.
    package struct Part: Equatable, Sendable {
        /// Those that have it, and all.
        package var hits: Int
        package var count: Int
        /// Of how many it is known.
        package var known: Int

        /// So many of so many.
        package init(hits: Int, count: Int, known: Int) {
            self.hits = hits
            self.count = count
            self.known = known
        }

        /// In percent; `nil` if it is known of none.
        package var percent: Double? {
            known > 0 && count > 0 ? Double(hits) / Double(count) * 100 : nil
        }
    }

    /// Its name.
    package let name: String
    /// Of posts, and of accounts.
    package var posts: Part?
    package var accounts: Part?
    /// Where it is no part: the number, of posts and of accounts.
    package var value: Double?
    package var accountValue: Double?

    init(_ name: String, posts: Part? = nil, accounts: Part? = nil) {
        self.name = name
        self.posts = posts
        self.accounts = accounts
    }

    init(_ name: String, value: Double?, accountValue: Double? = nil) {
        self.name = name
        self.value = value
        self.accountValue = accountValue
    }
}

/// Computes the indicators.
struct AccountIndicators {
    private static let dayDigits = 5
    private static let followRatio: Int64 = 10
    private static let postsPerDayMax: Int64 = 70
    private static let recentDays: Int64 = 30
    private static let weekCount = 4

    let records: AccountRecords
    /// For each account the numbers of its posts, in order of time.
    let lists: [[Int]]

    /// All of them, in order of their names.
    func all() -> [AccountIndicator] {
        let named = [
            part("zero_followers_and_following") { profile, _ in
                guard let one = profile.followerCount, let two = profile.followingCount else {
                    return nil
                }
                return one < 1 && two < 1
            },
            part("high_following_followers_ratio") { profile, _ in
                guard let one = profile.followerCount, let two = profile.followingCount else {
                    return nil
                }
                return one == 0 ? two > 0 : two > one * Self.followRatio
            },
            part("no_image_and_description") { profile, _ in
                guard let text = profile.hasDescription, let image = profile.hasPicture else {
                    return nil
                }
                return !text && !image
            },
            part("default_handle") { profile, _ in
                profile.handle.map {
                    HandleTemplate.digitCount(HandleTemplate.plain($0)) >= Self.dayDigits
                }
            },
            part("over_70_posts_per_day") { profile, posts in
                guard let count = profile.postCount, let created = profile.created,
                    let last = posts.last, last >= created
                else { return nil }
                let days = max(1, (last - created) / 86_400)
                return count / Self.postsPerDayMax >= days && count > days * Self.postsPerDayMax
            },
            recent(), topUsers(), topWeeks(), manyNames(ofOriginals: false),
            manyNames(ofOriginals: true), copies(largestOnly: false), copies(largestOnly: true),
            activityEvenness(), weekEvenness(), sentenceVariation(),
            similarityHub(), temporalHub(), linkHub(),
        ]
        return named.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// A part of posts and accounts; the test says of an account with posts at these times whether
    /// it has it, `nil` if that is unknown.
    private func part(
        _ name: String,
        _ test: (AccountProfile, [Int64]) -> Bool?
    ) -> AccountIndicator {
        var posts = AccountIndicator.Part(hits: 0, count: records.posts.count, known: 0)
        var accounts = AccountIndicator.Part(hits: 0, count: 0, known: 0)
        for (number, list) in lists.enumerated() where !list.isEmpty {
            accounts.count += 1
            let times = list.map { records.posts[$0].time }
            guard let answer = test(records.profiles[number], times) else { continue }
            accounts.known += 1
            posts.known += list.count
            if answer {
                accounts.hits += 1
                posts.hits += list.count
            }
        }
        return AccountIndicator(name, posts: posts, accounts: accounts)
    }

    /// Accounts younger than 30 days when they post.
    private func recent() -> AccountIndicator {
        var posts = AccountIndicator.Part(hits: 0, count: records.posts.count, known: 0)
        for post in records.posts {
            guard let created = records.profiles[post.account].created else { continue }
            posts.known += 1
            if Self.isRecent(created, post.time) { posts.hits += 1 }
        }
        let first = part("recent_account_creation") { profile, times in
            profile.created.map { Self.isRecent($0, times[0]) }
        }
        return AccountIndicator(first.name, posts: posts, accounts: first.accounts)
    }

    private static func isRecent(_ created: Int64, _ time: Int64) -> Bool {
        time - created < recentDays * 86_400
    }

    /// Posts of the hundredth of accounts that posts most.
    private func topUsers() -> AccountIndicator {
        let counts = lists.map(\.count).filter { $0 > 0 }.sorted(by: >)
        let top = Int((Double(counts.count) * 0.01).rounded(.up))
        let part = AccountIndicator.Part(
            hits: counts.prefix(top).reduce(0, +),
            count: records.posts.count,
            known: records.posts.count
        )
        return AccountIndicator("top_users_posts", posts: part)
    }

    /// Monday's week of a time, counted from the one of 1970-01-01.
    private static func week(_ time: Int64) -> Int64 {
        let days = time / 86_400 - (time % 86_400 < 0 ? 1 : 0)
        return (days + 3) / 7 - ((days + 3) % 7 < 0 ? 1 : 0)
    }

    /// Posts and accounts by the week in which accounts were made, most first.
    private func weeks() -> (posts: [Int], accounts: [Int]) {
        var posts: [Int64: Int] = [:]
        var accounts: [Int64: Int] = [:]
        for (number, list) in lists.enumerated() where !list.isEmpty {
            guard let created = records.profiles[number].created else { continue }
            posts[Self.week(created), default: 0] += list.count
            accounts[Self.week(created), default: 0] += 1
        }
        return (posts.values.sorted(by: >), accounts.values.sorted(by: >))
    }

    private func topWeeks() -> AccountIndicator {
        let weeks = weeks()
        func part(_ counts: [Int], _ all: Int) -> AccountIndicator.Part {
            let hits = counts.prefix(Self.weekCount).reduce(0, +)
            return AccountIndicator.Part(hits: hits, count: all, known: counts.reduce(0, +))
        }
        return AccountIndicator(
            "top_creation_weeks",
            posts: part(weeks.posts, records.posts.count),
            accounts: part(weeks.accounts, lists.count { !$0.isEmpty })
        )
    }

    /// Posts that name more than four accounts.
    private func manyNames(ofOriginals: Bool) -> AccountIndicator {
        var part = AccountIndicator.Part(hits: 0, count: 0, known: 0)
        for post in records.posts where !ofOriginals || !post.isRepost {
            guard let text = post.text else { continue }
            part.count += 1
            part.known += 1
            if text.nameCount > TextCounts.nameCountMax { part.hits += 1 }
        }
        return AccountIndicator(
            ofOriginals ? "excessive_tags_originals" : "excessive_tags",
            posts: part
        )
    }

    /// Posts that say nearly the same as another one.
    private func copies(largestOnly: Bool) -> AccountIndicator {
        var sizes: [UInt32: Int] = [:]
        var known = 0
        for post in records.posts {
            if post.text != nil { known += 1 }
            if let cluster = post.cluster { sizes[cluster, default: 0] += 1 }
        }
        let several = sizes.values.filter { $0 > 1 }
        let part = AccountIndicator.Part(
            hits: largestOnly ? several.max() ?? 0 : several.reduce(0, +),
            count: records.posts.count,
            known: known
        )
        return AccountIndicator(largestOnly ? "near_copies_hub" : "near_copies", posts: part)
    }

    /// Pielou's evenness in percent; `nil` of fewer than two.
    static func evenness(_ counts: [Int]) -> Double? {
        guard counts.count > 1 else { return nil }
        let total = counts.reduce(0, +)
        var sum = 0.0
        for count in counts { sum += Double(count) * Chance.logarithm(count) }
        let entropy = Chance.logarithm(total) - sum / Double(total)
        return entropy / Chance.logarithm(counts.count) * 100
    }

    private func activityEvenness() -> AccountIndicator {
        let counts = lists.map(\.count).filter { $0 > 0 }.sorted(by: >)
        return AccountIndicator("account_activity_evenness", value: Self.evenness(counts))
    }

    private func weekEvenness() -> AccountIndicator {
        let weeks = weeks()
        return AccountIndicator(
            "creation_week_evenness",
            value: Self.evenness(weeks.posts),
            accountValue: Self.evenness(weeks.accounts)
        )
    }

    /// Accounts of the largest community that passes on the same sources.
    private func similarityHub() -> AccountIndicator {
        let reposts = records.posts.filter(\.isRepost)
        let events = reposts.compactMap { post in
            post.source.map { AccountHub.Event(account: post.account, thing: $0) }
        }
        return hub("similarity_hub", AccountHub.largest(events), Set(reposts.map(\.account)).count)
    }

    /// The same of those that post in the same five minutes.
    private func temporalHub() -> AccountIndicator {
        let events = records.posts.map { post in
            let bin = post.time / 300 - (post.time % 300 < 0 ? 1 : 0)
            return AccountHub.Event(account: post.account, thing: Int(bin))
        }
        return hub("temporal_hub", AccountHub.largest(events), lists.count { !$0.isEmpty })
    }

    /// The same of those that link the same addresses, in two posts or more.
    private func linkHub() -> AccountIndicator {
        var rows: [Int: Int] = [:]
        for link in records.links { rows[link.link, default: 0] += 1 }
        var posts: [Int: Set<Int>] = [:]
        for link in records.links where rows[link.link, default: 0] > 1 {
            posts[records.posts[link.post].account, default: []].insert(link.post)
        }
        let events = records.links.map { link in
            AccountHub.Event(account: records.posts[link.post].account, thing: link.link)
        }
        let size = AccountHub.largest(events) { posts[$0, default: []].count > 1 }
        return hub("url_hub", size, lists.count { !$0.isEmpty })
    }

    private func hub(_ name: String, _ size: Int?, _ count: Int) -> AccountIndicator {
        let known = size == nil ? 0 : count
        let part = AccountIndicator.Part(hits: size ?? 0, count: count, known: known)
        return AccountIndicator(name, accounts: part)
    }

    /// How much the lengths of sentences vary from text to text.
    private func sentenceVariation() -> AccountIndicator {
        let lengths = records.posts.filter { !$0.isRepost }.compactMap(\.text?.sentenceWords)
        var value: Double?
        if lengths.count > 1 {
            let count = Double(lengths.count)
            var sum = 0.0
            for length in lengths { sum += length }
            let mean = sum / count
            var squares = 0.0
            for length in lengths { squares += (length - mean) * (length - mean) }
            value = (squares / count).squareRoot() / mean
        }
        return AccountIndicator("cv_sentence_length", value: value)
    }
}
