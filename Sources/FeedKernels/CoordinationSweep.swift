// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Communities of a network as its lighter edges are taken away step by step (Nizzoli, Tardelli,
/// Avvenuti, Cresci and Tesconi 2021): coordination as a degree, not as a label.
///
/// Spec: `docs/spec/communities.md`, section 3.
package struct CoordinationSweep: Sendable {
    /// How a network is swept.
    package struct Rule: Equatable, Sendable {
        /// γ of modularity.
        package var resolution = 1.0
        /// The accounts that a community needs.
        package var accountCountMin = 3
        /// The most steps.
        package var stepCountMax = 50
        /// Of the order in which accounts are visited.
        package var seed: UInt64 = 0

        /// The rule unless something else is asked for.
        package init() {}
    }

    /// What is there of edges of at least some weight.
    package struct Step: Equatable, Sendable {
        package let threshold: Double
        /// Accounts with such edges, and these.
        package let accountCount: Int
        package let edgeCount: Int
        /// Communities of enough accounts, and the accounts in them.
        package let communityCount: Int
        package let groupedCount: Int
        /// Of all communities, those of too few accounts among them.
        package let modularity: Double
        /// Accounts of the communities that are counted, most first; of equal ones the one whose
        /// first account comes first.
        package let groups: [[UInt32]]
    }

    /// The steps, by threshold.
    package private(set) var steps: [Step] = []
    /// For each account the last step at which it is in a community of enough accounts.
    package private(set) var lastSteps: [Int?]
    /// Which communities of a step are those of the step before.
    package let lives: GroupLives
    /// For each account its community of the whole network, from 0, if that has enough accounts.
    package private(set) var communities: [Int?]

    /// What a community has in common with that of the step before, to be the same.
    package static let jaccardMin = 0.3

    /// Sweeps.
    ///
    /// - Parameters:
    ///   - table: The network.
    ///   - rule: How.
    /// - Complexity: O(steps · edges), nearly.
    package init(of table: EdgeTable, by rule: Rule) {
        precondition(rule.accountCountMin > 1 && rule.stepCountMax > 0)
        lastSteps = [Int?](repeating: nil, count: table.accounts.count)
        communities = lastSteps
        let thresholds = Self.thresholds(table.edges.map(\.weight), rule.stepCountMax)
        var algorithm = Leiden(resolution: rule.resolution, seed: rule.seed)
        var labels = Array(0..<UInt32(table.accounts.count))
        var edges = table.edges
        for threshold in thresholds {
            edges.removeAll { $0.weight < threshold }
            let (graph, accounts) = Self.graph(edges, accountCount: labels.count)
            let start = Communities(renumbering: accounts.map { labels[Int($0)] })
            let found = algorithm.communities(of: graph, from: start)
            for (node, account) in accounts.enumerated() {
                labels[Int(account)] = UInt32(found[node])
            }
            let large = found.members.filter { $0.count >= rule.accountCountMin }
            // Sorting is stable, and communities come in order of their first account.
            let groups: [[UInt32]] = large.sorted { $0.count > $1.count }.map { nodes in
                nodes.map { accounts[Int($0)] }
            }
            for account in groups.joined() { lastSteps[Int(account)] = steps.count }
            steps.append(
                Step(
                    threshold: threshold,
                    accountCount: accounts.count,
                    edgeCount: edges.count,
                    communityCount: groups.count,
                    groupedCount: groups.reduce(0) { $0 + $1.count },
                    modularity: graph.modularity(of: found, resolution: rule.resolution),
                    groups: groups
                )
            )
        }
        for (number, group) in (steps.first?.groups ?? []).enumerated() {
            for account in group { communities[Int(account)] = number }
        }
        lives = GroupLives(
            of: steps.enumerated().map { GroupLives.Period(number: $0, groups: $1.groups) },
            minimumJaccard: Self.jaccardMin,
            memory: 0
        )
    }

    /// The distinct weights; of more than `countMax` those at which enough of the edges left are
    /// gone, the least and the greatest with them.
    private static func thresholds(_ weights: [Double], _ countMax: Int) -> [Double] {
        let sorted = weights.sorted()
        guard let least = sorted.first, let greatest = sorted.last else { return [] }
        var distinct: [Double] = []
        for weight in sorted where weight != distinct.last { distinct.append(weight) }
        guard distinct.count > countMax else { return distinct }
        // So many bits are more than the logarithm of the edges: there will be no more steps.
        let bitCount = Int.bitWidth - sorted.count.leadingZeroBitCount
        var chosen = [least]
        var place = 0
        while chosen.count < countMax - 1 {
            place += max(1, (sorted.count - place) * bitCount / countMax)
            while place < sorted.count, sorted[place] == chosen[chosen.count - 1] { place += 1 }
            guard place < sorted.count, sorted[place] < greatest else { break }
            chosen.append(sorted[place])
            while sorted[place - 1] == sorted[place] { place -= 1 }
        }
        return countMax > 1 ? chosen + [greatest] : chosen
    }

    /// The graph of edges, and the accounts that are its nodes, ascending.
    private static func graph(
        _ edges: [WeightedGraph.Edge],
        accountCount: Int
    ) -> (WeightedGraph, [UInt32]) {
        var nodes = [UInt32](repeating: .max, count: accountCount)
        for edge in edges {
            nodes[Int(edge.from)] = 0
            nodes[Int(edge.to)] = 0
        }
        var accounts: [UInt32] = []
        for account in 0..<accountCount where nodes[account] == 0 {
            nodes[account] = UInt32(accounts.count)
            accounts.append(UInt32(account))
        }
        let renamed = edges.map { edge in
            WeightedGraph.Edge(
                from: nodes[Int(edge.from)],
                to: nodes[Int(edge.to)],
                weight: edge.weight
            )
        }
        return (WeightedGraph(count: accounts.count, renamed), accounts)
    }
}
