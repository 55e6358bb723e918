// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Exports
import FeedKernels
import Foundation
import Testing

/// Tables, documents and pictures of detections, under names that were made to break them.
@Suite struct DetectionFileTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    @Test func parsersFindTheSameAccountsAndEdgesUnderHostileNames() throws {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-networks-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let count = 60
        for seed in 1...count {
            var generator = NetworkGenerator(seed: UInt64(seed))
            let networks = try generator.networks()
            let pictures = try PictureTests.pictures(networks)
            let document = DetectionDocument.bytes(
                of: networks,
                networks.meetings(),
                NetworkGenerator.provenance
            )
            let files = [
                ("network.svg", pictures[0]), ("timing.svg", pictures[1]),
                ("detection.json", document), ("json", Self.expected(networks).canonicalBytes),
            ]
            for (suffix, bytes) in files {
                try Data(bytes).write(to: directory.appending(path: "\(seed).\(suffix)"))
            }
        }
        let script = Self.folder.appending(path: "pictures.py").path
        guard let output = try run(["python3", "-B", script, directory.path]) else { return }
        #expect(output == "read \(count)\n")
    }

    /// Neither markup nor characters that XML does not have come through a name.
    @Test(arguments: NetworkGenerator.hostileNames)
    func namesStayNames(_ name: [UInt8]) throws {
        let text = csvText([("o", name, "c1", 1), ("o", Array("other".utf8), "c2", 2)])
        let shares = try NetworkGenerator.read(text)
        let networks = DetectedNetworks(
            in: shares,
            windowSeconds: 60,
            isDirected: false,
            measures: [],
            edges: [(0, 1, 1, "strong", true, [])],
            groups: [([0, 1], [], nil)]
        )
        for bytes in try PictureTests.pictures(networks) {
            let file = try #require(String(validating: bytes, as: UTF8.self))
            #expect(file.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
            #expect(!file.unicodeScalars.contains("\u{fffe}"))
            #expect(!file.contains("]]>"))
            #expect(!file.contains("<script"))
            #expect(!file.contains("<!ENTITY"))
        }
    }

    @Test func theEvidenceOfAnEdgeIsItsClosestPairInEachThing() throws {
        let rows: [(String, [UInt8], String, Int64)] = [
            ("o1", Array("b".utf8), "c1", 100), ("o1", Array("a".utf8), "c2", 109),
            ("o1", Array("b".utf8), "c3", 112), ("o1", Array("x".utf8), "c4", 110),
            ("o2", Array("a".utf8), "c5", 90), ("o2", Array("b".utf8), "c6", 100),
            ("o3", Array("a".utf8), "c7", 500), ("o3", Array("b".utf8), "c8", 511),
        ]
        let shares = try NetworkGenerator.read(csvText(rows))
        let networks = DetectedNetworks(
            in: shares,
            windowSeconds: 10,
            isDirected: false,
            measures: [],
            edges: [(1, 0, 2, "strong", true, [])],
            groups: [([1, 0], [], nil)]
        )
        let table = DetectionTables.evidence(of: networks, networks.meetings())
        #expect(
            String(decoding: table, as: UTF8.self) == """
                from,to,community,object_id,content_id,content_id_y,time,time_y,pairs
                a,b,1,o2,c5,c6,90,100,1
                a,b,1,o1,c2,c3,109,112,2

                """
        )
        let contributions = DetectionTables.contributions(of: networks)
        #expect(
            String(decoding: contributions, as: UTF8.self) == """
                from,to,community,objects,contents,contents_y,earlier,earlier_y
                a,b,1,2,2,3,2,1

                """
        )
        let accounts = DetectionTables.accounts(of: networks)
        #expect(
            String(decoding: accounts, as: UTF8.self)
                == "account_id,community,role\na,1,core\nb,1,core\n"
        )
        let groups = DetectionTables.groups(of: networks)
        #expect(
            String(decoding: groups, as: UTF8.self)
                == "community,accounts,attached,edges,weight,stability\n1,2,0,1,2,\n"
        )
    }

    /// The document is canonical although it is put together by hand, and says what was made how.
    @Test func theDocumentIsCanonicalJSON() throws {
        for seed in UInt64(1)...20 {
            var generator = NetworkGenerator(seed: seed)
            let networks = try generator.networks()
            let meetings = networks.meetings()
            let bytes = DetectionDocument.bytes(of: networks, meetings, NetworkGenerator.provenance)
            #expect(bytes.last == 0x0a)
            let document = try JSONValue(canonical: bytes.dropLast())
            #expect(document["accounts"]?.array?.count == networks.accounts.count)
            #expect(document["edges"]?.array?.count == networks.edges.count)
            #expect(document["evidence"]?.array?.count == meetings.count)
            #expect(document["groups"]?.array?.count == networks.groups.count)
            #expect(document["provenance"] == NetworkGenerator.provenance.json)
        }
    }

    private static func expected(_ networks: DetectedNetworks) -> JSONValue {
        let nodes = networks.accounts.indices.map { index -> JSONValue in
            let account = networks.accounts[index]
            var members: [String: JSONValue] = [
                "hex": .string(Hex.encode(Array(networks.name(index)))),
                "role": .string(account.role.rawValue),
                "shares": .integer(Int64(account.shareCount)),
            ]
            if let group = account.group { members["group"] = .integer(Int64(group + 1)) }
            return .object(members)
        }
        let edges = networks.edges.map { edge -> JSONValue in
            let ends = [edge.from, edge.to].map { Hex.encode(Array(networks.name($0))) }
            return [
                "declared": .boolean(edge.isDeclared), "from": .string(ends[0]),
                "kind": .string(edge.kind), "to": .string(ends[1]),
                "weight": .integer(Int64(edge.weight)),
            ]
        }
        return [
            "directed": .boolean(networks.isDirected), "edges": .array(edges),
            "nodes": .array(nodes), "provenance": NetworkGenerator.provenance.json,
        ]
    }

    /// What a program writes; `nil` where there is none, which CI does not let pass.
    private func run(_ command: [String]) throws -> String? {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus != 127 else {
            print("skipped: \(command[0]) is not installed")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil)
            return nil
        }
        return String(decoding: data, as: UTF8.self)
    }
}
