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
        var rest = bytes[...]
        var number = 0
        func nextLine() throws(TransparencyLogError) -> ArraySlice<UInt8> {
            number += 1
            guard let end = rest.firstIndex(of: 0x0a) else { throw .malformedProof(line: number) }
            defer { rest = rest[(end + 1)...] }
            return rest[..<end]
        }
        guard try nextLine().elementsEqual(Self.header.utf8) else {
            throw .malformedProof(line: number)
        }
        var line = try nextLine()
        var extra: [UInt8]?
        if line.starts(with: Self.extraPrefix.utf8) {
            guard let data = try? Base64.decode(line.dropFirst(Self.extraPrefix.utf8.count)),
                data.count <= Self.extraCountMax
            else {
                // Only the place is worth knowing.
                throw .malformedProof(line: number)
            }
            extra = data
            line = try nextLine()
        }
        guard line.starts(with: Self.indexPrefix.utf8),
            let index = Decimal.parse(line.dropFirst(Self.indexPrefix.utf8.count))
        else { throw .malformedProof(line: number) }
        var hashes: [LogHash] = []
        line = try nextLine()
        while !line.isEmpty {
            guard hashes.count < MerkleTree.proofCountMax,
                let hash = try? LogHash(base64: line)
            else {
                // Only the place is worth knowing.
                throw .malformedProof(line: number)
            }
            hashes.append(hash)
            line = try nextLine()
        }
        self.extra = extra
        self.index = index
        self.hashes = hashes
        do {
            note = try SignedNote(parsing: Array(rest))
        } catch .malformedNote(let line) {
            throw .malformedNote(line: number + line)
        }
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
