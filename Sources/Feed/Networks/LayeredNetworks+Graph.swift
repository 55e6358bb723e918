// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import FeedKernels

extension LayeredNetworks {
    /// The accounts and edges, with the weight that each layer gives an edge.
    package var graph: NetworkGraph {
        NetworkGraph(
            isDirected: isDirected,
            nodeAttributes: [
                .init("network", .integer), .init("role", .text), .init("layers", .text),
            ],
            edgeAttributes: [.init("layers", .integer)]
                + layers.map { .init("weight_\($0)", .integer) },
            nodes: accounts.map { account in
                NetworkGraph.Node(
                    name: ExactName(account.name[...]).text,
                    values: [
                        account.group.map { "\($0 + 1)" } ?? "", account.role.rawValue,
                        account.layers.map { layers[$0] }.joined(separator: " "),
                    ]
                )
            },
            edges: edges.map { edge in
                NetworkGraph.Edge(
                    from: edge.from,
                    to: edge.to,
                    weight: edge.weight,
                    values: ["\(edge.layerCount)"]
                        + edge.evidence.map { $0.map { "\($0.weight)" } ?? "" }
                )
            }
        )
    }
}
