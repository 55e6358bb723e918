// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed
import Testing

/// Posts of accounts for tests, as a table.
struct AccountFixture {
    static let start: Int64 = 1_700_000_000
    static let day: Int64 = 86_400

    /// What an account says of itself.
    struct Person {
        var handle = ""
        var created: Int64?
        var postCount: Int64?
    }

    private var state: UInt64
    var people: [String: Person] = [:]
    private var rows: [String] = []

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    /// A number from 0 to below a bound.
    mutating func below(_ bound: Int64) -> Int64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int64(state >> 33) % bound
    }

    mutating func post(
        _ account: String,
        _ time: Int64,
        _ text: String = "",
        deleted: Int64? = nil,
        repostOf: String = "",
        source: String = ""
    ) {
        let person = people[account, default: Person()]
        let created = person.created.map { "\($0)" } ?? ""
        let count = person.postCount.map { "\($0)" } ?? ""
        let gone = deleted.map { "\($0)" } ?? ""
        rows.append(
            "p\(rows.count),\(account),\(time),\(text),\(person.handle),\(created),\(count),"
                + "\(gone),\(repostOf),\(source)"
        )
    }

    /// Runs `body` with these posts in a dataset.
    func withDataset<Value>(_ body: (Dataset) throws -> Value) throws -> Value {
        let header =
            "post_id,account_id,time,text,handle,account_created,account_posts,deleted,"
            + "repost_of,repost_account"
        let csv = Array(([header] + rows).joined(separator: "\n").utf8) + [0x0a]
        return try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            try FeedFixture.add(csv, to: dataset)
            return try body(dataset)
        }
    }

    /// What is found in it.
    func analysis(_ rule: AccountRule = AccountRule()) throws -> AccountAnalysis {
        try withDataset { try AccountAnalysis(of: $0, rule: rule) }
    }

    /// People who joined one by one, with a rhythm of weeks, who post by day, throw a post away now
    /// and then, and pass on what is popular: nobody of them does anything together.
    static func society(seed: UInt64, accounts: Int64 = 150) -> AccountFixture {
        var made = AccountFixture(seed: seed)
        let stems = ["maria", "juan_", "el.gato", "lucha", "xx_", "rosa"]
        for number in 0..<accounts {
            var created = start - 10 * day - made.below(1500) * day + made.below(day)
            // Weekends are slow.
            if (created / day + 4) % 7 < 2, made.below(3) == 0 { created -= 2 * day }
            let stem = stems[Int(made.below(Int64(stems.count)))]
            made.people["u\(number)"] = Person(
                handle: "\(stem)\(made.below(100_000))",
                created: created,
                postCount: [2, 4, 300, 9000][Int(made.below(4))]
            )
        }
        for _ in 0..<(accounts * 6) {
            let account = "u\(made.below(accounts))"
            let time = start + made.below(120) * day + 28_800 + made.below(50_000)
            let isGone = made.below(40) == 0
            if made.below(3) == 0 {
                let source = "s\(made.below(6) * made.below(6))"
                made.post(account, time, repostOf: "x\(made.below(900))", source: source)
            } else {
                made.post(account, time, deleted: isGone ? time + made.below(3000) : nil)
            }
        }
        return made
    }
}

extension AccountAnalysis {
    /// The names of the accounts with a signal.
    func names(with signal: String) -> [String] {
        accounts.filter { signals(of: $0).contains(signal) }.map(\.profile.name)
    }
}
