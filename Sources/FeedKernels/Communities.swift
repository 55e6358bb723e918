// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Which community each node is in; communities are numbered in order of their first node.
package struct Communities: Equatable, Sendable {
    private var labels: [UInt32]
    /// How many there are.
    package private(set) var count = 0

    /// Communities by any labels.
    ///
    /// - Parameter names: For each node a number below the count of nodes.
    package init(_ names: [UInt32]) {
        labels = names
        var numbers = [UInt32](repeating: .max, count: names.count)
        for node in names.indices {
            let name = Int(names[node])
            if numbers[name] == .max {
                numbers[name] = UInt32(count)
                count += 1
            }
            labels[node] = numbers[name]
        }
    }

    /// Communities by labels that may be greater than the count of nodes.
    init(renumbering names: [UInt32]) {
        var numbers: [UInt32: UInt32] = [:]
        self.init(
            names.map { name in
                let number = numbers[name] ?? UInt32(numbers.count)
                numbers[name] = number
                return number
            }
        )
    }

    /// Each node by itself.
    package init(singletons nodeCount: Int) {
        labels = Array(0..<UInt32(nodeCount))
        count = nodeCount
    }

    /// How many nodes there are.
    package var nodeCount: Int { labels.count }

    /// The community of a node.
    @inline(__always)
    package subscript(node: Int) -> Int { Int(labels[node]) }

    /// The labels of all nodes.
    var all: [UInt32] { labels }

    /// The nodes of each community, ascending.
    package var members: [[UInt32]] {
        var members = [[UInt32]](repeating: [], count: count)
        for (node, label) in labels.enumerated() { members[Int(label)].append(UInt32(node)) }
        return members
    }

    /// The communities of what these are communities of, if each is a node of `other`.
    func joined(by other: Communities) -> Communities {
        Communities(labels.map { UInt32(other[Int($0)]) })
    }

    /// Each community's connected parts.
    func connectedParts(in graph: WeightedGraph) -> Communities {
        var sets = DisjointSets(count: nodeCount)
        for node in 0..<nodeCount {
            for place in graph.places(of: node) {
                let other = Int(graph.neighbours[place])
                if other < node, labels[other] == labels[node] { sets.join(other, node) }
            }
        }
        return Communities((0..<nodeCount).map { UInt32(sets.root($0)) })
    }
}
