// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import FeedKernels

/// What the rule of the QUT coordination-network-toolkit finds in shares.
package struct ToolkitDetection: Sendable {
    /// The edges.
    package let network: ToolkitEdges
    private let input: ShareInput
    private let layer: ShareLayer

    /// Detects.
    ///
    /// - Parameters:
    ///   - input: The shares.
    ///   - layer: What they are of, which names the edges.
    ///   - rule: The window and the least weight.
    ///   - cores: The cores to work with.
    /// - Throws: `.tooManyPairs`.
    package init(
        in input: ShareInput,
        of layer: ShareLayer,
        by rule: ToolkitRule,
        cores: Cores
    ) throws(FeedKernelError) {
        self.input = input
        self.layer = layer
        network =
            try layer == .similarText
            ? ToolkitEdges(ofSimilar: input.shares, rule: rule, cores: cores)
            : ToolkitEdges(of: input.shares, rule: rule, cores: cores)
    }

    /// Takes edges that Spark counted.
    package init(counted edges: [CoShareEdge], in input: ShareInput, by rule: ToolkitRule) {
        self.input = input
        layer = .object
        network = ToolkitEdges(counted: edges, in: input.shares, rule: rule)
    }

    /// How many shares were looked at.
    package var shareCount: Int { input.shareCount }

    /// The toolkit's name for edges of a layer; ours where it has none.
    var edgeType: String {
        switch layer {
        case .object, .repost: "co_retweet"
        case .link: "co_link"
        case .reply: "co_reply"
        case .sameText: "co_tweet"
        case .similarText: "co_similar_tweet"
        default: "co_" + layer.rawValue
        }
    }

    /// The edges as CSV in the toolkit's columns, in byte order of their accounts.
    package var edgeTable: [UInt8] {
        var writer = CSVWriter()
        writer.record(["source", "target", "weight", "edge_type"])
        let accounts = input.shares.accounts
        let type = Array(edgeType.utf8)
        for edge in network.edges {
            writer.append(accounts[edge.source])
            writer.comma()
            writer.append(accounts[edge.target])
            writer.comma()
            writer.append(Int64(edge.weight))
            writer.comma()
            writer.append(type[...])
            writer.endRecord()
        }
        return writer.bytes
    }

    /// What the edges were made from and by which rule.
    package var json: JSONValue {
        [
            "data": input.json,
            "edges": .integer(Int64(network.edges.count)),
            "rule": [
                "minWeight": .integer(Int64(network.rule.minimumWeight)),
                "name": "toolkit",
                "signal": "co-share",
                "windowSeconds": .integer(network.rule.windowSeconds),
            ],
        ]
    }
}
