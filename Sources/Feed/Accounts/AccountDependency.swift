// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

/// An account most of whose posts are another one's.
///
/// Spec: `docs/spec/account-signals.md`, section 5.
package struct AccountDependency: Equatable, Sendable {
    /// The account.
    package let from: Int
    /// The number of whom it passes on.
    package let source: Int
    /// Its posts, and those of the source in the data.
    package let postCount: Int
    package let sourcePostCount: Int
    /// Posts that pass on one of the source, and that say nearly the same after it.
    package let repostCount: Int
    package let copyCount: Int
    /// How many were to be expected from how often others pass the source on.
    package let expected: Double
    /// The probability of so many.
    package let probability: Double
    /// Whether that is too little for popularity alone.
    package internal(set) var isDeclared = false
    /// Seconds after the source's post, where that is known; in order.
    package let lags: [Int64]
    /// First and last time.
    package let times: ClosedRange<Int64>

    /// What of its posts is the source's.
    package var share: Double { Double(repostCount + copyCount) / Double(postCount) }
    /// How many came within seconds.
    package var fastCount: Int { lags.count { $0 <= AccountRule.fastSeconds } }
    /// The middle one, of two the lesser.
    package var lag: Int64? { lags.isEmpty ? nil : lags[(lags.count - 1) / 2] }

    /// A post that comes from somebody else.
    private struct Passed {
        let account: Int
        let source: Int
        let time: Int64
        let lag: Int64?
        let isCopy: Bool
    }

    private struct Pair: Hashable {
        let account: Int
        let source: Int
    }

    /// Finds them.
    ///
    /// - Parameters:
    ///   - records: Accounts and posts; sources of copies are added.
    ///   - rule: What is asked.
    /// - Returns: In order of accounts, then of sources, and how many posts of each account are
    ///   copies.
    static func all(
        in records: inout AccountRecords,
        rule: AccountRule
    ) -> (found: [AccountDependency], copies: [Int]) {
        let passed = passed(in: &records)
        var postCounts = [Int](repeating: 0, count: records.profiles.count)
        for post in records.posts { postCounts[post.account] += 1 }
        var byAccount = [Int](repeating: 0, count: records.profiles.count)
        var copies = byAccount
        var bySource = [Int](repeating: 0, count: records.sources.count)
        var pairs: [Pair: [Int]] = [:]
        for (place, post) in passed.enumerated() {
            byAccount[post.account] += 1
            bySource[post.source] += 1
            if post.isCopy { copies[post.account] += 1 }
            let pair = Pair(account: post.account, source: post.source)
            pairs[pair, default: []].append(place)
        }
        var values: [Double] = []
        var found: [AccountDependency] = []
        for (pair, places) in pairs where places.count >= AccountRule.passedCountMin {
            let of = byAccount[pair.account]
            let popular = Double(bySource[pair.source] - places.count + 1)
            let expected = Double(of) * popular / Double(passed.count - of + 1)
            let value = Chance.sumTail(expected, places.count)
            values.append(value)
            let share = Double(places.count) / Double(postCounts[pair.account])
            guard share >= rule.shareMin else { continue }
            let posts = places.map { passed[$0] }
            let times = posts.map(\.time).sorted()
            found.append(
                AccountDependency(
                    from: pair.account,
                    source: pair.source,
                    postCount: postCounts[pair.account],
                    sourcePostCount: records.sources[pair.source].account
                        .map { postCounts[$0] } ?? 0,
                    repostCount: posts.count { !$0.isCopy },
                    copyCount: posts.count(where: \.isCopy),
                    expected: expected,
                    probability: value,
                    lags: posts.compactMap(\.lag).sorted(),
                    times: times[0]...times[times.count - 1]
                )
            )
        }
        let asking = byAccount.count { $0 >= AccountRule.passedCountMin }
        let limit = Chance.limitOfAny(
            values,
            hypotheses: asking * records.sources.count,
            rate: rule.rate
        )
        for index in found.indices { found[index].isDeclared = found[index].probability <= limit }
        found.sort { ($0.from, $0.source) < ($1.from, $1.source) }
        return (found, copies)
    }

    /// What passes on, or says nearly the same as, an earlier post of another account.
    private static func passed(in records: inout AccountRecords) -> [Passed] {
        var firsts: [UInt32: Int] = [:]
        for (place, post) in records.posts.enumerated() {
            guard let cluster = post.cluster else { continue }
            if let known = firsts[cluster], records.posts[known].time <= post.time { continue }
            firsts[cluster] = place
        }
        var ofAccount: [Int: Int] = [:]
        for (number, source) in records.sources.enumerated() {
            if let account = source.account { ofAccount[account] = number }
        }
        var passed: [Passed] = []
        for post in records.posts {
            var (source, origin) = (post.source, post.sourceTime)
            let isCopy = post.cluster != nil
            if let cluster = post.cluster, let place = firsts[cluster] {
                let first = records.posts[place]
                guard first.time < post.time, first.account != post.account else { continue }
                origin = first.time
                source = ofAccount[first.account] ?? records.sources.count
                if source == records.sources.count {
                    ofAccount[first.account] = source
                    let profile = records.profiles[first.account]
                    records.sources.append(
                        AccountSource(
                            platform: profile.platform,
                            name: profile.name,
                            account: first.account
                        )
                    )
                }
            }
            guard let source, records.sources[source].account != post.account else { continue }
            let lag = origin.flatMap { $0 <= post.time ? post.time - $0 : nil }
            passed.append(
                Passed(
                    account: post.account,
                    source: source,
                    time: post.time,
                    lag: lag,
                    isCopy: isCopy
                )
            )
        }
        return passed
    }
}
