// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import FeedKernels
internal import Storage

/// What a file holds.
package enum FeedFormat: String, CaseIterable, Sendable {
    /// `object_id,account_id,content_id,timestamp_share`, as CooRTweet reads it.
    case coortweet
    /// `post_id,account_id,time,text` and more columns if there are, see the specification.
    case posts

    /// The columns that tell the format.
    package var requiredColumns: [String] {
        switch self {
        case .coortweet: ShareHeader.columns
        case .posts: ["post_id", "account_id", "time", "text"]
        }
    }

    /// The format of a file with these columns; `nil` if it is none that can be read.
    package init?(columns: [String]) {
        let found = Self.allCases.first { format in
            format.requiredColumns.allSatisfy { columns.contains($0) }
        }
        guard let found else { return nil }
        self = found
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
    ///   - platform: The platform of accounts whose record names none.
    ///   - isLenient: Whether malformed records are skipped and counted.
    ///   - time: The time that is noted for the import, in seconds since 1970.
    /// - Returns: What was added.
    /// - Throws: `.input` with line and column, `.unknownFormat`, `.dataset`, or what the source
    ///   throws. The dataset is then as it was.
    package func add(
        _ source: ByteSource,
        format: FeedFormat?,
        platform: String,
        isLenient: Bool,
        time: Int64
    ) throws -> ImportReport {
        try Self.mapped {
            try file.write { connection in
                var importer = try DatasetImporter(connection, format, platform, isLenient)
                return try importer.run(source, time: time)
            }
        }
    }
}
