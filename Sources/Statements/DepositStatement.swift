// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// `deposit`: a member of a case says that a sealed object belongs to it.
///
/// It says nothing of the content but a commitment. The log holds a salted hash of its envelope, so
/// whoever reads the log alone learns that there is one more entry.
///
/// Spec: `docs/spec/vault.md`, section 3.2.
package struct DepositStatement: Statement {
    package static let type = "deposit"
    package static let version: Int64 = 1

    /// Bytes in a case's pseudonym.
    package static let caseCount = 16

    /// Pseudonym of the case.
    package let casePseudonym: [UInt8]
    /// The Ed25519 key that the depositor uses in this case, and signs with.
    package let member: [UInt8]
    /// Merkle root over the pieces of the sealed object, which names it.
    package let ciphertextRoot: [UInt8]
    /// Length of the sealed object.
    package let sizeBytes: Int64
    /// The day by the depositor's clock, in UTC: `2026-11-21`.
    package let date: String
    /// Salted commitment to `evidence.json`.
    package let evidence: [UInt8]
    /// SHA-256 of a checkpoint of the log that was there before; nil where there was none.
    package let afterCheckpoint: [UInt8]?
    /// SHA-256 of an RFC 3161 response that was there before; nil where there was none.
    package let afterToken: [UInt8]?

    /// A statement.
    package init(
        casePseudonym: [UInt8],
        member: [UInt8],
        ciphertextRoot: [UInt8],
        sizeBytes: Int64,
        date: String,
        evidence: [UInt8],
        afterCheckpoint: [UInt8]? = nil,
        afterToken: [UInt8]? = nil
    ) {
        self.casePseudonym = casePseudonym
        self.member = member
        self.ciphertextRoot = ciphertextRoot
        self.sizeBytes = sizeBytes
        self.date = date
        self.evidence = evidence
        self.afterCheckpoint = afterCheckpoint
        self.afterToken = afterToken
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        casePseudonym = try fields.hex("case", count: Self.caseCount)
        member = try fields.hex("member", count: 32)
        ciphertextRoot = try fields.hex("ciphertextRoot", count: 32)
        sizeBytes = try fields.integer("size", in: 1...JSONValue.integerMax)
        date = try fields.string("date", countMax: 10)
        guard Self.isDate(date) else { throw .invalidValue(field: "date") }
        evidence = try fields.hex("evidence", count: 32)
        afterCheckpoint =
            fields.has("afterCheckpoint") ? try fields.hex("afterCheckpoint", count: 32) : nil
        afterToken = fields.has("afterToken") ? try fields.hex("afterToken", count: 32) : nil
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "case": .string(Hex.encode(casePseudonym)),
            "member": .string(Hex.encode(member)),
            "ciphertextRoot": .string(Hex.encode(ciphertextRoot)),
            "size": .integer(sizeBytes),
            "date": .string(date),
            "evidence": .string(Hex.encode(evidence)),
        ]
        if let afterCheckpoint {
            members["afterCheckpoint"] = .string(Hex.encode(afterCheckpoint))
        }
        if let afterToken { members["afterToken"] = .string(Hex.encode(afterToken)) }
        return .object(members)
    }

    /// Whether the text has the form of a date; which days exist is the calendar's business.
    private static func isDate(_ text: String) -> Bool {
        text.utf8.count == 10
            && text.utf8.enumerated().allSatisfy { index, character in
                index == 4 || index == 7
                    ? character == UInt8(ascii: "-") : (0x30...0x39).contains(character)
            }
    }
}
