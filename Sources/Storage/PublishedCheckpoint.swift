// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
package import TransparencyLog

/// The checkpoint of a log that is shown to everybody: the last one that enough witnesses cosigned.
///
/// Spec: `docs/spec/node.md`, section 2. It only moves forward, along one history; the log itself
/// may be ahead of it, and may be appended to by another process.
package final class PublishedCheckpoint: Sendable {
    /// Why a checkpoint is not published.
    package enum Refusal: Error, Equatable, Sendable {
        /// The log is smaller than what was published: it was set back.
        case setBack
        /// The log does not begin with what was published.
        case forked
    }

    /// What is published.
    package struct Published: Sendable {
        /// The checkpoint with its cosignatures.
        package let note: SignedNote
        /// What it says.
        package let checkpoint: Checkpoint
    }

    /// Replaces what is kept, durably.
    private let save: @Sendable (SignedNote, TiledLogReader) throws -> Void
    /// Held while it is in a directory.
    private let lock: (any FileLock)?
    private let published: Mutex<Published?>

    /// Opens what was published of a log.
    ///
    /// - Parameters:
    ///   - directory: Where to keep it; made if it is not there, its parent exists.
    ///   - log: The log's key, which signed it.
    ///   - fileSystem: Where the directory is.
    /// - Throws: `.locked` when another process publishes the same; `.damaged`, `.wrongKey`;
    ///   FileSystemError.
    package init(
        directory: String,
        log: NoteVerifier,
        fileSystem: any FileSystem = LocalFileSystem()
    ) throws {
        try fileSystem.makeDirectory(directory)
        do {
            lock = try fileSystem.lock(directory + "/lock")
        } catch FileSystemError.locked {
            throw TiledLogError.locked
        }
        let path = directory + "/" + TiledLogReader.checkpointName
        save = { note, _ in try fileSystem.replace(path, with: note.encoded) }
        guard try fileSystem.exists(path) else {
            published = Mutex(nil)
            return
        }
        let reader = try TiledLogReader(directory: directory, log: log, fileSystem: fileSystem)
        published = Mutex(Published(note: reader.note, checkpoint: reader.checkpoint))
    }

    /// Opens what was published of a log in a store, where other processes may publish it too.
    ///
    /// - Parameters:
    ///   - key: Of the object.
    ///   - store: Where it is.
    ///   - log: The log's key, which signed it.
    /// - Throws: `.damaged`, `.wrongKey`; ``BlobFailure``.
    package init(key: String, store: any BlobStore, log: NoteVerifier) throws {
        lock = nil
        let place = PublishedBlob(key: key, store: store, log: log)
        let found = try place.read()
        save = place.replace
        published = Mutex(found)
    }

    /// What is published now; nil before the first time.
    package var current: Published? { published.withLock { $0 } }

    /// Checks that a log goes on from what was published.
    ///
    /// - Parameter reader: The log as it is on disk.
    /// - Throws: Refusal; `.damaged`, FileSystemError.
    package func check(_ reader: TiledLogReader) throws {
        guard let checkpoint = current?.checkpoint else { return }
        guard checkpoint.size <= reader.size else { throw Refusal.setBack }
        guard try reader.root(size: checkpoint.size) == checkpoint.root else {
            throw Refusal.forked
        }
    }

    /// Publishes the checkpoint of a log, durably.
    ///
    /// - Parameters:
    ///   - note: The checkpoint of `reader`, with cosignatures that satisfy the policy.
    ///   - reader: The log.
    /// - Throws: As check(_:); what was published stays then. `.superseded` where another process
    ///   published more in the same store.
    package func publish(_ note: SignedNote, of reader: TiledLogReader) throws {
        precondition(note.text == reader.note.text, "the note is the reader's")
        try check(reader)
        try published.withLock { published in
            try save(note, reader)
            published = Published(note: note, checkpoint: reader.checkpoint)
        }
    }
}
