// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import FeedKernels

/// Who shares what known accounts share, beyond chance, and why that is said.
///
/// Spec: `docs/spec/around.md`.
package struct AroundAnalysis: Sendable {
    /// An account of the data.
    package struct Account: Sendable {
        /// Who it is.
        package let platform: String
        package let name: String
        /// Whether it is asked about, or left out.
        package let kind: KnownAccounts.Kind?
        /// Things that it shares and others share too.
        package fileprivate(set) var objectCount = 0
        /// How near it is; `nil` for those asked about and left out, and where nothing is shared.
        package fileprivate(set) var score: Double?
        /// Beyond chance.
        package fileprivate(set) var near: Near?

        /// With its platform.
        package var qualifiedName: String {
            FeedPost.qualifiedAccount(platform: platform, name: name)
        }
    }

    /// An account that is nearer than chance explains.
    package struct Near: Sendable {
        /// How likely it is to be as near, of its cell; the share of wrong ones to be expected.
        package let probability: Double
        package let falseShare: Double
        /// One less the share of wrong ones, or than the probability of any.
        package let confidence: Double
        /// What brings it near, the most first.
        package let evidence: [AroundEvidence]
        /// What it shares with known accounts themselves, by layer, and with how many of them.
        package let direct: [Int]
        package let knownCount: Int
        /// Its cluster, from 0.
        package fileprivate(set) var cluster = 0
    }

    /// In byte order of platform and name.
    package private(set) var accounts: [Account] = []
    /// Accounts that are near by the same things, most accounts first.
    package private(set) var clusters: [AroundCluster] = []
    /// Accounts asked about that are not in the data.
    package let missing: [(platform: String, name: String)]
    /// What was asked.
    package let rule: AroundRule
    /// Objects and ties that count, and objects by layer.
    package let objectCounts: [Int]
    package let tieCount: Int
    /// Accounts with such ties; accounts asked about, and those of them with ties.
    package let connectedCount: Int
    package let designatedCount: Int
    package let startCount: Int
    /// Cells from which sets are drawn.
    package private(set) var cellCount = 0
    /// The share of sets in which somebody is as strikingly near as here.
    package private(set) var overall = 1.0

    /// Analyses a dataset.
    ///
    /// - Parameters:
    ///   - dataset: With posts.
    ///   - known: Who is asked about.
    ///   - rule: What is asked.
    ///   - cores: The cores to walk on.
    /// - Throws: `.noPosts` where nothing is shared; `.dataset`; `.input` with `.tooManyPairs` for
    ///   too many accounts or too many alike texts.
    package init(
        of dataset: Dataset,
        around known: KnownAccounts,
        rule: AroundRule = AroundRule(),
        cores: Cores
    ) throws {
        let records = try dataset.aroundRecords(known, rule: rule)
        guard !records.accounts.isEmpty else { throw FeedError.noPosts }
        let graph = SharedGraph(records.ties, objectCount: records.objectCount)
        var starts: [Int] = []
        for (number, account) in graph.accounts.enumerated()
        where records.kinds[Int(account)] == .designated {
            starts.append(number)
        }
        self.rule = rule
        missing = known.missing(from: records.accounts)
        var counts = [Int](repeating: 0, count: records.objects.count)
        for object in graph.objects { counts[records.object(object).layer] += 1 }
        objectCounts = counts
        tieCount = graph.tieCount
        connectedCount = graph.accounts.count
        designatedCount = records.kinds.count { $0 == .designated }
        startCount = starts.count
        accounts = zip(records.accounts, records.kinds).map { account, kind in
            Account(platform: account.platform, name: account.name, kind: kind)
        }
        for (number, account) in graph.accounts.enumerated() {
            accounts[Int(account)].objectCount = graph.objectCount(of: number)
        }
        guard !starts.isEmpty else { return }
        let chance = try Dataset.mapped {
            try NearnessChance(
                in: graph,
                around: starts,
                drawCount: rule.drawCount,
                seed: rule.seed,
                rate: rule.rate,
                cores: cores
            )
        }
        (cellCount, overall) = (chance.cellCount, chance.overall)
        let nearness = graph.nearness(to: starts)
        for (number, account) in graph.accounts.enumerated()
        where accounts[Int(account)].kind == nil {
            accounts[Int(account)].score = nearness.scores[number]
        }
        let book = AroundEvidenceBook(graph, records, starts, nearness)
        for finding in chance.findings {
            accounts[Int(graph.accounts[finding.account])].near = book.near(finding, overall)
        }
        gather(records)
    }

    /// Puts accounts together that have evidence in common.
    private mutating func gather(_ records: AroundRecords) {
        let near = accounts.indices.filter { accounts[$0].near != nil }
        clusters = AroundCluster.all(
            of: near.compactMap { place in accounts[place].near.map { (place, $0) } }
        )
        for (number, cluster) in clusters.enumerated() {
            for account in cluster.accounts { accounts[account].near?.cluster = number }
        }
    }
}
