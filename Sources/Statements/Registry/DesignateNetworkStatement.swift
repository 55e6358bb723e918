// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// How members of a network act together.
package enum NetworkCoordination: String, Sendable, CaseIterable {
    case social
    case technical
}

/// What a harm does.
package enum NetworkHarm: String, Sendable, CaseIterable {
    case information
    case physical
    case psychological
}

/// How grave a harm is.
package enum NetworkHarmGrade: String, Sendable, CaseIterable {
    case none
    case low
    case moderate
    case high
}

extension NetworkHarmGrade {
    /// Whether this is worse than another one.
    package func isGraver(than other: NetworkHarmGrade) -> Bool {
        Self.allCases.reversed().prefix { $0 != other }.contains(self)
    }
}

/// What platforms are asked to do about a network.
package enum NetworkAction: String, Sendable, CaseIterable {
    case limitVisibility = "limit-visibility"
    case noRecommend = "no-recommend"
    case noTrend = "no-trend"
    case suspendPrimaryPurpose = "suspend-primary-purpose"
}

/// How a term of a network looks in a post.
package enum NetworkTermForm: String, Sendable, CaseIterable {
    case alias
    case emoji
    case hashtag
    case name
    case phrase
}

/// Something that a network does, with the harm that it causes.
package struct NetworkActivity: Equatable, Sendable {
    /// What it does, in words.
    package let description: String
    /// The kind of harm.
    package let harm: NetworkHarm
    /// How grave it is.
    package let grade: NetworkHarmGrade
    /// SHA-256 of the dossiers that show it, ascending.
    package let evidence: [[UInt8]]

    package init(
        description: String,
        harm: NetworkHarm,
        grade: NetworkHarmGrade,
        evidence: [[UInt8]]
    ) {
        self.description = description
        self.harm = harm
        self.grade = grade
        self.evidence = evidence
    }
}

/// A name, emblem or phrase that a network goes by.
package struct NetworkTerm: Equatable, Sendable {
    /// As written in posts.
    package let term: String
    /// What kind of term it is.
    package let form: NetworkTermForm
    /// Where it is used, ascending; empty for everywhere.
    package let regions: [String]
    /// SHA-256 of the dossier that shows it.
    package let source: [UInt8]

    package init(term: String, form: NetworkTermForm, regions: [String], source: [UInt8]) {
        self.term = term
        self.form = form
        self.regions = regions
        self.source = source
    }
}

