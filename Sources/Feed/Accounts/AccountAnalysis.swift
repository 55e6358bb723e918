// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

/// What single accounts and pairs of them show that no shared object does.
///
/// Spec: `docs/spec/account-signals.md`.
package struct AccountAnalysis: Sendable {
    /// A short life: how many accounts made before its last post are as young by then.
    package struct Life: Equatable, Sendable {
        /// Seconds from its making to its last post, and of silence after that.
        package let age: Int64
        package let quiet: Int64
        /// Accounts as young, itself included, of all that were made before.
        package let asYoung: Int
        package let before: Int
        /// That share is the probability, if its date is one drawn by lot.
        package var probability: Double { Double(asYoung) / Double(before) }
    }

    /// Posts that were gone soon.
    package struct Deletions: Equatable, Sendable {
        /// How many; how many at everybody else's rate; the probability of as many.
        package let count: Int
        package let expected: Double
        package let probability: Double
    }

    /// What is known of an account.
    package struct Account: Sendable {
        /// Who it is.
        package let profile: AccountProfile
        /// Its posts in the data; those that pass on others', and those that say nearly the same as
        /// an earlier one.
        package internal(set) var postCount = 0
        package internal(set) var repostCount = 0
        package internal(set) var copyCount = 0
        /// First and last post.
        package internal(set) var times: ClosedRange<Int64>?
        /// Whether it can be true when it was made.
        package internal(set) var isDated = false
        /// Of accounts with few posts and silence since.
        package internal(set) var life: Life?
        /// Where the data have deletions.
        package internal(set) var deletions: Deletions?
        /// Digits at the end of its handle, and the handle without numbers.
        package internal(set) var digitCount: Int?
        package internal(set) var template: String?
        /// Its family of handles, its crowd and its main source, by their places.
        package internal(set) var family: Int?
        package internal(set) var crowd: Int?
        package internal(set) var dependency: Int?
        /// Whether chance does not explain the life or the deletions.
        package internal(set) var isBurner = false
        package internal(set) var isDeleter = false
    }

    /// In byte order of platform and name.
    package private(set) var accounts: [Account]
    /// By platform and time.
    package private(set) var crowds: [CreationCrowd] = []
    /// By platform, most accounts first.
    package private(set) var families: [HandleFamily] = []
    /// In order of accounts.
    package let dependencies: [AccountDependency]
    /// Who is passed on.
    package let sources: [AccountSource]
    /// In order of their names.
    package let indicators: [AccountIndicator]
    /// All posts.
    package let postCount: Int
    /// What was asked.
    package let rule: AccountRule

    /// Analyses a dataset.
    ///
    /// - Parameters:
    ///   - dataset: With posts.
    ///   - rule: What is asked.
    /// - Throws: `.dataset`, `.noPosts`, `.input` with `.tooManyPairs` for too many alike texts.
    package init(of dataset: Dataset, rule: AccountRule = AccountRule()) throws {
        try self.init(dataset.accountRecords(), rule: rule)
    }

    init(_ given: AccountRecords, rule: AccountRule) throws(FeedError) {
        guard !given.posts.isEmpty else { throw .noPosts }
        var records = given
        self.rule = rule
        let lists = records.postsByAccount()
        let passed = AccountDependency.all(in: &records, rule: rule)
        dependencies = passed.found
        sources = records.sources
        postCount = records.posts.count
        indicators = AccountIndicators(records: records, lists: lists).all()
        accounts = records.profiles.enumerated().map { number, profile in
            var account = Account(profile: profile)
            let posts = lists[number].map { records.posts[$0] }
            account.postCount = posts.count
            account.repostCount = posts.count(where: \.isRepost)
            account.copyCount = passed.copies[number]
            if let first = posts.first, let last = posts.last {
                account.times = first.time...last.time
                if let created = profile.created, created > 0 {
                    account.isDated = created <= first.time + AccountRule.slackSeconds
                }
            }
            if let handle = profile.handle {
                let plain = HandleTemplate.plain(handle)
                account.digitCount = HandleTemplate.digitCount(plain)
                account.template = HandleTemplate.of(plain)
            }
            return account
        }
        for (place, dependency) in dependencies.enumerated() {
            let known = accounts[dependency.from].dependency.map { dependencies[$0] }
            if known.map({ $0.share < dependency.share }) ?? true {
                accounts[dependency.from].dependency = place
            }
        }
        judgeDeletions(records.posts)
        judgePlatforms(records.posts)
    }

    /// The numbers of the accounts of each platform, in order.
    private var platforms: [(name: String, accounts: [Int])] {
        var list: [(name: String, accounts: [Int])] = []
        for (number, account) in accounts.enumerated() {
            if list.last?.name != account.profile.platform {
                list.append((account.profile.platform, []))
            }
            list[list.count - 1].accounts.append(number)
        }
        return list
    }

    private mutating func judgePlatforms(_ posts: [AccountPost]) {
        var times: [String: [Int64]] = [:]
        for post in posts {
            times[accounts[post.account].profile.platform, default: []].append(post.time)
        }
        for (platform, numbers) in platforms {
            let made = numbers.filter { accounts[$0].isDated }
                .map { (account: $0, time: accounts[$0].profile.created ?? 0) }
            let creations = Creations(made, crowdSeconds: rule.crowdSeconds)
            let first = crowds.count
            crowds += CreationCrowd.all(in: creations, platform: platform, rate: rule.rate)
            for place in first..<crowds.count {
                for (number, time) in made where crowds[place].times.contains(time) {
                    accounts[number].crowd = place
                }
            }
            let members = numbers.compactMap { number in
                accounts[number].template.map { (account: number, template: $0) }
            }
            let start = families.count
            families += HandleFamily.all(members, creations, platform: platform, rate: rule.rate)
            for place in start..<families.count {
                for number in families[place].accounts { accounts[number].family = place }
            }
            judgeLives(of: numbers, creations, (times[platform] ?? []).sorted())
        }
    }

    /// Asks of accounts with few posts and silence since whether they are younger than others were.
    private mutating func judgeLives(
        of numbers: [Int],
        _ creations: Creations,
        _ times: [Int64]
    ) {
        guard !times.isEmpty else { return }
        // Single posts with a time in the future would make everybody silent.
        let end = times[(times.count - 1) * 99 / 100]
        var asked: [Int] = []
        for number in numbers {
            let account = accounts[number]
            guard account.isDated, let span = account.times, let created = account.profile.created
            else { continue }
            let counted = max(Int64(account.postCount), account.profile.postCount ?? 0)
            guard counted <= AccountRule.fewPostsMax,
                end - span.upperBound >= AccountRule.quietSecondsMin
            else { continue }
            let last = max(span.upperBound, created)
            accounts[number].life = Life(
                age: last - created,
                quiet: end - span.upperBound,
                asYoung: creations.count(from: created, through: last),
                before: creations.count(before: last + 1)
            )
            asked.append(number)
        }
        let limit = Chance.limit(
            of: asked.compactMap { accounts[$0].life?.probability },
            hypotheses: Double(asked.count),
            rate: rule.rate
        )
        for number in asked {
            guard let life = accounts[number].life else { continue }
            accounts[number].isBurner =
                life.probability <= limit && life.age <= AccountRule.shortSecondsMax
        }
    }

    /// Asks whose posts are gone soon more often than everybody else's.
    private mutating func judgeDeletions(_ posts: [AccountPost]) {
        var gone = [Int](repeating: 0, count: accounts.count)
        for post in posts where post.isGoneSoon { gone[post.account] += 1 }
        let total = gone.reduce(0, +)
        guard posts.contains(where: { $0.deleted != nil }) else { return }
        var values: [Double] = []
        for number in accounts.indices where accounts[number].postCount > 0 {
            let count = accounts[number].postCount
            let others = Double(total - gone[number] + 1) / Double(posts.count - count + 1)
            let expected = Double(count) * others
            let value = Chance.sumTail(expected, gone[number])
            accounts[number].deletions = Deletions(
                count: gone[number],
                expected: expected,
                probability: value
            )
            values.append(value)
        }
        let limit = Chance.limit(of: values, hypotheses: Double(values.count), rate: rule.rate)
        for number in accounts.indices {
            guard let deletions = accounts[number].deletions else { continue }
            accounts[number].isDeleter = deletions.count > 1 && deletions.probability <= limit
        }
    }
}
