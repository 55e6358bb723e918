// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Feed
import FeedKernels

/// `resguardo feed detect --rule resguardo`.
extension FeedDetectCommand {
    /// Detects by Resguardo's own rule.
    func detectByTiming(_ context: Context) throws -> Found {
        let detection = try FeedFileFailure.naming(input) {
            let rule = try TimingRule(
                windowSeconds: windowSeconds,
                minimum: participation,
                gapSeconds: gap,
                launchSeconds: launch,
                rate: rate
            )
            return try TimingDetection(in: read(context), by: rule, cores: .allCores)
        }
        let json = provenance(detection.json)
        if let output {
            try FeedFiles.makeDirectory(output)
            try FeedFiles.write("\(output)/edges.csv") { try $0(detection.edgeTable) }
            try FeedFiles.write("\(output)/accounts.csv") { try $0(detection.accountTable) }
            try write(json, detection.graph, to: output) { detection.networks }
        }
        let outcome = Outcome(json: json, lines: lines(detection, context.language))
        return Found(outcome: outcome) { detection.networks }
    }

    private func lines(_ detection: TimingDetection, _ language: Language) -> [String] {
        let network = detection.network
        let coordinated = detection.edgeCount(.coordinated)
        let shared = detection.edgeCount(.sharedSource)
        let summary = Text(
            en: "\(network.shares.count) shares, \(network.edges.count) pairs judged, "
                + "\(coordinated) coordinated edges, \(shared) of shared source, "
                + "\(network.communities.count) networks",
            es: "\(network.shares.count) difusiones, \(network.edges.count) pares juzgados, "
                + "\(coordinated) aristas coordinadas, \(shared) de fuente común, "
                + "\(network.communities.count) redes"
        )
        let largest = network.communities.prefix(10).enumerated().map { index, community in
            let names = community.core.prefix(4).map { network.shares.accounts.text($0.account) }
            let rest = community.core.count > 4 ? ", …" : ""
            let percent = Int((community.stability * 100).rounded())
            let text = Text(
                en: "network \(index + 1): \(community.core.count) accounts, "
                    + "\(community.attached.count) attached, stability \(percent) %: ",
                es: "red \(index + 1): \(community.core.count) cuentas, "
                    + "\(community.attached.count) allegadas, estabilidad \(percent) %: "
            )
            return "  " + text[language] + names.joined(separator: ", ") + rest
        }
        return [summary[language]] + largest
    }
}
