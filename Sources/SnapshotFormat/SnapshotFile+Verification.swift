// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Sodium
internal import TransparencyLog

extension SnapshotFile {
    /// Decides whether the file may be believed, and opens it.
    ///
    /// Spec: `docs/spec/snapshot.md`, section 6, in that order.
    ///
    /// - Parameters:
    ///   - trust: Log, keys and threshold that the reader has from the charter.
    ///   - audience: Who the reader is.
    ///   - now: The reader's time, Unix seconds.
    ///   - lastSeen: What the reader remembers; `nil` only the first time.
    /// - Returns: The records, ready to be looked up.
    /// - Throws: `.wrongOrigin`, `.wrongAudience`, `.tooFewSignatures`, `.unwitnessed`,
    ///   `.notWitnessedThen`, `.rolledBack`, `.equivocates`, `.olderLog`, `.notYetValid`,
    ///   `.expired`, and what is wrong with a record.
    /// - Complexity: O(n).
    package func verified(
        by trust: SnapshotTrust,
        audience: SnapshotAudience,
        now: Int64,
        lastSeen: SnapshotSeen?
    ) throws(SnapshotError) -> Snapshot {
        guard header.checkpoint.origin.utf8.elementsEqual(trust.origin.utf8) else {
            throw .wrongOrigin
        }
        guard header.audience == audience else { throw .wrongAudience }
        try signed.require(trust, of: signedMessage)
        try header.checkpoint.require(trust.policy, at: header.date)
        let age = SnapshotAge(
            version: header.version,
            digest: digest,
            date: header.date,
            expires: header.expires,
            size: header.checkpoint.size
        )
        try age.require(after: lastSeen, now: now)
        return try opened(remembering: age.seen)
    }

    /// Lines, or bytes, that are read before they are shared out over the cores.
    private static let blockCount = 16_384
    private static let blockBytes = 16 << 20

    /// Reads all records.
    ///
    /// Lines are parsed on all cores and judged in their order, so that of several errors the first
    /// one is told.
    private func opened(remembering seen: SnapshotSeen) throws(SnapshotError) -> Snapshot {
        var snapshot = Snapshot(header: header, seen: seen)
        var reader = ByteReader(recordBytes)
        var last: ArraySlice<UInt8> = []
        var line = Self.firstRecordLine
        while !reader.isAtEnd {
            let first = line
            let (lines, end) = Self.block(&reader, from: first)
            let records = lines.mapOnAllCores { part in
                part.indices.map { Self.parsed(part[$0], line: first + $0) }
            }
            for (bytes, record) in zip(lines, records) {
                guard last.lexicographicallyPrecedes(bytes) else {
                    throw .unsortedRecords(line: line)
                }
                try snapshot.insert(try record.get(), line: line)
                last = bytes
                line += 1
            }
            if let end { throw end }
        }
        return snapshot
    }

    /// The next lines, and why there are no more of them.
    private static func block(
        _ reader: inout ByteReader,
        from first: Int
    ) -> (lines: [ArraySlice<UInt8>], end: SnapshotError?) {
        var lines: [ArraySlice<UInt8>] = []
        let start = reader.offset
        while !reader.isAtEnd, lines.count < blockCount, reader.offset - start < blockBytes {
            do throws(SnapshotError) {
                lines.append(try record(first + lines.count, of: &reader))
            } catch {
                return (lines, error)
            }
        }
        return (lines, nil)
    }

    private static func parsed(
        _ bytes: ArraySlice<UInt8>,
        line: Int
    ) -> Result<SnapshotRecord, SnapshotError> {
        do throws(SnapshotError) {
            return .success(try SnapshotRecord(parsing: Array(bytes), line: line))
        } catch {
            return .failure(error)
        }
    }

    /// Reads the line of a record, without its line feed.
    static func record(
        _ line: Int,
        of reader: inout ByteReader
    ) throws(SnapshotError) -> ArraySlice<UInt8> {
        do throws(EncodingError) {
            return try reader.readLine(countMax: JSONValue.byteCountMax)
        } catch .tooLong {
            throw .tooLarge(line: line)
        } catch {
            throw .truncated(line: line)
        }
    }
}
