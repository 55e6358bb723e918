// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Exports
import Feed
import FeedKernels

/// The files of `feed detect` that all rules write.
///
/// Spec: `docs/spec/detection-files.md`.
extension FeedDetectCommand {
    /// What was found, with the command that finds it again.
    func provenance(_ json: JSONValue) -> JSONValue {
        var members = json.object ?? [:]
        members["command"] = .string(commandLine)
        return .object(members)
    }

    /// The command, with the name of the input and nothing else of this machine.
    private var commandLine: String {
        let name = FeedProvenance.name(of: input)
        var words = ["resguardo", "feed", "detect", name, "--rule", rule.rawValue]
        words += ["--by", by.argument]
        if rule != .tfidf { words += ["--window", "\(windowSeconds)"] }
        if let fast { words += ["--fast", "\(fast)"] }
        if rule != .toolkit { words += ["--min-participation", "\(participation)"] }
        switch rule {
        case .coortweet: words += ["--edge-weight", "\(edgeWeight ?? 0.5)"]
        case .resguardo:
            words += ["--gap", "\(gap)", "--launch", "\(launch)", "--rate", "\(rate)"]
        case .tfidf:
            if let edgeWeight { words += ["--edge-weight", "\(edgeWeight)"] }
            if let minSimilarity { words += ["--min-similarity", "\(minSimilarity)"] }
            if let maxSharers { words += ["--max-sharers", "\(maxSharers)"] }
            if let pruneBelow { words += ["--prune-below", "\(pruneBelow)"] }
        case .toolkit: words += ["--min-weight", "\(minWeight)"]
        }
        if let allow { words += ["--allow", FeedProvenance.name(of: allow)] }
        if edgesOnly { words.append("--edges-only") }
        if lenient { words.append("--lenient") }
        if !format.names.isEmpty {
            words += ["--format", format.names.joined(separator: ","), "--output", "networks"]
        }
        return words.joined(separator: " ")
    }

    /// Writes the networks, the graph in both forms, what `--format` asks for, and what went into
    /// all files.
    func write(
        _ json: JSONValue,
        _ graph: NetworkGraph,
        to directory: String,
        _ networks: () -> DetectedNetworks
    ) throws {
        let names = try writeGraph(graph, json, to: directory)
        let further = try format.names.isEmpty ? [] : write(networks(), json, to: directory)
        try FeedProvenance.write(json, of: names.union(tables).union(further), to: directory)
    }

    /// Writes the networks, and the graph in both forms.
    ///
    /// - Returns: The names of the files.
    /// - Throws: A ``Failure``.
    func writeGraph(
        _ graph: NetworkGraph,
        _ json: JSONValue,
        to directory: String
    ) throws -> Set<String> {
        let lineFeed = [UInt8(ascii: "\n")]
        try FeedFiles.write("\(directory)/networks.json") { try $0(json.canonicalBytes + lineFeed) }
        guard !edgesOnly else { return ["networks.json"] }
        let known = FeedProvenance.known(json).canonicalBytes
        let description = String(decoding: known, as: UTF8.self)
        try FeedFiles.write("\(directory)/network.gexf") { sink in
            try graph.writeGEXF(creator: "resguardo", description: description, to: sink)
        }
        try FeedFiles.write("\(directory)/network.graphml") { sink in
            try graph.writeGraphML(description: description, to: sink)
        }
        return ["networks.json", "network.gexf", "network.graphml"]
    }

    /// Writes what `--format` asks for.
    ///
    /// - Parameters:
    ///   - networks: What was found, in one shape for all rules.
    ///   - json: Says the data, the rule and the command.
    ///   - directory: Where.
    /// - Returns: The names of the files.
    /// - Throws: A ``Failure``.
    private func write(
        _ networks: DetectedNetworks,
        _ json: JSONValue,
        to directory: String
    ) throws -> [String] {
        let provenance = DetectionProvenance(
            program: "resguardo \(Root.version)",
            command: json["command"]?.string ?? "",
            rule: json["rule"] ?? [:],
            data: json["data"] ?? [:],
            layer: by.first.rawValue
        )
        let meetings = networks.meetings()
        var files: [(name: String, bytes: [UInt8])] = []
        if format.contains(.csv) {
            // These write their own, which say more of each account.
            if rule != .resguardo && rule != .tfidf {
                files.append(("accounts.csv", DetectionTables.accounts(of: networks)))
            }
            files.append(("groups.csv", DetectionTables.groups(of: networks)))
            files.append(("evidence.csv", DetectionTables.evidence(of: networks, meetings)))
            files.append(("contributions.csv", DetectionTables.contributions(of: networks)))
        }
        if format.contains(.json) {
            let document = DetectionDocument.bytes(of: networks, meetings, provenance)
            files.append(("detection.json", document))
        }
        if format.contains(.stix) {
            let bundle = STIXBundle.make(of: networks, meetings, provenance)
            files.append(("stix.json", bundle.canonicalBytes + [UInt8(ascii: "\n")]))
        }
        if format.contains(.library) {
            files.append(("case.json", CaseFile.bytes(of: networks, meetings, provenance)))
        }
        if format.contains(.svg) {
            let picture = NetworkPicture(of: networks)
            let places = picture.isEmpty ? [] : try NetworkLayout().places(of: picture)
            files.append(("network.svg", picture.svg(places, provenance)))
            files.append(("timing.svg", TimingPicture(of: networks, meetings).svg(provenance)))
        }
        for file in files {
            try FeedFiles.write("\(directory)/\(file.name)") { try $0(file.bytes) }
        }
        return files.map(\.name)
    }

    /// The tables that the rule writes.
    private var tables: Set<String> {
        switch rule {
        case .coortweet:
            edgesOnly
                ? ["edges.csv"]
                : Set(["account_stats.csv", "edges.csv", "group_stats.csv", "pairs.csv"])
                    .union(fast == nil ? [] : ["context.csv"])
        case .resguardo, .tfidf: ["accounts.csv", "edges.csv"]
        case .toolkit: ["edges_directed.csv"]
        }
    }
}
