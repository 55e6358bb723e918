// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Why a snapshot was refused.
///
/// `line` counts lines of the file from 1; no case carries content.
package enum SnapshotError: Error, Equatable, Sendable {
    /// The file, a line or a list is longer than its limit.
    case tooLarge(line: Int)
    /// The file ends before its header and signatures do, or its last line has no line feed.
    case truncated(line: Int)
    /// A line is not JSON, or not an object of the expected shape.
    case malformed(line: Int)
    /// A line is JSON but not in canonical form, or a list is not in its one order.
    case notCanonical(line: Int)
    /// A line has a member, a kind of record or a type that this version does not know.
    case unknownField(line: Int)
    /// The version of the format is another one.
    case unsupportedVersion
    /// Records are not in strictly ascending order.
    case unsortedRecords(line: Int)
    /// An account has two source records.
    case duplicateAccount(line: Int)
    /// The header promises a life longer than ``SnapshotHeader/lifeSecondsMax``, or none at all.
    case invalidLife
    /// The records are not those that were signed: some are missing, added or from another
    /// snapshot; or a row is not in the snapshot that it is said to be of.
    case recordsMismatch
    /// Fewer trusted keys signed than the threshold asks for.
    case tooFewSignatures(valid: Int, needed: Int)
    /// The log, or too few of its witnesses, signed the checkpoint that it was made from.
    case unwitnessed
    /// Too few witnesses signed the checkpoint around the snapshot's date: it may be an old one.
    case notWitnessedThen
    /// An earlier version was made from more entries of the log.
    case olderLog(size: Int64, lastSeen: Int64)
    /// The snapshot is of another log.
    case wrongOrigin
    /// The snapshot is for another audience.
    case wrongAudience
    /// A newer snapshot was seen before.
    case rolledBack(version: Int64, lastSeen: Int64)
    /// Another snapshot of the same version was seen before.
    case equivocates(version: Int64)
    /// The snapshot expired at that Unix time.
    case expired(at: Int64)
    /// The snapshot is dated in the future.
    case notYetValid(from: Int64)
}
