// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Sodium

/// A JSON object with exactly the members that are asked for.
///
/// Spec: `docs/spec/ring-vouch.md`, section 7.
struct RingDocument {
    private let members: [String: JSONValue]

    /// - Throws: `.malformed` unless it is an object of exactly these members.
    init(_ text: [UInt8], members names: Set<String>) throws(RingRefusal) {
        guard text.count <= RingRequest.byteCountMax, let json = try? JSONValue(parsing: text),
            let members = json.object, Set(members.keys) == names
        else { throw .malformed }
        self.members = members
    }

    func text(_ name: String) throws(RingRefusal) -> String {
        guard let text = members[name]?.string else { throw .malformed }
        return text
    }

    func bytes(_ name: String) throws(RingRefusal) -> [UInt8] {
        guard let bytes = try? Hex.decode(text(name)) else { throw .malformed }
        return bytes
    }

    func list(_ name: String) throws(RingRefusal) -> [[UInt8]] {
        guard let list = members[name]?.array else { throw .malformed }
        var result: [[UInt8]] = []
        for value in list {
            guard let text = value.string, let bytes = try? Hex.decode(text) else {
                throw .malformed
            }
            result.append(bytes)
        }
        return result
    }

    func number<Value: FixedWidthInteger>(
        _ name: String,
        as type: Value.Type = Value.self
    ) throws(RingRefusal) -> Value {
        guard let integer = members[name]?.integer, let value = Value(exactly: integer) else {
            throw .malformed
        }
        return value
    }
}

/// What somebody is asked to sign, with the ring: a file that goes to a machine without network.
package struct RingRequest: Equatable, Sendable {
    /// The longest file: a ring of 65 535 keys in hexadecimal, and what stands around it.
    package static let byteCountMax = 6 << 20

    private static let names: Set<String> = [
        "act", "constituency", "context", "epoch", "ring", "statement", "subject",
    ]

    /// What is signed.
    package let message: RingMessage
    /// The ring whose member signs.
    package let ring: Ring

    /// Reads a request.
    ///
    /// - Throws: `.malformed`, and as ``RingMessage`` and ``Ring``.
    package init(_ text: [UInt8]) throws(RingRefusal) {
        // Acts without quota have no slot; which of the two it is, the act tells.
        let withSlot = try? RingDocument(text, members: Self.names.union(["slot"]))
        let document: RingDocument
        if let withSlot {
            document = withSlot
        } else {
            document = try RingDocument(text, members: Self.names)
        }
        guard let act = RingAct(rawValue: try document.text("act")) else { throw .malformed }
        message = try RingMessage(
            act: act,
            context: document.bytes("context"),
            constituency: document.number("constituency"),
            subject: document.bytes("subject"),
            epoch: document.number("epoch"),
            slot: withSlot?.number("slot"),
            statementDigest: document.bytes("statement")
        )
        ring = try Ring(document.list("ring"))
    }
}

extension RingSignature {
    /// Reads a signature's file.
    ///
    /// - Throws: `.malformed`, and as ``init(_:memberCount:act:)``.
    package init(parsing text: [UInt8], for request: RingRequest) throws(RingRefusal) {
        let document = try RingDocument(text, members: ["signature"])
        try self.init(
            document.bytes("signature"),
            memberCount: request.ring.members.count,
            act: request.message.act
        )
    }
}

extension RingPossession.Scope {
    /// Reads a scope's file.
    ///
    /// - Throws: `.malformed`, `.wrongLength`.
    package init(parsing text: [UInt8]) throws(RingRefusal) {
        let names: Set<String> = ["constituency", "context", "epoch", "organisation"]
        let document = try RingDocument(text, members: names)
        try self.init(
            context: document.bytes("context"),
            organisation: document.bytes("organisation"),
            epoch: document.number("epoch"),
            constituency: document.number("constituency")
        )
    }
}

/// A ring key as its owner announces it.
package struct RingAnnouncement: Equatable, Sendable {
    /// P, not the identity.
    package let key: Element
    /// That its owner has the secret.
    package let possession: RingPossession

    /// Reads an announcement's file.
    ///
    /// - Throws: `.malformed`, `.invalidElement`, and as ``RingPossession``.
    package init(parsing text: [UInt8]) throws(RingRefusal) {
        let document = try RingDocument(text, members: ["key", "proof"])
        guard let key = try? Element(nonIdentity: document.bytes("key")) else {
            throw .invalidElement
        }
        self.key = key
        possession = try RingPossession(document.bytes("proof"))
    }
}
