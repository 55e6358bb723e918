// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// The constitution of a registry: who may decide what, and how many of them.
///
/// Version 1 is signed by the root keys that it names; version n + 1 by a quorum of those of
/// version n and by a quorum of its own.
///
/// Spec: `docs/spec/registry.md`, section 3.1.
package struct CharterStatement: Statement {
    package static let type = "registry-charter"
    package static let version: Int64 = 1

    /// The fewest constituencies that a registry starts with.
    package static let constituencyCountMin = 4
    /// The most constituencies, and the most keys of each role.
    package static let memberCountMax = 64
    /// The longest life of a charter, in days: three years.
    package static let daysMax: Int64 = 1096
    /// Who speaks in disputes and holds no office: no constituency is called so.
    package static let refusedConstituencies = OrganisationKind.refused.flatMap {
        [$0, $0 == "party" ? "parties" : "\($0)s"]
    }

    /// Which registry, and which day.
    package let head: RegistryHead
    /// Counts from 1.
    package let number: Int64
    /// The log's origin; its SHA-256 is the context of all statements.
    package let origin: String
    /// Ed25519 key of the log's operator, who orders statements and dates batches.
    package let operatorKey: [UInt8]
    /// Names of the constituencies by their short name.
    package let constituencies: [RegistryConstituency]
    /// Root keys: they change the charter.
    package let root: [RegistryMember]
    /// How many root keys have to sign a charter.
    package let rootQuorum: RegistryQuorum
    /// Council seats: they accredit, revoke and designate.
    package let seats: [RegistryMember]
    /// How many seats accredit or remove a verifier.
    package let accreditQuorum: RegistryQuorum
    /// How many seats revoke, suspend for long, or close an account in memory.
    package let revokeQuorum: RegistryQuorum
    /// How many seats designate a network.
    package let designateQuorum: RegistryQuorum
    /// Ed25519 keys that sign snapshots, ascending.
    package let snapshotKeys: [[UInt8]]
    /// How many of them have to sign.
    package let snapshotThreshold: Int
    /// What is asked of sources.
    package let rules: RegistryRules
    /// Quotas, caps, and lengths of time.
    package let limits: RegistryLimits
    /// The day from which it gives nobody anything any more, in seconds since 1970.
    package let until: Int64
    /// Verifiers that have to nominate a new one; `nil` asks for none.
    package let nominateQuorum: RegistryQuorum?
    /// Who gives the randomness of panels; with nobody, badges need no panel, and say so.
    package let beacons: [BeaconHolder]

    package init(
        head: RegistryHead,
        number: Int64,
        origin: String,
        operatorKey: [UInt8],
        constituencies: [RegistryConstituency],
        root: [RegistryMember],
        rootQuorum: RegistryQuorum,
        seats: [RegistryMember],
        accreditQuorum: RegistryQuorum,
        revokeQuorum: RegistryQuorum,
        designateQuorum: RegistryQuorum,
        snapshotKeys: [[UInt8]],
        snapshotThreshold: Int,
        rules: RegistryRules,
        limits: RegistryLimits = .standard,
        until: Int64,
        beacons: [BeaconHolder] = [],
        nominateQuorum: RegistryQuorum? = nil
    ) throws(StatementError) {
        self.head = head
        self.number = number
        self.origin = origin
        self.operatorKey = operatorKey
        self.constituencies = constituencies
        self.root = root
        self.rootQuorum = rootQuorum
        self.seats = seats
        self.accreditQuorum = accreditQuorum
        self.revokeQuorum = revokeQuorum
        self.designateQuorum = designateQuorum
        self.snapshotKeys = snapshotKeys
        self.snapshotThreshold = snapshotThreshold
        self.rules = rules
        self.limits = limits
        self.until = until
        self.beacons = beacons
        self.nominateQuorum = nominateQuorum
        try check()
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        number = try fields.integer("number", in: 1...1_000_000)
        origin = try fields.prose("origin", countMax: 256)
        operatorKey = try fields.hex("operator", count: 32)
        let members = 1...Self.memberCountMax
        constituencies = try fields.objects("constituencies", count: members) {
            (fields) throws(StatementError) in
            RegistryConstituency(
                id: try fields.slug("id"),
                name: try fields.prose("name", countMax: 128)
            )
        }
        root = try fields.members("root")
        rootQuorum = try fields.quorum("rootQuorum")
        seats = try fields.members("seats")
        accreditQuorum = try fields.quorum("accreditQuorum")
        revokeQuorum = try fields.quorum("revokeQuorum")
        designateQuorum = try fields.quorum("designateQuorum")
        snapshotKeys = try fields.digests("snapshotKeys", count: members)
        let keyCount = Int64(snapshotKeys.count)
        snapshotThreshold = Int(try fields.integer("snapshotThreshold", in: 1...keyCount))
        rules = try fields.object("rules") { (fields) throws(StatementError) in
            try RegistryRules(fields: &fields)
        }
        limits = try fields.object("limits") { (fields) throws(StatementError) in
            try RegistryLimits(fields: &fields)
        }
        until = try fields.day("until")
        beacons = try fields.beacons("beacons")
        nominateQuorum =
            fields.has("nominateQuorum") ? try fields.quorum("nominateQuorum") : nil
        try check()
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "accreditQuorum": accreditQuorum.json,
            "constituencies": .array(
                constituencies.map { ["id": .string($0.id), "name": .string($0.name)] }
            ),
            "designateQuorum": designateQuorum.json,
            "limits": limits.json,
            "number": .integer(number),
            "operator": .string(Hex.encode(operatorKey)),
            "origin": .string(origin),
            "revokeQuorum": revokeQuorum.json,
            "root": .array(root.map(\.json)),
            "rootQuorum": rootQuorum.json,
            "rules": rules.json,
            "seats": .array(seats.map(\.json)),
            "snapshotKeys": .array(snapshotKeys.map { .string(Hex.encode($0)) }),
            "snapshotThreshold": .integer(Int64(snapshotThreshold)),
            "until": .integer(until),
        ]
        if !beacons.isEmpty { members["beacons"] = .array(beacons.map(\.json)) }
        members["nominateQuorum"] = nominateQuorum?.json
        return head.with(members)
    }

    /// What no single field can show.
    private func check() throws(StatementError) {
        let names = constituencies.map(\.id)
        guard names.count >= Self.constituencyCountMin, isAscending(names),
            names.allSatisfy({ !Self.refusedConstituencies.contains($0) })
        else {
            throw .invalidValue(field: "constituencies")
        }
        for (field, list) in [("root", root), ("seats", seats)] {
            guard list.allSatisfy({ names.contains($0.constituency) }),
                Set(list.map(\.key)).count == list.count
            else { throw .invalidValue(field: field) }
        }
        // More than half of the root keys: two charters can never both have a quorum.
        guard rootQuorum.count * 2 > root.count, isReachable(rootQuorum, by: root) else {
            throw .invalidValue(field: "rootQuorum")
        }
        guard Set(root.map(\.constituency)).count >= Self.constituencyCountMin else {
            throw .invalidValue(field: "root")
        }
        for constituency in names {
            let count = seats.count { $0.constituency == constituency }
            guard count * 100 <= seats.count * limits[.seatPercent] else {
                throw .invalidValue(field: "seats")
            }
        }
        let quorums = [
            ("accreditQuorum", accreditQuorum), ("revokeQuorum", revokeQuorum),
            ("designateQuorum", designateQuorum),
        ]
        for (field, quorum) in quorums {
            guard quorum.count * 2 > seats.count, isReachable(quorum, by: seats) else {
                throw .invalidValue(field: field)
            }
        }
        let end = head.date + Self.daysMax * RegistryHead.daySeconds
        guard until > head.date, until <= end else { throw .invalidValue(field: "until") }
        guard designateQuorum.constituencies >= 3 else {
            throw .invalidValue(field: "designateQuorum")
        }
        let pair = RegistryQuorum(count: 2, constituencies: 2)
        guard nominateQuorum?.isAtLeast(pair) ?? true else {
            throw .invalidValue(field: "nominateQuorum")
        }
        let homes = beacons.map(\.constituency)
        let counts = BeaconHolder.countMin...BeaconHolder.countMax
        guard homes.isEmpty || counts.contains(homes.count),
            homes.allSatisfy(names.contains), Set(homes).count == homes.count,
            Set(beacons.map(\.key)).count == homes.count,
            Set(beacons.map(\.function)).count == homes.count
        else { throw .invalidValue(field: "beacons") }
    }

    private func isReachable(_ quorum: RegistryQuorum, by members: [RegistryMember]) -> Bool {
        quorum.isMet(by: members.map(\.constituency))
    }

    private func isAscending(_ names: [String]) -> Bool {
        zip(names, names.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// A group of organisations by what they do, not by where they are.
package struct RegistryConstituency: Equatable, Sendable {
    /// Short name.
    package let id: String
    /// Name for people.
    package let name: String

    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// A key that holds an office for a constituency.
package struct RegistryMember: Equatable, Sendable {
    /// Short name of the constituency.
    package let constituency: String
    /// 32-byte Ed25519 key.
    package let key: [UInt8]

    package init(constituency: String, key: [UInt8]) {
        self.constituency = constituency
        self.key = key
    }

    var json: JSONValue {
        ["constituency": .string(constituency), "key": .string(Hex.encode(key))]
    }
}

extension StatementFields {
    fileprivate mutating func members(
        _ name: String
    ) throws(StatementError) -> [RegistryMember] {
        try objects(name, count: 1...CharterStatement.memberCountMax) {
            (fields) throws(StatementError) in
            RegistryMember(
                constituency: try fields.slug("constituency"),
                key: try fields.hex("key", count: 32)
            )
        }
    }
}
