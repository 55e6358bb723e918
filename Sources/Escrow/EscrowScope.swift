// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Encodings

/// What a sharing is for: one epoch of one switch in its logs.
///
/// Trustees bind their proof of possession to it, before the other trustees are known.
///
/// Spec: `docs/spec/escrow.md`, section 3.1.
package struct EscrowScope: Equatable, Sendable {
    /// The most logs a switch may name.
    package static let originCountMax = 16
    /// The longest origin, in bytes of UTF-8.
    package static let originByteCountMax = 255
    /// Bytes in a switch id, an owner key and a digest.
    package static let digestCount = 32
    /// The largest epoch: what JSON keeps exactly.
    package static let epochMax = UInt64(JSONValue.integerMax)

    /// Origins of the logs, in ascending order of their bytes, each once.
    package let origins: [String]
    /// The switch, 32 bytes.
    package let switchID: [UInt8]
    /// The owner's Ed25519 key of this switch, 32 bytes.
    package let ownerKey: [UInt8]
    /// Counts the sharings of this switch.
    package let epoch: UInt64
    /// SHA-256 over all of the above.
    package let digest: [UInt8]

    /// Checks the parts and hashes them.
    ///
    /// - Parameters:
    ///   - origins: 1...16 log origins of 1...255 bytes, in strictly ascending order.
    ///   - switchID: 32 bytes.
    ///   - ownerKey: 32 bytes.
    ///   - epoch: 0...2^53 − 1.
    /// - Throws: `.originOutOfRange`, `.originsNotSorted`, `.wrongLength`, `.malformed(.epoch)`.
    package init(
        origins: [String],
        switchID: [UInt8],
        ownerKey: [UInt8],
        epoch: UInt64
    ) throws(EscrowError) {
        try Self.requireCanonical(origins)
        try requireCount(switchID, Self.digestCount, at: EscrowPlace(.switch))
        try requireCount(ownerKey, Self.digestCount, at: EscrowPlace(.owner))
        guard epoch <= Self.epochMax else { throw .malformed(EscrowPlace(.epoch)) }
        self.origins = origins
        self.switchID = switchID
        self.ownerKey = ownerKey
        self.epoch = epoch
        var hasher = SHA256()
        hasher.update(EscrowLabel.scope.framed)
        hasher.update(UInt16(origins.count).bigEndianBytes)
        for origin in origins {
            hasher.update(UInt16(origin.utf8.count).bigEndianBytes + Array(origin.utf8))
        }
        hasher.update(switchID + ownerKey + epoch.bigEndianBytes)
        digest = hasher.finish()
    }

    private static func requireCanonical(_ origins: [String]) throws(EscrowError) {
        guard (1...originCountMax).contains(origins.count) else {
            throw .originOutOfRange(EscrowPlace(.origins))
        }
        var previous: String?
        for (index, origin) in origins.enumerated() {
            let place = EscrowPlace(.origins, index)
            guard (1...originByteCountMax).contains(origin.utf8.count) else {
                throw .originOutOfRange(place)
            }
            if let previous, !previous.utf8.lexicographicallyPrecedes(origin.utf8) {
                throw .originsNotSorted(place)
            }
            previous = origin
        }
    }
}

extension EscrowScope {
    /// The type named in JSON.
    package static let type = "resguardo-escrow-scope-v1"

    /// The scope as a JSON object.
    package var json: JSONValue {
        var members = jsonMembers
        members["type"] = .string(Self.type)
        return .object(members)
    }

    /// Reads what ``json`` writes, and nothing else.
    ///
    /// - Throws: An ``EscrowError`` naming the first field that is refused.
    package init(json: JSONValue) throws(EscrowError) {
        var reader = try ObjectReader(json, type: Self.type)
        try self.init(reader: &reader)
        try reader.requireEnd()
    }

    /// Reads the text of a file; white space between the parts is free.
    package init(parsing text: [UInt8]) throws(EscrowError) {
        try self.init(json: ObjectReader.parse(text))
    }

    /// The members that a context has too.
    var jsonMembers: [String: JSONValue] {
        [
            "epoch": .integer(Int64(epoch)), "origins": .array(origins.map { .string($0) }),
            "owner": .hex(ownerKey), "switch": .hex(switchID),
        ]
    }

    init(reader: inout ObjectReader) throws(EscrowError) {
        var origins: [String] = []
        let list = try reader.list(.origins, countMax: Self.originCountMax)
        for (index, value) in list.enumerated() {
            guard let origin = value.string else { throw .malformed(EscrowPlace(.origins, index)) }
            origins.append(origin)
        }
        try self.init(
            origins: origins,
            switchID: reader.bytes(.switch),
            ownerKey: reader.bytes(.owner),
            epoch: UInt64(reader.integer(.epoch, in: 0...JSONValue.integerMax))
        )
    }

    /// Equality of the digests.
    ///
    /// Swift's own string equality would take two spellings of an accented letter for one.
    package static func == (left: EscrowScope, right: EscrowScope) -> Bool {
        left.digest == right.digest
    }
}
