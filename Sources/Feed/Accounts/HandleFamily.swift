// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

/// Accounts whose handles are the same but for numbers.
///
/// Spec: `docs/spec/account-signals.md`, section 4.
package struct HandleFamily: Equatable, Sendable {
    /// The platform.
    package let platform: String
    /// The handle with `#` for each number.
    package let template: String
    /// Its accounts, in order.
    package let accounts: [Int]
    /// Those of them of which it is known when they were made.
    package let datedCount: Int
    /// The most of them that were made within the seconds of a crowd, and from when on.
    package let togetherCount: Int
    package let together: Int64?
    /// The probability that as many of as many accounts drawn by lot were; 1 without dates.
    package internal(set) var probability: Double
    /// Whether that is too little for chance.
    package internal(set) var isTogether = false

    /// Finds them.
    ///
    /// - Parameters:
    ///   - members: Numbers and templates of one platform's accounts, in order.
    ///   - creations: Of the same platform.
    ///   - platform: Its name.
    ///   - rate: The share of false ones that is put up with, of those made together.
    /// - Returns: Most accounts first.
    static func all(
        _ members: [(account: Int, template: String)],
        _ creations: Creations,
        platform: String,
        rate: Double
    ) -> [HandleFamily] {
        var placeOf: [Int: Int] = [:]
        for (place, account) in creations.accounts.enumerated() { placeOf[account] = place }
        var histogram: [Int: Int] = [:]
        for crowd in creations.crowds { histogram[crowd - 1, default: 0] += 1 }
        let others = histogram.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        var lists: [String: [Int]] = [:]
        for member in members { lists[member.template, default: []].append(member.account) }
        var families: [HandleFamily] = []
        for (template, accounts) in lists where accounts.count >= AccountRule.familyCountMin {
            let times = accounts.compactMap { placeOf[$0] }.sorted().map { creations.times[$0] }
            var (most, from, beyond) = (0, Int64?.none, 0)
            for (place, time) in times.enumerated() {
                while beyond < times.count, times[beyond] - time < creations.crowdSeconds {
                    beyond += 1
                }
                if beyond - place > most { (most, from) = (beyond - place, time) }
            }
            families.append(
                HandleFamily(
                    platform: platform,
                    template: template,
                    accounts: accounts,
                    datedCount: times.count,
                    togetherCount: most,
                    together: from,
                    probability: chance(times.count, most, others, creations.times.count)
                )
            )
        }
        families.sort { left, right in
            left.accounts.count == right.accounts.count
                ? left.template.utf8.lexicographicallyPrecedes(right.template.utf8)
                : left.accounts.count > right.accounts.count
        }
        let asked = families.filter { $0.datedCount >= AccountRule.familyCountMin }
        let limit = Chance.limitOfAny(
            asked.map(\.probability),
            hypotheses: asked.count,
            rate: rate
        )
        for index in families.indices {
            let family = families[index]
            families[index].isTogether =
                family.datedCount >= AccountRule.familyCountMin
                && family.togetherCount >= AccountRule.familyCountMin
                && family.probability <= limit
        }
        return families
    }

    /// At most the probability that of `count` accounts drawn by lot some span holds `most`.
    private static func chance(
        _ count: Int,
        _ most: Int,
        _ others: [(count: Int, accounts: Int)],
        _ all: Int
    ) -> Double {
        guard count >= AccountRule.familyCountMin, all > 1 else { return 1 }
        var sum = 0.0
        for entry in others {
            let mean = Double(count - 1) * Double(entry.count) / Double(all - 1)
            sum += Double(entry.accounts) * Chance.sumTail(mean, most - 1)
        }
        return min(1, Double(count) / Double(all) * sum)
    }
}