/// The council's finding about a coordinated harmful network.
///
/// The verdict is computed from it.
///
/// The accounts are in a list beside the log, which this names by digest: a log cannot forget, and
/// a person who was listed by mistake must be able to be.
///
/// Spec: `docs/spec/registry.md`, section 3.8.
package struct DesignateNetworkStatement: Statement {
    package static let type = "registry-designate-network"
    package static let version: Int64 = 1
    /// The longest designation, in days.
    package static let daysMax: Int64 = 90
    /// The most dossiers, activities or terms.
    package static let itemCountMax = 64
    /// The longest assessment of rights, in bytes.
    package static let rightsCountMax = 4096
    /// The most reviewers who say why.
    package static let reviewerCountMax = 16
    /// The longest reason of a reviewer, in bytes.
    package static let reasonCountMax = 1024

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The network when this renews a designation: the id that its first one got.
    package let network: [UInt8]?
    /// The network that this one split off from, if it did.
    package let splitFrom: [UInt8]?
    /// What the network is called.
    package let name: String
    /// Whether there is an identifiable group.
    package let isIdentifiableGroup: Bool
    /// Whether it acts for one purpose.
    package let hasUnifiedPurpose: Bool
    /// The kinds of coordination that were shown, ascending; may be empty.
    package let coordination: [NetworkCoordination]
    /// What it does.
    package let activities: [NetworkActivity]
    /// Names and emblems.
    package let terms: [NetworkTerm]
    /// SHA-256 of independent dossiers, two or more, ascending.
    package let dossiers: [[UInt8]]
    /// Whose rights the measures touch, and how that was weighed.
    package let rightsImpact: String
    /// Why each reviewer finds so, or does not, in the order in which the council heard them.
    package let reasons: [String]
    /// What platforms are asked to do, ascending.
    package let actions: [NetworkAction]
    /// SHA-256 of the list of accounts.
    package let accountList: [UInt8]
    /// How many accounts are on the list.
    package let accountCount: Int64
    /// The day on which it ends by itself, in seconds since 1970.
    package let until: Int64

    package init(
        head: RegistryHead,
        network: [UInt8]?,
        splitFrom: [UInt8]? = nil,
        name: String,
        isIdentifiableGroup: Bool,
        hasUnifiedPurpose: Bool,
        coordination: [NetworkCoordination],
        activities: [NetworkActivity],
        terms: [NetworkTerm],
        dossiers: [[UInt8]],
        rightsImpact: String,
        reasons: [String],
        actions: [NetworkAction],
        accountList: [UInt8],
        accountCount: Int64,
        until: Int64
    ) throws(StatementError) {
        self.head = head
        self.network = network
        self.splitFrom = splitFrom
        self.name = name
        self.isIdentifiableGroup = isIdentifiableGroup
        self.hasUnifiedPurpose = hasUnifiedPurpose
        self.coordination = coordination
        self.activities = activities
        self.terms = terms
        self.dossiers = dossiers
        self.rightsImpact = rightsImpact
        self.reasons = reasons
        self.actions = actions
        self.accountList = accountList
        self.accountCount = accountCount
        self.until = until
        try checkLife()
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        let items = Self.itemCountMax
        head = try RegistryHead(fields: &fields)
        network = fields.has("network") ? try fields.hex("network", count: 32) : nil
        splitFrom = fields.has("splitFrom") ? try fields.hex("splitFrom", count: 32) : nil
        name = try fields.prose("name", countMax: 128)
        isIdentifiableGroup = try fields.boolean("identifiableGroup")
        hasUnifiedPurpose = try fields.boolean("unifiedPurpose")
        coordination = try fields.words("coordination", count: 0...2)
        activities = try fields.objects("activities", count: 1...items) {
            (fields) throws(StatementError) in
            NetworkActivity(
                description: try fields.prose("description", countMax: 512),
                harm: try fields.word("harm"),
                grade: try fields.word("grade"),
                evidence: try fields.digests("evidence", count: 0...items)
            )
        }
        terms = try fields.objects("terms", count: 0...items) {
            (fields) throws(StatementError) in
            let regions = try fields.strings("regions", count: 0...items, countMax: Slug.countMax)
            let isOrdered = zip(regions, regions.dropFirst()).allSatisfy { $0 < $1 }
            guard regions.allSatisfy(Slug.isValid), isOrdered else {
                throw .invalidValue(field: "terms.regions")
            }
            return NetworkTerm(
                term: try fields.prose("term", countMax: 256),
                form: try fields.word("form"),
                regions: regions,
                source: try fields.hex("source", count: 32)
            )
        }
        dossiers = try fields.digests("dossiers", count: 2...items)
        rightsImpact = try fields.prose("rightsImpact", countMax: Self.rightsCountMax)
        reasons = try fields.proses(
            "reasons",
            count: 1...Self.reviewerCountMax,
            countMax: Self.reasonCountMax
        )
        actions = try fields.words("actions", count: 0...4)
        accountList = try fields.hex("accountList", count: 32)
        accountCount = try fields.integer("accountCount", in: 0...50_000)
        until = try fields.day("until")
        try checkLife()
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "accountCount": .integer(accountCount),
            "accountList": .string(Hex.encode(accountList)),
            "actions": .array(actions.map { .string($0.rawValue) }),
            "activities": .array(activities.map(\.json)),
            "coordination": .array(coordination.map { .string($0.rawValue) }),
            "dossiers": .array(dossiers.map { .string(Hex.encode($0)) }),
            "identifiableGroup": .boolean(isIdentifiableGroup),
            "name": .string(name),
            "reasons": .array(reasons.map { .string($0) }),
            "rightsImpact": .string(rightsImpact),
            "terms": .array(terms.map(\.json)),
            "unifiedPurpose": .boolean(hasUnifiedPurpose),
            "until": .integer(until),
        ]
        members["network"] = network.map { .string(Hex.encode($0)) }
        members["splitFrom"] = splitFrom.map { .string(Hex.encode($0)) }
        return head.with(members)
    }

    private func checkLife() throws(StatementError) {
        let end = head.date + Self.daysMax * RegistryHead.daySeconds
        guard until > head.date, until <= end else { throw .invalidValue(field: "until") }
    }
}

extension NetworkActivity {
    fileprivate var json: JSONValue {
        [
            "description": .string(description),
            "evidence": .array(evidence.map { .string(Hex.encode($0)) }),
            "grade": .string(grade.rawValue),
            "harm": .string(harm.rawValue),
        ]
    }
}

extension NetworkTerm {
    fileprivate var json: JSONValue {
        [
            "form": .string(form.rawValue),
            "regions": .array(regions.map { .string($0) }),
            "source": .string(Hex.encode(source)),
            "term": .string(term),
        ]
    }
}
