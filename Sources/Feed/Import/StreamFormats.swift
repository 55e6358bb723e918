// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

// How events of Bluesky's Jetstream and of ActivityStreams 2.0 are read.

extension ImportedRecord {
    /// An event of Jetstream, of today's form or the first one; none for what is no post.
    static func jetstream(
        _ json: ForeignJSON,
        _ platform: String
    ) throws(CSVFault) -> [ImportedRecord] {
        let owner = try json.identifier("did")
        guard let commit = json.object("commit") else { return [] }
        let collection = commit.text("collection") ?? ""
        let operation = commit.text("operation") ?? commit.text("type") ?? ""
        let name = "at://\(owner)/\(collection)/\(try commit.identifier("rkey"))"
        let arrival = try json.count("time_us") / 1_000_000
        let posts = ["app.bsky.feed.post", "app.bsky.feed.repost"]
        guard posts.contains(collection) else { return [] }
        if ["delete", "d"].contains(operation) {
            return [.deletion(platform: platform, post: name, time: arrival)]
        }
        guard ["create", "c"].contains(operation), let record = commit.object("record") else {
            return []
        }
        // Authors choose the time in the record; when it arrived they cannot.
        let claimed = record.text("createdAt").flatMap { Timestamp.parse($0) } ?? arrival
        let post = FeedPost(
            platform: platform,
            account: owner,
            name: name,
            time: arrival > 0 ? min(claimed, arrival) : claimed,
            text: record.text("text") ?? ""
        )
        var imported = ImportedPost(post)
        if collection.hasSuffix("repost") {
            imported.repostOf = try record.object("subject")?.identifier("uri")
            imported.repostAccount = imported.repostOf.flatMap { Self.owner(of: $0) }
            return [.post(imported)]
        }
        imported.language = record.texts("langs").first
        imported.replyTo = record.object("reply")?.object("parent")?.text("uri")
        imported.replyAccount = imported.replyTo.flatMap { Self.owner(of: $0) }
        var tags = record.texts("tags")
        for feature in record.objects("facets").flatMap({ $0.objects("features") }) {
            if let tag = feature.text("tag") { tags.append(tag) }
            if let link = feature.text("uri") { imported.links.append(link) }
            if let named = feature.text("did") { imported.mentions.append(named) }
        }
        imported.hashtags = tags.map { $0.lowercased() }
        if let embed = record.object("embed") {
            imported.links += [embed.object("external")?.text("uri")].compactMap { $0 }
            let pictures =
                embed.objects("images") + (embed.object("media")?.objects("images") ?? [])
            imported.media = pictures.compactMap {
                $0.object("image")?.object("ref")?.text("$link")
            }
            imported.post.hasImage = !imported.media.isEmpty
        }
        return [.post(imported)]
    }

    /// `at://OWNER/…`.
    private static func owner(of uri: String) -> String? {
        uri.hasPrefix("at://") ? String(uri.dropFirst(5).prefix { $0 != "/" }) : nil
    }

    /// An activity, a note alone, or a collection of them.
    ///
    /// Spec: ActivityStreams 2.0 and its vocabulary.
    static func activity(
        _ json: ForeignJSON,
        _ platform: String
    ) throws(CSVFault) -> [ImportedRecord] {
        var records: [ImportedRecord] = []
        switch json.text("type") ?? "" {
        case "Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage":
            for item in json.objects("orderedItems") + json.objects("items") {
                records += try activity(item, platform)
            }
        case "Create":
            if let note = json.object("object") {
                records.append(.post(try self.note(note, by: reference(json, "actor"), platform)))
            }
        case "Announce":
            if let note = json.object("object"), note.has("content") {
                records.append(.post(try self.note(note, by: nil, platform)))
            }
            guard let actor = reference(json, "actor") else {
                throw json.fault("actor", .identifier)
            }
            let post = FeedPost(
                platform: platform,
                account: actor,
                name: try json.identifier("id"),
                time: try json.time("published"),
                text: ""
            )
            var imported = ImportedPost(post)
            imported.repostOf = reference(json, "object")
            imported.repostAccount = json.object("object").flatMap { reference($0, "attributedTo") }
            records.append(.post(imported))
        case "Delete":
            if let gone = reference(json, "object") {
                let time = json.has("published") ? try json.time("published") : 0
                records.append(.deletion(platform: platform, post: gone, time: time))
            }
        case "Note", "Article", "Page", "Question", "Video", "Image":
            records.append(.post(try note(json, by: nil, platform)))
        default: break
        }
        return records
    }

    private static func note(
        _ json: ForeignJSON,
        by actor: String?,
        _ platform: String
    ) throws(CSVFault) -> ImportedPost {
        guard let owner = reference(json, "attributedTo") ?? actor else {
            throw json.fault("attributedTo", .identifier)
        }
        let words = [json.text("summary") ?? "", PlainText.ofHTML(json.text("content") ?? "")]
        let post = FeedPost(
            platform: platform,
            account: owner,
            name: try json.identifier("id"),
            time: try json.time("published"),
            text: words.filter { !$0.isEmpty }.joined(separator: "\n")
        )
        var imported = ImportedPost(post)
        imported.replyTo = reference(json, "inReplyTo")
        let tags = json.objects("tag")
        imported.hashtags = tags.filter { $0.text("type") == "Hashtag" }
            .compactMap { $0.text("name")?.drop { $0 == "#" }.lowercased() }
        imported.mentions = tags.filter { $0.text("type") == "Mention" }
            .compactMap { $0.text("href") }
        imported.media = json.objects("attachment").compactMap { $0.text("url") }
        imported.post.hasImage = !imported.media.isEmpty
        return imported
    }

    /// An object by its address, or the address of one that is written out.
    private static func reference(_ json: ForeignJSON, _ name: String) -> String? {
        json.text(name) ?? json.object(name)?.text("id")
    }
}
