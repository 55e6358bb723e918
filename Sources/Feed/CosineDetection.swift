// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import FeedKernels

/// What the similarity of accounts, by all that they shared, finds in shares.
///
/// Spec: `docs/spec/similarity.md`.
package struct CosineDetection: Sendable {
    private static let rowCount = 1 << 16

    /// The declared edges, and who was compared.
    package let network: CosineEdges
    /// Their connected components.
    package let groups: [[UInt32]]
    let input: ShareInput
    private let rule: CosineRule

    /// Detects.
    ///
    /// - Parameters:
    ///   - input: The shares.
    ///   - rule: What counts.
    ///   - cores: The cores to work with.
    /// - Throws: `.tooManySimilar`.
    package init(
        in input: ShareInput,
        by rule: CosineRule,
        cores: Cores
    ) throws(FeedKernelError) {
        network = try CosineEdges(of: input.shares, by: rule, cores: cores)
        groups = DetectedNetworks.components(
            of: network.edges.map { ($0.from, $0.to) },
            in: input.shares
        ).map(\.core)
        self.input = input
        self.rule = rule
    }

    /// How many shares were looked at.
    package var shareCount: Int { input.shareCount }

    /// The declared edges, in one shape for all rules; they weigh what is in common.
    package var networks: DetectedNetworks {
        // No window: as long as the data are.
        let times = input.shares.time
        let (span, isBeyond) = (times.max() ?? 0).subtractingReportingOverflow(times.min() ?? 0)
        return DetectedNetworks(
            in: input.shares,
            windowSeconds: isBeyond ? .max : span,
            isDirected: false,
            measures: [DetectedNetworks.similarity],
            edges: network.edges.map { edge in
                (edge.from, edge.to, Int(edge.commonCount), "similar", true, [edge.similarity])
            },
            groups: groups.map { ($0, [], nil) }
        )
    }

    /// Writes the declared edges, in byte order of their accounts.
    package func writeEdges<Fault: Error>(
        to sink: ([UInt8]) throws(Fault) -> Void
    ) throws(Fault) {
        var writer = CSVWriter()
        writer.record(["account_id", "account_id_y", "similarity", "common"])
        let accounts = input.shares.accounts
        for (index, edge) in network.edges.enumerated() {
            writer.append(accounts[edge.from])
            writer.comma()
            writer.append(accounts[edge.to])
            writer.comma()
            writer.append(Array("\(edge.similarity)".utf8)[...])
            writer.comma()
            writer.append(Int64(edge.commonCount))
            writer.endRecord()
            if index % Self.rowCount == Self.rowCount - 1 {
                try sink(writer.bytes)
                writer = CSVWriter()
            }
        }
        try sink(writer.bytes)
    }

    /// Each account that was compared, in byte order: its network, its edges, its centrality.
    package var accountTable: [UInt8] {
        let accounts = input.shares.accounts
        var edgeCounts = [Int64](repeating: 0, count: accounts.count)
        for edge in network.edges {
            edgeCounts[Int(edge.from)] += 1
            edgeCounts[Int(edge.to)] += 1
        }
        var group = [Int?](repeating: nil, count: accounts.count)
        for (index, members) in groups.enumerated() {
            for account in members { group[Int(account)] = index }
        }
        var writer = CSVWriter()
        writer.record(["account_id", "community", "role", "edges", "centrality"])
        for (account, centrality) in zip(network.accounts, network.centrality.values) {
            writer.append(accounts[account])
            writer.comma()
            if let index = group[Int(account)] { writer.append(Int64(index + 1)) }
            writer.comma()
            writer.append(Array((group[Int(account)] == nil ? "" : "core").utf8)[...])
            writer.comma()
            writer.append(edgeCounts[Int(account)])
            writer.comma()
            writer.append(Array("\(centrality)".utf8)[...])
            writer.endRecord()
        }
        return writer.bytes
    }

    /// The networks with what they were made from and by which rule.
    package var json: JSONValue {
        let accounts = input.shares.accounts
        let list = groups.enumerated().map { index, group -> JSONValue in
            [
                "accounts": .array(group.map { .string(accounts.text($0)) }),
                "network": .integer(Int64(index + 1)),
            ]
        }
        var members: [String: JSONValue] = [
            "edgeWeight": .string("\(rule.edgeWeightQuantile)"),
            "minParticipation": .integer(Int64(rule.minimumParticipation)),
            "minSimilarity": .string("\(rule.minimumSimilarity)"),
            "name": "tfidf",
            "signal": "co-share",
            "threshold": .string("\(network.threshold)"),
        ]
        if let most = rule.sharerCountMax { members["maxSharers"] = .integer(Int64(most)) }
        if let percentile = rule.pruneBelow {
            members["pruneBelow"] = .string("\(percentile)")
            members["centralityMin"] = .string("\(network.centralityMin)")
        }
        return [
            "accounts": .integer(Int64(network.accounts.count)),
            "centralityConverged": .boolean(network.centrality.hasConverged),
            "data": input.json,
            "declaredEdges": .integer(Int64(network.edges.count)),
            "edges": .integer(Int64(network.edgeCount)),
            "networks": .array(list),
            "objects": .integer(Int64(network.objectCount)),
            "rule": .object(members),
        ]
    }
}
