// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A connected component of the network.
package struct CoShareNetwork: Equatable, Sendable {
    /// Its accounts, in byte order of their identifiers.
    package var accounts: [UInt32]
    /// How many edges join them.
    package var edgeCount: Int
    /// The sum of their weights.
    package var weight: Int
    /// The strongest edge's weight.
    package var weightMax: Int
}

extension CoShareEdges {
    /// The components of the network, most accounts first; among equals, the one
    /// whose first account comes first.
    ///
    /// - Parameters:
    ///   - shares: The shares that the network was found in.
    ///   - isJoining: Which edges join accounts; those over the threshold if left out.
    /// - Returns: The components with at least one edge.
    /// - Complexity: O(e) for e edges, nearly.
    package func networks(
        of shares: ShareTable,
        where isJoining: ((CoShareEdge) -> Bool)? = nil
    ) -> [CoShareNetwork] {
        let joining = edges.filter(isJoining ?? isStrong)
        var networks = shares.components(of: joining.map { ($0.from, $0.to) }).map { accounts in
            CoShareNetwork(accounts: accounts, edgeCount: 0, weight: 0, weightMax: 0)
        }
        var home = [Int](repeating: -1, count: shares.accounts.count)
        for (index, network) in networks.enumerated() {
            for account in network.accounts { home[Int(account)] = index }
        }
        for edge in joining {
            let index = home[Int(edge.from)]
            networks[index].edgeCount += 1
            networks[index].weight += Int(edge.weight)
            networks[index].weightMax = max(networks[index].weightMax, Int(edge.weight))
        }
        return networks
    }
}
