// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What a complaint is about.
package enum ComplaintAbout: String, Sendable, CaseIterable {
    /// An account, by its commitment or by the SHA-256 of a file that names it.
    case account
    /// An attested account that stands in a network's designation: which of the two holds?
    case listing
    /// A designated network.
    case network
    /// A post, by the SHA-256 of its content.
    case post
    /// A source of the registry: a dispute.
    case subject
}

/// Somebody complains, with evidence; a panel decides.
///
/// Spec: `docs/spec/complaints.md`, section 2.
package struct ComplaintStatement: Statement {
    package static let type = "registry-complaint"
    package static let version: Int64 = 1
    /// The most pieces of evidence.
    package static let evidenceCountMax = 16

    /// Which registry, and which day.
    package let head: RegistryHead
    /// What kind of thing it is about.
    package let about: ComplaintAbout
    /// Which one, 32 bytes.
    package let target: [UInt8]
    /// The network, of a listing.
    package let network: [UInt8]?
    /// The kind of harm.
    package let harm: NetworkHarm
    /// How grave the complainant says it is.
    package let grade: NetworkHarmGrade
    /// SHA-256 of the evidence, ascending.
    package let evidence: [[UInt8]]
    /// The complainant's key, 32 bytes, which signs: anybody's.
    package let key: [UInt8]

    package init(
        head: RegistryHead,
        about: ComplaintAbout,
        target: [UInt8],
        network: [UInt8]? = nil,
        harm: NetworkHarm,
        grade: NetworkHarmGrade,
        evidence: [[UInt8]],
        key: [UInt8]
    ) {
        self.head = head
        self.about = about
        self.target = target
        self.network = network
        self.harm = harm
        self.grade = grade
        self.evidence = evidence
        self.key = key
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        about = try fields.word("about")
        target = try fields.hex("target", count: 32)
        network = fields.has("network") ? try fields.hex("network", count: 32) : nil
        harm = try fields.word("harm")
        grade = try fields.word("grade")
        evidence = try fields.digests("evidence", count: 1...Self.evidenceCountMax)
        key = try fields.hex("key", count: 32)
        guard (network != nil) == (about == .listing) else {
            throw .invalidValue(field: "network")
        }
        guard grade != .none else { throw .invalidValue(field: "grade") }
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "about": .string(about.rawValue),
            "evidence": .array(evidence.map { .string(Hex.encode($0)) }),
            "grade": .string(grade.rawValue),
            "harm": .string(harm.rawValue),
            "key": .string(Hex.encode(key)),
            "target": .string(Hex.encode(target)),
        ]
        members["network"] = network.map { .string(Hex.encode($0)) }
        return head.with(members)
    }
}
