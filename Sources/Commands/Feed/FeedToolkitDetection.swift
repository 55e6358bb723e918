// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Feed
import FeedKernels

/// `resguardo feed detect --rule toolkit`.
extension FeedDetectCommand {
    /// Detects by the rule of the QUT coordination-network-toolkit.
    func detectByToolkit(_ context: Context) throws -> Found {
        let spark = try sparkDetection(context)
        let detection = try FeedFileFailure.naming(input) {
            let rule = try ToolkitRule(
                windowSeconds: windowSeconds,
                minimumWeight: minWeight
            )
            if let spark { return try spark.detection(by: rule) }
            return try ToolkitDetection(in: read(context), of: by.first, by: rule, cores: .allCores)
        }
        let json = provenance(detection.json)
        if let output {
            try FeedFiles.makeDirectory(output)
            try FeedFiles.write("\(output)/edges_directed.csv") { try $0(detection.edgeTable) }
            try write(json, detection.graph, to: output) { detection.networks }
        }
        let (count, edges) = (detection.shareCount, detection.network.edges.count)
        let summary = Text(
            en: "\(count) shares, \(edges) directed edges",
            es: "\(count) difusiones, \(edges) aristas dirigidas"
        )
        let outcome = Outcome(json: json, lines: [summary[context.language]])
        return Found(outcome: outcome) { detection.networks }
    }
}
