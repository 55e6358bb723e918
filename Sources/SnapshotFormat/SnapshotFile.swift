// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Sodium

/// A signature over the header of a snapshot.
package struct SnapshotSignature: Equatable, Sendable {
    /// Who signed.
    package let key: Ed25519.PublicKey
    /// 64 bytes.
    package let signature: [UInt8]
}

/// A snapshot as it travels: header, signatures, records, one canonical JSON object a line.
///
/// Parsing checks the form only. Nothing in it may be believed before
/// ``verified(by:audience:now:lastSeen:)``.
///
/// Spec: `docs/spec/snapshot.md`.
package struct SnapshotFile: Sendable {
    /// The largest file, in bytes.
    package static let byteCountMax = 1 << 30
    /// The longest header or signature line, in bytes.
    package static let headerCountMax = 16 << 10
    /// The most records.
    package static let recordCountMax = 2_000_000
    /// The most signatures.
    package static let signatureCountMax = 64
    /// What a signature covers before the header line, so that it means nothing elsewhere.
    package static let domain = "resguardo-snapshot/v1\n"

    /// The signed part.
    package let header: SnapshotHeader
    /// Signatures in ascending order of their keys.
    package private(set) var signatures: [SnapshotSignature]
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
        signatures = []
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
        header = try SnapshotHeader(parsing: Self.line(1, of: &reader))
        signatures = try Self.signatures(parsing: Self.line(2, of: &reader))
        recordBytes = Array(bytes[reader.offset...])
        guard SHA256.hash(recordBytes) == header.recordsDigest else { throw .recordsMismatch }
    }

    /// The file.
    package var bytes: [UInt8] {
        let list: [JSONValue] = signatures.map { entry in
            [
                "key": .string(Base64.encode(entry.key.bytes)),
                "signature": .string(Base64.encode(entry.signature)),
            ]
        }
        let lineFeed = UInt8(ascii: "\n")
        let signatureLine = JSONValue.object(["signatures": .array(list)]).canonicalBytes
        return header.json.canonicalBytes + [lineFeed] + signatureLine + [lineFeed] + recordBytes
    }

    /// What signers sign: the domain, then the header line without its line feed.
    package var signedMessage: [UInt8] {
        Array(Self.domain.utf8) + header.json.canonicalBytes
    }

    /// SHA-256 of ``signedMessage``: names this snapshot among others of the same version.
    package var digest: [UInt8] { SHA256.hash(signedMessage) }

    /// Adds the signature of `key`, or replaces it.
    package mutating func sign(with key: borrowing Ed25519.SecretKey) {
        let publicKey = key.publicKey
        signatures.removeAll { $0.key == publicKey }
        precondition(signatures.count < Self.signatureCountMax, "too many signatures")
        signatures.append(
            SnapshotSignature(key: publicKey, signature: key.sign(signedMessage))
        )
        signatures.sort { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
    }

    private static func line(
        _ number: Int,
        of reader: inout ByteReader
    ) throws(SnapshotError) -> [UInt8] {
        do throws(EncodingError) {
            return Array(try reader.readLine(countMax: headerCountMax))
        } catch .tooLong {
            throw .tooLarge(line: number)
        } catch {
            throw .truncated(line: number)
        }
    }

    private static func signatures(
        parsing bytes: [UInt8]
    ) throws(SnapshotError) -> [SnapshotSignature] {
        var fields = try RecordFields(canonicalLine(bytes, line: 2), line: 2)
        var signatures: [SnapshotSignature] = []
        for element in try fields.array("signatures", countMax: signatureCountMax) {
            var entry = try RecordFields(element, line: 2)
            let keyText = try entry.string("key", countMax: 64)
            let signatureText = try entry.string("signature", countMax: 128)
            try entry.finish()
            guard let keyBytes = try? Base64.decode(keyText),
                let key = try? Ed25519.PublicKey(keyBytes),
                let signature = try? Base64.decode(signatureText),
                signature.count == Ed25519.signatureCount
            else { throw .malformed(line: 2) }  // the reason does not matter to anybody
            if let last = signatures.last,
                !last.key.bytes.lexicographicallyPrecedes(key.bytes)
            {
                throw .notCanonical(line: 2)
            }
            signatures.append(SnapshotSignature(key: key, signature: signature))
        }
        try fields.finish()
        return signatures
    }
}
