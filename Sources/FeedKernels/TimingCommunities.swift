// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Accounts that coordinated edges join.
package struct TimingCommunity: Equatable, Sendable {
    /// The accounts that timing joins, in byte order of their identifiers.
    package var core: [UInt32]
    /// Accounts that go with them only by choice, in byte order.
    package var attached: [UInt32] = []
    /// How many coordinated edges join the core.
    package var edgeCount = 0
    /// The mean part of the core that stays joined when a fifth of the objects is left out.
    package var stability = 0.0
}

extension TimingNetwork {
    /// The communities, most accounts first; among equals, the one whose first account comes first.
    ///
    /// - Complexity: O(e·d) for e coordinated edges and d the greatest number of neighbours.
    package func communities() -> [TimingCommunity] {
        let strong = edges.filter { $0.kind == .coordinated }
        var isJoined = [Bool](repeating: false, count: shares.accounts.count)
        for edge in edges where edge.kind != .none {
            isJoined[Int(edge.from)] = true
            isJoined[Int(edge.to)] = true
        }
        let (ranks, accounts) = shares.accounts.ranks(where: isJoined)
        let ends = strong.map { (Int(ranks[Int($0.from)]), Int(ranks[Int($0.to)])) }
        let homes = Self.homes(strong, ends, count: accounts.count)
        var indices: [Int: Int] = [:]
        var communities: [TimingCommunity] = []
        var placeOf = [Int?](repeating: nil, count: accounts.count)
        for rank in 0..<accounts.count {
            guard let home = homes[rank] else { continue }
            if let index = indices[home] {
                communities[index].core.append(accounts[rank])
                placeOf[rank] = index
            } else {
                indices[home] = communities.count
                placeOf[rank] = communities.count
                communities.append(TimingCommunity(core: [accounts[rank]]))
            }
        }
        var inner = [[TimingEdge]](repeating: [], count: communities.count)
        for (edge, end) in zip(strong, ends) {
            guard let place = placeOf[end.0], place == placeOf[end.1] else { continue }
            inner[place].append(edge)
        }
        for index in communities.indices {
            communities[index].edgeCount = inner[index].count
            communities[index].stability = stability(communities[index].core, inner[index])
        }
        attach(&communities, placeOf, ranks, accounts)
        return communities.sorted { $0.core.count > $1.core.count }
    }

    /// For each account by rank the least rank of its community; `nil` for those in none.
    private static func homes(
        _ edges: [TimingEdge],
        _ ends: [(Int, Int)],
        count: Int
    ) -> [Int?] {
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
        var best = [(timing: Double, neighbour: Int)?](repeating: nil, count: count)
        for (edge, end) in zip(edges, ends) {
            for (own, other) in [(end.0, end.1), (end.1, end.0)]
            where !isDense[own] && isDense[other] {
                let offer = (timing: edge.timing, neighbour: other)
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
        joinLone(edges, ends, where: { !isDense[$0] && best[$0] == nil }, &sets)
        return (0..<count).map { near[$0].isEmpty ? nil : sets.root($0) }
    }

    /// Joins loose accounts without loose neighbours to the neighbour of their least timing.
    private static func joinLone(
        _ edges: [TimingEdge],
        _ ends: [(Int, Int)],
        where isLoose: (Int) -> Bool,
        _ sets: inout DisjointSets
    ) {
        var hasCompany: Set<Int> = []
        for end in ends where isLoose(end.0) && isLoose(end.1) {
            hasCompany.formUnion([end.0, end.1])
        }
        var best: [Int: (timing: Double, neighbour: Int)] = [:]
        for (edge, end) in zip(edges, ends) {
            for (own, other) in [(end.0, end.1), (end.1, end.0)]
            where isLoose(own) && !hasCompany.contains(own) {
                let offer = (timing: edge.timing, neighbour: other)
                if let known = best[own], known <= offer { continue }
                best[own] = offer
            }
        }
        for (own, offer) in best { sets.join(own, offer.neighbour) }
    }

    /// The mean part of a core that stays in one piece, over the folds.
    private func stability(_ core: [UInt32], _ inner: [TimingEdge]) -> Double {
        var places: [UInt32: Int] = [:]
        for (place, account) in core.enumerated() { places[account] = place }
        var sum = 0.0
        for fold in 0..<UInt32(TimingRule.foldCount) {
            var sets = DisjointSets(count: core.count)
            for edge in inner where isKept(edge, without: fold) {
                guard let from = places[edge.from], let to = places[edge.to] else { continue }
                sets.join(from, to)
            }
            var sizes = [Int](repeating: 0, count: core.count)
            for place in core.indices { sizes[sets.root(place)] += 1 }
            let largest = sizes.max() ?? 0
            sum += largest > 1 ? Double(largest) / Double(core.count) : 0
        }
        return sum / Double(TimingRule.foldCount)
    }

    /// Whether an edge stays coordinated without a part of the objects.
    private func isKept(_ edge: TimingEdge, without fold: UInt32) -> Bool {
        let trials = edge.trials.filter { $0.object % UInt32(TimingRule.foldCount) != fold }
        let times = trials.compactMap(\.time).sorted()
        let count = Chance.episodes(times, gap: rule.gapSeconds)
        guard count >= rule.minimum else { return false }
        return Chance.timingTail(trials.map(\.chance), count) <= timingLimit
    }

    /// Attaches accounts in no community that share sources with enough of one.
    private func attach(
        _ communities: inout [TimingCommunity],
        _ placeOf: [Int?],
        _ ranks: [UInt32],
        _ accounts: [UInt32]
    ) {
        var counts = [[Int: Int]](repeating: [:], count: accounts.count)
        for edge in edges where edge.kind == .sharedSource {
            let end = (Int(ranks[Int(edge.from)]), Int(ranks[Int(edge.to)]))
            for (own, other) in [(end.0, end.1), (end.1, end.0)] where placeOf[own] == nil {
                if let place = placeOf[other] { counts[own][place, default: 0] += 1 }
            }
        }
        for rank in 0..<accounts.count {
            // Communities stand in order of their first accounts here.
            let best = counts[rank].max { ($0.value, $1.key) < ($1.value, $0.key) }
            guard let best, best.value >= TimingRule.attachingCount else { continue }
            communities[best.key].attached.append(accounts[rank])
        }
    }
}

/// Sets of numbers that are joined, each named by its least member.
private struct DisjointSets {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    mutating func root(_ member: Int) -> Int {
        var current = member
        while parents[current] != current {
            parents[current] = parents[parents[current]]
            current = parents[current]
        }
        return current
    }

    mutating func join(_ left: Int, _ right: Int) {
        let roots = (root(left), root(right))
        parents[max(roots.0, roots.1)] = min(roots.0, roots.1)
    }
}
