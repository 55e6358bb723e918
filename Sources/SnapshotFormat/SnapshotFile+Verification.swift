// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

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

    /// Reads all records.
    private func opened(remembering seen: SnapshotSeen) throws(SnapshotError) -> Snapshot {
        var snapshot = Snapshot(header: header, seen: seen)
        var reader = ByteReader(recordBytes)
        var last: ArraySlice<UInt8> = []
        var line = Self.firstRecordLine
        while !reader.isAtEnd {
            let bytes = try Self.record(line, of: &reader)
            guard last.lexicographicallyPrecedes(bytes) else {
                throw .unsortedRecords(line: line)
            }
            let record = try SnapshotRecord(parsing: Array(bytes), line: line)
            try snapshot.insert(record, line: line)
            last = bytes
            line += 1
        }
        return snapshot
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
