// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import FeedKernels
internal import Storage

/// What a file holds.
///
/// Spec: `docs/spec/feed-dataset.md`, section 3.
package enum FeedFormat: String, CaseIterable, Sendable {
    /// `object_id,account_id,content_id,timestamp_share`, as CooRTweet reads it.
    case coortweet
    /// Our own table: `post_id,account_id,time,text` and more columns if there are.
    case posts
    /// The table of the coordination-network-toolkit.
    case toolkit
    /// The tables of Twitter's releases on information operations.
    case informationOperation = "twitter-io"
    /// 4CAT's table of posts.
    case fourCAT = "4cat"
    /// Pages of Twitter's second interface, or flattened posts.
    case twitter
    /// Statuses of Mastodon's interface.
    case mastodon
    /// Activities, notes and collections of ActivityStreams 2.0.
    case activityStreams = "activitystreams"
    /// Events of Bluesky's Jetstream.
    case jetstream

    /// The columns that tell the format; empty for those in JSON.
    package var requiredColumns: [String] {
        switch self {
        case .coortweet: ShareHeader.columns
        case .posts: ["post_id", "account_id", "time", "text"]
        case .toolkit: ["message_id", "user_id", "repost_id", "message", "timestamp"]
        case .informationOperation: ["tweetid", "userid", "tweet_time", "tweet_text"]
        case .fourCAT: ["id", "thread_id", "author", "body", "timestamp"]
        case .twitter, .mastodon, .activityStreams, .jetstream: []
        }
    }

    /// Whether it is JSON.
    package var isJSON: Bool { requiredColumns.isEmpty }

    /// The platform of what a file holds, where the format is of one.
    package var platform: String? {
        switch self {
        case .informationOperation, .twitter: "twitter"
        case .mastodon, .activityStreams: "activitypub"
        case .jetstream: "atproto"
        case .coortweet, .posts, .toolkit, .fourCAT: nil
        }
    }

    /// The format of a file with these columns; `nil` if it is none that can be read.
    package init?(columns: [String]) {
        let found = Self.allCases.first { format in
            !format.isJSON && format.requiredColumns.allSatisfy { columns.contains($0) }
        }
        guard let found else { return nil }
        self = found
    }

    /// The format of a file with such an object; `nil` if it is none that can be read.
    init?(like json: ForeignJSON) {
        if json.has("did"), json.has("time_us") {
            self = .jetstream
        } else if json.has("account"), json.has("content") {
            self = .mastodon
        } else if json.has("data") || json.has("author_id") && json.has("text") {
            self = .twitter
        } else if json.has("@context") || json.has("type") {
            self = .activityStreams
        } else {
            return nil
        }
    }
}

/// Where the bytes of a file come from: the next piece, or an empty one at its end.
package typealias ByteSource = () throws -> [UInt8]

/// What an import did.
package struct ImportReport: Equatable, Sendable {
    /// The format that was read.
    package var format: FeedFormat
    /// SHA-256 of the file, in hexadecimal.
    package var digest: String
    /// Records read.
    package var recordCount = 0
    /// Posts that were new.
    package var postsAdded = 0
    /// Shares that were new.
    package var sharesAdded = 0
    /// Posts that are known to be gone.
    package var deletionCount = 0
    /// Malformed records that were skipped.
    package var skippedCount = 0
    /// The first of them.
    package var faults: [CSVFault] = []
}

extension Dataset {
    /// Adds what a file has that is new, in one transaction.
    ///
    /// - Parameters:
    ///   - source: The file's bytes.
    ///   - format: What it holds; `nil` to tell from its header.
    ///   - platform: The platform of accounts whose record names none; `nil` for the format's own,
    ///     or `unknown`.
    ///   - columns: Names of our columns by those that the table has instead.
    ///   - isLenient: Whether malformed records are skipped and counted.
    ///   - time: The time that is noted for the import, in seconds since 1970.
    /// - Returns: What was added.
    /// - Throws: `.input` with line and column, `.unknownFormat`, `.dataset`, or what the source
    ///   throws. The dataset is then as it was.
    package func add(
        _ source: ByteSource,
        format: FeedFormat?,
        platform: String?,
        columns: [String: String] = [:],
        isLenient: Bool,
        time: Int64
    ) throws -> ImportReport {
        try Self.mapped {
            try file.write { connection in
                var importer = try DatasetImporter(connection, format, platform, columns, isLenient)
                return try importer.run(source, time: time)
            }
        }
    }
}
