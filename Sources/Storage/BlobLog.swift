// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
package import TransparencyLog

/// A log that can be appended to.
package protocol AppendableLog: AnyObject {
    /// Reads the log as of the last append.
    var reader: TiledLogReader { get }

    /// Appends entries; when this returns they are durable, all of them.
    func append(_ entries: [[UInt8]], time: Int64) throws -> TiledLog.Appended
}

extension TiledLog: AppendableLog {}

/// An append-only log in a store of objects, which several processes may have open: the last one
/// that opened it appends, and the others find out before they change anything.
///
/// The head is the log. It is changed on the condition that it is what this process wrote last, and
/// carries the tiles of that change, which are put into their places afterwards: whoever opens the
/// log finishes that. So a tile is written once, and what it holds was decided before.
///
/// Spec: `docs/spec/node-s3.md`, sections 3 and 4.
package final class BlobLog: AppendableLog {
    /// How often another process may append while we open the log.
    private static let attemptCountMax = 100
    /// The head's name below the log's prefix.
    static let headName = "head"
    /// Most bytes in the entries of one append.
    package static let batchBytesMax = 16 << 20

    /// What other parts of the process may know of the log while it is appended to.
    package final class View: Sendable {
        private let store: any BlobStore
        private let prefix: String
        private let log: NoteVerifier
        private let writer: [UInt8]
        private let newest: Mutex<TiledLogReader>

        fileprivate init(
            _ store: any BlobStore,
            _ prefix: String,
            _ log: NoteVerifier,
            _ writer: [UInt8],
            _ reader: TiledLogReader
        ) {
            self.store = store
            self.prefix = prefix
            self.log = log
            self.writer = writer
            newest = Mutex(reader)
        }

        /// The log as of the last append.
        package var reader: TiledLogReader { newest.withLock { $0 } }

        /// Reads the tiles of the log, below ``FetchedLog/directory``.
        package var files: any FileSystem { reader.fileSystem }

        fileprivate func set(_ reader: TiledLogReader) { newest.withLock { $0 = reader } }

        /// Looks whether this process is still the one that appends.
        ///
        /// - Throws: `.superseded`, `.damaged`, ``BlobFailure``.
        package func check() throws {
            let count = UInt64(BlobLogHead.noteCountMax + 32)
            let front = try store.get(prefix + headName, 0..<count, countMax: Int(count))
            guard let front else { throw TiledLogError.damaged(path: headName) }
            guard try BlobLogHead.writer(parsing: front.bytes, log: log) == writer else {
                throw TiledLogError.superseded
            }
        }
    }

    /// Reads the log as of the last append.
    package var reader: TiledLogReader { view.reader }
    /// The same for others.
    package let view: View
    /// Whether entries are stored, or only their hashes.
    package let keepsEntries: Bool
    private let store: any BlobStore
    private let prefix: String
    private let signer: NoteSigner
    private let writer: [UInt8]
    private let tiles: BlobTiles
    private var edge: TiledLogEdge
    private var tag: BlobTag
    private var isBroken = false

    private init(
        _ store: any BlobStore,
        _ prefix: String,
        _ signer: NoteSigner,
        _ head: BlobLogHead,
        _ tiles: BlobTiles,
        _ edge: TiledLogEdge,
        _ reader: TiledLogReader,
        _ tag: BlobTag
    ) {
        self.store = store
        self.prefix = prefix
        self.signer = signer
        self.tiles = tiles
        self.edge = edge
        self.tag = tag
        keepsEntries = head.keepsEntries
        writer = head.writer
        view = View(store, prefix, signer.verifier, head.writer, reader)
    }

    /// Makes a log without entries, and opens it.
    ///
    /// - Parameters:
    ///   - prefix: Of its keys; ends in a slash.
    ///   - store: Where it is.
    ///   - signer: The log's key; its name is the origin.
    ///   - keepsEntries: Whether entries are stored too.
    ///   - writer: 16 random bytes, never used before.
    /// - Returns: The log.
    /// - Throws: `.exists`, ``BlobFailure``.
    package static func create(
        prefix: String,
        store: any BlobStore,
        signer: NoteSigner,
        keepsEntries: Bool,
        writer: [UInt8]
    ) throws -> BlobLog {
        let head = BlobLogHead(
            size: 0,
            root: MerkleTree.emptyRoot,
            keepsEntries: keepsEntries,
            writer: writer,
            tiles: []
        )
        let bytes = head.encoded(signer)
        guard let tag = try store.exchange(prefix + headName, bytes, if: .absent) else {
            throw TiledLogError.exists
        }
        let tiles = BlobTiles(store, prefix)
        let reader = try reader(head, signer, tiles)
        return BlobLog(store, prefix, signer, head, tiles, TiledLogEdge(), reader, tag)
    }

    /// Opens a log for appending, finishes what another process left, and ends that one's turn.
    ///
    /// - Parameters:
    ///   - prefix: Of its keys; ends in a slash.
    ///   - store: Where it is.
    ///   - signer: The log's key.
    ///   - writer: 16 random bytes, never used before.
    /// - Returns: The log.
    /// - Throws: `.notFound`, `.wrongKey`, `.damaged`, `.superseded` if another process never
    ///   stops to append meanwhile; ``BlobFailure``.
    package static func open(
        prefix: String,
        store: any BlobStore,
        signer: NoteSigner,
        writer: [UInt8]
    ) throws -> BlobLog {
        let (head, tag) = try takeOver(prefix, store, signer, writer)
        let tiles = BlobTiles(store, prefix)
        try tiles.settle(head.tiles)
        let reader = try reader(head, signer, tiles)
        let edge = try TiledLogEdge(reader, keepsEntries: head.keepsEntries)
        return BlobLog(store, prefix, signer, head, tiles, edge, reader, tag)
    }

    /// Puts our name into the head, with the tiles it carries: they may not be in their places.
    private static func takeOver(
        _ prefix: String,
        _ store: any BlobStore,
        _ signer: NoteSigner,
        _ writer: [UInt8]
    ) throws -> (head: BlobLogHead, tag: BlobTag) {
        let key = prefix + headName
        for _ in 0..<attemptCountMax {
            guard let found = try store.get(key, countMax: BlobLogHead.countMax) else {
                throw TiledLogError.notFound
            }
            let left = try BlobLogHead(parsing: found.bytes, log: signer.verifier)
            let head = BlobLogHead(
                size: left.size,
                root: left.root,
                keepsEntries: left.keepsEntries,
                writer: writer,
                tiles: left.tiles
            )
            let bytes = head.encoded(signer)
            if let tag = try store.exchange(key, bytes, if: .matching(found.tag)) {
                return (head, tag)
            }
        }
        throw TiledLogError.superseded
    }

    /// Entries in the log.
    package var size: UInt64 { reader.size }

    /// Appends entries; when this returns they are durable, all of them.
    ///
    /// - Parameters:
    ///   - entries: At most ``TiledLog/batchCountMax`` and ``batchBytesMax``.
    ///   - time: Not used: witnesses are elsewhere.
    /// - Returns: Where the entries are, and the checkpoint that commits to them.
    /// - Throws: `.superseded`, `.needsReopening` when it is unknown whether they are in the log,
    ///   `.tooManyEntries`, `.entryTooLong`; ``BlobFailure`` when they are not.
    /// - Complexity: O(n) hashes; one request for all entries, then one for each tile, in parallel.
    package func append(_ entries: [[UInt8]], time: Int64) throws -> TiledLog.Appended {
        guard !isBroken else { throw TiledLogError.needsReopening }
        guard entries.count <= TiledLog.batchCountMax,
            entries.reduce(0, { $0 + $1.count }) <= Self.batchBytesMax
        else { throw TiledLogError.tooManyEntries(limit: TiledLog.batchCountMax) }
        guard entries.allSatisfy({ $0.count <= EntryBundle.entryCountMax }) else {
            throw TiledLogError.entryTooLong(limit: EntryBundle.entryCountMax)
        }
        let first = size
        guard !entries.isEmpty else {
            return TiledLog.Appended(firstIndex: first, note: reader.note)
        }
        var next = edge
        var staged = CollectedTiles()
        for entry in entries { try next.append(entry, keepsEntries: keepsEntries, to: &staged) }
        try next.writePartialTiles(since: first, to: &staged)
        let head = BlobLogHead(
            size: next.tree.size,
            root: next.tree.root,
            keepsEntries: keepsEntries,
            writer: writer,
            tiles: staged.tiles
        )
        try commit(head)
        edge = next
        return TiledLog.Appended(firstIndex: first, note: reader.note)
    }

    private func commit(_ head: BlobLogHead) throws {
        isBroken = true
        do {
            let bytes = head.encoded(signer)
            let new = try store.exchange(prefix + Self.headName, bytes, if: .matching(tag))
            guard let new else { throw TiledLogError.superseded }
            tag = new
        } catch let failure as BlobFailure {
            guard case .refused = failure else { throw TiledLogError.needsReopening }
            isBroken = false
            throw failure
        }
        // The entries are in the log, whatever comes. Its next head waits for all these tiles.
        do {
            try tiles.settle(head.tiles)
        } catch is BlobFailure {
            throw TiledLogError.needsReopening
        }
        view.set(try Self.reader(head, signer, tiles))
        isBroken = false
    }

    /// A checkpoint is signed for a head that is in the store, and for no other.
    private static func reader(
        _ head: BlobLogHead,
        _ signer: NoteSigner,
        _ tiles: BlobTiles
    ) throws -> TiledLogReader {
        let text = Checkpoint(origin: signer.verifier.name, size: head.size, root: head.root).text
        let note = signer.note(text)
        return try FetchedLog(note: note, size: head.size, fetch: tiles.fetch).reader()
    }
}

