// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import FeedKernels

/// A finding for the case library: what was measured, and places for what only people can say.
///
/// Actors, dynamics and objectives are the columns in which Linterna Verde compiled the cases of
/// Latin America. A program sees dynamics; who stands behind them, and why, is left open on
/// purpose, with the words to choose from.
///
/// Spec: `docs/spec/detection-files.md`, section 5.
package enum CaseFile {
    /// Words for what a case says of actors, context and objectives.
    private static let vocabulary: JSONValue = [
        "actors": [
            "government", "political-party", "private-company", "criminal-group", "media", "fans",
            "unknown",
        ],
        "context": ["election", "media-crisis", "social-outburst", "political-tension", "none"],
        "objectives": [
            "capture-conversation", "distract-from-criticism", "attack-voices", "recruit",
            "intimidate", "sell", "unknown",
        ],
    ]

    /// Writes a case.
    ///
    /// - Returns: Indented JSON, for people to fill in.
    package static func bytes(
        of networks: DetectedNetworks,
        _ meetings: [DetectedMeeting],
        _ provenance: DetectionProvenance
    ) -> [UInt8] {
        let evidence = GroupEvidence.all(of: networks, meetings)
        let groups = networks.groups.indices
        let technique = Technique.shown(bySharing: provenance.layer)
        let document: JSONValue = [
            "actors": .array(groups.map { party(networks, $0) }),
            "context": "",
            "dynamics": .array(
                groups.map { dynamics(networks, $0, evidence[$0], technique, provenance) }
            ),
            "format": "resguardo-case/1",
            "impact": "",
            "objectives": [],
            "place": "",
            "provenance": provenance.json,
            "sources": [],
            "title": "",
            "vocabulary": vocabulary,
        ]
        return IndentedJSON.bytes(of: document)
    }

    private static func party(_ networks: DetectedNetworks, _ index: Int) -> JSONValue {
        let group = networks.groups[index]
        return [
            "accounts": names(group.core, networks), "attached": names(group.attached, networks),
            "group": .integer(Int64(index + 1)), "kind": "unknown",
        ]
    }

    private static func names(_ members: [Int], _ networks: DetectedNetworks) -> JSONValue {
        .array(members.map { DetectionDocument.name(networks.name($0)) })
    }

    private static func dynamics(
        _ networks: DetectedNetworks,
        _ index: Int,
        _ evidence: GroupEvidence,
        _ technique: Technique,
        _ provenance: DetectionProvenance
    ) -> JSONValue {
        let group = networks.groups[index]
        var members: [String: JSONValue] = [
            "edges": .integer(Int64(group.edgeCount)), "group": .integer(Int64(index + 1)),
            "layer": .string(provenance.layer),
            "medianDelaySeconds": .integer(evidence.medianDelay),
            "meetings": .integer(Int64(evidence.meetingCount)),
            "objects": .integer(Int64(evidence.objectCount)),
            "technique": ["code": .string(technique.code), "name": .string(technique.name)],
            "weight": .integer(Int64(group.weight)),
            "windowSeconds": .integer(networks.windowSeconds),
        ]
        if evidence.meetingCount > 0 {
            let times = [evidence.first, evidence.last].map { seconds in
                Encodings.Timestamp(seconds: GroupEvidence.moment(seconds)).rfc3339
            }
            members["from"] = .string(times[0])
            members["to"] = .string(times[1])
        }
        if let stability = group.stability { members["stability"] = .string("\(stability)") }
        return .object(members)
    }
}
