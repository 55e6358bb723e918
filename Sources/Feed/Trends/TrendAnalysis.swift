// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The trends of a dataset: who made which topic, and how much of it was not what it seemed.
///
/// Spec: `docs/spec/trends.md`.
package struct TrendAnalysis: Sendable {
    /// What is asked.
    package struct Rule: Equatable, Sendable {
        /// Topics of fewer posts are left out.
        package var postCountMin = 20
        /// Seconds of a batch in which bursts are looked for.
        package var batchSeconds: Int64 = 3600
        /// Later posts are left out, Unix seconds.
        package var until = Int64.max

        package init() {}
    }

    /// The topics that accounts of one class were the first to promote.
    package struct Promotion: Equatable, Sendable {
        /// The class; `nil` for topics without one.
        package let promoter: String?
        /// Topics, and their posts.
        package let topicCount: Int
        package let postCount: Int
        /// The mean of the topics' inorganic shares.
        package let meanInorganicShare: Double
    }

    /// The topics, most posts first.
    package let topics: [TopicTrend]
    /// By promoting class, most posts first.
    package let promotions: [Promotion]
    /// Posts of all topics; one of two topics counts twice.
    package let postCount: Int
    /// What was asked.
    package let rule: Rule

    /// Analyses a dataset.
    ///
    /// - Parameters:
    ///   - dataset: With hashtags.
    ///   - classes: Who accounts are.
    ///   - networks: Accounts that were found to coordinate.
    ///   - rule: What is asked.
    /// - Throws: `.dataset`, `.noPosts` if no topic has enough posts.
    /// - Complexity: O(n log n); 40 bytes for each hashtag of a post.
    package init(
        of dataset: Dataset,
        _ classes: ActorClasses,
        networks: Set<String>,
        rule: Rule = Rule()
    ) throws {
        let read = try dataset.topicPosts(until: rule.until)
        let book = ActorBook(read.accounts, classes, networks)
        var topics: [TopicTrend] = []
        for (name, posts) in read.posts where posts.count >= rule.postCountMin {
            var topic = TopicTrend(name, posts, book)
            topic.bursts = Self.bursts(posts, rule)
            topics.append(topic)
        }
        guard !topics.isEmpty else { throw FeedError.noPosts }
        self.rule = rule
        self.topics = topics.sorted { left, right in
            left.postCount == right.postCount
                ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
                : left.postCount > right.postCount
        }
        postCount = topics.reduce(0) { $0 + $1.postCount }
        promotions = Self.promotions(self.topics)
    }

    private static func batch(_ time: Int64, _ rule: Rule) -> Int64 {
        let remainder = time % rule.batchSeconds
        return (time - (remainder < 0 ? remainder + rule.batchSeconds : remainder))
            / rule.batchSeconds
    }

    private static func bursts(_ posts: [TopicPost], _ rule: Rule) -> [TopicBurst] {
        var counts: [(batch: Int64, count: Int)] = []
        for post in posts {
            let batch = batch(post.time, rule)
            if counts.last?.batch == batch {
                counts[counts.count - 1].count += 1
            } else {
                counts.append((batch, 1))
            }
        }
        return TopicBurst.bursts(counts)
    }

    private static func promotions(_ topics: [TopicTrend]) -> [Promotion] {
        Dictionary(grouping: topics, by: \.promoter).map { promoter, topics in
            Promotion(
                promoter: promoter,
                topicCount: topics.count,
                postCount: topics.reduce(0) { $0 + $1.postCount },
                meanInorganicShare: topics.reduce(0) { $0 + $1.inorganic.share }
                    / Double(topics.count)
            )
        }
        .sorted { ($1.postCount, $0.promoter ?? "") < ($0.postCount, $1.promoter ?? "") }
    }
}
