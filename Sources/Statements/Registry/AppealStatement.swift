// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A subject appeals a decision.
///
/// Spec: `docs/spec/registry.md`, section 3.15.
package struct AppealStatement: Statement {
    package static let type = "registry-appeal"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// Digest of the suspension or revocation.
    package let decision: [UInt8]
    /// SHA-256 of why, kept beside the log.
    package let grounds: [UInt8]

    package init(
        head: RegistryHead,
        subject: [UInt8],
        decision: [UInt8],
        grounds: [UInt8]
    ) {
        self.head = head
        self.subject = subject
        self.decision = decision
        self.grounds = grounds
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        decision = try fields.hex("decision", count: 32)
        grounds = try fields.hex("grounds", count: 32)
    }

    package var json: JSONValue {
        head.with([
            "decision": .string(Hex.encode(decision)),
            "grounds": .string(Hex.encode(grounds)),
            "subject": .string(Hex.encode(subject)),
        ])
    }
}

/// What became of an appeal.
package enum AppealOutcome: String, Sendable, CaseIterable {
    /// The decision falls.
    case upheld
    /// The decision stands.
    case rejected
}

/// A fresh panel decides an appeal.
///
/// Spec: `docs/spec/registry.md`, section 3.15.
package struct AppealDecisionStatement: Statement {
    package static let type = "registry-appeal-decision"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// Digest of the appeal.
    package let appeal: [UInt8]
    /// What became of it.
    package let outcome: AppealOutcome
    /// SHA-256 of the reasons, which are published.
    package let reasons: [UInt8]

    package init(
        head: RegistryHead,
        subject: [UInt8],
        appeal: [UInt8],
        outcome: AppealOutcome,
        reasons: [UInt8]
    ) {
        self.head = head
        self.subject = subject
        self.appeal = appeal
        self.outcome = outcome
        self.reasons = reasons
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        appeal = try fields.hex("appeal", count: 32)
        outcome = try fields.word("outcome")
        reasons = try fields.hex("reasons", count: 32)
    }

    package var json: JSONValue {
        head.with([
            "appeal": .string(Hex.encode(appeal)),
            "outcome": .string(outcome.rawValue),
            "reasons": .string(Hex.encode(reasons)),
            "subject": .string(Hex.encode(subject)),
        ])
    }
}

/// A revoked subject starts again, with new evidence.
///
/// Spec: `docs/spec/registry.md`, section 3.15.
package struct ReopenStatement: Statement {
    package static let type = "registry-reopen"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// SHA-256 of the evidence.
    package let dossier: [UInt8]

    package init(
        head: RegistryHead,
        subject: [UInt8],
        dossier: [UInt8]
    ) {
        self.head = head
        self.subject = subject
        self.dossier = dossier
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        dossier = try fields.hex("dossier", count: 32)
    }

    package var json: JSONValue {
        head.with([
            "dossier": .string(Hex.encode(dossier)),
            "subject": .string(Hex.encode(subject)),
        ])
    }
}
