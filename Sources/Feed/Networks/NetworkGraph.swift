// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Accounts and the edges between them, as programs that draw networks read them.
///
/// Spec: `docs/spec/detection-files.md`.
package struct NetworkGraph: Sendable {
    /// What a value is.
    package enum ValueType: Sendable { case integer, number, text }

    /// What is said of each account, or of each edge.
    package struct Attribute: Sendable {
        let name: String
        let type: ValueType

        package init(_ name: String, _ type: ValueType) {
            self.name = name
            self.type = type
        }
    }

    /// An account.
    package struct Node: Sendable {
        /// Its name, whatever is in it.
        let name: String
        /// One for each attribute; empty for none.
        let values: [String]

        package init(name: String, values: [String]) {
            self.name = name
            self.values = values
        }
    }

    /// An edge.
    package struct Edge: Sendable {
        /// Places of its accounts among the nodes.
        let from: Int
        let to: Int
        let weight: Int
        /// One for each attribute; empty for none.
        let values: [String]

        package init(from: Int, to: Int, weight: Int, values: [String]) {
            self.from = from
            self.to = to
            self.weight = weight
            self.values = values
        }
    }

    /// Whether edges have a direction.
    package let isDirected: Bool
    let nodeAttributes: [Attribute]
    let edgeAttributes: [Attribute]
    package let nodes: [Node]
    package let edges: [Edge]

    /// A graph.
    ///
    /// - Parameters:
    ///   - isDirected: Whether edges have a direction.
    ///   - nodeAttributes: What `nodes` have values of.
    ///   - edgeAttributes: What `edges` have values of, the weight not among them.
    ///   - nodes: In the order in which they are written.
    ///   - edges: The same.
    package init(
        isDirected: Bool,
        nodeAttributes: [Attribute],
        edgeAttributes: [Attribute],
        nodes: [Node],
        edges: [Edge]
    ) {
        precondition(
            nodes.allSatisfy { $0.values.count == nodeAttributes.count }
                && edges.allSatisfy { $0.values.count == edgeAttributes.count },
            "a value for each attribute"
        )
        self.isDirected = isDirected
        self.nodeAttributes = nodeAttributes
        self.edgeAttributes = edgeAttributes
        self.nodes = nodes
        self.edges = edges
    }
}
