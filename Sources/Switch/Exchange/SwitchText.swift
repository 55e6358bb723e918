// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Sodium
package import Statements
package import TransparencyLog

/// The right to read what a switch's logs hold of it: 32 bytes that its owner makes and hands to
/// trustees and successors with the invitation.
///
/// Spec: `docs/spec/node.md`, section 12.
package struct SwitchCapability: Hashable, Sendable {
    /// Bytes in one.
    package static let byteCount = 32
    private static let leafLabel = Array("resguardo/switch/leaf/1\n".utf8)

    /// The secret.
    package let bytes: [UInt8]

    /// Takes 32 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// A fresh one.
    package init() {
        bytes = randomBytes(Self.byteCount)
    }

    /// What a node keeps the switch under: SHA-256 of it.
    package var room: [UInt8] { SHA256.hash(bytes) }

    /// The entry that stands for a statement in a log: HMAC-SHA-256 over the log's name and the
    /// envelope, under the capability.
    ///
    /// Whoever does not have the capability learns from a leaf neither which others belong with it
    /// nor, of a text that became known, where it stands.
    package func entry(of envelope: Envelope, origin: String) -> [UInt8] {
        HMACSHA256.authenticate(
            Self.leafLabel + Array((origin + "\n").utf8) + envelope.bytes,
            key: SecretBytes(copying: bytes)
        )
    }
}

/// A statement of a switch, with the proof that a log has it: a `tlog-proof` whose extra line is
/// the envelope.
///
/// Nodes answer with these, `switch export` writes them, and whoever has the switch's capability
/// can check them.
///
/// Spec: `docs/spec/node.md`, section 12.
package struct SwitchText: Equatable, Sendable {
    /// The longest text.
    package static let byteCountMax = 1 << 18

    /// What was said.
    package let envelope: Envelope
    /// That it stands in a log, and since when.
    package let proof: TlogProof

    /// Puts both together.
    package init(_ envelope: Envelope, _ proof: TlogProof) {
        self.envelope = envelope
        self.proof = TlogProof(
            extra: envelope.bytes,
            index: proof.index,
            hashes: proof.hashes,
            note: proof.note
        )
    }

    /// Reads a text; who made the signatures in it is checked by ``verify(_:policy:)``.
    ///
    /// - Returns: Nil for anything else.
    package init?(parsing bytes: [UInt8]) {
        guard bytes.count <= Self.byteCountMax, let proof = try? TlogProof(parsing: bytes),
            let extra = proof.extra, let envelope = try? Envelope(canonical: extra)
        else { return nil }
        self.envelope = envelope
        self.proof = proof
    }

    /// The whole file.
    package var bytes: [UInt8] { proof.encoded }

    /// The log that has it.
    package var origin: String? { try? Checkpoint(parsing: proof.note.text).origin }

    /// Checks that a log of the policy has the statement.
    ///
    /// - Returns: The checkpoint that proves it, and who cosigned it.
    /// - Throws: `TransparencyLogError`.
    @discardableResult
    package func verify(
        _ capability: SwitchCapability,
        policy: LogPolicy
    ) throws(TransparencyLogError) -> TlogProof.Verified {
        let origin = try Checkpoint(parsing: proof.note.text).origin
        let leaf = LogHash.leaf(capability.entry(of: envelope, origin: origin))
        return try proof.verify(leaf: leaf, policy: policy)
    }
}

/// Several small files in one answer, or in one file: each after a line with its length.
///
/// Spec: `docs/spec/node.md`, section 12.
package enum TextPage {
    /// Digits of a length, at most.
    private static let digitCountMax = 7

    /// Writes them one after the other.
    package static func join(_ texts: [[UInt8]]) -> [UInt8] {
        texts.flatMap { Array("\($0.count)\n".utf8) + $0 }
    }

    /// Reads what ``join(_:)`` wrote.
    ///
    /// - Returns: Nil for anything else.
    package static func split(_ bytes: [UInt8]) -> [[UInt8]]? {
        var texts: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let end = rest.prefix(digitCountMax + 1).firstIndex(of: 0x0a),
                let count = Int(String(decoding: rest[..<end], as: UTF8.self)),
                rest[..<end].elementsEqual(String(count).utf8), count > 0,
                count <= rest.endIndex - end - 1
            else { return nil }
            texts.append(Array(rest[(end + 1)...].prefix(count)))
            rest = rest[(end + 1 + count)...]
        }
        return texts
    }
}
