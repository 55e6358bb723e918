// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed
import FeedKernels
import Foundation
import Testing

/// Files as platforms and other tools write them: `docs/spec/feed-dataset.md`, section 3.
@Suite struct ImportFormatTests {
    /// Imports a text piece by piece, and again: the second time nothing is new.
    private func importing(
        _ text: String,
        as format: FeedFormat,
        platform: String? = nil,
        columns: [String: String] = [:],
        _ body: (Dataset, ImportReport) throws -> Void
    ) throws {
        for pieceSize in [7, 1 << 20] {
            try FeedFixture.withDataset { path in
                let dataset = try Dataset(path: path, isCreated: true)
                func add() throws -> ImportReport {
                    try FeedFixture.add(
                        Array(text.utf8),
                        to: dataset,
                        platform: platform,
                        columns: columns,
                        pieceSize: pieceSize
                    )
                }
                let report = try add()
                #expect(report.format == format)
                try body(dataset, report)
                let summary = try dataset.summary()
                #expect(try add().postsAdded == 0)
                #expect(try dataset.summary() == summary)
            }
        }
    }

    /// `object account post` of each share.
    private func shares(_ dataset: Dataset, _ layer: ShareLayer) throws -> [String] {
        let table = try dataset.shares(of: layer, isQualified: true)
        return (0..<table.count).map { place in
            [
                table.objects.text(table.object[place]),
                table.accounts.text(table.account[place]),
                table.contents.text(table.content[place]),
            ].joined(separator: " ")
        }
    }

