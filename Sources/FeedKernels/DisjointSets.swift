// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Sets of numbers that are joined, each named by its least member.
struct DisjointSets {
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

extension ShareTable {
    /// The connected components of edges between accounts.
    ///
    /// - Parameter edges: Pairs of accounts.
    /// - Returns: The accounts of each in byte order of their identifiers; most accounts first,
    ///   among equals the one whose first account comes first.
    /// - Complexity: O(accounts + edges), nearly, and the sorting of those with edges.
    func components(of edges: some Sequence<(UInt32, UInt32)>) -> [[UInt32]] {
        var sets = DisjointSets(count: accounts.count)
        var isConnected = [Bool](repeating: false, count: accounts.count)
        for edge in edges {
            isConnected[Int(edge.0)] = true
            isConnected[Int(edge.1)] = true
            sets.join(Int(edge.0), Int(edge.1))
        }
        var indices: [Int: Int] = [:]
        var components: [[UInt32]] = []
        for account in accounts.ranks(where: isConnected).ids {
            let root = sets.root(Int(account))
            if let index = indices[root] {
                components[index].append(account)
            } else {
                indices[root] = components.count
                components.append([account])
            }
        }
        return components.sorted { $0.count > $1.count }
    }
}
