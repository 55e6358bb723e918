// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import FeedKernels

/// What several layers say together, as CSV.
///
/// Spec: RFC 4180; `docs/spec/detection-files.md`, section 7.
package enum LayeredTables {
    /// Each edge, and what each layer says of it.
    ///
    /// - Returns: The table.
    package static func edges(of networks: LayeredNetworks) -> [UInt8] {
        var writer = CSVWriter()
        let isMeasured = networks.edges.contains { $0.similarity != nil }
        writer.record(
            ["from", "to", "layers", "weight"]
                + networks.layers.flatMap { ["weight_\($0)", "kind_\($0)"] }
                + (isMeasured ? [DetectedNetworks.similarity] : [])
        )
        for edge in networks.edges {
            writer.append(networks.accounts[edge.from].name[...])
            writer.comma()
            writer.append(networks.accounts[edge.to].name[...])
            for number in [edge.layerCount, edge.weight] {
                writer.comma()
                writer.append(Int64(number))
            }
            for evidence in edge.evidence {
                writer.comma()
                if let evidence { writer.append(Int64(evidence.weight)) }
                writer.comma()
                if let evidence { writer.append(Array(evidence.kind.utf8)[...]) }
            }
            if isMeasured { writer.comma() }
            if let similarity = edge.similarity {
                writer.append(Array("\(similarity)".utf8)[...])
            }
            writer.endRecord()
        }
        return writer.bytes
    }

    /// Each account, its group, and the layers in which it is something.
    ///
    /// - Returns: The table.
    package static func accounts(of networks: LayeredNetworks) -> [UInt8] {
        var writer = CSVWriter()
        writer.record(["account_id", "community", "role", "layers"])
        for account in networks.accounts {
            writer.append(account.name[...])
            writer.comma()
            if let group = account.group { writer.append(Int64(group + 1)) }
            writer.comma()
            writer.append(Array(account.role.rawValue.utf8)[...])
            writer.comma()
            let names = account.layers.map { networks.layers[$0] }.joined(separator: " ")
            writer.append(Array(names.utf8)[...])
            writer.endRecord()
        }
        return writer.bytes
    }
}
