// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Sodium

/// A snapshot as it travels: header, signatures, records, one canonical JSON object a line.
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
    /// What a signature covers before the header line, so that it means nothing elsewhere.
    package static let domain = "resguardo-snapshot/v1\n"

    /// The signed part.
    package let header: SnapshotHeader
    private(set) var signed = SnapshotSignatures()
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
    ///   - records: In any order, at most ``recordCountMax``.
    /// - Complexity: O(n log n).
    package init(
        audience: SnapshotAudience,
        version: Int64,
        date: Int64,
        lifeSeconds: Int64 = SnapshotHeader.lifeSecondsMax,
        checkpoint: SnapshotCheckpoint,
        records: [SnapshotRecord]
    ) {
        precondition(version >= 1 && date >= 0, "versions start at 1")
        precondition((1...SnapshotHeader.lifeSecondsMax).contains(lifeSeconds), "at most a week")
        precondition(records.count <= Self.recordCountMax, "too many records")
        var lines = records.map { $0.json.canonicalBytes }
        lines.sort { $0.lexicographicallyPrecedes($1) }
        var bytes: [UInt8] = []
        var last: [UInt8] = []
        var lineCount = 0
        for line in lines where line != last {
            bytes += line
            bytes.append(UInt8(ascii: "\n"))
            last = line
            lineCount += 1
        }
        recordBytes = bytes
        header = SnapshotHeader(
            audience: audience,
            version: version,
            date: date,
            expires: date + lifeSeconds,
            checkpoint: checkpoint,
            recordCount: lineCount,
            recordsDigest: SHA256.hash(bytes)
        )
    }

    /// Reads a file; checks header, signature list and the digest of the records.
    ///
    /// - Throws: `.tooLarge`, `.truncated`, `.malformed`, `.notCanonical`, `.unknownField`,
    ///   `.unsupportedVersion`, `.invalidLife`, `.recordsMismatch`.
    package init(parsing bytes: [UInt8]) throws(SnapshotError) {
        guard bytes.count <= Self.byteCountMax else { throw .tooLarge(line: 1) }
        var reader = ByteReader(bytes)
        header = try SnapshotHeader(parsing: SnapshotSignatures.line(1, of: &reader))
        signed = try SnapshotSignatures(parsing: SnapshotSignatures.line(2, of: &reader))
        recordBytes = Array(bytes[reader.offset...])
        guard SHA256.hash(recordBytes) == header.recordsDigest else { throw .recordsMismatch }
    }

    /// The file.
    package var bytes: [UInt8] {
        let lineFeed = UInt8(ascii: "\n")
        return header.json.canonicalBytes + [lineFeed] + signed.bytes + [lineFeed] + recordBytes
    }

    /// Signatures in ascending order of their keys.
    package var signatures: [SnapshotSignature] { signed.list }

    /// What signers sign: the domain, then the header line without its line feed.
    package var signedMessage: [UInt8] {
        Array(Self.domain.utf8) + header.json.canonicalBytes
    }

    /// SHA-256 of ``signedMessage``: names this snapshot among others of the same version.
    package var digest: [UInt8] { SHA256.hash(signedMessage) }

    /// Adds the signature of `key`, or replaces it.
    package mutating func sign(with key: borrowing Ed25519.SecretKey) {
        signed.sign(signedMessage, with: key)
    }
}
