// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings

/// Proof that a leaf is in a log, one printable file that needs nothing else to be verified.
///
/// Spec: C2SP `tlog-proof` ("spicy signature"), extension `.tlog-proof`.
package struct TlogProof: Equatable, Sendable {
    private static let header = "c2sp.org/tlog-proof@v1"
    private static let extraPrefix = "extra "
    private static let indexPrefix = "index "

    /// Longest file, in bytes.
    package static let countMax = 2 << 20
    /// Most bytes of extra data.
    package static let extraCountMax = 1 << 19

    /// What a verified proof says.
    package struct Verified: Equatable, Sendable {
        /// The signed size and root.
        package let checkpoint: Checkpoint
        /// Witnesses of the policy whose cosignatures verified, with the times they vouch for.
        package let cosignatures: [SignedNote.Verified]
    }

    /// Opaque data for the application, which **nothing authenticates**.
    package let extra: [UInt8]?
    /// The leaf.
    package let index: UInt64
    /// Siblings from leaf to root.
    package let hashes: [LogHash]
    /// The signed checkpoint with its cosignatures.
    package let note: SignedNote

    /// A proof with these parts.
    package init(extra: [UInt8]? = nil, index: UInt64, hashes: [LogHash], note: SignedNote) {
        self.extra = extra
        self.index = index
        self.hashes = hashes
        self.note = note
    }

    /// Reads a proof file.
    ///
    /// - Throws: `.malformedProof` or `.malformedNote` with the line, `.tooLong`.
    package init(parsing bytes: [UInt8]) throws(TransparencyLogError) {
        guard bytes.count <= Self.countMax else { throw .tooLong(limit: Self.countMax) }
        var lines = ProofLines(bytes) { .malformedProof(line: $0) }
        guard try lines.next().elementsEqual(Self.header.utf8) else { throw lines.failure }
        var line = try lines.next()
        var extra: [UInt8]?
        if line.starts(with: Self.extraPrefix.utf8) {
            guard let data = try? Base64.decode(line.dropFirst(Self.extraPrefix.utf8.count)),
                data.count <= Self.extraCountMax
            else {
                // Only the place is worth knowing.
                throw lines.failure
            }
            extra = data
            line = try lines.next()
        }
        guard line.starts(with: Self.indexPrefix.utf8),
            let index = Decimal.parse(line.dropFirst(Self.indexPrefix.utf8.count))
        else { throw lines.failure }
        self.extra = extra
        self.index = index
        hashes = try lines.hashes()
        note = try lines.note()
    }

    /// The whole file.
    package var encoded: [UInt8] {
        var lines = [Self.header]
        if let extra {
            lines.append(Self.extraPrefix + Base64.encode(extra))
        }
        lines.append(Self.indexPrefix + String(index))
        lines += hashes.map(\.base64)
        return Array((lines.joined(separator: "\n") + "\n\n").utf8) + note.encoded
    }

    /// Verifies that a leaf is in a log that the policy trusts, and that enough witnesses saw it.
    ///
    /// - Parameters:
    ///   - leaf: Hash of the leaf, computed by the application from the data itself.
    ///   - policy: Logs and witnesses to trust.
    /// - Returns: The checkpoint, and who cosigned it when.
    /// - Throws: What ``LogPolicy/verify(_:)`` throws; `.indexOutOfRange`, `.inclusionNotProven`.
    package func verify(
        leaf: LogHash,
        policy: LogPolicy
    ) throws(TransparencyLogError) -> Verified {
        let verified = try policy.verify(note)
        try MerkleTree.verifyInclusion(
            of: leaf,
            index: index,
            size: verified.checkpoint.size,
            root: verified.checkpoint.root,
            proof: hashes
        )
        return verified
    }
}
