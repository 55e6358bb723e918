// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// An append-only log in a directory, laid out as C2SP `tlog-tiles` serves it.
///
/// Spec: `docs/spec/log.md`. The signed checkpoint is the log: files it does not commit to are left
/// over from an interrupted append, are never read, and are overwritten. One owner at a time
/// appends; any number of ``TiledLogReader`` read.
package final class TiledLog {
    /// Most entries in one append.
    package static let batchCountMax = 65_536

    /// What one append did.
    package struct Appended: Equatable, Sendable {
        /// Index of the first entry of the batch; the others follow.
        package let firstIndex: UInt64
        /// The signed checkpoint that commits to the batch.
        package let note: SignedNote
    }

    /// Reads the log as of the last append.
    package private(set) var reader: TiledLogReader
    /// Whether entries are stored, or only their hashes.
    package let keepsEntries: Bool
    private let signer: NoteSigner
    private let cosigners: [Cosigner]
    private let lock: any FileLock
    private var edge: TiledLogEdge
    private var isBroken = false

    private init(
        reader: TiledLogReader,
        keepsEntries: Bool,
        signer: NoteSigner,
        cosigners: [Cosigner],
        lock: any FileLock,
        edge: TiledLogEdge
    ) {
        self.reader = reader
        self.keepsEntries = keepsEntries
        self.signer = signer
        self.cosigners = cosigners
        self.lock = lock
        self.edge = edge
    }

    /// Makes a log without entries, durably.
    ///
    /// - Parameters:
    ///   - directory: Its directory; the parent exists.
    ///   - signer: The log's key; its name is the origin.
    ///   - cosigners: Witnesses of this process, which cosign each checkpoint.
    ///   - keepsEntries: Whether entries are stored too. Without them a reader needs the data from
    ///     elsewhere, which is what a log whose leaves name nothing wants.
    ///   - time: Seconds since 1970, for the cosignatures.
    ///   - fileSystem: Where the directory is.
    /// - Returns: The log, open for appending.
    /// - Throws: `.exists`, `.locked`, `.damaged` when there are tiles but no checkpoint,
    ///   ``FileSystemError``.
    package static func create(
        directory: String,
        signer: NoteSigner,
        cosigners: [Cosigner] = [],
        keepsEntries: Bool,
        time: Int64,
        fileSystem: any FileSystem = LocalFileSystem()
    ) throws -> TiledLog {
        try fileSystem.makeDirectory(directory)
        try fileSystem.syncDirectory(parent(of: directory, in: fileSystem))
        let lock = try takeLock(directory, fileSystem)
        let names = try fileSystem.list(directory)
        guard !names.contains(TiledLogReader.checkpointName) else { throw TiledLogError.exists }
        // A log that lost its checkpoint must not start again from nothing.
        guard !names.contains("tile") || !keepsTiles(directory, fileSystem) else {
            throw TiledLogError.damaged(path: TiledLogReader.checkpointName)
        }
        if keepsEntries {
            try fileSystem.makeDirectory(directory + "/tile")
            try fileSystem.makeDirectory(directory + "/tile/entries")
            try fileSystem.syncDirectory(directory + "/tile")
        }
        let checkpoint = Checkpoint(
            origin: signer.verifier.name,
            size: 0,
            root: MerkleTree.emptyRoot
        )
        let note = sign(checkpoint, signer: signer, cosigners: cosigners, time: time)
        let path = directory + "/" + TiledLogReader.checkpointName
        try fileSystem.replace(path, with: note.encoded)
        return TiledLog(
            reader: TiledLogReader(
                directory: directory,
                note: note,
                checkpoint: checkpoint,
                fileSystem: fileSystem
            ),
            keepsEntries: keepsEntries,
            signer: signer,
            cosigners: cosigners,
            lock: lock,
            edge: TiledLogEdge()
        )
    }

    /// Opens a log for appending and recovers from an interrupted append.
    ///
    /// - Parameters:
    ///   - directory: Its directory.
    ///   - signer: The log's key.
    ///   - cosigners: Witnesses of this process, which cosign each new checkpoint.
    ///   - fileSystem: Where the directory is.
    /// - Returns: The log as its checkpoint says, durably so.
    /// - Throws: `.notFound`, `.locked`, `.wrongKey`, `.damaged`, ``FileSystemError``.
    package static func open(
        directory: String,
        signer: NoteSigner,
        cosigners: [Cosigner] = [],
        fileSystem: any FileSystem = LocalFileSystem()
    ) throws -> TiledLog {
        let path = directory + "/" + TiledLogReader.checkpointName
        guard try fileSystem.exists(path) else { throw TiledLogError.notFound }
        let lock = try takeLock(directory, fileSystem)
        let reader = try TiledLogReader(
            directory: directory,
            log: signer.verifier,
            fileSystem: fileSystem
        )
        let keepsEntries = try reader.keepsEntries()
        let edge = try TiledLogEdge(reader, keepsEntries: keepsEntries)
        // What we read may be in the cache only, after a commit that failed in its last step.
        try fileSystem.replace(path, with: reader.note.encoded)
        return TiledLog(
            reader: reader,
            keepsEntries: keepsEntries,
            signer: signer,
            cosigners: cosigners,
            lock: lock,
            edge: edge
        )
    }

    /// Entries in the log.
    package var size: UInt64 { reader.size }

    /// Appends entries; when this returns they are durable, all of them.
    ///
    /// When it throws, none of them is in the log, except after `.needsReopening`, where opening
    /// the log again tells. An empty batch signs the same tree anew.
    ///
    /// - Parameters:
    ///   - entries: At most ``batchCountMax``, each at most 65 535 bytes.
    ///   - time: Seconds since 1970, for the cosignatures.
    /// - Returns: Where the entries are, and the checkpoint that commits to them.
    /// - Throws: `.tooManyEntries`, `.entryTooLong`, `.needsReopening`, ``FileSystemError``.
    /// - Complexity: O(n) hashes; 2 files for each 256 entries and a few more.
    package func append(_ entries: [[UInt8]], time: Int64) throws -> Appended {
        guard !isBroken else { throw TiledLogError.needsReopening }
        guard entries.count <= Self.batchCountMax else {
            throw TiledLogError.tooManyEntries(limit: Self.batchCountMax)
        }
        guard entries.allSatisfy({ $0.count <= EntryBundle.entryCountMax }) else {
            throw TiledLogError.entryTooLong(limit: EntryBundle.entryCountMax)
        }
        let first = size
        var next = edge
        var writer = TileWriter(
            directory: reader.directory,
            durableDirectories: edge.directories,
            fileSystem: reader.fileSystem
        )
        for entry in entries {
            try next.append(entry, keepsEntries: keepsEntries, to: &writer)
        }
        try next.writePartialTiles(since: first, to: &writer)
        next.directories = try writer.finish()
        let checkpoint = Checkpoint(
            origin: signer.verifier.name,
            size: next.tree.size,
            root: next.tree.root
        )
        try commit(
            checkpoint,
            Self.sign(checkpoint, signer: signer, cosigners: cosigners, time: time)
        )
        edge = next
        removePartialTiles(of: first)
        return Appended(firstIndex: first, note: reader.note)
    }

    /// Adds cosignatures that witnesses elsewhere gave to the current checkpoint, durably.
    ///
    /// - Parameters:
    ///   - cosignatures: Signature lines.
    ///   - witnesses: Keys of which each line has to be.
    /// - Returns: The checkpoint with them.
    /// - Throws: `.invalidCosignature`, `.needsReopening`, ``FileSystemError``.
    package func add(
        _ cosignatures: [NoteSignature],
        by witnesses: [NoteVerifier]
    ) throws -> SignedNote {
        guard !isBroken else { throw TiledLogError.needsReopening }
        var note = reader.note
        for cosignature in cosignatures {
            let alone = SignedNote(text: note.text, signatures: [cosignature])
            guard (try? alone.verify(witnesses)) != nil else {
                throw TiledLogError.invalidCosignature
            }
            note.add(cosignature)
        }
        try commit(reader.checkpoint, note)
        return note
    }

    private func commit(_ checkpoint: Checkpoint, _ note: SignedNote) throws {
        let fileSystem = reader.fileSystem
        let path = reader.directory + "/" + TiledLogReader.checkpointName
        try fileSystem.prepareReplacement(of: path, with: note.encoded)
        // From here on a failure leaves it open which checkpoint is on disk.
        isBroken = true
        do {
            try fileSystem.commitReplacement(of: path)
        } catch {
            throw TiledLogError.needsReopening
        }
        isBroken = false
        reader = TiledLogReader(
            directory: reader.directory,
            note: note,
            checkpoint: checkpoint,
            fileSystem: fileSystem
        )
    }

    private static func sign(
        _ checkpoint: Checkpoint,
        signer: NoteSigner,
        cosigners: [Cosigner],
        time: Int64
    ) -> SignedNote {
        let text = checkpoint.text
        var note = signer.note(text)
        for cosigner in cosigners {
            note.add(cosigner.cosign(text, time: time))
        }
        return note
    }

    /// Partial tiles may go once the full one exists; readers fall back to it.
    private func removePartialTiles(of oldSize: UInt64) {
        let levels = (0..<8).map { TilePath.Content.hashes(level: $0) }
        for content in levels + [.entries] {
            let number = TilePath.count(content, size: oldSize) / UInt64(TilePath.fullWidth)
            guard let old = TilePath(content, number: number, size: oldSize),
                let new = TilePath(content, number: number, size: size),
                old.isPartial, !new.isPartial
            else { continue }
            let directory = reader.directory + "/" + old.partialDirectory
            // Left-over files cost space and nothing else.
            for name in (try? reader.fileSystem.list(directory)) ?? [] {
                try? reader.fileSystem.remove(directory + "/" + name)
            }
            try? reader.fileSystem.removeDirectory(directory)
        }
    }

    private static func takeLock(
        _ directory: String,
        _ fileSystem: any FileSystem
    ) throws -> any FileLock {
        do {
            return try fileSystem.lock(directory + "/lock")
        } catch FileSystemError.locked {
            throw TiledLogError.locked
        }
    }

    private static func keepsTiles(_ directory: String, _ fileSystem: any FileSystem) -> Bool {
        // A directory that cannot be listed counts as one with tiles.
        guard let names = try? fileSystem.list(directory + "/tile") else { return true }
        guard names == ["entries"] else { return !names.isEmpty }
        return (try? fileSystem.list(directory + "/tile/entries")) != []
    }

    private static func parent<Files: FileSystem>(of path: String, in _: Files) -> String {
        Files.parent(of: path)
    }
}
