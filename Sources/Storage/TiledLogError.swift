// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// Why a stored log refused an operation.
package enum TiledLogError: Error, Equatable, Sendable {
    /// The directory holds no log.
    case notFound
    /// The directory holds a log already.
    case exists
    /// Another process, or another part of this one, has the log open for appending.
    case locked
    /// A file, named by its path below the log's directory, is missing or not what the signed
    /// checkpoint commits to.
    case damaged(path: String)
    /// The checkpoint is not signed by this log's key.
    case wrongKey(TransparencyLogError)
    /// A commit failed half way: which state is on disk is unknown until the log is opened again.
    case needsReopening
    /// Another process took the log over, and went on with it.
    case superseded
    /// More entries at once than the limit.
    case tooManyEntries(limit: Int)
    /// An entry is longer than a bundle can carry.
    case entryTooLong(limit: Int)
    /// The index is not below the size, or a size is above the log's.
    case outOfRange
    /// This log stores hashes only.
    case entriesNotKept
    /// A cosignature does not verify, or is not by a known witness.
    case invalidCosignature
}
