// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A holder of the beacon shows the output of its function for a day, so that panels can be drawn.
///
/// Spec: `docs/spec/sortition.md`, section 3.
package struct BeaconStatement: Statement {
    package static let type = "registry-beacon"
    package static let version: Int64 = 1
    /// Bytes in a proof.
    package static let proofCount = 80

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The day that the output is for: midnight, seconds since 1970.
    package let day: Int64
    /// Key of the holder's function, 32 bytes.
    package let holder: [UInt8]
    /// The proof, from which the output follows.
    package let proof: [UInt8]

    package init(head: RegistryHead, day: Int64, holder: [UInt8], proof: [UInt8]) {
        precondition(holder.count == 32 && proof.count == Self.proofCount, "a key and a proof")
        self.head = head
        self.day = day
        self.holder = holder
        self.proof = proof
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        day = try fields.day("day")
        holder = try fields.hex("holder", count: 32)
        proof = try fields.hex("proof", count: Self.proofCount)
    }

    package var json: JSONValue {
        head.with([
            "day": .integer(day),
            "holder": .string(Hex.encode(holder)),
            "proof": .string(Hex.encode(proof)),
        ])
    }
}

/// Who gives randomness for panels.
///
/// Spec: `docs/spec/sortition.md`, section 3.
package struct BeaconHolder: Equatable, Sendable {
    /// The fewest holders that a charter names, if it names any.
    package static let countMin = 3
    /// The most.
    package static let countMax = 16

    /// Short name of the constituency; each holder is of another.
    package let constituency: String
    /// 32-byte Ed25519 key, which signs what the holder says.
    package let key: [UInt8]
    /// 32-byte key of the holder's function.
    package let function: [UInt8]

    package init(constituency: String, key: [UInt8], function: [UInt8]) {
        self.constituency = constituency
        self.key = key
        self.function = function
    }

    var json: JSONValue {
        [
            "constituency": .string(constituency), "function": .string(Hex.encode(function)),
            "key": .string(Hex.encode(key)),
        ]
    }
}

extension StatementFields {
    /// Reads the holders of the beacon; none where there is no such member.
    mutating func beacons(_ name: String) throws(StatementError) -> [BeaconHolder] {
        guard has(name) else { return [] }
        return try objects(name, count: BeaconHolder.countMin...BeaconHolder.countMax) {
            (fields) throws(StatementError) in
            BeaconHolder(
                constituency: try fields.slug("constituency"),
                key: try fields.hex("key", count: 32),
                function: try fields.hex("function", count: 32)
            )
        }
    }
}
