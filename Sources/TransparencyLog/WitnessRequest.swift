// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What a log asks of a witness: to cosign a checkpoint that extends the last one it cosigned.
///
/// Spec: C2SP `tlog-witness`, `add-checkpoint`.
package struct WitnessRequest: Equatable, Sendable {
    private static let prefix = Array("old ".utf8)

    /// Longest request, in bytes: 63 hashes, and a note with some post-quantum cosignatures.
    package static let countMax = 1 << 17
    /// Media type of the answer that tells the size a witness knows.
    package static let sizeMediaType = "text/x.tlog.size"

    /// Size of the last checkpoint that the witness cosigned, as the log believes; 0 if none.
    package let oldSize: UInt64
    /// Proof that the checkpoint extends the tree of the old size.
    package let proof: [LogHash]
    /// The checkpoint, signed by its log.
    package let note: SignedNote

    /// A request with these parts.
    package init(oldSize: UInt64, proof: [LogHash], note: SignedNote) {
        precondition(proof.count <= MerkleTree.proofCountMax, "proofs have at most 63 hashes")
        self.oldSize = oldSize
        self.proof = proof
        self.note = note
    }

    /// Reads the body of a request.
    ///
    /// - Throws: `.malformedRequest` or `.malformedNote` with the line, `.tooLong`.
    package init(parsing bytes: [UInt8]) throws(TransparencyLogError) {
        guard bytes.count <= Self.countMax else { throw .tooLong(limit: Self.countMax) }
        var lines = ProofLines(bytes) { .malformedRequest(line: $0) }
        let first = try lines.next()
        guard first.starts(with: Self.prefix),
            let oldSize = Decimal.parse(first.dropFirst(Self.prefix.count))
        else { throw lines.failure }
        self.oldSize = oldSize
        proof = try lines.hashes()
        note = try lines.note()
    }

    /// The whole body.
    package var encoded: [UInt8] {
        let lines = ["old \(oldSize)"] + proof.map(\.base64)
        return Array((lines.joined(separator: "\n") + "\n\n").utf8) + note.encoded
    }

    /// Reads the answer of a witness that cosigned: signature lines.
    ///
    /// - Throws: `.malformedNote` with the line, `.tooLong`.
    package static func cosignatures(
        in body: [UInt8]
    ) throws(TransparencyLogError) -> [NoteSignature] {
        guard body.count <= countMax else { throw .tooLong(limit: countMax) }
        let lines = body.split(separator: 0x0a, omittingEmptySubsequences: false)
        guard body.last == 0x0a, (2...SignedNote.signatureCountMax).contains(lines.count) else {
            throw .malformedNote(line: 1)
        }
        var signatures: [NoteSignature] = []
        for (index, line) in lines.dropLast().enumerated() {
            guard let signature = try? NoteSignature(parsing: line) else {
                // Only the place is worth knowing.
                throw .malformedNote(line: index + 1)
            }
            signatures.append(signature)
        }
        return signatures
    }

    /// Reads the answer of a witness that knows another size: the size, and a line feed.
    ///
    /// - Returns: Nil for anything else.
    package static func knownSize(in body: [UInt8]) -> UInt64? {
        guard body.last == 0x0a else { return nil }
        return Decimal.parse(body.dropLast())
    }
}
