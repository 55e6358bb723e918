// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings

/// Evidence that a log signed two histories, which anybody can verify offline.
///
/// Spec: `docs/spec/witness.md`, section 3. The log signed the older root; the newer tree, signed
/// too, provably begins with another one.
package struct LogFork: Equatable, Sendable {
    private static let format = "resguardo.log-fork/v1"

    /// Longest file, in bytes.
    package static let countMax = 4 << 20

    /// What verified evidence says.
    package struct Verified: Equatable, Sendable {
        /// The checkpoint of the smaller tree, or either of two of one size.
        package let older: Checkpoint
        /// The checkpoint that contradicts it.
        package let newer: Checkpoint
    }

    /// The signed checkpoint of the smaller tree.
    package let older: SignedNote
    /// The signed checkpoint of the larger tree, or of another tree of the same size.
    package let newer: SignedNote
    /// Root of the larger tree's first leaves, as many as the smaller one has.
    package let prefixRoot: LogHash
    /// Proof that the larger tree begins so.
    package let proof: [LogHash]

    /// Evidence with these parts.
    package init(older: SignedNote, newer: SignedNote, prefixRoot: LogHash, proof: [LogHash]) {
        self.older = older
        self.newer = newer
        self.prefixRoot = prefixRoot
        self.proof = proof
    }

    /// Reads a file.
    ///
    /// - Throws: `.malformedEvidence`, `.tooLong`.
    package init(parsing bytes: [UInt8]) throws(TransparencyLogError) {
        guard bytes.count <= Self.countMax else { throw .tooLong(limit: Self.countMax) }
        let text = bytes.last == 0x0a ? Array(bytes.dropLast()) : bytes
        guard let members = (try? JSONValue(parsing: text))?.object,
            members["format"]?.string == Self.format, members.count == 5,
            let older = try? SignedNote(parsing: Array((members["older"]?.string ?? "").utf8)),
            let newer = try? SignedNote(parsing: Array((members["newer"]?.string ?? "").utf8)),
            let root = try? LogHash(base64: (members["prefixRoot"]?.string ?? "").utf8),
            let lines = members["proof"]?.array, lines.count <= MerkleTree.proofCountMax
        else {
            // Evidence is made by programs: where it breaks does not help.
            throw .malformedEvidence
        }
        var proof: [LogHash] = []
        for line in lines {
            guard let hash = try? LogHash(base64: (line.string ?? "").utf8) else {
                throw .malformedEvidence
            }
            proof.append(hash)
        }
        self.init(older: older, newer: newer, prefixRoot: root, proof: proof)
    }

    /// The file.
    package var encoded: [UInt8] {
        let value: JSONValue = [
            "format": .string(Self.format),
            "newer": .string(String(decoding: newer.encoded, as: UTF8.self)),
            "older": .string(String(decoding: older.encoded, as: UTF8.self)),
            "prefixRoot": .string(prefixRoot.base64),
            "proof": .array(proof.map { .string($0.base64) }),
        ]
        return Array((value.canonicalText + "\n").utf8)
    }

    /// Verifies that one of these logs signed both checkpoints, and that they contradict.
    ///
    /// - Parameter logs: Keys of logs; the keys' names are the origins.
    /// - Returns: The two checkpoints.
    /// - Throws: `.malformedCheckpoint`, `.unknownLog`, `.noKnownSignature`, `.invalidSignature`;
    ///   `.consistencyNotProven` when the newer tree does not begin as the evidence says;
    ///   `.noContradiction` when it begins as it should.
    package func verify(logs: [NoteVerifier]) throws(TransparencyLogError) -> Verified {
        let older = try Self.open(older, logs)
        let newer = try Self.open(newer, logs)
        guard older.origin.utf8.elementsEqual(newer.origin.utf8) else { throw .unknownLog }
        try MerkleTree.verifyConsistency(
            from: older.size,
            oldRoot: prefixRoot,
            to: newer.size,
            root: newer.root,
            proof: proof
        )
        guard prefixRoot != older.root else { throw .noContradiction }
        return Verified(older: older, newer: newer)
    }

    private static func open(
        _ note: SignedNote,
        _ logs: [NoteVerifier]
    ) throws(TransparencyLogError) -> Checkpoint {
        let checkpoint = try Checkpoint(parsing: note.text)
        let keys = logs.filter { $0.name.isEqual(to: checkpoint.origin) }
        guard !keys.isEmpty else { throw .unknownLog }
        _ = try note.verify(keys)
        return checkpoint
    }
}
