// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
internal import FeedKernels

/// The tables of `feed trends`.
///
/// Spec: `docs/spec/trends.md`, section 6.
extension TrendAnalysis {
    /// A row a topic.
    package var topicTable: [UInt8] {
        Self.table(
            [
                [
                    "topic", "posts", "reposts", "accounts", "from", "to", "core_from", "core_to",
                    "promoter", "official_posts", "inorganic_posts", "inorganic_share",
                    "inorganic_low", "inorganic_high", "inorganic_accounts", "coordinated_posts",
                    "ephemeral_posts", "gone_within_hour", "bursts",
                ]
            ] + topics.map(Self.row)
        )
    }

    private static func row(_ topic: TopicTrend) -> [String] {
        let counts = [topic.postCount, topic.repostCount, topic.accountCount].map { "\($0)" }
        let times = [
            topic.times.lowerBound, topic.times.upperBound, topic.core.lowerBound,
            topic.core.upperBound,
        ]
        let interval = topic.inorganic.interval
        let parts = [
            topic.inorganicAccountCount, topic.coordinatedCount, topic.ephemeralCount,
            topic.goneSoonCount, topic.bursts.count,
        ]
        return [topic.name] + counts + times.map { "\($0)" }
            + [topic.promoter ?? "", "\(topic.officialCount)", "\(topic.inorganic.hits)"]
            + ["\(topic.inorganic.share)"]
            + [interval?.lowerBound, interval?.upperBound].map { $0.map { "\($0)" } ?? "" }
            + parts.map { "\($0)" }
    }

    /// A row a topic and class of accounts.
    package var actorTable: [UInt8] {
        Self.table(
            [["topic", "class", "posts", "accounts"]]
                + topics.flatMap { topic in
                    topic.parts.map { part in
                        [topic.name, part.name, "\(part.postCount)", "\(part.accountCount)"]
                    }
                }
        )
    }

    /// A row a burst.
    package var burstTable: [UInt8] {
        Self.table(
            [["topic", "from", "to", "posts", "weight"]]
                + topics.flatMap { topic in
                    topic.bursts.map { burst in
                        let span = time(of: burst)
                        return [
                            topic.name, "\(span.lowerBound)", "\(span.upperBound)",
                            "\(burst.postCount)", "\(burst.weight)",
                        ]
                    }
                }
        )
    }

    /// A row a class of accounts that was the first in topics.
    package var promoterTable: [UInt8] {
        let header = ["promoter", "topics", "posts", "share_of_posts", "mean_inorganic_share"]
        return Self.table(
            [header]
                + promotions.map { promotion in
                    [
                        promotion.promoter ?? "", "\(promotion.topicCount)",
                        "\(promotion.postCount)",
                        "\(Double(promotion.postCount) / Double(postCount))",
                        "\(promotion.meanInorganicShare)",
                    ]
                }
        )
    }

    /// When a burst begins, and when it is over, Unix seconds.
    package func time(of burst: TopicBurst) -> Range<Int64> {
        let first = burst.batches.lowerBound * rule.batchSeconds
        return first..<((burst.batches.upperBound + 1) * rule.batchSeconds)
    }

    private static func table(_ rows: [[String]]) -> [UInt8] {
        var writer = CSVWriter()
        for row in rows { writer.record(row) }
        return writer.bytes
    }

    /// What was found, with the rule; numbers with a fraction are texts that read back exactly.
    package var json: JSONValue {
        [
            "posts": .integer(Int64(postCount)),
            "promoters": .array(
                promotions.map { promotion in
                    [
                        "meanInorganicShare": .string("\(promotion.meanInorganicShare)"),
                        "posts": .integer(Int64(promotion.postCount)),
                        "promoter": .string(promotion.promoter ?? ""),
                        "topics": .integer(Int64(promotion.topicCount)),
                    ]
                }
            ),
            "rule": [
                "batchSeconds": .integer(rule.batchSeconds),
                "minPosts": .integer(Int64(rule.postCountMin)),
                "name": "trends",
                "version": 1,
            ],
            "topics": .array(topics.map(json)),
        ]
    }

    private func json(_ topic: TopicTrend) -> JSONValue {
        var members: [String: JSONValue] = [
            "accounts": .integer(Int64(topic.accountCount)),
            "bursts": .array(
                topic.bursts.map { burst in
                    let span = time(of: burst)
                    return [
                        "from": .integer(span.lowerBound),
                        "posts": .integer(Int64(burst.postCount)),
                        "to": .integer(span.upperBound), "weight": .string("\(burst.weight)"),
                    ]
                }
            ),
            "from": .integer(topic.times.lowerBound),
            "goneWithinHour": .integer(Int64(topic.goneSoonCount)),
            "inorganic": [
                "accounts": .integer(Int64(topic.inorganicAccountCount)),
                "coordinated": .integer(Int64(topic.coordinatedCount)),
                "ephemeral": .integer(Int64(topic.ephemeralCount)),
                "posts": .integer(Int64(topic.inorganic.hits)),
                "share": .string("\(topic.inorganic.share)"),
            ],
            "officialPosts": .integer(Int64(topic.officialCount)),
            "parts": .array(
                topic.parts.map { part in
                    [
                        "accounts": .integer(Int64(part.accountCount)), "class": .string(part.name),
                        "posts": .integer(Int64(part.postCount)),
                    ]
                }
            ),
            "posts": .integer(Int64(topic.postCount)),
            "reposts": .integer(Int64(topic.repostCount)),
            "to": .integer(topic.times.upperBound),
            "topic": .string(topic.name),
        ]
        members["promoter"] = topic.promoter.map { .string($0) }
        if let interval = topic.inorganic.interval {
            members["interval"] = [
                "high": .string("\(interval.upperBound)"),
                "low": .string("\(interval.lowerBound)"),
            ]
        }
        return .object(members)
    }
}
