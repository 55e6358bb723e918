// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// Reads what a log's signed checkpoint commits to from its tiles.
///
/// A value: it goes on reading its own size while the log grows.
package struct TiledLogReader: Sendable {
    /// Name of the file with the signed checkpoint.
    package static let checkpointName = "checkpoint"

    /// The log's directory.
    package let directory: String
    /// The signed checkpoint.
    package let note: SignedNote
    /// What it says.
    package let checkpoint: Checkpoint
    let fileSystem: any FileSystem

    /// Opens a log at its current checkpoint.
    ///
    /// - Parameters:
    ///   - directory: The log's directory.
    ///   - log: Key of the log; without it the caller verifies ``note``.
    ///   - fileSystem: Where the directory is.
    /// - Throws: `.notFound`, `.wrongKey`, `.damaged`, ``FileSystemError``.
    package init(
        directory: String,
        log: NoteVerifier?,
        fileSystem: any FileSystem = LocalFileSystem()
    ) throws {
        let bytes: [UInt8]
        do {
            bytes = try fileSystem.read(
                directory + "/" + Self.checkpointName,
                countMax: SignedNote.countMax
            )
        } catch FileSystemError.notFound {
            throw TiledLogError.notFound
        } catch FileSystemError.tooLarge {
            throw TiledLogError.damaged(path: Self.checkpointName)
        }
        let note: SignedNote
        do {
            note = try SignedNote(parsing: bytes)
        } catch {
            throw TiledLogError.damaged(path: Self.checkpointName)
        }
        let checkpoint: Checkpoint
        do throws(TransparencyLogError) {
            if let log {
                checkpoint = try Checkpoint.open(note, log: log)
            } else {
                checkpoint = try Checkpoint(parsing: note.text)
            }
        } catch .malformedCheckpoint {
            throw TiledLogError.damaged(path: Self.checkpointName)
        } catch {
            throw TiledLogError.wrongKey(error)
        }
        self.init(
            directory: directory,
            note: note,
            checkpoint: checkpoint,
            fileSystem: fileSystem
        )
    }

    init(
        directory: String,
        note: SignedNote,
        checkpoint: Checkpoint,
        fileSystem: any FileSystem
    ) {
        self.directory = directory
        self.note = note
        self.checkpoint = checkpoint
        self.fileSystem = fileSystem
    }

    /// Entries in the log.
    package var size: UInt64 { checkpoint.size }

    /// The entry at an index.
    ///
    /// - Parameter index: Below the size.
    /// - Returns: Its bytes, checked against the leaf hash.
    /// - Throws: `.outOfRange`, `.entriesNotKept`, `.damaged`, ``FileSystemError``.
    package func entry(at index: UInt64) throws -> [UInt8] {
        guard index < size else { throw TiledLogError.outOfRange }
        guard let path = tilePath(.entries, number: index / UInt64(TilePath.fullWidth)) else {
            preconditionFailure("an index below the size has a bundle")
        }
        let entry = try bundle(path)[Int(index % UInt64(TilePath.fullWidth))]
        guard try leafHash(at: index) == .leaf(entry) else {
            throw TiledLogError.damaged(path: path.path)
        }
        return entry
    }

    /// The entries of one bundle, 256 of them in all but the last.
    ///
    /// - Parameter number: Index of the first entry / 256.
    /// - Returns: The entries, empty beyond the last; not checked against the tree.
    /// - Throws: `.entriesNotKept`, `.damaged`, ``FileSystemError``.
    package func entries(inBundle number: UInt64) throws -> [[UInt8]] {
        guard let path = tilePath(.entries, number: number) else { return [] }
        return try bundle(path)
    }

    /// The hash of a leaf.
    ///
    /// - Throws: `.outOfRange`, `.damaged`, ``FileSystemError``.
    package func leafHash(at index: UInt64) throws -> LogHash {
        guard index < size else { throw TiledLogError.outOfRange }
        return try TileCache(self).node(MerkleNode(level: 0, index: index))
    }

    /// The hashes of many entries; each tile is read once.
    ///
    /// - Throws: As ``leafHash(at:)``.
    package func leafHashes(_ range: Range<UInt64>) throws -> [LogHash] {
        guard range.upperBound <= size else { throw TiledLogError.outOfRange }
        let cache = TileCache(self)
        return try range.map { try cache.node(MerkleNode(level: 0, index: $0)) }
    }

    /// The root of the first `size` leaves.
    ///
    /// - Throws: `.outOfRange`, `.damaged`, ``FileSystemError``.
    package func root(size: UInt64) throws -> LogHash {
        guard size <= self.size else { throw TiledLogError.outOfRange }
        return try MerkleTree.root(size: size, node: TileCache(self).node)
    }

    /// Proves that a leaf is in the tree of `size` leaves.
    ///
    /// - Parameters:
    ///   - index: Below `size`.
    ///   - size: At most the log's; the checkpoint's without it.
    /// - Returns: Siblings from leaf to root; checked when `size` is the checkpoint's.
    /// - Throws: `.outOfRange`, `.damaged`, ``FileSystemError``.
    package func inclusionProof(of index: UInt64, size: UInt64? = nil) throws -> [LogHash] {
        try inclusionProof(of: index, size: size ?? self.size, TileCache(self))
    }

    /// Proves that several leaves are in the log; what they share is read and hashed once.
    ///
    /// - Parameter indices: Below the size.
    /// - Returns: A proof for each, in their order.
    /// - Throws: `.outOfRange`, `.damaged`, ``FileSystemError``.
    package func inclusionProofs(of indices: [UInt64]) throws -> [[LogHash]] {
        let cache = TileCache(self)
        return try indices.map { try inclusionProof(of: $0, size: size, cache) }
    }

    private func inclusionProof(
        of index: UInt64,
        size: UInt64,
        _ cache: TileCache
    ) throws -> [LogHash] {
        guard index < size, size <= self.size else { throw TiledLogError.outOfRange }
        let proof = try MerkleTree.inclusionProof(of: index, size: size, node: cache.node)
        guard size == self.size else { return proof }
        do {
            try MerkleTree.verifyInclusion(
                of: try cache.node(MerkleNode(level: 0, index: index)),
                index: index,
                size: size,
                root: checkpoint.root,
                proof: proof
            )
        } catch is TransparencyLogError {
            // Some tile on the way is wrong; the audit tells which.
            try audit()
            throw TiledLogError.damaged(path: Self.checkpointName)
        }
        return proof
    }

    /// Proves that the tree of `oldSize` leaves is the beginning of that of `size` leaves.
    ///
    /// - Parameters:
    ///   - oldSize: At most `size`.
    ///   - size: At most the log's; the checkpoint's without it.
    /// - Returns: The proof, empty from 0.
    /// - Throws: `.outOfRange`, `.damaged`, ``FileSystemError``.
    package func consistencyProof(
        from oldSize: UInt64,
        to size: UInt64? = nil
    ) throws -> [LogHash] {
        let size = size ?? self.size
        guard oldSize <= size, size <= self.size else { throw TiledLogError.outOfRange }
        return try MerkleTree.consistencyProof(
            from: oldSize,
            to: size,
            node: TileCache(self).node
        )
    }

    /// The proof file of an entry: inclusion, and the checkpoint with its cosignatures.
    ///
    /// - Parameters:
    ///   - index: Below the size.
    ///   - extra: Data for the application, which nothing authenticates.
    /// - Returns: The proof.
    /// - Throws: `.outOfRange`, `.damaged`, ``FileSystemError``.
    package func proof(of index: UInt64, extra: [UInt8]? = nil) throws -> TlogProof {
        let hashes = try inclusionProof(of: index)
        return TlogProof(extra: extra, index: index, hashes: hashes, note: note)
    }

    func tilePath(_ content: TilePath.Content, number: UInt64) -> TilePath? {
        TilePath(content, number: number, size: size)
    }

    /// Reads a tile of hashes.
    func tile(_ path: TilePath) throws -> Tile {
        let (bytes, width) = try file(path, countMax: TilePath.fullWidth * LogHash.byteCount)
        do {
            let tile = try Tile(bytes, width: width)
            return width == path.width ? tile : Tile(Array(tile.hashes.prefix(path.width)))
        } catch {
            throw TiledLogError.damaged(path: path.path)
        }
    }

    /// Reads an entry bundle.
    func bundle(_ path: TilePath) throws -> [[UInt8]] {
        let countMax = TilePath.fullWidth * (EntryBundle.entryCountMax + 2)
        do {
            let (bytes, width) = try file(path, countMax: countMax)
            return Array(try EntryBundle.parse(bytes, width: width).prefix(path.width))
        } catch is TransparencyLogError {
            throw TiledLogError.damaged(path: path.path)
        } catch let error as TiledLogError {
            throw try keepsEntries() ? error : .entriesNotKept
        }
    }

    /// Whether the log keeps entries: then there is a directory for them.
    package func keepsEntries() throws -> Bool {
        do {
            _ = try fileSystem.list(directory + "/tile/entries")
            return true
        } catch FileSystemError.notFound {
            return false
        }
    }

    /// Reads a partial tile or, where that was deleted, the full one in its place.
    ///
    /// - Returns: Bytes of the file, and how many hashes or entries it should hold.
    private func file(_ path: TilePath, countMax: Int) throws -> (bytes: [UInt8], width: Int) {
        for candidate in path.isPartial ? [path, path.full] : [path] {
            do {
                let name = directory + "/" + candidate.path
                return (try fileSystem.read(name, countMax: countMax), candidate.width)
            } catch FileSystemError.notFound {
                continue
            } catch FileSystemError.tooLarge {
                break
            }
        }
        throw TiledLogError.damaged(path: path.path)
    }
}

/// The tiles that some proofs need, each read once, and what was hashed of them.
final class TileCache {
    private let reader: TiledLogReader
    private var tiles: [TilePath: Tile] = [:]
    private var nodes: [MerkleNode: LogHash] = [:]

    init(_ reader: TiledLogReader) {
        self.reader = reader
    }

    func node(_ node: MerkleNode) throws -> LogHash {
        if let known = nodes[node] { return known }
        let hash = try read(node)
        nodes[node] = hash
        return hash
    }

    private func read(_ node: MerkleNode) throws -> LogHash {
        let (level, number, range) = Tile.location(of: node)
        guard let path = reader.tilePath(.hashes(level: level), number: number) else {
            preconditionFailure("nodes of a proof lie below the size")
        }
        let tile = try tiles[path] ?? reader.tile(path)
        tiles[path] = tile
        do {
            return try tile.root(of: range)
        } catch {
            throw TiledLogError.damaged(path: path.path)
        }
    }
}