/// The tiles of a log in a store.
///
/// Those read or written last are kept in memory: they never change.
final class BlobTiles: Sendable {
    private static let keptCountMax = 512
    private static let keptBytesMax = TilePath.fullWidth * LogHash.byteCount

    private struct Kept {
        var tiles: [String: [UInt8]] = [:]
        var order: [String] = []
        var next = 0
    }

    private let store: any BlobStore
    private let prefix: String
    private let kept = Mutex(Kept())

    init(_ store: any BlobStore, _ prefix: String) {
        self.store = store
        self.prefix = prefix
    }

    /// Puts tiles into their places.
    ///
    /// - Throws: `.damaged` where a place is taken by something else; ``BlobFailure``.
    func settle(_ tiles: [StagedTile]) throws {
        do {
            try store.settle(tiles.map { (prefix + $0.path.path, $0.bytes) })
        } catch BlobFailure.damaged(let key) {
            throw TiledLogError.damaged(path: String(key.dropFirst(prefix.count)))
        }
        for tile in tiles { keep(tile.bytes, tile.path.path) }
    }

    /// Reads a tile; nil where there is none.
    @Sendable func fetch(_ path: String, _ countMax: Int) throws -> [UInt8]? {
        if let known = kept.withLock({ $0.tiles[path] }) { return known }
        guard let bytes = try store.get(prefix + path, countMax: countMax)?.bytes else {
            return nil
        }
        keep(bytes, path)
        return bytes
    }

    private func keep(_ bytes: [UInt8], _ path: String) {
        guard bytes.count <= Self.keptBytesMax else { return }
        kept.withLock { kept in
            guard kept.tiles.updateValue(bytes, forKey: path) == nil else { return }
            if kept.order.count < Self.keptCountMax {
                kept.order.append(path)
            } else {
                kept.tiles[kept.order[kept.next]] = nil
                kept.order[kept.next] = path
                kept.next = (kept.next + 1) % Self.keptCountMax
            }
        }
    }
}
