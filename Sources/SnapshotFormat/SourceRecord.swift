// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// One stretch of time in which a source stood in one state.
package struct SourcePeriod: Equatable, Sendable {
    /// The state during the period.
    package let state: SourceState
    /// The tier: `none` in negative states.
    package let tier: SourceTier
    /// First moment, Unix seconds.
    package let since: Int64
    /// First moment after the period, Unix seconds; `nil` for a state without an end.
    package let until: Int64?
    /// Reason code of a negative state.
    package let reason: String?

    package init(
        state: SourceState,
        tier: SourceTier,
        since: Int64,
        until: Int64?,
        reason: String? = nil
    ) {
        precondition(until.map { $0 > since } ?? true, "a period is not empty")
        self.state = state
        self.tier = tier
        self.since = since
        self.until = until
        self.reason = reason
    }

    func contains(_ time: Int64) -> Bool {
        since <= time && time < until ?? .max
    }
}

/// What the registry says of one account of a subject, from the first day on.
///
/// Spec: `docs/spec/snapshot.md`, section 4.1.
package struct SourceRecord: Equatable, Sendable {
    /// The most periods in a history.
    package static let periodCountMax = 512
    /// The highest score, in thousandths.
    package static let scoreMax = 1000

    /// The account that the subject proved to control.
    package let account: PlatformAccount
    /// The pseudonymous subject, 32 bytes.
    package let subject: [UInt8]
    /// Who may see the record.
    package let visibility: SourceVisibility
    /// Periods in ascending order, without overlap.
    package let history: [SourcePeriod]
    /// The last moment at which what the account said was the subject's, Unix seconds.
    package let lastTrustedAt: Int64?
    /// The score at the snapshot's date, in thousandths: it orders lists and makes no badge.
    package let score: Int?

    package init(
        account: PlatformAccount,
        subject: [UInt8],
        visibility: SourceVisibility,
        history: [SourcePeriod],
        lastTrustedAt: Int64? = nil,
        score: Int? = nil
    ) {
        precondition(subject.count == 32, "a subject has 32 bytes")
        self.account = account
        self.subject = subject
        self.visibility = visibility
        self.history = history
        self.lastTrustedAt = lastTrustedAt
        self.score = score
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "account": account.json,
            "history": .array(history.map(Self.json)),
            "kind": "source",
            "subject": .string(Hex.encode(subject)),
            "visibility": .string(visibility.rawValue),
        ]
        members["lastTrustedAt"] = lastTrustedAt.map { .integer($0) }
        members["score"] = score.map { .integer(Int64($0)) }
        return .object(members)
    }

    init(_ fields: inout RecordFields) throws(SnapshotError) {
        account = try fields.account("account")
        subject = try fields.digest("subject")
        visibility = try fields.choice("visibility")
        lastTrustedAt = try fields.optionalTime("lastTrustedAt")
        score =
            try fields.has("score")
            ? Int(fields.integer("score", in: 0...Int64(Self.scoreMax))) : nil
        var history: [SourcePeriod] = []
        for element in try fields.array("history", countMax: Self.periodCountMax) {
            let period = try Self.period(element, line: fields.line)
            if let last = history.last, last.until ?? .max > period.since {
                throw .malformed(line: fields.line)
            }
            history.append(period)
        }
        guard !history.isEmpty, visibility != .onRequest else {
            throw .malformed(line: fields.line)
        }
        self.history = history
    }

    private static func json(_ period: SourcePeriod) -> JSONValue {
        var members: [String: JSONValue] = [
            "since": .integer(period.since),
            "state": .string(period.state.rawValue),
            "tier": .string(period.tier.name),
        ]
        members["until"] = period.until.map { .integer($0) }
        members["reason"] = period.reason.map { .string($0) }
        return .object(members)
    }

    private static func period(
        _ value: JSONValue,
        line: Int
    ) throws(SnapshotError) -> SourcePeriod {
        var fields = try RecordFields(value, line: line)
        let state: SourceState = try fields.choice("state")
        guard let tier = SourceTier(name: try fields.token("tier")) else {
            throw .unknownField(line: line)
        }
        let since = try fields.time("since")
        let until = try fields.optionalTime("until")
        let reason = fields.has("reason") ? try fields.token("reason") : nil
        try fields.finish()
        guard until ?? .max > since, isConsistent(state, tier) else {
            throw .malformed(line: line)
        }
        return SourcePeriod(state: state, tier: tier, since: since, until: until, reason: reason)
    }

    /// Negative states carry no tier; positive ones carry their own.
    private static func isConsistent(_ state: SourceState, _ tier: SourceTier) -> Bool {
        switch state {
        case .provisional: tier == .provisional
        case .attested: tier >= .attested
        case .suspended, .takenOver, .memorial, .revoked, .lapsed: tier == .none
        }
    }
}
