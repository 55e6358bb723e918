// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import FeedKernels

extension STIXBundle {
    /// The groups of a detection.
    ///
    /// Ids follow from the data, the layer and the rule: a second run replaces the first one.
    ///
    /// Spec: `docs/spec/detection-files.md`, section 4.
    ///
    /// - Parameters:
    ///   - networks: What was found.
    ///   - meetings: What it rests on.
    ///   - provenance: What it was made from, and how.
    /// - Returns: A STIX bundle, marked TLP:AMBER: nobody has judged these accounts yet.
    package static func make(
        of networks: DetectedNetworks,
        _ meetings: [DetectedMeeting],
        _ provenance: DetectionProvenance
    ) -> JSONValue {
        let date = GroupEvidence.moment(networks.shares.time.max() ?? 0)
        let origin = String(decoding: provenance.identity, as: UTF8.self)
        var bundle = STIXBundle(origin: origin, date: date)
        bundle.addAmber()
        let maker = bundle.put(
            "identity",
            named: "detector",
            ["identity_class": "system", "name": .string(provenance.program)]
        )
        let common: [String: JSONValue] = [
            "created_by_ref": .string(maker),
            "external_references": .array(references(provenance)),
            "object_marking_refs": [.string(amber)],
        ]
        let evidence = GroupEvidence.all(of: networks, meetings)
        for index in networks.groups.indices {
            bundle.add(networks, index, evidence[index], provenance, common)
        }
        let id = NameUUID.text(
            Array("\(origin)\ndetection".utf8),
            in: NameUUID.exports
        )
        return [
            "id": .string("bundle--\(id)"), "objects": .array(bundle.objects), "type": "bundle",
        ]
    }

    /// The data by its digests, and the command.
    private static func references(_ provenance: DetectionProvenance) -> [JSONValue] {
        let data = provenance.digests.map { digest -> JSONValue in
            ["external_id": .string(digest), "source_name": "sha-256"]
        }
        let parameters = provenance.rule.canonicalText
        return data + [
            ["description": .string(provenance.command), "source_name": "command"],
            ["description": .string(parameters), "source_name": "parameters"],
        ]
    }

    private mutating func add(
        _ networks: DetectedNetworks,
        _ index: Int,
        _ evidence: GroupEvidence,
        _ provenance: DetectionProvenance,
        _ common: [String: JSONValue]
    ) {
        let group = networks.groups[index]
        let name = "group \(index + 1)"
        let members = (group.core + group.attached).map { member in
            addAccount(ExactName(networks.name(member)).text, on: nil)
        }
        var seen: [String: JSONValue] = [:]
        if evidence.meetingCount > 0 {
            seen["first_seen"] = .string(time(GroupEvidence.moment(evidence.first)))
            seen["last_seen"] = .string(time(GroupEvidence.moment(evidence.last)))
        }
        let campaign = put(
            "campaign",
            named: name,
            common.merging(seen) { $1 }.merging([
                "labels": [
                    .string("rule:\(provenance.ruleName)"), .string("layer:\(provenance.layer)"),
                ],
                "name": .string("Co-share \(name) of \(group.core.count) accounts"),
            ]) { $1 }
        )
        let pattern = add(Technique.shown(bySharing: provenance.layer))
        let uses: [String: JSONValue] = [
            "description": "What timing alone can show; a person has to judge it."
        ]
        let use = relate(campaign, "uses", pattern, common.merging(uses) { $1 })
        var refs = members + [campaign, pattern, use]
        if let first = seen["first_seen"], let last = seen["last_seen"] {
            let observed: [String: JSONValue] = [
                "first_observed": first, "last_observed": last,
                // STIX 2.1, section 4.14: at most 999,999,999.
                "number_observed": .integer(Int64(min(evidence.meetingCount, 999_999_999))),
                "object_refs": .array(members.map { .string($0) }),
            ]
            refs.append(put("observed-data", named: name, common.merging(observed) { $1 }))
        }
        let content = note(group, evidence, networks.windowSeconds)
        refs.append(
            put(
                "note",
                named: name,
                common.merging([
                    "content": .string(content), "object_refs": [.string(campaign)],
                ]) { $1 }
            )
        )
        put(
            "grouping",
            named: name,
            common.merging([
                "context": "suspicious-activity",
                "name": .string("Co-share \(name)"),
                "object_refs": .array(refs.map { .string($0) }),
            ]) { $1 }
        )
    }

    private func note(
        _ group: DetectedNetworks.Group,
        _ evidence: GroupEvidence,
        _ windowSeconds: Int64
    ) -> String {
        let stability = group.stability.map { ", stability \($0)" } ?? ""
        return """
            \(group.core.count) accounts and \(group.attached.count) attached, \
            \(group.edgeCount) edges, weight \(group.weight)\(stability): \
            \(evidence.meetingCount) meetings within \(windowSeconds) s \
            in \(evidence.objectCount) things, median delay \(evidence.medianDelay) s
            """
    }
}
