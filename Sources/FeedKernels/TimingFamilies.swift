// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Accounts that links of one half of the objects join, and what the other half says of them.
package struct TimingFamily: Sendable {
    /// The half that judges.
    package let half: UInt32
    /// The accounts in byte order of their identifiers, which says nothing of when they shared.
    package let accounts: [UInt32]
    /// An e-value: by chance its mean is at most 1.
    package let evidence: Double
    /// The same over the number of families that could have had it.
    let weight: Double
}

/// The families that were tested, best first.
struct TimingFamilies: Sendable {
    let tested: [TimingFamily]
    /// How many of them are declared.
    let declaredCount: Int

    init(
        _ meetings: TimingMeetings,
        _ profiles: TimingProfiles,
        _ shares: ShareTable,
        _ rule: TimingRule,
        cores: Cores
    ) {
        var suggested: [(half: UInt32, accounts: [UInt32])] = []
        for half in 0..<TimingRule.halfCount {
            for accounts in Self.joined(meetings.links[Int(half)], shares.accounts) {
                suggested.append((half, accounts))
            }
        }
        let families = suggested
        let evidence = cores.map(families.count) { index in
            TimingEvidence(families[index].accounts, families[index].half, profiles, shares, rule)
                .value
        }
        var counts = [UInt32](repeating: 0, count: Int(TimingRule.halfCount))
        for (family, value) in zip(families, evidence) where value != nil {
            counts[Int(family.half)] += 1
        }
        // Of equal ones, the first half and then the first account comes first, as suggested.
        tested = zip(families, evidence).enumerated()
            .compactMap { index, element -> (index: Int, family: TimingFamily)? in
                guard let value = element.1 else { return nil }
                let (half, accounts) = element.0
                let weight = value / Double(TimingRule.halfCount * counts[Int(half)])
                let family = TimingFamily(
                    half: half,
                    accounts: accounts,
                    evidence: value,
                    weight: weight
                )
                return (index, family)
            }
            .sorted { (-$0.family.weight, $0.index) < (-$1.family.weight, $1.index) }
            .map(\.family)
        var declaredCount = 0
        for (index, family) in tested.enumerated()
        where family.weight * rule.rate * Double(index + 1) >= 1 {
            declaredCount = index + 1
        }
        self.declaredCount = declaredCount
    }

    /// The groups that the declared families make, their accounts in ascending order.
    var groups: [[UInt32]] {
        var groups: [[UInt32]] = []
        var home: [UInt32: Int] = [:]
        var taken: Set<UInt32> = []
        for family in tested.prefix(declaredCount) {
            var common: [Int: Int] = [:]
            for account in family.accounts {
                if let place = home[account] { common[place, default: 0] += 1 }
            }
            let nearest = common.max { ($0.value, $1.key) < ($1.value, $0.key) }
            let new = family.accounts.filter { !taken.contains($0) }
            if let nearest,
                2 * nearest.value > min(groups[nearest.key].count, family.accounts.count)
            {
                groups[nearest.key] += new
                for account in new { home[account] = nearest.key }
            } else if new.count > 1 {
                for account in new { home[account] = groups.count }
                groups.append(new)
            }
            taken.formUnion(new)
        }
        return groups.map { $0.sorted() }
    }

    /// The sets of accounts that links join, in byte order of their first accounts, and each in
    /// byte order.
    private static func joined(_ links: [TimingLink], _ names: StringTable) -> [[UInt32]] {
        var isLinked = [Bool](repeating: false, count: names.count)
        for link in links {
            isLinked[Int(link.first)] = true
            isLinked[Int(link.second)] = true
        }
        let (ranks, accounts) = names.ranks(where: isLinked)
        let ends = links.map { (Int(ranks[Int($0.first)]), Int(ranks[Int($0.second)])) }
        let homes = homes(links, ends, count: accounts.count)
        var families = [[UInt32]](repeating: [], count: accounts.count)
        for (rank, home) in homes.enumerated() { families[home].append(accounts[rank]) }
        return families.filter { !$0.isEmpty }
    }

