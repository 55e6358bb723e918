// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels
internal import SnapshotFormat

/// The fields of a record by name.
struct RecordFields {
    private let record: CSVRecord
    private let header: [String]

    init(_ record: CSVRecord, _ header: [String]) {
        self.record = record
        self.header = header
    }

    /// A field; `nil` without such a column.
    func text(_ name: String) -> String? {
        header.firstIndex(of: name).map { record.fields[$0] }
    }

    /// A field that may not be empty.
    func identifier(_ name: String) throws(CSVFault) -> String {
        guard let text = text(name), !text.isEmpty else { throw fault(name, .identifier) }
        return text
    }

    func time(_ name: String) throws(CSVFault) -> Int64 {
        guard let time = text(name).flatMap({ Timestamp.parse($0) }) else {
            throw fault(name, .time)
        }
        return time
    }

    /// A whole number that is not negative; 0 for an empty field or without such a column.
    func count(_ name: String) throws(CSVFault) -> Int64 {
        guard let text = text(name), !text.isEmpty else { return 0 }
        guard let count = Int64(text), (0...Timestamp.magnitudeMax).contains(count) else {
            throw fault(name, .count)
        }
        return count
    }

    func fault(_ name: String, _ expected: CSVFault.Expectation) -> CSVFault {
        let column = header.firstIndex(of: name).map { record.columns[$0] } ?? 1
        return CSVFault(line: record.line, column: column, field: name, expected: expected)
    }
}

/// A record of CooRTweet's format.
struct ShareRecord {
    let object: String
    let account: String
    let content: String
    let time: Int64

    init(_ fields: RecordFields) throws(CSVFault) {
        object = fields.text(ShareHeader.columns[0]) ?? ""
        account = try fields.identifier(ShareHeader.columns[1])
        content = fields.text(ShareHeader.columns[2]) ?? ""
        time = try fields.time(ShareHeader.columns[3])
    }
}

/// A record of the posts format.
///
/// Spec: `docs/spec/feed-dataset.md`, section 3.
struct PostRecord {
    let post: FeedPost
    /// What the post shares, if anything.
    let object: String?

    init(_ fields: RecordFields, platform: String) throws(CSVFault) {
        let named = fields.text("platform") ?? ""
        let chosen = named.isEmpty ? platform : named
        guard Token.isValid(chosen, countMax: PlatformAccount.platformCountMax) else {
            throw fields.fault("platform", .identifier)
        }
        let place = fields.text("place") ?? ""
        let object = fields.text("shared_object") ?? ""
        self.object = object.isEmpty ? nil : object
        var post = FeedPost(
            platform: chosen,
            account: try fields.identifier("account_id"),
            name: try fields.identifier("post_id"),
            time: try fields.time("time"),
            text: fields.text("text") ?? ""
        )
        post.isPaid = try fields.count("paid") != 0
        post.place = place.isEmpty ? nil : place
        post.likes = try fields.count("likes")
        post.reposts = try fields.count("reposts")
        post.replies = try fields.count("replies")
        post.views = try fields.count("views")
        post.hasImage = try fields.count("image") != 0
        self.post = post
    }
}
