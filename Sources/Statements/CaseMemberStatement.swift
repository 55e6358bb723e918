// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// `case-member`: whoever was given a case says under which key and in which log they deposit.
///
/// Signed twice: by the member's key, and by the key that everybody who was given the case has.
///
/// Spec: `docs/spec/vault.md`, section 8.3.
package struct CaseMemberStatement: Statement {
    package static let type = "case-member"
    package static let version: Int64 = 1

    /// Pseudonym of the case.
    package let casePseudonym: [UInt8]
    /// The Ed25519 key that the member signs deposits with.
    package let member: [UInt8]
    /// The public key of the member's log.
    package let log: String

    /// A statement.
    package init(casePseudonym: [UInt8], member: [UInt8], log: String) {
        self.casePseudonym = casePseudonym
        self.member = member
        self.log = log
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        casePseudonym = try fields.hex("case", count: DepositStatement.caseCount)
        member = try fields.hex("member", count: 32)
        log = try fields.string("log", countMax: 4096)
    }

    package var json: JSONValue {
        [
            "case": .string(Hex.encode(casePseudonym)),
            "member": .string(Hex.encode(member)),
            "log": .string(log),
        ]
    }
}
