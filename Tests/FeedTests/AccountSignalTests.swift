// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed
import Testing

/// What single accounts show: `docs/spec/account-signals.md`.
@Suite struct AccountSignalTests {
    private static let start = AccountFixture.start
    private static let day = AccountFixture.day
    private static let signals = [
        "burner", "deletes-soon", "creation-burst", "handle-family", "dependent",
    ]

    /// Where nobody does anything together, a finding of a signal comes as seldom as was promised.
    @Test func societiesWithoutPlantingHaveFewFindings() throws {
        let seeds = 60
        var seen: [String: Int] = [:]
        for seed in 0..<seeds {
            let analysis = try AccountFixture.society(seed: UInt64(seed)).analysis()
            #expect(analysis.families.contains { $0.datedCount > 10 }, "seed \(seed)")
            for signal in Self.signals where !analysis.names(with: signal).isEmpty {
                seen[signal, default: 0] += 1
                print("seed \(seed): \(signal) \(analysis.names(with: signal))")
            }
        }
        // Of 60 trials of probability 0.05, more than 8 come once in a thousand runs.
        for signal in Self.signals { #expect(seen[signal, default: 0] <= 8, "\(signal)") }
    }

    /// Where only chance is at work, a probability of x or less comes at most with probability x.
    @Test func probabilitiesAreNotTooSmall() throws {
        var values: [String: [Double]] = [:]
        for seed in 100..<130 {
            let analysis = try AccountFixture.society(seed: UInt64(seed)).analysis()
            for account in analysis.accounts {
                if let life = account.life { values["life", default: []].append(life.probability) }
                if let gone = account.deletions {
                    values["deletions", default: []].append(gone.probability)
                }
            }
            let families = analysis.families.filter { $0.datedCount >= 3 }
            values["families", default: []] += families.map(\.probability)
        }
        for (name, found) in values {
            #expect(found.count > 100, "\(name)")
            for bound in [0.01, 0.05, 0.2, 0.5] {
                let part = Double(found.count { $0 <= bound }) / Double(found.count)
                // Three standard errors, of accounts that share what they are compared with.
                let error = 3 * (bound * (1 - bound) / Double(found.count)).squareRoot()
                #expect(part <= bound + error, "\(name): \(part) at \(bound)")
                print("\(name): \(part) of \(found.count) at \(bound)")
            }
        }
    }

    @Test(arguments: 0..<6) func whatIsPlantedIsFound(seed: UInt64) throws {
        var made = AccountFixture.society(seed: seed)
        let night = Self.start - 40 * Self.day + made.below(Self.day)
        for number in 0..<12 {
            made.people["new\(number)"] = AccountFixture.Person(
                handle: "Viva_\(10_000 + made.below(80_000))",
                created: night + made.below(20_000),
                postCount: 500
            )
            made.post("new\(number)", Self.start + made.below(90) * Self.day)
        }
        for number in Int64(0)..<10 {
            let created = Self.start + 3 * Self.day + number * 7 * Self.day
            made.people["burner\(number)"] = AccountFixture.Person(created: created, postCount: 2)
            for _ in 0..<2 { made.post("burner\(number)", created + 60 + made.below(3600)) }
        }
        for number in Int64(0)..<20 {
            let time = Self.start + number * 4 * Self.day
            made.post("cleaner", time, deleted: number % 2 == 0 ? time + 30 : nil)
            made.post("page", time + 9, repostOf: "lost\(number)", source: "gone")
        }
        let analysis = try made.analysis()
        let all = (0..<12).map { "new\($0)" }
        let names = { (signal: String) in Set(analysis.names(with: signal)) }
        #expect(names("creation-burst").isSuperset(of: all), "seed \(seed)")
        #expect(names("handle-family").isSuperset(of: all), "seed \(seed)")
        #expect(names("burner").isSuperset(of: (0..<10).map { "burner\($0)" }), "seed \(seed)")
        #expect(names("deletes-soon") == ["cleaner"], "seed \(seed)")
        #expect(names("dependent") == ["page"], "seed \(seed)")
        let page = try #require(analysis.dependencies.first { $0.isDeclared })
        #expect(analysis.sources[page.source].name == "gone")
        #expect((page.sourcePostCount, page.lag, page.share) == (0, nil, 1))
    }

    @Test func aDayAndFiveSecondsIsNotFast() throws {
        var made = AccountFixture(seed: 1)
        let lags: [Int64] = [5, Self.day + 5, 10, 11, 2 * Self.day + 1, 30 * Self.day]
        for (number, lag) in lags.enumerated() {
            let words = ["casa", "perro", "lluvia", "mesa", "río", "pan", "sol"]
                .map { "\($0)\(number)" }.joined(separator: " ")
            made.post("source", Self.start + Int64(number) * Self.day, words)
            made.post("copier", Self.start + Int64(number) * Self.day + lag, words)
        }
        let found = try made.analysis().dependencies
        #expect(found.map(\.lags) == [lags.sorted()])
        #expect(found.first?.fastCount == 2)
        #expect(found.first?.copyCount == 6)
        #expect(found.first?.lag == 11)
    }

    @Test func whoIsPassedOnIsKnownByAnyOfItsNames() throws {
        var made = AccountFixture(seed: 1)
        made.people["77"] = AccountFixture.Person(handle: "ElDiario")
        made.post("77", Self.start)
        for number in Int64(0)..<3 {
            let time = Self.start + number
            made.post("a", time, repostOf: "unknown\(number)", source: "77")
            made.post("a", time, repostOf: "unknown\(number)", source: "@eldiario")
            made.post("a", time, "RT @ELDIARIO: lo que dijo")
            made.post("a", time, "RT @ELDIARIO lo que dijo")
            made.post("a", time, repostOf: "p0")
        }
        let found = try made.analysis().dependencies
        #expect(found.map(\.repostCount) == [12])
        #expect(found.first?.sourcePostCount == 1)
        #expect(found.first?.postCount == 15)
    }

    @Test func aCrowdOnBothSidesOfMidnightIsOne() throws {
        var made = AccountFixture.society(seed: 5)
        let midnight = (Self.start / Self.day - 30) * Self.day
        for number in Int64(0)..<10 {
            made.people["new\(number)"] = AccountFixture.Person(
                created: midnight + (number - 5) * 600,
                postCount: 900
            )
            made.post("new\(number)", Self.start)
        }
        let crowds = try made.analysis().crowds
        #expect(crowds.count == 1)
        #expect(crowds.first.map { $0.times.contains(midnight) } == true)
        #expect((crowds.first?.peakCount ?? 0) >= 10)
    }

    @Test func badInputSaysNothingWrong() throws {
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            #expect(throws: FeedError.noPosts) { try AccountAnalysis(of: dataset) }
        }
        var alone = AccountFixture(seed: 1)
        alone.people["a"] = AccountFixture.Person(handle: "a1b2c3", created: 1, postCount: 1)
        alone.post("a", Self.start)
        var oneSecond = AccountFixture(seed: 2)
        var future = AccountFixture(seed: 3)
        let limit = Int64(1) << 53 - 1
        for number in 0..<50 {
            oneSecond.people["u\(number)"] = AccountFixture.Person(
                handle: "igual\(number)",
                created: Self.start,
                postCount: 1
            )
            oneSecond.post("u\(number)", Self.start, deleted: Self.start)
            future.people["u\(number)"] = AccountFixture.Person(
                created: limit - 9,
                postCount: limit
            )
            future.post("u\(number)", number % 2 == 0 ? -limit : limit, deleted: -limit)
        }
        for made in [alone, oneSecond, future] {
            let analysis = try made.analysis()
            for account in analysis.accounts { #expect(analysis.signals(of: account).isEmpty) }
            #expect(analysis.accountTable.count > 100)
        }
        #expect(try oneSecond.analysis().families.map(\.probability) == [1])
        // A date after the first post is no date.
        #expect(try future.analysis().accounts.count(where: \.isDated) == 25)
    }

    @Test func unknownIsNotZero() throws {
        var made = AccountFixture(seed: 1)
        for number in Int64(0)..<4 { made.post("u\(number)", Self.start + number) }
        let indicators = try made.analysis().indicators
        for name in ["zero_followers_and_following", "default_handle", "top_creation_weeks"] {
            let found = try #require(indicators.first { $0.name == name })
            #expect(found.posts?.percent == nil)
            #expect(found.posts?.known == 0)
        }
        let evenness = try #require(indicators.first { $0.name == "account_activity_evenness" })
        #expect(evenness.value == 100)
    }

    @Test func hubsAreTheLargestCommunities() throws {
        var made = AccountFixture(seed: 1)
        for number in Int64(0)..<20 {
            for event in Int64(0)..<4 {
                // Six at the same times from the same sources, three others from theirs.
                let group = number < 6 ? 0 : number < 9 ? 1 : number
                made.post(
                    "u\(number)",
                    Self.start + group * 40_000 + event * Self.day,
                    "vean https://site.example/\(group)/\(event)",
                    repostOf: "x",
                    source: "s\(group * 9 + event)"
                )
            }
        }
        let indicators = try made.analysis().indicators
        for name in ["similarity_hub", "temporal_hub", "url_hub"] {
            let found = try #require(indicators.first { $0.name == name })
            #expect(found.accounts == .init(hits: 6, count: 20, known: 20), "\(name)")
        }
    }
}
