// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// `bag`: a member of a case says that they exported these items, and what is in the bag.
///
/// BagIt's own manifests are not signed: whoever changes a file can write them anew. This statement
/// names the tag manifest, and through it every file.
///
/// Spec: `docs/spec/bag.md`, section 3.
package struct BagStatement: Statement {
    package static let type = "bag"
    package static let version: Int64 = 1

    /// Pseudonym of the case.
    package let casePseudonym: [UInt8]
    /// The Ed25519 key that the exporter uses in this case, and signs with.
    package let member: [UInt8]
    /// When it was made, by the exporter's clock, in seconds since 1970.
    package let createdAt: Int64
    /// How many items are in it.
    package let itemCount: Int64
    /// SHA-256 of `tagmanifest-sha256.txt`.
    package let tagManifest: [UInt8]
    /// Name and version of the program.
    package let tool: String

    /// A statement.
    package init(
        casePseudonym: [UInt8],
        member: [UInt8],
        createdAt: Int64,
        itemCount: Int64,
        tagManifest: [UInt8],
        tool: String
    ) {
        self.casePseudonym = casePseudonym
        self.member = member
        self.createdAt = createdAt
        self.itemCount = itemCount
        self.tagManifest = tagManifest
        self.tool = tool
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        casePseudonym = try fields.hex("case", count: DepositStatement.caseCount)
        member = try fields.hex("member", count: 32)
        createdAt = try fields.integer("createdAt", in: 0...253_402_300_799)
        itemCount = try fields.integer("items", in: 1...JSONValue.integerMax)
        tagManifest = try fields.hex("tagManifest", count: 32)
        tool = try fields.string("tool", countMax: 100)
        // It stands on a line of bag-info.txt.
        guard tool.unicodeScalars.allSatisfy({ (0x20..<0x7f).contains($0.value) }) else {
            throw .invalidValue(field: "tool")
        }
    }

    package var json: JSONValue {
        [
            "case": .string(Hex.encode(casePseudonym)), "member": .string(Hex.encode(member)),
            "createdAt": .integer(createdAt), "items": .integer(itemCount),
            "tagManifest": .string(Hex.encode(tagManifest)), "tool": .string(tool),
        ]
    }
}
