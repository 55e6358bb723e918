// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import Statements

extension STIXBundle {
    /// TLP:AMBER: for the organisations that got it, and nobody else.
    static let amber = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"

    /// One incident that organisations shared.
    ///
    /// Ids follow from the registry and the statement in its log, so that all members of a group
    /// write the same bundle.
    ///
    /// Spec: `docs/spec/incidents.md`, section 6.
    ///
    /// - Parameters:
    ///   - report: Opened and verified.
    ///   - id: Digest of the statement in the log, in hexadecimal.
    ///   - reporter: Public name of the organisation that reports.
    ///   - origin: The registry's.
    /// - Returns: A STIX bundle, marked TLP:AMBER.
    package static func make(
        of report: IncidentReport,
        id: String,
        by reporter: String,
        origin: String
    ) -> JSONValue {
        var bundle = STIXBundle(origin: origin, date: report.head.date)
        bundle.add(report, id, by: reporter)
        let name = NameUUID.text(Array("\(origin)\nincident\n\(id)".utf8), in: NameUUID.exports)
        return [
            "id": .string("bundle--\(name)"), "objects": .array(bundle.objects), "type": "bundle",
        ]
    }

    private mutating func add(_ report: IncidentReport, _ id: String, by reporter: String) {
        addAmber()
        let maker = put(
            "identity",
            named: Hex.encode(report.verifier),
            ["identity_class": "organization", "name": .string(reporter)]
        )
        let common: [String: JSONValue] = [
            "created_by_ref": .string(maker), "object_marking_refs": [.string(Self.amber)],
        ]
        let incident = put("incident", named: id, common.merging(members(of: report)) { $1 })
        var refs = [incident]
        for code in report.techniques {
            let pattern = add(Technique(code: code))
            refs += [pattern, relate(incident, "related-to", pattern, common)]
        }
        let seen: [String: JSONValue] = [
            "start_time": .string(time(report.seen.lowerBound)),
            // The end has to be later than the start: STIX 2.1, section 5.1.1.
            "stop_time": .string(time(max(report.seen.upperBound, report.seen.lowerBound + 1))),
        ]
        for account in report.accounts {
            let part = addAccount(account.id, on: account.platform)
            guard !refs.contains(part) else { continue }
            refs += [part, relate(incident, "related-to", part, common.merging(seen) { $1 })]
        }
        put(
            "grouping",
            named: id,
            common.merging([
                "context": "suspicious-activity", "name": .string(report.title),
                "object_refs": .array(refs.map { .string($0) }),
            ]) { $1 }
        )
    }

    /// STIX 2.1, section 7.2.1.4: this very object, with this id.
    mutating func addAmber() {
        put(
            "marking-definition",
            id: Self.amber,
            [
                "created": "2017-01-20T00:00:00.000Z", "definition": ["tlp": "amber"],
                "definition_type": "tlp", "name": "TLP:AMBER",
            ],
            dated: false
        )
    }

    private func members(of report: IncidentReport) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "labels": [
                .string("grade:\(report.grade.rawValue)"), .string("harm:\(report.harm.rawValue)"),
            ],
            "name": .string(report.title),
        ]
        if !report.description.isEmpty { members["description"] = .string(report.description) }
        let links = report.links.map { link -> JSONValue in
            ["source_name": "link", "url": .string(link)]
        }
        let contents = report.contents.map { digest -> JSONValue in
            ["external_id": .string(Hex.encode(digest)), "source_name": "sha-256"]
        }
        if !links.isEmpty || !contents.isEmpty {
            members["external_references"] = .array(links + contents)
        }
        return members
    }
}
