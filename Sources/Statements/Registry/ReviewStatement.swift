// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What a panel asks platforms to do about accounts, and until when.
package struct ReviewLimit: Equatable, Sendable {
    /// The longest limit, in days.
    package static let daysMax: Int64 = 90

    /// SHA-256 of the list of accounts, which is kept beside the log.
    package let accountList: [UInt8]
    /// What platforms are asked to do, one or more, ascending.
    package let actions: [NetworkAction]
    /// The day on which it ends by itself, in seconds since 1970.
    package let until: Int64

    package init(accountList: [UInt8], actions: [NetworkAction], until: Int64) {
        self.accountList = accountList
        self.actions = actions
        self.until = until
    }

    fileprivate static func read(
        _ fields: inout StatementFields
    ) throws(StatementError) -> ReviewLimit {
        ReviewLimit(
            accountList: try fields.hex("accountList", count: 32),
            actions: try fields.words("actions", count: 1...NetworkAction.allCases.count),
            until: try fields.day("until")
        )
    }

    fileprivate var json: JSONValue {
        [
            "accountList": .string(Hex.encode(accountList)),
            "actions": .array(actions.map { .string($0.rawValue) }),
            "until": .integer(until),
        ]
    }
}

/// What a panel decided of a complaint, with its reasons.
///
/// Spec: `docs/spec/complaints.md`, section 4.
package struct ReviewStatement: Statement {
    package static let type = "registry-review"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// Digest of the complaint.
    package let complaint: [UInt8]
    /// Whether it is right.
    package let outcome: AppealOutcome
    /// How grave the panel finds it; `none` if it is not right, and only then.
    package let grade: NetworkHarmGrade
    /// What follows for the accounts that it is about, if anything.
    package let limit: ReviewLimit?
    /// Why, from the closed list.
    package let reason: RegistryReason
    /// SHA-256 of the reasons that are published.
    package let reasons: [UInt8]

    package init(
        head: RegistryHead,
        complaint: [UInt8],
        outcome: AppealOutcome,
        grade: NetworkHarmGrade,
        limit: ReviewLimit? = nil,
        reason: RegistryReason,
        reasons: [UInt8]
    ) {
        self.head = head
        self.complaint = complaint
        self.outcome = outcome
        self.grade = grade
        self.limit = limit
        self.reason = reason
        self.reasons = reasons
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        complaint = try fields.hex("complaint", count: 32)
        outcome = try fields.word("outcome")
        grade = try fields.word("grade")
        guard (grade == .none) == (outcome == .rejected) else {
            throw .invalidValue(field: "grade")
        }
        limit = fields.has("limit") ? try fields.object("limit", ReviewLimit.read) : nil
        if let limit {
            let end = head.date + ReviewLimit.daysMax * RegistryHead.daySeconds
            guard outcome == .upheld else { throw .invalidValue(field: "limit") }
            guard limit.until > head.date, limit.until <= end else {
                throw .invalidValue(field: "limit.until")
            }
        }
        reason = try fields.word("reason")
        reasons = try fields.hex("reasons", count: 32)
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "complaint": .string(Hex.encode(complaint)),
            "grade": .string(grade.rawValue),
            "outcome": .string(outcome.rawValue),
            "reason": .string(reason.rawValue),
            "reasons": .string(Hex.encode(reasons)),
        ]
        members["limit"] = limit?.json
        return head.with(members)
    }
}

/// A party does not accept what a panel decided; another panel decides for good.
///
/// Spec: `docs/spec/complaints.md`, section 5.
package struct ContestStatement: Statement {
    package static let type = "registry-contest"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// Digest of the complaint.
    package let complaint: [UInt8]
    /// SHA-256 of why, kept beside the log.
    package let grounds: [UInt8]
    /// The key that contests, 32 bytes, if it is nobody's in the registry.
    package let key: [UInt8]?

    package init(
        head: RegistryHead,
        complaint: [UInt8],
        grounds: [UInt8],
        key: [UInt8]? = nil
    ) {
        self.head = head
        self.complaint = complaint
        self.grounds = grounds
        self.key = key
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        complaint = try fields.hex("complaint", count: 32)
        grounds = try fields.hex("grounds", count: 32)
        key = fields.has("key") ? try fields.hex("key", count: 32) : nil
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "complaint": .string(Hex.encode(complaint)),
            "grounds": .string(Hex.encode(grounds)),
        ]
        members["key"] = key.map { .string(Hex.encode($0)) }
        return head.with(members)
    }
}
