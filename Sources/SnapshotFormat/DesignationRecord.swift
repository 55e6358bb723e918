// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// How bad a harm is, as the two-part test grades it.
package enum HarmGrade: String, Sendable, CaseIterable, Comparable {
    case none
    case low
    case moderate
    case high

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    package static func < (left: HarmGrade, right: HarmGrade) -> Bool { left.rank < right.rank }
}

/// How the members of a network act together.
package enum Coordination: String, Sendable, CaseIterable {
    case social
    case technical
}

/// What a platform is asked to do.
package enum SnapshotAction: String, Sendable, CaseIterable {
    case limitVisibility = "limit-visibility"
    case noRecommend = "no-recommend"
    case noTrend = "no-trend"
    case suspendPrimaryPurpose = "suspend-primary-purpose"
}

/// An account of a designated network.
package struct DesignatedAccount: Equatable, Sendable {
    /// The account, by stable identifier.
    package let account: PlatformAccount
    /// How sure the council is that the account belongs to the network, in thousandths.
    package let confidence: Int
    /// How that was found, a word.
    package let method: String

    package init(account: PlatformAccount, confidence: Int, method: String) {
        precondition((0...1000).contains(confidence) && Token.isValid(method), "confidence, method")
        self.account = account
        self.confidence = confidence
        self.method = method
    }
}

/// A network that passed the two-part test of coordination and harm.
///
/// Spec: `docs/spec/snapshot.md`, section 4.2.
package struct DesignationRecord: Equatable, Sendable {
    /// The most accounts in one designation.
    package static let accountCountMax = 50_000
    /// The most pieces of evidence.
    package static let evidenceCountMax = 64
    /// The most readings of the test.
    package static let readingCountMax = 8
    /// The longest assessment of rights, in bytes.
    package static let rightsCountMax = 4096
    /// The most reviewers who say why.
    package static let reasonCountMax = 16
    /// The longest reason of a reviewer, in bytes.
    package static let reasonByteCountMax = 1024
    /// The longest name, in bytes.
    package static let nameCountMax = 128

    /// The network, 32 bytes.
    package let network: [UInt8]
    /// What it is called.
    package let name: String
    /// The gravest of its harms.
    package let severity: HarmGrade
    /// Kinds of coordination that were shown, ascending.
    package let coordination: [Coordination]
    /// The reading of the test that it passed, a word such as `two-part/activities`.
    package let rule: String
    /// All readings of the test that it passes, in ascending order.
    package let readings: [String]
    /// Whose rights the measures touch, and how that was weighed.
    package let rightsImpact: String
    /// Why each reviewer finds so, or does not.
    package let reasons: [String]
    /// The network that this one split off from, 32 bytes.
    package let splitFrom: [UInt8]?
    /// SHA-256 of each evidence dossier, ascending.
    package let evidence: [[UInt8]]
    /// What platforms are asked to do, ascending.
    package let actions: [SnapshotAction]
    /// When the designation holds, Unix seconds; it always ends by itself.
    package let validity: Range<Int64>
    /// The accounts that the audience may see.
    package let accounts: [DesignatedAccount]

    package init(
        network: [UInt8],
        name: String,
        severity: HarmGrade,
        coordination: [Coordination],
        rule: String,
        readings: [String],
        rightsImpact: String,
        reasons: [String],
        splitFrom: [UInt8]? = nil,
        evidence: [[UInt8]],
        actions: [SnapshotAction],
        validity: Range<Int64>,
        accounts: [DesignatedAccount]
    ) {
        precondition(network.count == 32 && Token.isValid(rule), "network and rule")
        self.network = network
        self.name = name
        self.severity = severity
        self.coordination = coordination
        self.rule = rule
        self.readings = readings
        self.rightsImpact = rightsImpact
        self.reasons = reasons
        self.splitFrom = splitFrom
        self.evidence = evidence
        self.actions = actions
        self.validity = validity
        self.accounts = accounts
    }

    /// The same designation with other accounts.
    package func with(_ accounts: [DesignatedAccount]) -> DesignationRecord {
        DesignationRecord(
            network: network,
            name: name,
            severity: severity,
            coordination: coordination,
            rule: rule,
            readings: readings,
            rightsImpact: rightsImpact,
            reasons: reasons,
            splitFrom: splitFrom,
            evidence: evidence,
            actions: actions,
            validity: validity,
            accounts: accounts
        )
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "accounts": .array(
                accounts.map { entry in
                    [
                        "account": entry.account.json,
                        "confidence": .integer(Int64(entry.confidence)),
                        "method": .string(entry.method),
                    ]
                }
            ),
            "actions": .array(actions.map { .string($0.rawValue) }),
            "coordination": .array(coordination.map { .string($0.rawValue) }),
            "evidence": .array(evidence.map { .string(Hex.encode($0)) }),
            "kind": "designation",
            "name": .string(name),
            "network": .string(Hex.encode(network)),
            "readings": .array(readings.map { .string($0) }),
            "reasons": .array(reasons.map { .string($0) }),
            "rightsImpact": .string(rightsImpact),
            "rule": .string(rule),
            "severity": .string(severity.rawValue),
            "since": .integer(validity.lowerBound),
            "until": .integer(validity.upperBound),
        ]
        members["splitFrom"] = splitFrom.map { .string(Hex.encode($0)) }
        return .object(members)
    }

    init(_ fields: inout RecordFields) throws(SnapshotError) {
        network = try fields.digest("network")
        name = try fields.string("name", countMax: Self.nameCountMax)
        severity = try fields.choice("severity")
        coordination = try fields.choices("coordination")
        rule = try fields.token("rule")
        readings = try fields.tokens("readings", countMax: Self.readingCountMax)
        rightsImpact = try fields.string("rightsImpact", countMax: Self.rightsCountMax)
        reasons = try fields.strings(
            "reasons",
            countMax: Self.reasonCountMax,
            byteCountMax: Self.reasonByteCountMax
        )
        splitFrom = try fields.optionalDigest("splitFrom")
        evidence = try fields.digests("evidence", countMax: Self.evidenceCountMax)
        actions = try fields.choices("actions")
        validity = try fields.validity()
        var accounts: [DesignatedAccount] = []
        for element in try fields.array("accounts", countMax: Self.accountCountMax) {
            var entry = try RecordFields(element, line: fields.line)
            let account = DesignatedAccount(
                account: try entry.account("account"),
                confidence: Int(try entry.integer("confidence", in: 0...1000)),
                method: try entry.token("method")
            )
            try entry.finish()
            accounts.append(account)
        }
        self.accounts = accounts
    }
}
