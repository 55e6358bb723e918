// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Nodes, numbered from 0, and the weights between them, in no direction.
///
/// Spec: `docs/spec/communities.md`, section 1.
package struct WeightedGraph: Sendable {
    /// Two nodes and what lies between them.
    package struct Edge: Equatable, Sendable {
        /// Its nodes; the same one twice for a loop.
        package let from: UInt32
        package let to: UInt32
        /// Over 0.
        package let weight: Double

        /// An edge.
        package init(from: UInt32, to: UInt32, weight: Double) {
            self.from = from
            self.to = to
            self.weight = weight
        }
    }

    /// The neighbours of all nodes, one node's after the other's, and the weights to them.
    private var starts: [Int]
    private(set) var neighbours: [UInt32] = []
    private(set) var weights: [Double] = []
    /// The weight between each node and itself.
    private(set) var loops: [Double]
    /// The sum of each node's weights; its loop counts twice.
    private(set) var strengths: [Double]
    /// The sum of all strengths, twice the weight of the graph.
    private(set) var total = 0.0

    /// A graph.
    ///
    /// - Parameters:
    ///   - count: How many nodes there are.
    ///   - edges: Between numbers below `count`. Parallel ones add up.
    /// - Complexity: O(nodes + edges).
    package init(count: Int, _ edges: some Collection<Edge>) {
        starts = [Int](repeating: 0, count: count + 1)
        loops = [Double](repeating: 0, count: count)
        strengths = [Double](repeating: 0, count: count)
        for edge in edges where edge.from != edge.to {
            starts[Int(edge.from) + 1] += 1
            starts[Int(edge.to) + 1] += 1
        }
        for node in 0..<count { starts[node + 1] += starts[node] }
        neighbours = [UInt32](repeating: 0, count: starts[count])
        weights = [Double](repeating: 0, count: starts[count])
        var ends = starts
        for edge in edges {
            precondition(edge.weight > 0, "a weight over 0")
            let (from, to) = (Int(edge.from), Int(edge.to))
            strengths[from] += edge.weight
            strengths[to] += edge.weight
            total += 2 * edge.weight
            guard from != to else {
                loops[from] += edge.weight
                continue
            }
            neighbours[ends[from]] = edge.to
            weights[ends[from]] = edge.weight
            ends[from] += 1
            neighbours[ends[to]] = edge.from
            weights[ends[to]] = edge.weight
            ends[to] += 1
        }
    }

    /// The graph of which each node is a community of another one.
    ///
    /// - Complexity: O(nodes + edges).
    init(joining graph: WeightedGraph, by communities: Communities) {
        let members = communities.members
        starts = [0]
        loops = [Double](repeating: 0, count: communities.count)
        strengths = loops
        total = graph.total
        var links = LinkSums(count: communities.count)
        for (community, nodes) in members.enumerated() {
            for node in nodes {
                strengths[community] += graph.strengths[Int(node)]
                loops[community] += graph.loops[Int(node)]
                for place in graph.places(of: Int(node)) {
                    let other = communities[Int(graph.neighbours[place])]
                    if other == community {
                        // Seen from both of its nodes.
                        loops[community] += graph.weights[place] / 2
                    } else {
                        links.add(graph.weights[place], to: other)
                    }
                }
            }
            for other in links.seen {
                neighbours.append(UInt32(other))
                weights.append(links[other])
            }
            links.clear()
            starts.append(neighbours.count)
        }
    }

    /// How many nodes there are.
    package var count: Int { strengths.count }

    /// Where the neighbours of a node are.
    @inline(__always)
    func places(of node: Int) -> Range<Int> { starts[node]..<starts[node + 1] }

    /// The modularity of communities (Newman and Girvan 2004; Reichardt and Bornholdt 2006).
    ///
    /// - Parameters:
    ///   - communities: Of this graph's nodes.
    ///   - resolution: γ; the greater, the smaller the communities that are best.
    /// - Returns: Σ (inside / total − γ (strength / total)²); 0 for a graph without edges.
    /// - Complexity: O(nodes + edges).
    package func modularity(of communities: Communities, resolution: Double = 1) -> Double {
        guard total > 0 else { return 0 }
        var inside = [Double](repeating: 0, count: communities.count)
        var strength = inside
        for node in 0..<count {
            let own = communities[node]
            strength[own] += strengths[node]
            inside[own] += 2 * loops[node]
            for place in places(of: node) where communities[Int(neighbours[place])] == own {
                inside[own] += weights[place]
            }
        }
        return zip(inside, strength).reduce(0) { sum, community in
            let part = community.1 / total
            return sum + (community.0 / total - resolution * part * part)
        }
    }
}

/// Sums by small number, emptied in as many steps as there are.
struct LinkSums {
    private var sums: [Double]
    private var isSeen: [Bool]
    /// The numbers that have a sum, in the order in which they came.
    private(set) var seen: [Int] = []

    init(count: Int) {
        sums = [Double](repeating: 0, count: count)
        isSeen = [Bool](repeating: false, count: count)
    }

    @inline(__always)
    subscript(number: Int) -> Double { sums[number] }

    @inline(__always)
    mutating func add(_ weight: Double, to number: Int) {
        if !isSeen[number] {
            isSeen[number] = true
            seen.append(number)
        }
        sums[number] += weight
    }

    mutating func clear() {
        for number in seen {
            sums[number] = 0
            isSeen[number] = false
        }
        seen.removeAll(keepingCapacity: true)
    }
}
