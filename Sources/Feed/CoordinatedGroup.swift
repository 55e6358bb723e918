// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import FeedKernels

/// A network of accounts that co-shared, with what shows it.
package struct CoordinatedGroup: Equatable, Sendable {
    /// Its accounts, in byte order.
    package var accounts: [String]
    /// Pairs of accounts that co-shared often enough.
    package var edgeCount: Int
    /// Co-shares between them.
    package var pairCount: Int
    /// Distinct objects that they co-shared.
    package var objectCount: Int
    /// The first and the last co-share.
    package var times: ClosedRange<Int64>
    /// The window within which shares count as co-shares.
    package var windowSeconds: Int64
}

/// Which accounts acted together until some time.
package struct CoordinationFinding: Equatable, Sendable {
    /// The networks, largest first.
    package private(set) var groups: [CoordinatedGroup] = []
    private var members: [String: Membership] = [:]

    private struct Membership: Equatable, Sendable {
        var group: Int
        var lastTime: Int64
    }

    /// Nobody.
    package init() {}

    /// Looks for networks as a policy asks.
    ///
    /// - Throws: `.tooManyPairs`, `.parameterOutOfRange`.
    package init(
        in shares: ShareTable,
        by rule: Policy.Coordination,
        cores: Cores
    ) throws(FeedKernelError) {
        let kernelRule = try CoShareRule(
            windowSeconds: rule.windowSeconds,
            minimumParticipation: rule.minimumParticipation
        )
        let found = try CoSharePairs(of: shares, rule: kernelRule, cores: cores)
        let network = CoShareEdges(of: found, cores: cores)
        let components = network.networks(of: shares) { $0.weight >= rule.minimumWeight }
            .filter { $0.accounts.count >= rule.minimumAccounts }
        var groupOf: [UInt32: Int] = [:]
        for (index, component) in components.enumerated() {
            for account in component.accounts { groupOf[account] = index }
        }
        var objects = [Set<UInt32>](repeating: [], count: components.count)
        var pairCounts = [Int](repeating: 0, count: components.count)
        var times = [ClosedRange<Int64>?](repeating: nil, count: components.count)
        var lastTimes: [UInt32: Int64] = [:]
        for pair in found.pairs {
            let (older, newer) = (Int(pair.older), Int(pair.newer))
            let accounts = (shares.account[older], shares.account[newer])
            guard let group = groupOf[accounts.0], groupOf[accounts.1] == group else { continue }
            objects[group].insert(shares.object[older])
            pairCounts[group] += 1
            let span = times[group] ?? shares.time[older]...shares.time[newer]
            times[group] =
                min(span.lowerBound, shares.time[older])...max(span.upperBound, shares.time[newer])
            for account in [accounts.0, accounts.1] {
                lastTimes[account] = max(lastTimes[account] ?? .min, shares.time[newer])
            }
        }
        for (index, component) in components.enumerated() {
            guard let span = times[index] else { continue }
            let names = component.accounts.map { shares.accounts.text($0) }
            for (account, name) in zip(component.accounts, names) {
                let lastTime = lastTimes[account] ?? span.upperBound
                members[name] = Membership(group: groups.count, lastTime: lastTime)
            }
            groups.append(
                CoordinatedGroup(
                    accounts: names,
                    edgeCount: component.edgeCount,
                    pairCount: pairCounts[index],
                    objectCount: objects[index].count,
                    times: span,
                    windowSeconds: rule.windowSeconds
                )
            )
        }
    }

    /// The network of an account, and when the account last co-shared.
    package func membership(
        of account: String
    ) -> (group: CoordinatedGroup, number: Int, lastTime: Int64)? {
        members[account].map { (groups[$0.group], $0.group + 1, $0.lastTime) }
    }
}
