// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import FeedKernels

/// Edges, accounts, groups and evidence as one canonical JSON document.
///
/// Numbers that are not whole are strings, as everywhere in our JSON (RFC 8785 leaves them to
/// chance).
///
/// Spec: `docs/spec/detection-files.md`, section 3.
package enum DetectionDocument {
    /// Writes a detection.
    ///
    /// - Returns: The document, and a line feed.
    package static func bytes(
        of networks: DetectedNetworks,
        _ meetings: [DetectedMeeting],
        _ provenance: DetectionProvenance
    ) -> [UInt8] {
        // Members by hand, in canonical order, so that the tables are not held twice.
        var bytes = Array("{\"accounts\":".utf8)
        append(networks.accounts.indices, to: &bytes) { account($0, networks) }
        bytes += Array(",\"edges\":".utf8)
        append(networks.edges.indices, to: &bytes) { edge(networks.edges[$0], networks) }
        bytes += Array(",\"evidence\":".utf8)
        append(meetings.indices, to: &bytes) { evidence(meetings[$0], networks) }
        bytes += Array(",\"format\":\"resguardo-detection/1\",\"groups\":".utf8)
        append(networks.groups.indices, to: &bytes) { group($0, networks) }
        bytes += Array(",\"provenance\":".utf8) + provenance.json.canonicalBytes
        return bytes + Array("}\n".utf8)
    }

    /// An identifier: a string, or an object where it has to be encoded.
    static func name(_ bytes: ArraySlice<UInt8>) -> JSONValue {
        let name = ExactName(bytes)
        if name.encoding == .text { return .string(name.text) }
        return ["encoding": .string(name.encoding.rawValue), "text": .string(name.text)]
    }

    private static func append(
        _ indices: Range<Int>,
        to bytes: inout [UInt8],
        _ element: (Int) -> [String: JSONValue]
    ) {
        bytes.append(UInt8(ascii: "["))
        for index in indices {
            if index > indices.lowerBound { bytes.append(UInt8(ascii: ",")) }
            bytes += JSONValue.object(element(index)).canonicalBytes
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static func account(
        _ index: Int,
        _ networks: DetectedNetworks
    ) -> [String: JSONValue] {
        let account = networks.accounts[index]
        var members: [String: JSONValue] = [
            "account": name(networks.name(index)), "role": .string(account.role.rawValue),
            "shares": .integer(Int64(account.shareCount)),
        ]
        if let group = account.group { members["group"] = .integer(Int64(group + 1)) }
        return members
    }

    private static func edge(
        _ edge: DetectedNetworks.Edge,
        _ networks: DetectedNetworks
    ) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "declared": .boolean(edge.isDeclared), "from": name(networks.name(edge.from)),
            "kind": .string(edge.kind), "to": name(networks.name(edge.to)),
            "weight": .integer(Int64(edge.weight)),
        ]
        for (measure, value) in zip(networks.measures, edge.values) {
            members[measure] = .string("\(value)")
        }
        return members
    }

    private static func evidence(
        _ meeting: DetectedMeeting,
        _ networks: DetectedNetworks
    ) -> [String: JSONValue] {
        let shares = networks.shares
        let rows = [meeting.row, meeting.otherRow]
        var members: [String: JSONValue] = [
            "contents": .array(rows.map { name(shares.contents[shares.content[$0]]) }),
            "from": name(shares.accounts[shares.account[meeting.row]]),
            "object": name(shares.objects[meeting.object]),
            "pairs": .integer(Int64(meeting.pairCount)),
            "times": .array(rows.map { .integer(shares.time[$0]) }),
            "to": name(shares.accounts[shares.account[meeting.otherRow]]),
        ]
        if let group = networks.group(of: networks.edges[meeting.edge]) {
            members["group"] = .integer(Int64(group + 1))
        }
        return members
    }

    private static func group(
        _ index: Int,
        _ networks: DetectedNetworks
    ) -> [String: JSONValue] {
        let group = networks.groups[index]
        var members: [String: JSONValue] = [
            "attached": .array(group.attached.map { name(networks.name($0)) }),
            "core": .array(group.core.map { name(networks.name($0)) }),
            "edges": .integer(Int64(group.edgeCount)), "group": .integer(Int64(index + 1)),
            "weight": .integer(Int64(group.weight)),
        ]
        if let stability = group.stability { members["stability"] = .string("\(stability)") }
        return members
    }
}
