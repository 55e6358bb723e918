// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Exports
import FeedKernels
import Foundation
import Testing

/// Pictures and cases: bounded, honest about what they leave out, and nothing but their own markup.
@Suite struct PictureTests {
    /// As a layout program answers.
    static func plain(_ picture: NetworkPicture) -> [UInt8] {
        let names = String(decoding: picture.graph, as: UTF8.self).split(separator: "\n")
            .filter { $0.first == "n" && $0.last == ";" && !$0.contains(" ") }
            .map { $0.dropLast() }
        var text = "graph 1 10 10\n"
        for (index, name) in names.enumerated() {
            text += "node \(name) \(index % 30) \(index / 30) 0.1 0.1 \(name) solid point black x\n"
        }
        return Array((text + "stop\n").utf8)
    }

    /// The network and its timing.
    static func pictures(_ networks: DetectedNetworks) throws -> [[UInt8]] {
        let picture = NetworkPicture(of: networks)
        let places = try #require(picture.places(in: plain(picture)))
        return [
            picture.svg(places, NetworkGenerator.provenance),
            TimingPicture(of: networks, networks.meetings()).svg(NetworkGenerator.provenance),
        ]
    }

    @Test(arguments: UInt64(1)...20) func isTheSameEachTimeAndNamesTurnNothing(
        _ seed: UInt64
    ) throws {
        var generator = NetworkGenerator(seed: seed)
        let networks = try generator.networks()
        let pictures = try Self.pictures(networks)
        #expect(try Self.pictures(networks) == pictures)
        for bytes in pictures {
            // Nothing in a name turns the text around it.
            let text = String(decoding: bytes, as: UTF8.self).unicodeScalars
            for turning in ["\u{202e}", "\u{2066}", "\u{feff}"] as [Unicode.Scalar] {
                #expect(!text.contains(turning))
            }
        }
    }

    @Test func aLargeNetworkIsDrawnInPartAndSaysSo() throws {
        let count = 2_000
        let rows = (0..<count).flatMap { index in
            (0..<2).map { part in
                ("o\(part)", Array("a\(index)".utf8), "c\(index)-\(part)", Int64(index))
            }
        }
        let shares = try NetworkGenerator.read(csvText(rows))
        let (_, ids) = shares.accounts.ranks(where: [Bool](repeating: true, count: count))
        let ends = (0..<count - 8).flatMap { index in
            (1...8).map { (ids[index], ids[index + $0]) }
        }
        let networks = DetectedNetworks(
            in: shares,
            windowSeconds: 5,
            isDirected: false,
            measures: [],
            edges: ends.map { ($0.0, $0.1, 2, "strong", true, []) },
            groups: DetectedNetworks.components(of: ends, in: shares)
        )
        let pictures = try Self.pictures(networks).map { String(decoding: $0, as: UTF8.self) }
        #expect(pictures[0].contains("Drawn: 1 of 1 groups, 600 of 2000 accounts"))
        #expect(pictures[0].contains("Dibujado: 1 de 1 grupos, 600 de 2000 cuentas"))
        #expect(pictures[0].count(of: "<circle") <= 625)
        #expect(pictures[0].count(of: "<line") <= 4_000)
        #expect(pictures[1].contains("1: 24 of 2000 accounts"))
        #expect(pictures.allSatisfy { $0.utf8.count < 2 << 20 })
    }

    @Test func aLayoutWithoutAnAccountIsRefused() throws {
        var generator = NetworkGenerator(seed: 1)
        let picture = NetworkPicture(of: try generator.networks())
        let whole = String(decoding: Self.plain(picture), as: UTF8.self)
        #expect(picture.places(in: Array(whole.utf8)) != nil)
        let lines = whole.split(separator: "\n")
        #expect(picture.places(in: Array(lines.dropLast(2).joined(separator: "\n").utf8)) == nil)
        let broken = whole.replacingOccurrences(of: " 0.1 0.1 ", with: " ")
            .replacingOccurrences(of: "node n", with: "node x")
        #expect(picture.places(in: Array(broken.utf8)) == nil)
    }

    @Test func theCaseSaysWhatWasMeasuredAndLeavesTheRestOpen() throws {
        var generator = NetworkGenerator(seed: 2)
        let networks = try generator.networks()
        let meetings = networks.meetings()
        let bytes = CaseFile.bytes(of: networks, meetings, NetworkGenerator.provenance)
        let document = try JSONValue(parsing: bytes)
        #expect(document["provenance"] == NetworkGenerator.provenance.json)
        #expect(document["objectives"] == [])
        let actors = try #require(document["actors"]?.array)
        let dynamics = try #require(document["dynamics"]?.array)
        try #require(actors.count == networks.groups.count && !actors.isEmpty)
        for (index, group) in networks.groups.enumerated() {
            #expect(actors[index]["kind"] == "unknown")
            #expect(actors[index]["accounts"]?.array?.count == group.core.count)
            #expect(dynamics[index]["edges"]?.integer == Int64(group.edgeCount))
            let inside = meetings.filter { networks.group(of: networks.edges[$0.edge]) == index }
            #expect(dynamics[index]["meetings"]?.integer == Int64(inside.count))
            #expect(dynamics[index]["technique"]?["code"] == "T0118")
        }
    }
}

extension String {
    fileprivate func count(of part: String) -> Int { components(separatedBy: part).count - 1 }
}
