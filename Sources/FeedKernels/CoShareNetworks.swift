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
        var parents = (0..<UInt32(shares.accounts.count)).map { $0 }
        func root(_ account: UInt32) -> UInt32 {
            var current = account
            while parents[Int(current)] != current {
                parents[Int(current)] = parents[Int(parents[Int(current)])]
                current = parents[Int(current)]
            }
            return current
        }
        var isConnected = [Bool](repeating: false, count: shares.accounts.count)
        for edge in joining {
            isConnected[Int(edge.from)] = true
            isConnected[Int(edge.to)] = true
            let ends = (root(edge.from), root(edge.to))
            parents[Int(max(ends.0, ends.1))] = min(ends.0, ends.1)
        }
        var indices: [UInt32: Int] = [:]
        var networks: [CoShareNetwork] = []
        for account in shares.accounts.ranks(where: isConnected).ids {
            let root = root(account)
            if let index = indices[root] {
                networks[index].accounts.append(account)
            } else {
                indices[root] = networks.count
                networks.append(
                    CoShareNetwork(accounts: [account], edgeCount: 0, weight: 0, weightMax: 0)
                )
            }
        }
        for edge in joining {
            guard let index = indices[root(edge.from)] else { continue }
            networks[index].edgeCount += 1
            networks[index].weight += Int(edge.weight)
            networks[index].weightMax = max(networks[index].weightMax, Int(edge.weight))
        }
        return networks.sorted { $0.accounts.count > $1.accounts.count }
    }
}
