// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings

/// What stands in a statement for the ring signature on it, which is kept beside the log.
///
/// The log cannot forget; the signature, whose tags tell everything to whoever gets the signer's
/// secret one day, can be deleted.
///
/// Spec: `docs/spec/registry.md`, section 3.11.
package struct RingSeal: Equatable, Sendable {
    /// The largest slot that can be written.
    package static let slotMax = 255

    /// Short name of the constituency whose ring it is.
    package let constituency: String
    /// The ring's digest, 32 bytes: which ring exactly.
    package let ring: [UInt8]
    /// Which of the epoch's quota is used, for acts with a quota.
    package let slot: Int?
    /// The one-time Ed25519 key that signs the envelope, and takes the act back.
    package let key: [UInt8]
    /// SHA-256 of the ring signature; 32 zeros while it is being made.
    package var signature: [UInt8]

    package init(
        constituency: String,
        ring: [UInt8],
        slot: Int?,
        key: [UInt8],
        signature: [UInt8] = [UInt8](repeating: 0, count: 32)
    ) {
        precondition([ring, key, signature].allSatisfy { $0.count == 32 }, "32 bytes each")
        self.constituency = constituency
        self.ring = ring
        self.slot = slot
        self.key = key
        self.signature = signature
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "constituency": .string(constituency),
            "key": .string(Hex.encode(key)),
            "ring": .string(Hex.encode(ring)),
            "signature": .string(Hex.encode(signature)),
        ]
        if let slot { members["slot"] = .integer(Int64(slot)) }
        return .object(members)
    }
}

/// A statement that a member of a ring can make without showing which.
package protocol SealableStatement: Statement {
    /// Whom it is about, 32 bytes.
    var subject: [UInt8] { get }
    /// For which quarter.
    var epoch: RegistryEpoch { get }
    /// What stands for the ring signature.
    var seal: RingSeal? { get set }
}

extension SealableStatement {
    /// What the ring signs: SHA-256 of the payload in which the seal's `signature` is zeros.
    package var sealedDigest: [UInt8] {
        var copy = self
        copy.seal?.signature = [UInt8](repeating: 0, count: 32)
        return SHA256.hash(copy.payload)
    }
}

extension StatementFields {
    mutating func seal(_ name: String) throws(StatementError) -> RingSeal {
        try object(name) { (fields) throws(StatementError) in
            RingSeal(
                constituency: try fields.slug("constituency"),
                ring: try fields.hex("ring", count: 32),
                slot: fields.has("slot")
                    ? Int(try fields.integer("slot", in: 0...Int64(RingSeal.slotMax))) : nil,
                key: try fields.hex("key", count: 32),
                signature: try fields.hex("signature", count: 32)
            )
        }
    }

    mutating func epoch(_ name: String) throws(StatementError) -> RegistryEpoch {
        guard let epoch = RegistryEpoch(name: try string(name, countMax: 8)) else {
            throw .invalidValue(field: name)
        }
        return epoch
    }
}
