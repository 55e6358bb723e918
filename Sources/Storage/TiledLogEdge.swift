// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The right edge of a stored log: all that appending needs to know, so that it reads nothing.
struct TiledLogEdge {
    private(set) var tree = CompactTree()
    /// Directories below the log's that are durable.
    var directories: Set<String> = []
    /// Hashes of the partial tile of each level, lowest first.
    private var hashes = [[LogHash]](repeating: [], count: 8)
    /// The partial entry bundle.
    private var bundle: [UInt8] = []

    /// The edge of a log without entries.
    init() {}

    /// Reads the edge of a stored log, and checks that it has the root that was signed.
    ///
    /// - Throws: `.damaged`, ``FileSystemError``.
    init(_ reader: TiledLogReader, keepsEntries: Bool) throws {
        tree = try CompactTree(size: reader.size, node: TileCache(reader).node)
        guard tree.root == reader.checkpoint.root else {
            // The audit tells which of the tiles at the edge it is.
            try reader.audit()
            throw TiledLogError.damaged(path: TiledLogReader.checkpointName)
        }
        let full = UInt64(TilePath.fullWidth)
        for level in hashes.indices {
            let content = TilePath.Content.hashes(level: level)
            let count = TilePath.count(content, size: reader.size)
            if let path = reader.tilePath(content, number: count / full) {
                hashes[level] = try reader.tile(path).hashes
                insertDirectories(of: path)
            } else if count > 0, let path = reader.tilePath(content, number: count / full - 1) {
                insertDirectories(of: path)
            }
        }
        guard keepsEntries, let path = reader.tilePath(.entries, number: reader.size / full) else {
            return
        }
        let entries = try reader.bundle(path)
        guard entries.map(LogHash.leaf) == hashes[0] else {
            throw TiledLogError.damaged(path: path.path)
        }
        for entry in entries {
            try EntryBundle.append(entry, to: &bundle)
        }
        insertDirectories(of: path)
    }

    private mutating func insertDirectories(of path: TilePath) {
        var directory = path.path
        while let slash = directory.utf8.lastIndex(of: UInt8(ascii: "/")) {
            directory = String(directory[..<slash])
            directories.insert(directory)
        }
    }

    /// Adds an entry and writes the tiles that it fills.
    mutating func append(
        _ entry: [UInt8],
        keepsEntries: Bool,
        to writer: inout some TileSink
    ) throws {
        if keepsEntries {
            try EntryBundle.append(entry, to: &bundle)
        }
        // Apart, because the closure changes one part while the call changes another.
        var levels = hashes
        hashes = []
        tree.append(.leaf(entry)) { level, hash in
            if level % 8 == 0 { levels[level / 8].append(hash) }
        }
        hashes = levels
        levels = []
        var level = 0
        while level < hashes.count, hashes[level].count == TilePath.fullWidth {
            let number = tree.size >> UInt64(8 * (level + 1)) - 1
            let path = TilePath(.hashes(level: level), number: number)
            try writer.write(path, Tile.encode(hashes[level]))
            hashes[level].removeAll(keepingCapacity: true)
            if level == 0, keepsEntries {
                try writer.write(TilePath(.entries, number: number), bundle)
                bundle.removeAll(keepingCapacity: true)
            }
            level += 1
        }
    }

    /// Writes the partial tiles that are not what they were at `oldSize`.
    func writePartialTiles(since oldSize: UInt64, to writer: inout some TileSink) throws {
        for level in hashes.indices where !hashes[level].isEmpty {
            let content = TilePath.Content.hashes(level: level)
            let count = TilePath.count(content, size: tree.size)
            guard count > TilePath.count(content, size: oldSize) else { continue }
            let number = count / UInt64(TilePath.fullWidth)
            precondition(count % UInt64(TilePath.fullWidth) == hashes[level].count)
            let width = hashes[level].count
            try writer.write(
                TilePath(content, number: number, width: width),
                Tile.encode(hashes[level])
            )
            if level == 0, !bundle.isEmpty {
                try writer.write(TilePath(.entries, number: number, width: width), bundle)
            }
        }
    }
}
