// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Encodings
package import SnapshotFormat

/// Designated networks as a STIX 2.1 bundle, with DISARM's names for what they do.
///
/// Ids follow from the registry and the network, so that a later bundle replaces an earlier one.
///
/// Spec: OASIS STIX 2.1; `docs/spec/exports.md`, section 6.
package struct STIXBundle {
    private let origin: String
    private let date: Int64
    private(set) var objects: [JSONValue] = []
    private var ids: Set<String> = []

    /// The bundle of all designations that hold at the snapshot's date.
    ///
    /// - Parameter snapshot: Verified, for everybody.
    /// - Returns: A STIX bundle.
    /// - Throws: `.notPublic`.
    /// - Complexity: O(accounts).
    package static func make(of snapshot: Snapshot) throws(ExportError) -> JSONValue {
        guard snapshot.header.audience == .everyone else { throw .notPublic }
        let date = snapshot.header.date
        var bundle = STIXBundle(origin: snapshot.header.checkpoint.origin, date: date)
        let registry = bundle.addRegistry()
        let lexicon = snapshot.lexicon(asOf: date)
        for designation in snapshot.designations where designation.validity.contains(date) {
            let terms = lexicon.filter { $0.network == designation.network }
            bundle.add(designation, terms, by: registry)
        }
        let id = NameUUID.text(snapshot.seen.digest, in: NameUUID.exports)
        return [
            "id": .string("bundle--\(id)"), "objects": .array(bundle.objects), "type": "bundle",
        ]
    }

    init(origin: String, date: Int64) {
        self.origin = origin
        self.date = date
    }

    // MARK: Objects

    private mutating func addRegistry() -> String {
        // STIX 2.1, section 7.2.1.4: this very object, with this id.
        put(
            "marking-definition",
            id: Self.clear,
            [
                "created": "2017-01-20T00:00:00.000Z", "definition": ["tlp": "white"],
                "definition_type": "tlp", "name": "TLP:WHITE",
            ],
            dated: false
        )
        return put(
            "identity",
            named: "registry",
            ["identity_class": "organization", "name": .string(origin)]
        )
    }

    private mutating func add(
        _ designation: DesignationRecord,
        _ terms: [LexiconRecord],
        by registry: String
    ) {
        let name = Hex.encode(designation.network)
        let until = Timestamp(seconds: designation.validity.upperBound).rfc3339
        let common: [String: JSONValue] = [
            "created_by_ref": .string(registry), "object_marking_refs": [.string(Self.clear)],
        ]
        let since = JSONValue.string(time(designation.validity.lowerBound))
        var refs: [String] = []
        let network = put(
            "intrusion-set",
            named: name,
            common.merging([
                "description": .string("\(designation.rule), \(designation.severity.rawValue)"),
                "first_seen": since,
                "labels": .array(labels(of: designation)),
                "name": .string(designation.name),
            ]) { $1 }
        )
        refs.append(network)
        for technique in Technique.shown(by: designation, terms) {
            let pattern = add(technique)
            refs.append(pattern)
            refs.append(relate(network, "uses", pattern, common))
        }
        for entry in designation.accounts {
            let account = addAccount(entry.account.stableID, on: entry.account.platform)
            refs.append(account)
            let confidence: [String: JSONValue] = [
                "confidence": .integer(Int64(entry.confidence / 10)),
                "description": .string(entry.method),
            ]
            refs.append(
                relate(account, "related-to", network, common.merging(confidence) { $1 })
            )
        }
        put(
            "report",
            named: "\(name)/\(designation.validity.lowerBound)",
            common.merging([
                "description": .string("until \(until)"),
                "name": .string("Designation of \(designation.name)"),
                "object_refs": .array(refs.map { .string($0) }),
                "published": since,
                "report_types": ["threat-actor"],
            ]) { $1 }
        )
    }

    private func labels(of designation: DesignationRecord) -> [JSONValue] {
        let words =
            ["severity:\(designation.severity.rawValue)"]
            + designation.coordination.map { "coordination:\($0.rawValue)" }
            + designation.actions.map { "action:\($0.rawValue)" }
        return words.map { .string($0) }
    }

    mutating func add(_ technique: Technique) -> String {
        put(
            "attack-pattern",
            named: technique.code,
            [
                "external_references": [
                    ["external_id": .string(technique.code), "source_name": "DISARM"]
                ],
                "name": .string(technique.name),
            ]
        )
    }

    /// An account, whose id follows from what it holds (STIX 2.1, section 6.16).
    ///
    /// - Parameters:
    ///   - id: Its identifier.
    ///   - platform: Where it is, if that is known.
    /// - Returns: The object's id.
    mutating func addAccount(_ id: String, on platform: String?) -> String {
        var members: [String: JSONValue] = ["user_id": .string(id)]
        if let platform { members["account_type"] = .string(platform) }
        let name = JSONValue.object(members).canonicalBytes
        let own = "user-account--" + NameUUID.text(name, in: NameUUID.stixObservables)
        return put("user-account", id: own, members, dated: false)
    }

    mutating func relate(
        _ source: String,
        _ kind: String,
        _ target: String,
        _ extra: [String: JSONValue]
    ) -> String {
        put(
            "relationship",
            named: "\(source) \(kind) \(target)",
            extra.merging([
                "relationship_type": .string(kind), "source_ref": .string(source),
                "target_ref": .string(target),
            ]) { $1 }
        )
    }

    // MARK: Frame

    /// TLP:WHITE, which was renamed TLP:CLEAR and keeps its id.
    private static let clear = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"

    @discardableResult
    mutating func put(
        _ type: String,
        named name: String,
        _ members: [String: JSONValue]
    ) -> String {
        let id = NameUUID.text(Array("\(origin)\n\(type)\n\(name)".utf8), in: NameUUID.exports)
        return put(type, id: "\(type)--\(id)", members, dated: true)
    }

    @discardableResult
    mutating func put(
        _ type: String,
        id: String,
        _ members: [String: JSONValue],
        dated isDated: Bool
    ) -> String {
        guard ids.insert(id).inserted else { return id }
        var object = members
        object["type"] = .string(type)
        object["spec_version"] = "2.1"
        object["id"] = .string(id)
        if isDated {
            object["created"] = .string(time(date))
            object["modified"] = .string(time(date))
        }
        objects.append(.object(object))
        return id
    }

    func time(_ seconds: Int64) -> String { ATProtoLabels.time(seconds) }
}
