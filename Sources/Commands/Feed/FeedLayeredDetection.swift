// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Exports
import Feed
import FeedKernels

/// `resguardo feed detect --by LAYER,LAYER`.
///
/// Spec: `docs/spec/detection-files.md`, section 7.
extension FeedDetectCommand {
    /// What one layer gave.
    struct Found {
        let outcome: Outcome
        let networks: () -> DetectedNetworks
    }

    /// Detects in each layer by itself, and puts together what was found.
    func detectInLayers(_ context: Context) throws -> Outcome {
        if let output { try FeedFiles.makeDirectory(output) }
        var lines: [String] = []
        var documents: [String: JSONValue] = [:]
        var parts: [(layer: String, networks: DetectedNetworks)] = []
        for layer in by.list {
            var alone = self
            alone.by = ShareLayers(layer)
            alone.output = output.map { "\($0)/\(layer.rawValue)" }
            let found = try alone.found(context)
            documents[layer.rawValue] = found.outcome.json
            lines += found.outcome.lines.prefix(1).map { "\(layer.rawValue): \($0)" }
            parts.append((layer.rawValue, found.networks()))
        }
        let networks = LayeredNetworks(parts)
        let json = provenance(document(networks, documents))
        if let output { try write(networks, json, to: output) }
        let several = networks.edges.count { $0.layerCount > 1 }
        let summary = Text(
            en: "together: \(networks.edges.count) edges, \(several) of them in several layers, "
                + "\(networks.groups.count) networks",
            es: "en conjunto: \(networks.edges.count) aristas, \(several) de ellas en varias "
                + "capas, \(networks.groups.count) redes"
        )
        lines.append(summary[context.language])
        lines += networks.groups.prefix(10).enumerated().map { index, group in
            line(index, group, networks)[context.language]
        }
        return Outcome(json: json, lines: lines)
    }

    private func line(
        _ index: Int,
        _ group: LayeredNetworks.Group,
        _ networks: LayeredNetworks
    ) -> Text {
        let names = group.core.prefix(4).map { place in
            String(decoding: networks.accounts[place].name, as: UTF8.self)
        }
        let told = names.joined(separator: ", ") + (group.core.count > 4 ? ", …" : "")
        let layers = group.layers.map { networks.layers[$0] }.joined(separator: ", ")
        return Text(
            en: "  network \(index + 1): \(group.core.count) accounts (\(layers)): \(told)",
            es: "  red \(index + 1): \(group.core.count) cuentas (\(layers)): \(told)"
        )
    }

    private func document(
        _ networks: LayeredNetworks,
        _ documents: [String: JSONValue]
    ) -> JSONValue {
        func names(_ places: [Int]) -> JSONValue {
            let names = places.map { String(decoding: networks.accounts[$0].name, as: UTF8.self) }
            return .array(names.map { .string($0) })
        }
        let groups = networks.groups.enumerated().map { index, group -> JSONValue in
            [
                "attached": names(group.attached),
                "core": names(group.core),
                "layers": .array(group.layers.map { .string(networks.layers[$0]) }),
                "network": .integer(Int64(index + 1)),
            ]
        }
        // Layers of one dataset have the same data and rule.
        let first = documents[by.first.rawValue]
        return [
            "data": ["sha256": first?["data"]?["sha256"] ?? []],
            "edges": .integer(Int64(networks.edges.count)),
            "layers": .object(documents),
            "networks": .array(groups),
            "rule": first?["rule"] ?? [:],
        ]
    }

    private func write(
        _ networks: LayeredNetworks,
        _ json: JSONValue,
        to directory: String
    ) throws {
        try FeedFiles.write("\(directory)/edges.csv") { try $0(LayeredTables.edges(of: networks)) }
        try FeedFiles.write("\(directory)/accounts.csv") {
            try $0(LayeredTables.accounts(of: networks))
        }
        let names = try writeGraph(networks.graph, json, to: directory)
        try FeedProvenance.write(
            json,
            of: names.union(["accounts.csv", "edges.csv"]),
            to: directory
        )
    }
}
