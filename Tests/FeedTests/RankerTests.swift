// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed
import FeedKernels
import Testing

@Suite struct RankerTests {
    private let policy = PolicyPreset.standard.policy

    private func rank(
        _ posts: [FeedPost],
        policy: Policy? = nil,
        finding: CoordinationFinding = CoordinationFinding(),
        alsoDesignated: [String] = [],
        asOf: Int64 = FeedFixture.now
    ) throws -> [RankedPost] {
        let snapshot = try FeedFixture.snapshot(alsoDesignated: alsoDesignated)
        let ranker = Ranker(policy: policy ?? self.policy, snapshot: snapshot, asOf: asOf)
        return ranker.rank(posts, finding).posts
    }

    /// Three accounts that share five things within a second, until `now`.
    private func campaign() throws -> CoordinationFinding {
        var builder = ShareTableBuilder()
        for object in 0..<5 {
            for account in ["bot1", "bot2", "source"] {
                try builder.append(
                    object: "o\(object)",
                    account: "\(FeedFixture.platform):\(account)",
                    content: "\(account)\(object)",
                    time: FeedFixture.now - Int64(object) * 100
                )
            }
            // Two fans share something once.
            try builder.append(
                object: "song",
                account: "\(FeedFixture.platform):fan\(object)",
                content: "s\(object)",
                time: FeedFixture.now
            )
        }
        var rule = Policy.Coordination()
        rule.minimumParticipation = 1
        return try CoordinationFinding(in: builder.finish(), by: rule, cores: .single)
    }

    @Test func scoreIsTheProductOfItsFactors() throws {
        for ranked in try rank([FeedFixture.post("a", by: "source", secondsAgo: 900, likes: 3)]) {
            #expect(ranked.factors.map(\.kind) == FactorKind.allCases)
            #expect(ranked.score == ranked.factors.map(\.value).reduce(1, *))
            #expect(ranked.score.isFinite && ranked.score > 0)
        }
    }

    @Test func attestedSourcesRiseAndPaidBadgesDoNot() throws {
        let ranked = try rank([
            FeedFixture.post("paid", by: "customer", isPaid: true),
            FeedFixture.post("plain", by: "neighbour"),
            FeedFixture.post("trusted", by: "source"),
        ])
        #expect(ranked[0].post.name == "trusted")
        #expect(ranked[0][.source]?.value == 2)
        #expect(ranked[1].score == ranked[2].score)
        #expect(ranked.contains { $0[.source]?.reasons == [.paidIsWorthNothing] })
    }

    @Test func designatedAccountsSinkUntilTheDesignationEnds() throws {
        let post = FeedFixture.post("p", by: "member", likes: 1_000_000)
        let ranked = try rank([post, FeedFixture.post("q")])
        #expect(ranked[1].post.name == "p")
        #expect(ranked[1][.visibility]?.value == 0.05)
        let later = try rank([post], asOf: FeedFixture.now + 10 * FeedFixture.day)
        #expect(later[0][.visibility]?.value == 1)
        #expect(later[0][.visibility]?.reasons.isEmpty == true)
    }

    @Test func unsureDesignationsOnlyAskForReview() throws {
        let ranked = try rank([FeedFixture.post("p", by: "unsure")])
        #expect(ranked[0][.visibility]?.value == 1)
        #expect(ranked[0].needsReview)
    }

    @Test func limitsOfTheRegistryHoldWhileTheyLast() throws {
        let post = FeedFixture.post("p", by: "limited")
        #expect(try rank([post])[0][.visibility]?.value == 0.5)
        let later = try rank([post], asOf: FeedFixture.now + FeedFixture.day)
        #expect(later[0][.visibility]?.value == 1)
    }

    @Test func coordinatedAccountsSinkThenRecover() throws {
        let finding = try campaign()
        #expect(finding.groups.map(\.accounts.count) == [3])
        #expect(finding.groups.first?.objectCount == 5)
        let posts = [FeedFixture.post("p", by: "bot1"), FeedFixture.post("q", by: "fan1")]
        func value(daysLater days: Int64, _ name: String) throws -> Double? {
            let asOf = FeedFixture.now + days * FeedFixture.day
            return try rank(posts, finding: finding, asOf: asOf)
                .first { $0.post.name == name }?[.visibility]?.value
        }
        #expect(try value(daysLater: 0, "p") == 0.2)
        #expect(try value(daysLater: 14, "p") == 0.2)
        #expect(try abs((value(daysLater: 21, "p") ?? 0) - 0.6) < 1e-9)
        #expect(try value(daysLater: 28, "p") == 1)
        #expect(try value(daysLater: 0, "q") == 1)
    }

    @Test func attestedSourcesAreSparedAndPeopleDecide() throws {
        let ranked = try rank(
            [FeedFixture.post("p", by: "source", hasImage: true)],
            finding: try campaign(),
            alsoDesignated: ["source"]
        )[0]
        let left = (ranked[.quality]?.value ?? 0) * (ranked[.visibility]?.value ?? 0)
        #expect(left >= 1)
        #expect(ranked.needsReview)
        #expect(ranked[.visibility]?.reasons.contains(.trustedFloor(1)) == true)
    }

    @Test func wordsNeverLowerAPost() throws {
        let words = ["plaza", "corrido", "levantón", "cartel", "⛰️🐺", "balacera", "reclutan"]
        let ranked = try rank(words.map { FeedFixture.post($0, text: $0) })
        #expect(Set(ranked.map(\.score)).count == 1)
    }

    @Test func presetsOrderByTimeAndByReactions() throws {
        let posts = [
            FeedFixture.post("old", secondsAgo: 9000, likes: 50),
            FeedFixture.post("new", by: "member", secondsAgo: 1),
            FeedFixture.post("middle", secondsAgo: 400, likes: 7),
        ]
        let byTime = try rank(posts, policy: PolicyPreset.chronological.policy)
        #expect(byTime.map(\.post.name) == ["new", "middle", "old"])
        let byReactions = try rank(posts, policy: PolicyPreset.engagement.policy)
        #expect(byReactions.map(\.post.name) == ["old", "middle", "new"])
        #expect(byReactions.map(\.chronologicalRank) == [3, 2, 1])
    }

    @Test func equalScoresGoByTimeThenByName() throws {
        let neutral = try Policy(parsing: Array("policy: 1\nname: x\n".utf8))
        let posts = [
            FeedFixture.post("b", secondsAgo: 5), FeedFixture.post("c"), FeedFixture.post("a"),
        ]
        #expect(try rank(posts, policy: neutral).map(\.post.name) == ["a", "c", "b"])
    }

    @Test func datasetsAreRankedUntilTheTimeAskedFor() throws {
        let csv = "post_id,account_id,time,text\np1,a,100,uno\np2,b,200,dos\n"
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            try FeedFixture.add(Array(csv.utf8), to: dataset)
            let ranker = Ranker(policy: policy, snapshot: nil, asOf: 150)
            #expect(try ranker.rank(dataset, cores: .single).posts.map(\.post.name) == ["p1"])
            #expect(throws: FeedError.noPosts) {
                try Ranker(policy: policy, snapshot: nil, asOf: 50)
                    .rank(dataset, cores: .single)
            }
        }
    }
}
