// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Exports
import FeedKernels

/// Shares as CSV; every field is quoted.
func csvText(_ rows: [(String, [UInt8], String, Int64)]) -> [UInt8] {
    var bytes = Array("object_id,account_id,content_id,timestamp_share\n".utf8)
    for row in rows {
        let name = row.1.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] }
        bytes += Array("\(row.0),\"".utf8) + name + Array("\",\(row.2),\(row.3)\n".utf8)
    }
    return bytes
}

/// Random networks of accounts with names that were made to break files.
struct NetworkGenerator {
    static let provenance = DetectionProvenance(
        program: "resguardo 0",
        command: "resguardo feed detect 'día ]]> <x>.csv'",
        rule: ["name": "coortweet", "signal": "co-share", "windowSeconds": 600],
        data: ["sha256": ["00ff"], "shares": 5, "skipped": 0],
        layer: "object"
    )

    /// Well-formed names (no other get in) that XML, CSV, JSON or a screen may choke on.
    static let hostileNames: [[UInt8]] = [
        "\u{1}", "%01", "%2501", "\u{1}\u{8}\u{1f}", "]]>", "<script>alert(1)</script>",
        "&lt;&#60;&amp;",
        "\"'", "a\tb", "a\nb", "a\r\nb", " ", "  both ends  ", "\u{fffe}", "\u{ffff}",
        "\u{1fffe}", "\u{202e}gnp.exe", "\u{2066}x", "\u{85}", "\u{2028}", "\u{feff}", "%41", "%",
        "=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "é", "e\u{301}", "👩‍👩‍👧", "مرحبا",
        "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>", "n0", "null", "\u{7f}",
        "\u{d7ff}\u{e000}", "x\u{b}y",
    ].map { Array($0.utf8) }

    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    private mutating func pick(_ count: Int) -> Int { Int(next() % UInt64(count)) }

    private mutating func name(_ index: Int) -> [UInt8] {
        let hostile = Self.hostileNames[pick(Self.hostileNames.count)]
        return pick(3) == 0 ? hostile + Array("\(index)".utf8) : hostile
    }

    /// The shares in a file.
    static func read(_ csv: [UInt8]) throws -> ShareTable {
        var reader = ShareReader(cores: .single, isLenient: false, expectedByteCount: csv.count)
        try reader.append(csv)
        return try reader.finish().shares
    }

    /// A network with some edges and groups.
    mutating func networks() throws -> DetectedNetworks {
        // Four that differ, so that there is a network whatever the others are.
        let names = (0..<4).map { Array("plain\($0)".utf8) } + (0..<pick(30)).map { name($0) }
        let rows = (0..<200).map { row in
            ("o\(pick(20))", names[pick(names.count)], "c\(row)", Int64(pick(3_000)) - 1_000)
        }
        let shares = try Self.read(csvText(rows))
        let count = shares.accounts.count
        let (ranks, ids) = shares.accounts.ranks(where: [Bool](repeating: true, count: count))
        let isDirected = pick(2) == 0
        var seen: Set<[UInt32]> = []
        for _ in 0..<(3 * count) {
            let ends = [UInt32(pick(count)), UInt32(pick(count))]
            guard ends[0] != ends[1] else { continue }
            let isOrdered = ranks[Int(ends[0])] < ranks[Int(ends[1])]
            seen.insert(isDirected || isOrdered ? ends : [ends[1], ends[0]])
        }
        let ordered = seen.sorted {
            $0.map { ranks[Int($0)] }.lexicographicallyPrecedes($1.map { ranks[Int($0)] })
        }
        let edges = ordered.map { ends -> DetectedNetworks.Found in
            let isDeclared = pick(4) > 0
            let values = [Double(pick(1_000)) / 7, 1e-300 * Double(1 + pick(9))]
            let kind = isDeclared ? "strong" : "weak"
            return (ends[0], ends[1], 1 + pick(1 << 40), kind, isDeclared, values)
        }
        let declared = edges.filter(\.isDeclared).map { ($0.from, $0.to) }
        precondition(ids.count == count)
        return DetectedNetworks(
            in: shares,
            windowSeconds: 600,
            isDirected: isDirected,
            measures: ["measure_a", "measure_b"],
            edges: edges,
            groups: DetectedNetworks.components(of: declared, in: shares)
        )
    }

    /// Detections as STIX; the last one without a group.
    static func bundles() throws -> [JSONValue] {
        var found = try (1...8).map { seed in
            var generator = NetworkGenerator(seed: UInt64(seed))
            return try generator.networks()
        }
        found.append(
            DetectedNetworks(
                in: found[0].shares,
                windowSeconds: 60,
                isDirected: false,
                measures: [],
                edges: [],
                groups: []
            )
        )
        return found.map { STIXBundle.make(of: $0, $0.meetings(), provenance) }
    }
}
