// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// A measure against one account, with its reason and its end.
///
/// Spec: `docs/spec/snapshot.md`, section 4.3.
package struct LimitRecord: Equatable, Sendable {
    /// The account.
    package let account: PlatformAccount
    /// What platforms are asked to do.
    package let action: SnapshotAction
    /// Reason code.
    package let reason: String
    /// SHA-256 of each evidence dossier, ascending.
    package let evidence: [[UInt8]]
    /// When the limit holds, Unix seconds.
    package let validity: Range<Int64>

    package init(
        account: PlatformAccount,
        action: SnapshotAction,
        reason: String,
        evidence: [[UInt8]],
        validity: Range<Int64>
    ) {
        precondition(Token.isValid(reason), "a reason code")
        self.account = account
        self.action = action
        self.reason = reason
        self.evidence = evidence
        self.validity = validity
    }

    var json: JSONValue {
        [
            "account": account.json,
            "action": .string(action.rawValue),
            "evidence": .array(evidence.map { .string(Hex.encode($0)) }),
            "kind": "limit",
            "reason": .string(reason),
            "since": .integer(validity.lowerBound),
            "until": .integer(validity.upperBound),
        ]
    }

    init(_ fields: inout RecordFields) throws(SnapshotError) {
        account = try fields.account("account")
        action = try fields.choice("action")
        reason = try fields.token("reason")
        evidence = try fields.digests("evidence", countMax: DesignationRecord.evidenceCountMax)
        validity = try fields.validity()
    }
}
