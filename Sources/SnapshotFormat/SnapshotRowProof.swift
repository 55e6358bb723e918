// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import TransparencyLog

/// One row of a snapshot, with what proves to anybody that it is in there, and no other row.
///
/// For a court, another platform, or the person whom the row is about.
///
/// Spec: `docs/spec/snapshot.md`, section 10.
package struct SnapshotRowProof: Sendable {
    /// The largest file, in bytes.
    package static let byteCountMax = JSONValue.byteCountMax + 3 * SnapshotSignatures.lineCountMax
    private static let type = "resguardo-snapshot-row"

    /// The signed part of the snapshot.
    package let header: SnapshotHeader
    /// The row's place among the rows, from 0.
    package let index: Int
    /// The row.
    package let record: SnapshotRecord
    private let signed: SnapshotSignatures
    /// The row's own.
    private let salt: [UInt8]
    /// Hashes of its neighbours, from the row to the root.
    private let path: [LogHash]

    /// The proof of the row about an account: of its source, else of a limit.
    ///
    /// Rows of designations name other accounts as well, and are not about one of them.
    ///
    /// - Parameters:
    ///   - account: Whose row.
    ///   - file: Verified by whoever asks, who would prove something untrue otherwise.
    /// - Returns: `nil` where there is no such row.
    /// - Throws: What is wrong with a row.
    /// - Complexity: O(n).
    package static func about(
        _ account: PlatformAccount,
        in file: SnapshotFile
    ) throws(SnapshotError) -> SnapshotRowProof? {
        var found: (index: Int, record: SnapshotRecord)?
        var reader = ByteReader(file.recordBytes)
        var index = 0
        rows: while !reader.isAtEnd {
            let line = SnapshotFile.firstRecordLine + index
            let row = try SnapshotFile.record(line, of: &reader)
            let record = try SnapshotRecord(parsing: Array(row), line: line)
            switch record {
            case .source(let source) where source.account == account:
                found = (index, record)
                break rows
            case .limit(let limit) where limit.account == account && found == nil:
                found = (index, record)
            default: break
            }
            index += 1
        }
        guard let found else { return nil }
        return try SnapshotRowProof(of: file, index: found.index, record: found.record)
    }

    private init(
        of file: SnapshotFile,
        index: Int,
        record: SnapshotRecord
    ) throws(SnapshotError) {
        header = file.header
        signed = file.signed
        self.index = index
        self.record = record
        salt = SnapshotRows.salt(of: index, file.salt)
        let leaves = try SnapshotRows.leaves(
            file.recordBytes,
            file.salt,
            countMax: file.header.recordCount
        )
        path = MerkleTree.inclusionProof(of: UInt64(index), size: UInt64(leaves.count)) { node in
            let start = Int(node.index) << node.level
            return MerkleTree.root(of: leaves[start..<(start + 1 << node.level)])
        }
    }

    // MARK: File

    /// The file: header and signatures of the snapshot, the proof, the row.
    package var bytes: [UInt8] {
        let proof: JSONValue = [
            "index": .integer(Int64(index)),
            "path": .array(path.map { .string(Hex.encode($0.bytes)) }),
            "salt": .string(Hex.encode(salt)),
            "type": .string(Self.type),
            "v": 1,
        ]
        let lines = [
            header.json.canonicalBytes, signed.bytes, proof.canonicalBytes,
            record.json.canonicalBytes,
        ]
        return lines.flatMap { $0 + [UInt8(ascii: "\n")] }
    }

    /// Reads a file; nothing of it may be believed before ``verify(by:audience:now:)``.
    ///
    /// - Throws: `.tooLarge`, `.truncated`, `.malformed`, `.notCanonical`, `.unknownField`,
    ///   `.unsupportedVersion`, `.invalidLife`; `.recordsMismatch` for a row beyond the snapshot.
    package init(parsing bytes: [UInt8]) throws(SnapshotError) {
        guard bytes.count <= Self.byteCountMax else { throw .tooLarge(line: 1) }
        var reader = ByteReader(bytes)
        header = try SnapshotHeader(parsing: SnapshotSignatures.line(1, of: &reader))
        signed = try SnapshotSignatures(parsing: SnapshotSignatures.line(2, of: &reader))
        let line = try SnapshotSignatures.line(3, of: &reader)
        var fields = try RecordFields(canonicalLine(line, line: 3), line: 3)
        guard try fields.string("type", countMax: Token.countMax) == Self.type else {
            throw .unknownField(line: 3)
        }
        guard try fields.integer("v", in: 0...JSONValue.integerMax) == 1 else {
            throw .unsupportedVersion
        }
        index = Int(try fields.integer("index", in: 0...Int64(SnapshotFile.recordCountMax)))
        salt = try fields.digest("salt")
        var path: [LogHash] = []
        for element in try fields.array("path", countMax: MerkleTree.proofCountMax) {
            guard let text = element.string, text.utf8.count == 64,
                let bytes = try? Hex.decode(text), let hash = try? LogHash(bytes)
            else { throw .malformed(line: 3) }  // the reason does not matter to anybody
            path.append(hash)
        }
        self.path = path
        try fields.finish()
        let row = try SnapshotFile.record(4, of: &reader)
        guard reader.isAtEnd else { throw .malformed(line: 5) }
        record = try SnapshotRecord(parsing: Array(row), line: 4)
        guard index < header.recordCount else { throw .recordsMismatch }
    }

    /// Decides whether the row may be believed.
    ///
    /// It holds for the time of its snapshot. Nobody remembers proofs: one of an older snapshot is
    /// as good, and only its dates say that there may be news.
    ///
    /// - Parameters:
    ///   - trust: Log, keys and threshold that the reader has from the charter.
    ///   - audience: Whom the snapshot has to be for; `nil` if that does not matter.
    ///   - now: The moment that is asked about, Unix seconds.
    /// - Throws: `.wrongOrigin`, `.wrongAudience`, `.tooFewSignatures`, `.unwitnessed`,
    ///   `.notWitnessedThen`, `.notYetValid`, `.expired`, `.recordsMismatch`.
    package func verify(
        by trust: SnapshotTrust,
        audience: SnapshotAudience? = nil,
        now: Int64
    ) throws(SnapshotError) {
        guard header.checkpoint.origin.utf8.elementsEqual(trust.origin.utf8) else {
            throw .wrongOrigin
        }
        guard audience == nil || header.audience == audience else { throw .wrongAudience }
        try signed.require(trust, of: header.signedMessage)
        try header.checkpoint.require(trust.policy, at: header.date)
        let age = SnapshotAge(
            version: header.version,
            digest: [],
            date: header.date,
            expires: header.expires,
            size: header.checkpoint.size
        )
        try age.require(after: nil, now: now)
        do {
            try MerkleTree.verifyInclusion(
                of: SnapshotRows.leaf(record.json.canonicalBytes[...], salt: salt),
                index: UInt64(index),
                size: UInt64(header.recordCount),
                root: header.recordsRoot,
                proof: path
            )
        } catch {
            throw .recordsMismatch
        }
    }
}
