// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed
import FeedKernels
import SnapshotFormat

/// People who share links in regions, and those who share around some known accounts.
struct AroundFixture {
    var made: AccountFixture
    /// Everybody who is not planted.
    let people: [String]

    /// A society of two regions: most share little, some much; news are popular, blogs are not, and
    /// friends pass on what friends share.
    init(seed: UInt64, count: Int64 = 240) {
        made = AccountFixture(seed: seed)
        people = (0..<count).map { "u\($0)" }
        var latest: [String] = []
        for (number, account) in people.enumerated() {
            let region = number % 2
            let activity = number % 40 == 0 ? 50 : [1, 2, 2, 3, 5, 8][Int(made.below(6))]
            for _ in 0..<activity {
                let time = AccountFixture.start + made.below(60 * AccountFixture.day)
                var link = "https://news\(region).example/\(made.below(6) * made.below(6))"
                if made.below(2) == 0 {
                    link = "https://blog\(made.below(60)).example/\(region)/\(made.below(30))"
                }
                // Every tenth time what a neighbour shared, whatever that was.
                if made.below(10) == 0, let other = latest.suffix(12).first { link = other }
                latest.append(link)
                made.post(account, time, link)
            }
        }
    }

    /// Accounts that share some of a campaign's links, each with this chance in a hundred.
    mutating func campaign(_ accounts: [String], percent: Int64 = 50, count: Int = 15) {
        for account in accounts {
            for number in 0..<count where made.below(100) < percent {
                let time = AccountFixture.start + made.below(60 * AccountFixture.day)
                made.post(account, time, "https://site\(number % 4).example/campaign/\(number)")
            }
            // They also read the news.
            for _ in 0..<(1 + made.below(4)) {
                let time = AccountFixture.start + made.below(60 * AccountFixture.day)
                made.post(account, time, "https://news0.example/\(made.below(6) * made.below(6))")
            }
        }
    }

    /// Some of the people, drawn by lot.
    mutating func drawn(_ count: Int, where isAsked: (Int) -> Bool = { _ in true }) -> [String] {
        var pool = people.indices.filter(isAsked).map { people[$0] }
        return (0..<count).map { _ in pool.remove(at: Int(made.below(Int64(pool.count)))) }
    }

    /// What is found around accounts.
    func analysis(
        around known: [String],
        trusted: [String] = [],
        rule: AroundRule = AroundRule(),
        cores: Cores = .allCores
    ) throws -> AroundAnalysis {
        let rows = known.map { "\($0),designated" } + trusted.map { "\($0),trusted" }
        let table = (["account_id,class"] + rows).joined(separator: "\n") + "\n"
        let accounts = try KnownAccounts(csv: Array(table.utf8))
        return try made.withDataset {
            try AroundAnalysis(of: $0, around: accounts, rule: rule, cores: cores)
        }
    }
}

extension AroundAnalysis {
    /// The names of those that are near.
    var near: [String] { accounts.filter { $0.near != nil }.map(\.name) }
}
