// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Feed

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
        let name = input.split(separator: "/").last.map(String.init) ?? input
        var words = ["resguardo", "feed", "detect", Self.quoted(name), "--rule", rule.rawValue]
        words += ["--by", by.rawValue]
        if let window { words += ["--window", "\(window)"] }
        if let minParticipation { words += ["--min-participation", "\(minParticipation)"] }
        switch rule {
        case .coortweet: words += ["--edge-weight", "\(edgeWeight)"]
        case .resguardo:
            words += ["--gap", "\(gap)", "--launch", "\(launch)", "--rate", "\(rate)"]
        case .toolkit: words += ["--min-weight", "\(minWeight)"]
        }
        return (words + (lenient ? ["--lenient"] : [])).joined(separator: " ")
    }

    private static func quoted(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            byte == 0x2d || byte == 0x2e || byte == 0x5f || (0x30...0x39).contains(byte)
                || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        }
        return isPlain ? name : "'" + name.replacing("'", with: #"'\''"#) + "'"
    }

    /// Writes the networks, the graph in both forms, and what went into all files.
    func write(_ json: JSONValue, _ graph: NetworkGraph, to directory: String) throws {
        let lineFeed = [UInt8(ascii: "\n")]
        try FeedFiles.write("\(directory)/networks.json") { try $0(json.canonicalBytes + lineFeed) }
        let names = ["command", "data", "rule"]
        let known = (json.object ?? [:]).filter { names.contains($0.key) }
        let description = String(decoding: JSONValue.object(known).canonicalBytes, as: UTF8.self)
        if !edgesOnly {
            try FeedFiles.write("\(directory)/network.gexf") { sink in
                try graph.writeGEXF(creator: "resguardo", description: description, to: sink)
            }
            try FeedFiles.write("\(directory)/network.graphml") { sink in
                try graph.writeGraphML(description: description, to: sink)
            }
        }
        try writeProvenance(known, to: directory)
    }

    /// Tables have no place for it that other programs would pass over: a file beside them says
    /// what they are made of, and which bytes they are.
    private func writeProvenance(_ known: [String: JSONValue], to directory: String) throws {
        var digests: [String: JSONValue] = [:]
        for name in names {
            digests[name] = .string(try FeedFiles.digest("\(directory)/\(name)"))
        }
        var members = known
        members["files"] = .object(digests)
        let bytes = JSONValue.object(members).canonicalBytes + [UInt8(ascii: "\n")]
        try FeedFiles.write("\(directory)/provenance.json") { try $0(bytes) }
    }

    /// The files that the rule writes.
    private var names: Set<String> {
        let graphs: Set<String> = edgesOnly ? [] : ["network.gexf", "network.graphml"]
        let tables: Set<String> =
            switch rule {
            case .coortweet:
                edgesOnly
                    ? ["edges.csv"]
                    : ["account_stats.csv", "edges.csv", "group_stats.csv", "pairs.csv"]
            case .resguardo: ["accounts.csv", "edges.csv"]
            case .toolkit: ["edges_directed.csv"]
            }
        return graphs.union(tables).union(["networks.json"])
    }
}
