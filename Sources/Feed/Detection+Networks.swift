// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import FeedKernels

extension CoShareDetection {
    /// All edges; those over the threshold are declared, and their components are the groups.
    ///
    /// Where a shorter window was asked for, it is the threshold of the fast network.
    package var networks: DetectedNetworks {
        DetectedNetworks(
            in: found.shares,
            windowSeconds: found.rule.windowSeconds,
            isDirected: false,
            measures: ["avg_time_delta", "edge_symmetry_score"],
            edges: network.edges.map { edge in
                let isStrong = self.isStrong(edge)
                let values = [edge.averageDelay, edge.symmetry]
                let kind = isStrong ? "strong" : "weak"
                return (edge.from, edge.to, Int(edge.weight), kind, isStrong, values)
            },
            groups: components.map { ($0.accounts, [], nil) }
        )
    }
}

extension ToolkitDetection {
    /// All edges, all declared; their components, whatever the direction, are the groups.
    package var networks: DetectedNetworks {
        let shares = network.shares
        return DetectedNetworks(
            in: shares,
            windowSeconds: network.rule.windowSeconds,
            isDirected: true,
            measures: [],
            edges: network.edges.map { ($0.source, $0.target, $0.weight, edgeType, true, []) },
            groups: DetectedNetworks.components(
                of: network.edges.map { ($0.source, $0.target) },
                in: shares
            )
        )
    }
}

extension TimingDetection {
    /// The edges that chance does not explain, all declared, with the communities as groups.
    package var networks: DetectedNetworks {
        DetectedNetworks(
            in: network.shares,
            windowSeconds: network.rule.windowSeconds,
            isDirected: false,
            measures: ["expected", "p_timing", "p_choice"],
            edges: network.edges.filter { $0.kind != .none }.map { edge in
                let values = [edge.expected, edge.timing, edge.choice]
                return (edge.from, edge.to, edge.weight, edge.kind.rawValue, true, values)
            },
            groups: network.communities.map { community in
                let core = community.core.map(\.account)
                return (core, community.attached.map(\.account), community.stability)
            }
        )
    }
}