    /// For each account by rank the least rank of its family.
    private static func homes(
        _ links: [TimingLink],
        _ ends: [(Int, Int)],
        count: Int
    ) -> [Int] {
        var near = [Set<Int>](repeating: [], count: count)
        for end in ends {
            near[end.0].insert(end.1)
            near[end.1].insert(end.0)
        }
        var sets = DisjointSets(count: count)
        var isDense = [Bool](repeating: false, count: count)
        for end in ends where !near[end.0].isDisjoint(with: near[end.1]) {
            sets.join(end.0, end.1)
            isDense[end.0] = true
            isDense[end.1] = true
        }
        var best = [(probability: Double, neighbour: Int)?](repeating: nil, count: count)
        for (link, end) in zip(links, ends) {
            for (own, other) in [(end.0, end.1), (end.1, end.0)]
            where !isDense[own] && isDense[other] {
                let offer = (probability: link.probability, neighbour: other)
                if let known = best[own], known <= offer { continue }
                best[own] = offer
            }
        }
        for end in ends where !isDense[end.0] && !isDense[end.1] {
            if best[end.0] == nil && best[end.1] == nil { sets.join(end.0, end.1) }
        }
        for own in 0..<count {
            if let offer = best[own] { sets.join(own, offer.neighbour) }
        }
        joinLone(links, ends, where: { !isDense[$0] && best[$0] == nil }, &sets)
        return (0..<count).map { sets.root($0) }
    }

    /// Joins loose accounts without loose neighbours to the neighbour of their likeliest link.
    private static func joinLone(
        _ links: [TimingLink],
        _ ends: [(Int, Int)],
        where isLoose: (Int) -> Bool,
        _ sets: inout DisjointSets
    ) {
        var hasCompany: Set<Int> = []
        for end in ends where isLoose(end.0) && isLoose(end.1) {
            hasCompany.formUnion([end.0, end.1])
        }
        var best: [Int: (probability: Double, neighbour: Int)] = [:]
        for (link, end) in zip(links, ends) {
            for (own, other) in [(end.0, end.1), (end.1, end.0)]
            where isLoose(own) && !hasCompany.contains(own) {
                let offer = (probability: link.probability, neighbour: other)
                if let known = best[own], known <= offer { continue }
                best[own] = offer
            }
        }
        for (own, offer) in best { sets.join(own, offer.neighbour) }
    }
}

/// What half of the objects says of a family.
private struct TimingEvidence {
    /// An e-value, or `nil` if there is nothing to test.
    let value: Double?

    init(
        _ accounts: [UInt32],
        _ half: UInt32,
        _ profiles: TimingProfiles,
        _ shares: ShareTable,
        _ rule: TimingRule
    ) {
        let holdings = TimingHoldings(profiles, shares, accounts: accounts) { object in
            profiles.isTelling(object) && object % TimingRule.halfCount == half
        }
        let rhythms = accounts.map { profiles.rhythm(of: $0, in: shares) }
        var trials: [(object: Int, trial: TimingTrial)] = []
        var times: [(time: Int64, object: Int)] = []
        for index in 0..<holdings.objectCount {
            let held = holdings[objectAt: index]
            guard held.count > 1, let first = held.first else { continue }
            var dealing = TimingDealing(
                profiles,
                shares,
                object: first.object,
                window: rule.windowSeconds,
                launch: rule.launchSeconds
            )
            dealing.fix(first.slots)
            var earliest: Int64?
            for holding in held.dropFirst() {
                let trial = dealing.trial(holding.slots, rhythms[holding.place])
                trials.append((index, trial))
                if let time = trial.time { earliest = min(time, earliest ?? time) }
                dealing.fix(holding.slots)
            }
            if let earliest { times.append((earliest, index)) }
        }
        guard !trials.isEmpty else {
            value = nil
            return
        }
        let counted = Chance.sittings(times, gap: rule.gapSeconds)
        var products = TimingRule.tilts.map { _ in ScaledProduct() }
        for (object, trial) in trials {
            let isWon = trial.time != nil && counted.contains(object)
            for (index, tilt) in TimingRule.tilts.enumerated() {
                products[index].multiply(isWon ? tilt : 1, by: 1 + (tilt - 1) * trial.chance)
            }
        }
        value = ScaledProduct.mean(products)
    }
}

/// A product of many numbers that leaves no digit to the C library.
private struct ScaledProduct {
    /// From 1/2 on, below 1.
    private var mantissa = 0.5
    private var exponent = 1

    /// Multiplies by a power of two and divides.
    mutating func multiply(_ factor: Double, by divisor: Double) {
        let value = mantissa * factor / divisor
        mantissa = value.significand / 2
        exponent += Int(value.exponent) + 1
    }

    /// The mean, at most about 2^1000.
    static func mean(_ products: [ScaledProduct]) -> Double {
        let top = products.map(\.exponent).max() ?? 0
        var sum = 0.0
        for product in products { sum += scaled(product.mantissa, product.exponent - top) }
        return scaled(sum / Double(products.count), min(top, 1000))
    }

    private static func scaled(_ value: Double, _ power: Int) -> Double {
        Double(sign: .plus, exponent: max(power, -3000), significand: value)
    }
}
