// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed
import Testing

/// What files say of accounts is kept, and what they do not say is unknown.
@Suite struct ImportAccountTests {
    private func analysis(_ text: String, platform: String? = nil) throws -> AccountAnalysis {
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            try FeedFixture.add(Array(text.utf8), to: dataset, platform: platform)
            return try AccountAnalysis(of: dataset)
        }
    }

    private func profile(_ name: String, _ analysis: AccountAnalysis) throws -> AccountProfile {
        try #require(analysis.accounts.first { $0.profile.name == name }).profile
    }

    @Test func ourOwnTableSaysAllOfIt() throws {
        let found = try analysis(
            """
            post_id,account_id,time,text,handle,account_created,followers,following,account_posts,\
            description,picture,automated,repost_of,repost_account
            1,a,1700000000,hola,ana,2020-01-02,3,4,5,,0,1,x,gone
            2,b,1700000000,hola,,,,,,,,,,

            """
        )
        let ana = try profile("a", found)
        #expect(ana.handle == "ana")
        #expect(ana.created == 1_577_923_200)
        #expect((ana.followerCount, ana.followingCount, ana.postCount) == (3, 4, 5))
        #expect((ana.hasDescription, ana.hasPicture, ana.isAutomated) == (false, false, true))
        let other = try profile("b", found)
        #expect((other.handle, other.created) == (nil, nil))
        #expect((other.followerCount, other.followingCount, other.postCount) == (nil, nil, nil))
        #expect((other.hasPicture, other.isAutomated) == (nil, nil))
        #expect(found.sources.map(\.name) == ["gone"])
    }

    @Test func releasesNameWhomARepostIsOf() throws {
        let found = try analysis(
            """
            tweetid,userid,user_screen_name,follower_count,following_count,account_creation_date,\
            tweet_text,tweet_time,retweet_userid,retweet_tweetid
            1,a,ana,5,,2019-01-02,RT @x: y,2020-03-04 05:06,suspended,99

            """
        )
        let ana = try profile("a", found)
        #expect((ana.followerCount, ana.followingCount) == (5, nil))
        #expect(ana.created == 1_546_387_200)
        #expect(found.sources.map(\.name) == ["suspended"])
    }

    @Test func pagesOfTwitterCountPostsAndNameAuthors() throws {
        let found = try analysis(
            """
            {"data": [{"id": "1", "author_id": "9", "created_at": "2021-08-21T10:00:00.000Z",
              "text": "y", "referenced_tweets": [{"type": "retweeted", "id": "5"}]}],
             "includes": {"users": [{"id": "9", "username": "nueve",
               "public_metrics": {"followers_count": 1, "tweet_count": 77}}],
              "tweets": [{"id": "5", "author_id": "8", "text": "y",
               "created_at": "2021-08-20T10:00:00.000Z"}]}}
            """
        )
        let nine = try profile("9", found)
        #expect((nine.followerCount, nine.followingCount, nine.postCount) == (1, nil, 77))
        #expect(found.sources.map(\.name) == ["8"])
        let flat = try analysis(
            """
            {"id": "1", "author_id": "9", "author": {"id": "9"}, "text": "y",
             "created_at": "2021-08-21T10:00:00.000Z",
             "referenced_tweets": [{"type": "retweeted", "id": "5", "author_id": "8"}]}

            """
        )
        #expect(flat.sources.map(\.name) == ["8"])
    }

    @Test func mastodonCountsPostsAndNamesPrograms() throws {
        let found = try analysis(
            """
            [{"id": "2", "uri": "https://m.example/2", "created_at": "2026-11-21T00:00:00.000Z",
              "account": {"id": "5", "uri": "https://m.example/bea", "acct": "bea", "bot": true,
                "statuses_count": 12, "created_at": "2026-01-01T00:00:00.000Z"},
              "content": "", "reblog": {"id": "1", "uri": "https://n.example/1",
                "created_at": "2026-11-20T23:00:00.000Z", "content": "hola",
                "account": {"id": "4", "uri": "https://n.example/ana", "acct": "ana"}}}]
            """
        )
        let bea = try profile("https://m.example/bea", found)
        #expect((bea.postCount, bea.isAutomated, bea.followerCount) == (12, true, nil))
        #expect(try profile("https://n.example/ana", found).isAutomated == nil)
        #expect(found.sources.map(\.name) == ["https://n.example/ana"])
    }

    @Test func jetstreamNamesTheOwnerOfWhatIsPassedOn() throws {
        let found = try analysis(
            """
            {"did":"did:plc:a","time_us":1795219200000001,"kind":"commit","commit":{"rev":"r",\
            "operation":"create","collection":"app.bsky.feed.repost","rkey":"1","record":\
            {"subject":{"uri":"at://did:plc:gone/app.bsky.feed.post/2","cid":"c"},\
            "createdAt":"2026-11-21T00:00:00Z"},"cid":"c"}}

            """
        )
        #expect(found.sources.map(\.name) == ["did:plc:gone"])
    }

    @Test func fourCATNamesWhomARepostIsOf() throws {
        let found = try analysis(
            """
            id,thread_id,author,body,timestamp,is_retweet,retweeted_user
            8,8,ana,RT @bea: y,2021-08-21 10:00:00,yes,bea

            """,
            platform: "twitter"
        )
        #expect(found.sources.map(\.name) == ["bea"])
    }
}
