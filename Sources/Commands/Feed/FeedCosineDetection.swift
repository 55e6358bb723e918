// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Feed
import FeedKernels

/// `resguardo feed detect --rule tfidf`.
extension FeedDetectCommand {
    /// Detects by the cosine of what accounts share.
    func detectByCosine(_ context: Context) throws -> Found {
        let detection = try FeedFileFailure.naming(input) {
            let rule = try CosineRule(
                minimumParticipation: participation,
                edgeWeightQuantile: edgeWeight,
                minimumSimilarity: minSimilarity ?? 0,
                sharerCountMax: maxSharers,
                pruneBelow: pruneBelow
            )
            return try CosineDetection(in: read(context), by: rule, cores: .allCores)
        }
        let json = provenance(detection.json)
        if let output {
            try FeedFiles.makeDirectory(output)
            try FeedFiles.write("\(output)/edges.csv") { try detection.writeEdges(to: $0) }
            try FeedFiles.write("\(output)/accounts.csv") { try $0(detection.accountTable) }
            try write(json, detection.graph, to: output) { detection.networks }
        }
        let outcome = Outcome(json: json, lines: lines(detection, context.language))
        return Found(outcome: outcome) { detection.networks }
    }

    private func lines(_ detection: CosineDetection, _ language: Language) -> [String] {
        let network = detection.network
        let summary = Text(
            en: "\(detection.shareCount) shares, \(network.accounts.count) accounts compared, "
                + "\(network.edgeCount) edges, \(network.edges.count) declared, "
                + "\(detection.groups.count) networks",
            es: "\(detection.shareCount) difusiones, \(network.accounts.count) cuentas comparadas, "
                + "\(network.edgeCount) aristas, \(network.edges.count) declaradas, "
                + "\(detection.groups.count) redes"
        )
        let names = detection.networks
        let largest = names.groups.prefix(10).enumerated().map { index, group in
            let first = group.core.prefix(4).map { String(decoding: names.name($0), as: UTF8.self) }
            let (accounts, edges) = (group.core.count, group.edgeCount)
            let text = Text(
                en: "network \(index + 1): \(accounts) accounts, \(edges) edges: ",
                es: "red \(index + 1): \(accounts) cuentas, \(edges) aristas: "
            )
            let rest = group.core.count > 4 ? ", …" : ""
            return "  " + text[language] + first.joined(separator: ", ") + rest
        }
        return [summary[language]] + largest
    }
}
