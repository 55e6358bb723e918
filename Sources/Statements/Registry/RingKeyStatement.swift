// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A verifier announces its ring key for one quarter.
///
/// Spec: `docs/spec/registry.md`, section 3.10.
package struct RingKeyStatement: Statement {
    package static let type = "registry-ring-key"
    package static let version: Int64 = 1
    /// Bytes in a proof of possession.
    package static let proofCount = 64

    /// Which registry, and which day.
    package let head: RegistryHead
    /// Who announces it: SHA-256 of the organisation's key, which signs.
    package let verifier: [UInt8]
    /// The only quarter that it is for.
    package let epoch: RegistryEpoch
    /// The key, a ristretto255 element.
    package let key: [UInt8]
    /// That the verifier has its secret, 64 bytes.
    package let proof: [UInt8]

    package init(
        head: RegistryHead,
        verifier: [UInt8],
        epoch: RegistryEpoch,
        key: [UInt8],
        proof: [UInt8]
    ) {
        self.head = head
        self.verifier = verifier
        self.epoch = epoch
        self.key = key
        self.proof = proof
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        verifier = try fields.hex("verifier", count: 32)
        epoch = try fields.epoch("epoch")
        key = try fields.hex("key", count: 32)
        proof = try fields.hex("proof", count: Self.proofCount)
    }

    package var json: JSONValue {
        head.with([
            "epoch": .string(epoch.name),
            "key": .string(Hex.encode(key)),
            "proof": .string(Hex.encode(proof)),
            "verifier": .string(Hex.encode(verifier)),
        ])
    }
}

/// The ring of a constituency for a quarter: from here on nobody joins it.
///
/// Spec: `docs/spec/registry.md`, section 3.10.
package struct RingSnapshotStatement: Statement {
    package static let type = "registry-ring-snapshot"
    package static let version: Int64 = 1
    /// The most members, so that the statement fits an entry.
    package static let memberCountMax = 512

    /// Which registry, and which day.
    package let head: RegistryHead
    /// For which quarter.
    package let epoch: RegistryEpoch
    /// Short name of the constituency.
    package let constituency: String
    /// Ring keys that were announced for it, ascending.
    package let keys: [[UInt8]]

    package init(
        head: RegistryHead,
        epoch: RegistryEpoch,
        constituency: String,
        keys: [[UInt8]]
    ) {
        self.head = head
        self.epoch = epoch
        self.constituency = constituency
        self.keys = keys
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        epoch = try fields.epoch("epoch")
        constituency = try fields.slug("constituency")
        keys = try fields.digests("keys", count: 1...Self.memberCountMax)
    }

    package var json: JSONValue {
        head.with([
            "constituency": .string(constituency),
            "epoch": .string(epoch.name),
            "keys": .array(keys.map { .string(Hex.encode($0)) }),
        ])
    }
}

/// The council says which sealed statements of a quarter counted, once their signatures may be
/// deleted.
///
/// Spec: `docs/spec/registry.md`, section 4.2.
package struct DecideSealsStatement: Statement {
    package static let type = "registry-decide-seals"
    package static let version: Int64 = 1
    /// The most statements in one decision, so that it fits an entry.
    package static let countMax = 512

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The quarter of the statements.
    package let epoch: RegistryEpoch
    /// Digests of sealed statements that counted, ascending.
    package let statements: [[UInt8]]

    package init(head: RegistryHead, epoch: RegistryEpoch, statements: [[UInt8]]) {
        self.head = head
        self.epoch = epoch
        self.statements = statements
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        epoch = try fields.epoch("epoch")
        statements = try fields.digests("statements", count: 1...Self.countMax)
    }

    package var json: JSONValue {
        head.with([
            "epoch": .string(epoch.name),
            "statements": .array(statements.map { .string(Hex.encode($0)) }),
        ])
    }
}