    @Test func readsTheToolkitsTable() throws {
        let text = """
            message_id,user_id,username,repost_id,reply_id,message,timestamp,urls
            1,4,user_4,,,"hola 🦂 #Uno #dos",1606451170.518101,['http://www.e.example/2/']
            2,1,user_1,1,,RT,1606451171,"['http://e.example/4?utm_source=x', 'https://e.example/6']"
            3,9007199254740993,big,,1,sí,1606451172,https://a.example https://b.example

            """
        try importing(text, as: .toolkit, platform: "plaza.example") { dataset, report throws in
            #expect(report.recordCount == 3 && report.postsAdded == 3)
            #expect(try shares(dataset, .repost) == ["1 plaza.example:1 2"])
            #expect(try shares(dataset, .reply) == ["1 plaza.example:9007199254740993 3"])
            // What is passed on is not the account's own: its links are the original's.
            #expect(
                try shares(dataset, .link) == [
                    "https://e.example/2 plaza.example:4 1",
                    "https://a.example plaza.example:9007199254740993 3",
                    "https://b.example plaza.example:9007199254740993 3",
                ]
            )
            #expect(try shares(dataset, .hashtagSequence) == ["uno dos plaza.example:4 1"])
            #expect(
                try dataset.posts().map(\.time) == [1_606_451_170, 1_606_451_171, 1_606_451_172]
            )
        }
    }

    @Test func readsReleasesOnInformationOperations() throws {
        let text = """
            tweetid,userid,user_display_name,user_screen_name,follower_count,following_count,\
            account_creation_date,tweet_language,tweet_text,tweet_time,in_reply_to_userid,\
            in_reply_to_tweetid,is_retweet,retweet_userid,retweet_tweetid,quote_count,reply_count,\
            like_count,retweet_count,hashtags,urls,user_mentions
            "10","h4sh=","Ana","ana","5","7","2019-01-02","es","Hola","2020-03-04 05:06","","",\
            "False","","","0","1","2","3","[Uno, dos]","[https://e.example/a]","[77]"
            "11","other","","","0","0","","es","RT @ana: Hola","2020-03-04 05:07","","","True",\
            "h4sh=","10","","","","","[]","","[]"

            """
        try importing(text, as: .informationOperation) { dataset, _ throws in
            #expect(
                try shares(dataset, .hashtag) == ["uno twitter:h4sh= 10", "dos twitter:h4sh= 10"]
            )
            #expect(try shares(dataset, .repost) == ["10 twitter:other 11"])
            #expect(try shares(dataset, .mention) == ["77 twitter:h4sh= 10"])
            let post = try #require(try dataset.posts().first)
            #expect((post.time, post.likes, post.reposts, post.replies) == (1_583_298_360, 2, 3, 1))
        }
    }

    @Test func readsFourCAT() throws {
        let text = """
            id,thread_id,timestamp,unix_timestamp,link,subject,body,author,author_fullname,\
            author_id,retweet_count,reply_count,like_count,is_retweet,replied_user,hashtags,urls,\
            images,videos,mentions
            8,7,2021-08-21 10:00:00,1629540000,,Tema,Cuerpo,ana,Ana A.,55,1,2,3,no,bea,"Uno,dos",\
            "https://e.example/a,https://e.example/b",https://i.example/1.jpg,,bea

            """
        try importing(text, as: .fourCAT, platform: "twitter") { dataset, _ throws in
            #expect(try dataset.posts().first?.text == "Tema\nCuerpo")
            #expect(try shares(dataset, .reply) == ["7 twitter:55 8"])
            #expect(try shares(dataset, .media) == ["https://i.example/1.jpg twitter:55 8"])
            #expect(try shares(dataset, .domain) == ["e.example twitter:55 8"])
            #expect(try dataset.summary().hashtagCount == 2)
        }
    }

    @Test func readsAnyTableWhoseColumnsAreNamed() throws {
        let text = "When,Who,What,ID\n2026-11-21T00:00:00-06:00,ana,\"a\r\nb\",1\n"
        let columns = ["When": "time", "Who": "account_id", "What": "text", "ID": "post_id"]
        try importing(text, as: .posts, columns: columns) { dataset, _ throws in
            let post = try #require(try dataset.posts().first)
            #expect((post.time, post.text) == (1_795_240_800, "a\r\nb"))
            #expect(post.qualifiedAccount == "unknown:ana")
        }
    }

    @Test(arguments: [true, false]) func readsTwittersPages(isOneLine: Bool) throws {
        var text = """
            {"data": [
              {"id": "1429000000000000001", "author_id": "9", "created_at":
                "2021-08-21T10:00:00.000Z", "text": "RT @x: y", "lang": "es",
                "referenced_tweets": [{"type": "retweeted", "id": "1428"}]},
              {"id": "1428", "author_id": "8", "created_at": "2021-08-21T09:00:00.000Z",
                "text": "y", "public_metrics": {"like_count": 3, "retweet_count": 1,
                "reply_count": 0, "quote_count": 0},
                "entities": {"urls": [{"url": "https://t.example/a",
                "expanded_url": "https://e.example/a#top"}], "hashtags": [{"tag": "Uno"}]}}],
             "includes": {"users": [{"id": "8", "username": "ocho", "created_at":
                "2020-01-01T00:00:00.000Z"}, {"id": "9"}]}, "meta": {"result_count": 2}}

            """
        if isOneLine { text = text.replacing("\n", with: "") + "\n" }
        try importing(text, as: .twitter) { dataset, report throws in
            #expect(report.postsAdded == 2)
            #expect(try shares(dataset, .repost) == ["1428 twitter:9 1429000000000000001"])
            #expect(try shares(dataset, .link) == ["https://e.example/a twitter:8 1428"])
            #expect(try shares(dataset, .hashtag) == ["uno twitter:8 1428"])
            #expect(try dataset.posts().last?.likes == 3)
        }
    }

    @Test func readsMastodonsStatuses() throws {
        let text = """
            [{"id": "2", "uri": "https://m.example/2", "created_at": "2026-11-21T00:00:00.000Z",
              "account": {"id": "5", "uri": "https://m.example/users/bea", "acct": "bea"},
              "content": "", "reblog": {"id": "1", "uri": "https://n.example/1",
                "created_at": "2026-11-20T23:00:00.000Z", "language": "es",
                "account": {"id": "4", "uri": "https://n.example/users/ana", "acct": "ana",
                  "note": "<p>Soy <b>Ana</b></p>", "followers_count": 12},
                "content":
                  "<p>Hay &amp; bloqueos<br>en la <a href=\\"https://x\\">52</a></p><p>¡Ojo!</p>",
                "tags": [{"name": "Bloqueos", "url": "x"}], "favourites_count": 4,
                "media_attachments": [{"id": "7", "url": "https://n.example/7.png",
                  "meta": {"aspect": 1.7777}}], "card": null}}]
            """
        try importing(text, as: .mastodon) { dataset, report throws in
            #expect(report.recordCount == 1 && report.postsAdded == 2)
            let posts = try dataset.posts()
            #expect(posts.map(\.text) == ["Hay & bloqueos\nen la 52\n¡Ojo!", ""])
            #expect(
                try shares(dataset, .repost) == [
                    "https://n.example/1 activitypub:https://m.example/users/bea "
                        + "https://m.example/2"
                ]
            )
            #expect(try dataset.summary().mediaCount == 1)
        }
    }

    @Test func readsActivities() throws {
        let text = """
            {"@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollection",
             "orderedItems": [
              {"type": "Create", "id": "https://n.example/1/activity",
               "actor": "https://n.example/ana", "object": {"type": "Note",
                "id": "https://n.example/1", "published": "2026-11-21T00:00:00Z",
                "attributedTo": "https://n.example/ana", "content": "<p>hola</p>",
                "tag": [{"type": "Hashtag", "name": "#Uno"},
                  {"type": "Mention", "href": "https://m.example/bea"}]}},
              {"type": "Announce", "id": "https://m.example/9", "actor": "https://m.example/bea",
               "published": "2026-11-21T00:01:00Z", "object": "https://n.example/1"},
              {"type": "Like", "id": "https://m.example/10", "actor": "https://m.example/bea",
               "object": "https://n.example/1"},
              {"type": "Delete", "actor": "https://n.example/ana",
               "published": "2026-11-21T01:00:00Z", "object": {"id": "https://n.example/1"}}]}
            """
        try importing(text, as: .activityStreams) { dataset, report throws in
            #expect(report.postsAdded == 2)
            let summary = try dataset.summary()
            #expect((summary.repostCount, summary.deletedCount) == (1, 1))
            #expect(try dataset.posts().map(\.text) == ["hola", ""])
        }
    }

    @Test func readsJetstreamOfBothForms() throws {
        let text = """
            {"did":"did:plc:a","time_us":1795219200000001,"kind":"commit","commit":{"rev":"r",\
            "operation":"create","collection":"app.bsky.feed.post","rkey":"1","record":\
            {"$type":"app.bsky.feed.post","text":"hola #uno","createdAt":"2030-01-01T00:00:00Z",\
            "langs":["es"],"facets":[{"features":[{"$type":"x#tag","tag":"uno"},{"uri":\
            "https://e.example/z"}],"index":{"byteStart":0,"byteEnd":4}}]},"cid":"c"}}
            {"did":"did:plc:b","time_us":1795219201000000,"type":"com","commit":{"rev":"r",\
            "type":"c","collection":"app.bsky.feed.repost","rkey":"2","record":{"subject":\
            {"uri":"at://did:plc:a/app.bsky.feed.post/1","cid":"c"},"createdAt":\
            "2026-11-21T00:00:01Z"}}}
            {"did":"did:plc:b","time_us":1795219202000000,"kind":"identity","identity":{}}
            {"did":"did:plc:b","time_us":1795219202000000,"kind":"commit","commit":{"rev":"r",\
            "operation":"create","collection":"app.bsky.feed.like","rkey":"3","record":{}}}
            {"did":"did:plc:a","time_us":1795219203000000,"kind":"commit","commit":{"rev":"r",\
            "operation":"delete","collection":"app.bsky.feed.post","rkey":"1"}}

            """
        try importing(text, as: .jetstream) { dataset, report throws in
            #expect(report.recordCount == 5 && report.postsAdded == 2)
            let uri = "at://did:plc:a/app.bsky.feed.post/1"
            #expect(
                try shares(dataset, .repost) == [
                    "\(uri) atproto:did:plc:b at://did:plc:b/app.bsky.feed.repost/2"
                ]
            )
            // Authors say when; nobody posts in the future.
            #expect(try dataset.posts().first?.time == 1_795_219_200)
            #expect(try dataset.summary().deletedCount == 1)
        }
    }

    @Test func brokenRecordsAreRefusedWithTheirPlaceOrCounted() throws {
        let line = #"{"did":"did:plc:a","time_us":1795219200000001,"kind":"identity"}"#
        let cases: [(String, CSVFault)] = [
            ("\(line)\n{\"did\":\n", CSVFault(line: 2, column: 1, expected: .json)),
            ("\(line)\n[1]\n", CSVFault(line: 2, column: 1, expected: .json)),
            (
                "\(line)\n" + #"{"did":"d","commit":{"collection":"x"}}"#,
                CSVFault(line: 2, column: 1, field: "commit.rkey", expected: .identifier)
            ),
        ]
        for (text, fault) in cases {
            try FeedFixture.withDataset { path in
                let dataset = try Dataset(path: path, isCreated: true)
                #expect(throws: FeedError.input(.csv(fault))) {
                    try FeedFixture.add(Array(text.utf8), to: dataset)
                }
                let report = try FeedFixture.add(Array(text.utf8), to: dataset, isLenient: true)
                #expect((report.skippedCount, report.faults) == (1, [fault]))
            }
        }
        for bytes: [UInt8] in [Array("{}".utf8), Array("[{}]".utf8), [0x7b, 0xff, 0x7d], [0x5b]] {
            try FeedFixture.withDataset { path in
                let dataset = try Dataset(path: path, isCreated: true)
                #expect(throws: FeedError.self) { try FeedFixture.add(bytes, to: dataset) }
            }
        }
    }

    @Test(arguments: [1, 5, 4096]) func unpacksGzip(pieceSize: Int) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // What cannot be removed is left in a temporary place.
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = String(repeating: "una línea de muchas\n", count: 500)
        try Data(text.utf8).write(to: folder.appending(path: "a"))
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "gzip -k a; cat a.gz a.gz > b"]
        process.currentDirectoryURL = folder
        try process.run()
        process.waitUntilExit()
        let packed = Array(try Data(contentsOf: folder.appending(path: "b")))
        func unpack(_ bytes: [UInt8]) throws -> String {
            var start = 0
            let stream = Gunzip {
                let end = min(bytes.count, start + pieceSize)
                defer { start = end }
                return Array(bytes[start..<end])
            }
            var whole: [UInt8] = []
            while case let piece = try stream.next(), !piece.isEmpty { whole += piece }
            return String(decoding: whole, as: UTF8.self)
        }
        #expect(try unpack(packed) == text + text)
        for broken in [Array(packed.dropLast(3)), packed + [1, 2, 3], [0x1f, 0x8b]] {
            #expect(throws: FeedKernelError.self) { try unpack(broken) }
        }
    }

    @Test func addressesOfOnePageHaveOneSpelling() {
        let cases: [(String, String?)] = [
            ("HTTP://WWW.E.example:80/A/?utm_source=x&b=1&fbclid=2#top", "https://e.example/A?b=1"),
            ("https://youtu.be/abc?t=5", "https://youtube.com/watch?v=abc&t=5"),
            ("https://m.youtube.com/watch?v=abc", "https://youtube.com/watch?v=abc"),
            ("https://e.example/a&", "https://e.example/a&"),
            ("https://e.example/?", "https://e.example"),
            ("https://e.example/lar…", nil), ("https://e.example/lar...", nil),
            ("ftp://e.example", nil), ("https://", nil), ("", nil), ("e.example", nil),
        ]
        for (address, expected) in cases {
            #expect(CanonicalLink(address)?.text == expected, "\(address)")
        }
        #expect(CanonicalLink("https://u:p@www.e.example/a")?.domain == "e.example")
    }
}
