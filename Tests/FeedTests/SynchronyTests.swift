// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed
import FeedKernels
import Testing

/// Acting at the same time, whatever is said: `docs/spec/account-signals.md`, section 9.
@Suite struct SynchronyTests {
    private static let start = AccountFixture.start / 3600 * 3600
    private static let day = AccountFixture.day

    /// People with an hour of the day and sessions of a few posts, for 40 days; now and then
    /// something happens, and many post within minutes.
    private func society(_ seed: UInt64) -> AccountFixture {
        var made = AccountFixture(seed: seed)
        for number in Int64(0)..<50 {
            let clock = made.below(24) * 3600
            for date in Int64(0)..<40 where made.below(3) > 0 {
                var time = Self.start + date * Self.day + clock + made.below(7200)
                for _ in 0...made.below(4) {
                    made.post("u\(number)", time)
                    time += 20 + made.below(900)
                }
            }
        }
        for _ in 0..<10 {
            let time = Self.start + made.below(40 * Self.day)
            for number in 0..<50 where made.below(2) == 0 {
                made.post("u\(number)", time + made.below(600))
            }
        }
        return made
    }

    private func network(_ made: AccountFixture) throws -> TimingNetwork {
        let shares = try made.withDataset { try $0.shares(of: .synchrony) }
        let rule = try TimingRule(
            windowSeconds: 60,
            minimum: 3,
            gapSeconds: 1800,
            launchSeconds: 600,
            rate: 0.05
        )
        return try TimingNetwork(of: shares, rule: rule, cores: .allCores)
    }

    private func groups(_ made: AccountFixture) throws -> [[String]] {
        let network = try network(made)
        return network.communities.map { community in
            community.core.map { network.shares.accounts.text($0.account) }.sorted()
        }
    }

    @Test func rhythmsSessionsAndNewsAreNoGroups() throws {
        let seeds = 40
        var found = 0
        for seed in 0..<seeds {
            let groups = try groups(society(UInt64(seed)))
            if groups.isEmpty { continue }
            found += 1
            print("seed \(seed): \(groups)")
        }
        // Of 40 trials of probability 0.05, more than 6 come less than once in a hundred runs.
        #expect(found <= 6)
    }

    @Test(arguments: 100..<106) func whoIsDrivenTogetherIsFound(seed: UInt64) throws {
        var made = society(seed)
        for _ in 0..<60 {
            let time = Self.start + made.below(40 * Self.day)
            for number in 0..<6 where made.below(10) < 8 {
                made.post("bot\(number)", time + made.below(15))
            }
        }
        let groups = try groups(made)
        #expect(groups.contains { $0.filter { $0.hasPrefix("bot") }.count >= 5 }, "seed \(seed)")
        #expect(groups.joined().allSatisfy { $0.hasPrefix("bot") }, "seed \(seed): \(groups)")
    }

    /// Programs at half past, and one account a day and five seconds after another: neither meets.
    @Test func clocksAndOtherDaysAreNotTogether() throws {
        var made = society(7)
        for date in Int64(0)..<40 {
            for number in Int64(0)..<4 {
                let noon = Self.start + date * Self.day + (12 + date % 6) * 3600
                made.post("clock\(number)", noon + 1800 + made.below(20))
                made.post("late\(number)", noon + number * (Self.day + 5) + date * 61 % 3000)
            }
        }
        #expect(try groups(made).isEmpty)
        let shares = try made.withDataset { try $0.shares(of: .synchrony) }
        let names = Set((0..<shares.count).map { shares.accounts.text(shares.account[$0]) })
        #expect(!names.contains { $0.hasPrefix("clock") })
        #expect(names.contains("late3"))
    }

    @Test func hoursBefore1970AreHoursToo() throws {
        var made = AccountFixture(seed: 1)
        for time: Int64 in [-7201, -7200, -3601, -3600, -1, 0, 3599, 3600] { made.post("a", time) }
        let shares = try made.withDataset { try $0.shares(of: .synchrony) }
        let hours = (0..<shares.count).map { shares.objects.text(shares.object[$0]) }
        #expect(
            hours == [
                "hour:-3", "hour:-2", "hour:-2", "hour:-1", "hour:-1", "hour:0", "hour:0", "hour:1",
            ]
        )
    }
}
