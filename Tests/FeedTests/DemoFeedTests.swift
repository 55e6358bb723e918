// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed
import FeedKernels
import Testing

@Suite struct DemoFeedTests {
    @Test func isTheSameForTheSameSeedAndTime() {
        let feed = DemoFeed(seed: 5, endingAt: FeedFixture.now)
        #expect(feed.csv == DemoFeed(seed: 5, endingAt: FeedFixture.now).csv)
        #expect(feed.csv != DemoFeed(seed: 6, endingAt: FeedFixture.now).csv)
        #expect(Set(feed.kinds.values).count == DemoFeed.Kind.allCases.count)
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5])
    func theCampaignIsFoundAndTheFansAreNot(seed: UInt64) throws {
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            let feed = DemoFeed(seed: seed, endingAt: FeedFixture.now)
            try FeedFixture.add(feed.csv, to: dataset)
            let ranker = Ranker(
                policy: PolicyPreset.standard.policy,
                snapshot: nil,
                asOf: FeedFixture.now
            )
            let ranking = try ranker.rank(dataset, cores: .allCores)
            #expect(ranking.posts.count == feed.kinds.count, "seed \(seed)")
            let found = Set(ranking.groups.flatMap(\.accounts))
            let meant = Set(DemoFeed.campaignAccounts.map { "\(DemoFeed.platform):\($0)" })
            #expect(found == meant, "seed \(seed)")
        }
    }
}
