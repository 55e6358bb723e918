// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
package import TransparencyLog

/// What somebody who watches logs remembers of them: every checkpoint ever seen, and evidence.
///
/// Spec: `docs/spec/witness.md`, section 4.
package struct SeenCheckpoints: Sendable {
    /// How a log stands to what was seen of it before.
    package enum Verdict: Equatable, Sendable {
        /// Nothing was seen before.
        case first
        /// The same tree.
        case unchanged
        /// The log grew from this size on, and proved it.
        case extended(from: UInt64)
        /// An older tree is shown, which agrees with what was seen: the log was set back, or keeps
        /// the newer one from whoever asks.
        case setBack(from: UInt64)
        /// The log signed two histories.
        case fork(LogFork)
        /// The tiles prove neither one nor the other: they do not belong to the checkpoint.
        case unproven
    }

    private let directory: String
    private let fileSystem: any FileSystem

    /// The memory in a directory, which need not exist; its parent does.
    package init(directory: String, fileSystem: any FileSystem = LocalFileSystem()) {
        self.directory = directory
        self.fileSystem = fileSystem
    }

    /// The largest checkpoint seen of a log.
    ///
    /// - Throws: `.damaged`, FileSystemError.
    package func last(of origin: String) throws -> SignedNote? {
        let name = folder(of: origin) + "/" + TiledLogReader.checkpointName
        let bytes: [UInt8]
        do {
            bytes = try fileSystem.read(name, countMax: SignedNote.countMax)
        } catch FileSystemError.notFound {
            return nil
        }
        guard let note = try? SignedNote(parsing: bytes),
            let checkpoint = try? Checkpoint(parsing: note.text),
            checkpoint.origin.utf8.elementsEqual(origin.utf8)
        else { throw TiledLogError.damaged(path: name) }
        return note
    }

    /// Compares a log with what was seen of it.
    ///
    /// - Parameter reader: The log; its checkpoint is verified.
    /// - Returns: The verdict; evidence of a fork verifies.
    /// - Throws: `.damaged` where a tile is missing or malformed; FileSystemError.
    package func compare(_ reader: TiledLogReader) throws -> Verdict {
        guard let note = try last(of: reader.checkpoint.origin) else { return .first }
        return try compare(note, with: reader)
    }

    /// Compares a log with a checkpoint that it signed at another time.
    ///
    /// - Parameters:
    ///   - note: The checkpoint; its signature is verified.
    ///   - reader: The log; its checkpoint is verified.
    /// - Returns: The verdict; evidence of a fork verifies.
    /// - Throws: `.damaged` where a tile is missing or malformed; FileSystemError.
    package func compare(_ note: SignedNote, with reader: TiledLogReader) throws -> Verdict {
        let seen = try Checkpoint(parsing: note.text)
        if seen.size == reader.size {
            guard seen.root != reader.checkpoint.root else { return .unchanged }
            return .fork(
                LogFork(
                    older: note,
                    newer: reader.note,
                    prefixRoot: reader.checkpoint.root,
                    proof: []
                )
            )
        }
        if seen.size > reader.size {
            // The tiles of the larger tree may still be there to tell.
            let larger = TiledLogReader(
                directory: reader.directory,
                note: note,
                checkpoint: seen,
                fileSystem: reader.fileSystem
            )
            if let verdict = try? relation(older: reader, newer: larger), case .fork = verdict {
                return verdict
            }
            return .setBack(from: seen.size)
        }
        guard seen.size > 0 else { return .extended(from: 0) }
        let older = TiledLogReader(
            directory: reader.directory,
            note: note,
            checkpoint: seen,
            fileSystem: reader.fileSystem
        )
        return try relation(older: older, newer: reader) ?? .extended(from: seen.size)
    }

    /// Whether a tree begins with another one.
    ///
    /// - Returns: Nil if it does and proves it.
    private func relation(
        older: TiledLogReader,
        newer: TiledLogReader
    ) throws -> Verdict? {
        guard older.size > 0 else { return nil }
        let proof = try newer.consistencyProof(from: older.size)
        let root = try newer.root(size: older.size)
        do {
            try MerkleTree.verifyConsistency(
                from: older.size,
                oldRoot: root,
                to: newer.size,
                root: newer.checkpoint.root,
                proof: proof
            )
        } catch {
            return .unproven
        }
        guard root != older.checkpoint.root else { return nil }
        return .fork(
            LogFork(older: older.note, newer: newer.note, prefixRoot: root, proof: proof)
        )
    }

    /// Remembers a checkpoint, durably; the caller has found it consistent.
    package func remember(_ note: SignedNote, _ checkpoint: Checkpoint) throws {
        let folder = try makeFolder(of: checkpoint.origin)
        let digits = String(checkpoint.size)
        let padded = String(repeating: "0", count: 20 - digits.utf8.count) + digits
        try fileSystem.replace(folder + "/" + padded, with: note.encoded)
        try fileSystem.replace(folder + "/" + TiledLogReader.checkpointName, with: note.encoded)
    }

    /// Keeps evidence against a log.
    ///
    /// - Returns: The file, named by what it holds.
    package func keep(_ evidence: [UInt8], against origin: String, name: String) throws -> String {
        let digest = Hex.encode(Array(LogHash.digest(of: evidence).bytes.prefix(8)))
        let path = try makeFolder(of: origin) + "/\(name)-\(digest)"
        try fileSystem.replace(path, with: evidence)
        return path
    }

    private func folder(of origin: String) -> String {
        directory + "/" + Hex.encode(LogHash.digest(of: Array(origin.utf8)).bytes)
    }

    private func makeFolder(of origin: String) throws -> String {
        let folder = folder(of: origin)
        try fileSystem.make(BytePath(folder))
        return folder
    }
}
