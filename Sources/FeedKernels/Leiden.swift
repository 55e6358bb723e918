// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The Leiden algorithm for modularity (Traag, Waltman and van Eck 2019).
///
/// Its randomness is that of the order in which nodes are visited: the same seed gives the same
/// communities. Spec: `docs/spec/communities.md`, section 2.
package struct Leiden: Sendable {
    /// The most times that it starts again from what it found.
    private static let passCountMax = 10
    /// What a move has to be better by, as a part of the node's strength: rounding moves nobody.
    private static let margin = 1e-12

    private let resolution: Double
    private var generator: SeededGenerator

    /// An algorithm.
    ///
    /// - Parameters:
    ///   - resolution: γ, over 0; the greater, the smaller the communities.
    ///   - seed: Of the order of visits.
    package init(resolution: Double = 1, seed: UInt64 = 0) {
        precondition(resolution > 0)
        self.resolution = resolution
        generator = SeededGenerator(seed: seed)
    }

    /// Finds communities, each of them connected, until none gets better.
    ///
    /// - Parameters:
    ///   - graph: Where.
    ///   - start: What to begin with; each node by itself if left out.
    /// - Returns: Communities of a modularity at least that of each node by itself.
    package mutating func communities(
        of graph: WeightedGraph,
        from start: Communities? = nil
    ) -> Communities {
        var found = start ?? Communities(singletons: graph.count)
        precondition(found.nodeCount == graph.count)
        guard graph.total > 0 else { return Communities(singletons: graph.count) }
        var best = -Double.infinity
        for _ in 0..<Self.passCountMax {
            let next = pass(graph, found)
            let modularity = graph.modularity(of: next, resolution: resolution)
            guard modularity > best + Self.margin else { break }
            (found, best) = (next, modularity)
        }
        return found
    }

    /// Once: moves nodes, and then what they make up, until no community is more than a node.
    private mutating func pass(_ graph: WeightedGraph, _ start: Communities) -> Communities {
        var level = graph
        var nodes = Communities(singletons: graph.count)
        var found = start
        while true {
            found = moved(level, found)
            let refined = refinement(level, found)
            if found.count == level.count || refined.count == level.count { break }
            nodes = nodes.joined(by: refined)
            let parts = refined.members
            found = Communities(parts.map { UInt32(found[Int($0[0])]) })
            level = WeightedGraph(joining: level, by: refined)
        }
        // In exact numbers there is nothing to part: at the end a community is one node.
        return nodes.joined(by: found).connectedParts(in: graph)
    }

    /// Moves each node to the community where it is best, until all are where they are best.
    private mutating func moved(_ graph: WeightedGraph, _ start: Communities) -> Communities {
        var labels = start.all
        var strengths = [Double](repeating: 0, count: graph.count)
        var sizes = [Int](repeating: 0, count: graph.count)
        for node in 0..<graph.count {
            strengths[Int(labels[node])] += graph.strengths[node]
            sizes[Int(labels[node])] += 1
        }
        var empty = (0..<graph.count).filter { sizes[$0] == 0 }
        var queue = order(graph.count)
        var isQueued = [Bool](repeating: true, count: graph.count)
        var links = LinkSums(count: graph.count)
        var first = 0
        while first < queue.count {
            let node = Int(queue[first])
            first += 1
            isQueued[node] = false
            let own = Int(labels[node])
            let strength = graph.strengths[node]
            let pull = resolution * strength / graph.total
            for place in graph.places(of: node) {
                links.add(graph.weights[place], to: Int(labels[Int(graph.neighbours[place])]))
            }
            strengths[own] -= strength
            var (target, gain) = (own, links[own] - pull * strengths[own])
            for other in links.seen where other != own {
                let value = links[other] - pull * strengths[other]
                if value > gain + Self.margin * strength { (target, gain) = (other, value) }
            }
            links.clear()
            if gain < -Self.margin * strength, sizes[own] > 1, let alone = empty.last {
                empty.removeLast()
                target = alone
            }
            strengths[target] += strength
            guard target != own else { continue }
            labels[node] = UInt32(target)
            sizes[target] += 1
            sizes[own] -= 1
            if sizes[own] == 0 { empty.append(own) }
            for place in graph.places(of: node) {
                let other = Int(graph.neighbours[place])
                if !isQueued[other], Int(labels[other]) != target {
                    isQueued[other] = true
                    queue.append(UInt32(other))
                }
            }
        }
        return Communities(labels)
    }

    /// Parts of communities that are well connected with the rest of theirs: joined anew from
    /// single nodes, each going where it is best.
    private mutating func refinement(_ graph: WeightedGraph, _ coarse: Communities) -> Communities {
        var whole = [Double](repeating: 0, count: coarse.count)
        for node in 0..<graph.count { whole[coarse[node]] += graph.strengths[node] }
        var labels = Array(0..<UInt32(graph.count))
        var strengths = graph.strengths
        var sizes = [Int](repeating: 1, count: graph.count)
        // What lies between each part and the rest of its community.
        var cuts = (0..<graph.count).map { node in
            graph.places(of: node).reduce(0.0) { sum, place in
                let isInside = coarse[Int(graph.neighbours[place])] == coarse[node]
                return isInside ? sum + graph.weights[place] : sum
            }
        }
        let scale = resolution / graph.total
        func isWellConnected(_ part: Int, _ community: Int) -> Bool {
            cuts[part] >= scale * strengths[part] * (whole[community] - strengths[part])
        }
        var links = LinkSums(count: graph.count)
        for node in order(graph.count).lazy.map({ Int($0) }) {
            let community = coarse[node]
            guard labels[node] == UInt32(node), sizes[node] == 1, isWellConnected(node, community)
            else { continue }
            for place in graph.places(of: node) {
                let other = Int(graph.neighbours[place])
                guard coarse[other] == community else { continue }
                links.add(graph.weights[place], to: Int(labels[other]))
            }
            var (target, gain) = (node, 0.0)
            for part in links.seen where isWellConnected(part, community) {
                let value = links[part] - scale * strengths[node] * strengths[part]
                if value > gain || target == node && value >= 0 { (target, gain) = (part, value) }
            }
            if target != node {
                labels[node] = UInt32(target)
                cuts[target] += cuts[node] - 2 * links[target]
                strengths[target] += strengths[node]
                sizes[target] += 1
                sizes[node] = 0
            }
            links.clear()
        }
        return Communities(labels)
    }

    /// All nodes in the order of a lot.
    private mutating func order(_ count: Int) -> [UInt32] {
        var order = Array(0..<UInt32(count))
        for place in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(place, generator.below(place + 1))
        }
        return order
    }
}
