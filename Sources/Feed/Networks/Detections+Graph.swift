// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import FeedKernels

extension NetworkGraph {
    /// Edges between accounts of a table; the accounts stand in the order in which edges name them.
    fileprivate init<Each>(
        _ edges: [Each],
        _ accounts: StringTable,
        isDirected: Bool,
        nodeAttributes: [Attribute],
        edgeAttributes: [Attribute],
        node: (UInt32) -> [String],
        edge: (Each) -> (from: UInt32, to: UInt32, weight: Int, values: [String])
    ) {
        var places: [UInt32: Int] = [:]
        var nodes: [Node] = []
        func place(_ account: UInt32) -> Int {
            if let known = places[account] { return known }
            places[account] = nodes.count
            nodes.append(Node(name: ExactName(accounts[account]).text, values: node(account)))
            return nodes.count - 1
        }
        let list = edges.map { each in
            let (from, to, weight, values) = edge(each)
            let ends = (place(from), place(to))
            return Edge(from: ends.0, to: ends.1, weight: weight, values: values)
        }
        self.init(
            isDirected: isDirected,
            nodeAttributes: nodeAttributes,
            edgeAttributes: edgeAttributes,
            nodes: nodes,
            edges: list
        )
    }
}

extension TimingDetection {
    /// The edges that chance does not explain, with the groups of their accounts.
    package var graph: NetworkGraph {
        var places: [UInt32: (network: Int, role: String)] = [:]
        for (index, community) in network.communities.enumerated() {
            for member in community.core { places[member.account] = (index + 1, "core") }
            for member in community.attached { places[member.account] = (index + 1, "attached") }
        }
        return NetworkGraph(
            network.edges.filter { $0.kind != .none },
            network.shares.accounts,
            isDirected: false,
            nodeAttributes: [.init("network", .integer), .init("role", .text)],
            edgeAttributes: [
                .init("kind", .text), .init("episodes", .integer), .init("expected", .number),
                .init("p_timing", .number), .init("p_choice", .number),
            ],
            node: { account in
                places[account].map { ["\($0.network)", $0.role] } ?? ["", "shared-source"]
            },
            edge: { edge in
                let numbers = [edge.expected, edge.timing, edge.choice].map { "\($0)" }
                let values = [edge.kind.rawValue, "\(edge.episodeCount)"] + numbers
                return (edge.from, edge.to, edge.weight, values)
            }
        )
    }
}

extension CoShareDetection {
    /// All edges; those over the threshold say so, and their accounts in which network they are.
    package var graph: NetworkGraph {
        var places: [UInt32: Int] = [:]
        for (index, component) in components.enumerated() {
            for account in component.accounts { places[account] = index + 1 }
        }
        return NetworkGraph(
            network.edges,
            found.shares.accounts,
            isDirected: false,
            nodeAttributes: [.init("network", .integer)],
            edgeAttributes: [
                .init("over_threshold", .integer), .init("average_delay", .number),
            ],
            node: { account in [places[account].map { "\($0)" } ?? ""] },
            edge: { edge in
                let values = [isStrong(edge) ? "1" : "0", "\(edge.averageDelay)"]
                return (edge.from, edge.to, Int(edge.weight), values)
            }
        )
    }
}

extension CosineDetection {
    /// The declared edges, with the networks and the centrality of their accounts.
    package var graph: NetworkGraph {
        var places: [UInt32: Int] = [:]
        for (index, group) in groups.enumerated() {
            for account in group { places[account] = index + 1 }
        }
        var centralities: [UInt32: Double] = [:]
        for (account, value) in zip(network.accounts, network.centrality.values) {
            centralities[account] = value
        }
        return NetworkGraph(
            network.edges,
            input.shares.accounts,
            isDirected: false,
            nodeAttributes: [.init("network", .integer), .init("centrality", .number)],
            edgeAttributes: [.init(DetectedNetworks.similarity, .number)],
            node: { account in
                let number = places[account].map { "\($0)" } ?? ""
                return [number, "\(centralities[account] ?? 0)"]
            },
            edge: { edge in
                (edge.from, edge.to, Int(edge.commonCount), ["\(edge.similarity)"])
            }
        )
    }
}

extension ToolkitDetection {
    /// All edges, with their directions.
    package var graph: NetworkGraph {
        NetworkGraph(
            network.edges,
            network.shares.accounts,
            isDirected: true,
            nodeAttributes: [],
            edgeAttributes: [],
            node: { _ in [] },
            edge: { ($0.source, $0.target, Int($0.weight), []) }
        )
    }
}
