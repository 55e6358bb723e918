// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// `upload`: a member of a case asks one node, once, to take a sealed object.
///
/// Signed twice: by the member's key, and by the key that everybody who was given the case has.
///
/// Spec: `docs/spec/node.md`, section 6.2.
package struct UploadStatement: Statement {
    package static let type = "upload"
    package static let version: Int64 = 1

    /// Bytes in a nonce: when it ends, what makes it unlike others, and the node's tag over both.
    package static let nonceCount = 56

    /// The name of the node's log: no other node takes the object for this.
    package let node: String
    /// SHA-256 of the token under which the case is kept there.
    package let room: [UInt8]
    /// The key that admits members to the case.
    package let admission: [UInt8]
    /// Length of the sealed object.
    package let sizeBytes: Int64
    /// SHA-256 of all the rest of the offer: statement, salt, summary, sealed receipt, pieces.
    package let offer: [UInt8]
    /// What the node gave out for this one use.
    package let nonce: [UInt8]

    /// A statement.
    package init(
        node: String,
        room: [UInt8],
        admission: [UInt8],
        sizeBytes: Int64,
        offer: [UInt8],
        nonce: [UInt8]
    ) {
        self.node = node
        self.room = room
        self.admission = admission
        self.sizeBytes = sizeBytes
        self.offer = offer
        self.nonce = nonce
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        node = try fields.string("node", countMax: 255)
        room = try fields.hex("room", count: 32)
        admission = try fields.hex("admission", count: 32)
        sizeBytes = try fields.integer("size", in: 1...JSONValue.integerMax)
        offer = try fields.hex("offer", count: 32)
        nonce = try fields.hex("nonce", count: Self.nonceCount)
    }

    package var json: JSONValue {
        [
            "node": .string(node),
            "room": .string(Hex.encode(room)),
            "admission": .string(Hex.encode(admission)),
            "size": .integer(sizeBytes),
            "offer": .string(Hex.encode(offer)),
            "nonce": .string(Hex.encode(nonce)),
        ]
    }
}
