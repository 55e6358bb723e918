// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Sodium
internal import TransparencyLog

/// A snapshot as it travels: header, signatures, salt, records, one canonical JSON object a line.
///
/// Parsing checks the form only. Nothing in it may be believed before
/// ``verified(by:audience:now:lastSeen:)``.
///
/// Spec: `docs/spec/snapshot.md`.
package struct SnapshotFile: Sendable {
    /// The largest file, in bytes.
    package static let byteCountMax = 1 << 30
    /// The most records.
    package static let recordCountMax = 2_000_000
    /// The most signatures.
    package static let signatureCountMax = SnapshotSignatures.countMax
    /// Bytes of a salt.
    package static let saltCount = SnapshotRows.saltCount
    /// What a signature covers before the header line, so that it means nothing elsewhere.
    package static let domain = "resguardo-snapshot/v2\n"
    /// The line of the first record, counted from 1.
    static let firstRecordLine = 4

    /// The signed part.
    package let header: SnapshotHeader
    private(set) var signed = SnapshotSignatures()
    /// What the hashes of all rows are blinded with, 32 bytes.
    let salt: [UInt8]
    /// The record lines, each with its line feed.
    let recordBytes: [UInt8]

    /// Makes an unsigned snapshot.
    ///
    /// - Parameters:
    ///   - audience: Who may read it.
    ///   - version: 1 or more; must grow with each snapshot for this audience.
    ///   - date: Unix seconds.
    ///   - lifeSeconds: 1...``SnapshotHeader/lifeSecondsMax``.
    ///   - checkpoint: The state of the log that it was made from.
    ///   - salt: ``saltCount`` random bytes, of this snapshot alone.
    ///   - records: In any order, at most ``recordCountMax``.
    /// - Complexity: O(n log n).
    package init(
        audience: SnapshotAudience,
        version: Int64,
        date: Int64,
        lifeSeconds: Int64 = SnapshotHeader.lifeSecondsMax,
        checkpoint: SnapshotCheckpoint,
        salt: [UInt8],
        records: [SnapshotRecord]
    ) {
        precondition(salt.count == Self.saltCount, "a salt of 32 bytes")
        precondition(version >= 1 && date >= 0, "versions start at 1")
        precondition((1...SnapshotHeader.lifeSecondsMax).contains(lifeSeconds), "at most a week")
        precondition(records.count <= Self.recordCountMax, "too many records")
        var lines = records.mapOnAllCores { part in part.map { $0.json.canonicalBytes } }
        lines.sort { $0.lexicographicallyPrecedes($1) }
        var bytes: [UInt8] = []
        var last: [UInt8] = []
        var tree = CompactTree()
        for line in lines where line != last {
            let rowSalt = SnapshotRows.salt(of: Int(tree.size), salt)
            tree.append(SnapshotRows.leaf(line[...], salt: rowSalt))
            bytes += line
            bytes.append(UInt8(ascii: "\n"))
            last = line
        }
        recordBytes = bytes
        self.salt = salt
        header = SnapshotHeader(
            audience: audience,
            version: version,
            date: date,
            expires: date + lifeSeconds,
            checkpoint: checkpoint,
            recordCount: Int(tree.size),
            recordsRoot: tree.root
        )
    }

    /// Reads a file; checks header, signature list and the root hash of the records.
    ///
    /// - Throws: `.tooLarge`, `.truncated`, `.malformed`, `.notCanonical`, `.unknownField`,
    ///   `.unsupportedVersion`, `.invalidLife`, `.recordsMismatch`.
    package init(parsing bytes: [UInt8]) throws(SnapshotError) {
        guard bytes.count <= Self.byteCountMax else { throw .tooLarge(line: 1) }
        var reader = ByteReader(bytes)
        header = try SnapshotHeader(parsing: SnapshotSignatures.line(1, of: &reader))
        signed = try SnapshotSignatures(parsing: SnapshotSignatures.line(2, of: &reader))
        salt = try Self.salt(parsing: SnapshotSignatures.line(3, of: &reader))
        recordBytes = Array(bytes[reader.offset...])
        let leaves = try SnapshotRows.leaves(recordBytes, salt, countMax: header.recordCount)
        guard leaves.count == header.recordCount,
            MerkleTree.root(of: leaves) == header.recordsRoot
        else { throw .recordsMismatch }
    }

    private static func salt(parsing bytes: [UInt8]) throws(SnapshotError) -> [UInt8] {
        let line = 3
        var fields = try RecordFields(canonicalLine(bytes, line: line), line: line)
        let salt = try fields.digest("salt")
        try fields.finish()
        return salt
    }

    private var saltLine: [UInt8] {
        JSONValue.object(["salt": .string(Hex.encode(salt))]).canonicalBytes
    }

    /// The file.
    package var bytes: [UInt8] {
        let lineFeed = UInt8(ascii: "\n")
        let lines = [header.json.canonicalBytes, signed.bytes, saltLine]
        return lines.flatMap { $0 + [lineFeed] } + recordBytes
    }

    /// Signatures in ascending order of their keys.
    package var signatures: [SnapshotSignature] { signed.list }

    /// What signers sign: the domain, then the header line without its line feed.
    package var signedMessage: [UInt8] { header.signedMessage }

    /// SHA-256 of ``signedMessage``: names this snapshot among others of the same version.
    package var digest: [UInt8] { SHA256.hash(signedMessage) }

    /// Adds the signature of `key`, or replaces it.
    package mutating func sign(with key: borrowing Ed25519.SecretKey) {
        signed.sign(signedMessage, with: key)
    }
}
