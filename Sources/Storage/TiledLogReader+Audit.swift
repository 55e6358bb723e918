// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

extension TiledLogReader {
    /// Recomputes the whole log and compares it with the signed checkpoint.
    ///
    /// The edge is proven by the checkpoint's root, each tile by the hash above it, each bundle by
    /// its tile; so the file that is named is the one that is wrong.
    ///
    /// - Returns: Files that were read and found right, the checkpoint not counted.
    /// - Throws: `.damaged` with the first file that is missing or wrong; ``FileSystemError``.
    /// - Complexity: O(n) time; memory for one tile of each level and one bundle.
    @discardableResult
    package func audit() throws -> Int {
        let keepsEntries = try keepsEntries()
        var count = 0
        var edges: [TilePath] = []
        for level in 0..<8 {
            let content = TilePath.Content.hashes(level: level)
            let hashCount = TilePath.count(content, size: size)
            if let path = tilePath(content, number: hashCount / UInt64(TilePath.fullWidth)) {
                edges.append(path)
            }
        }
        let tiles = try edges.map(tile)
        try checkEdge(edges, tiles, keepsEntries: keepsEntries)
        // Highest first: that is the order of the leaves.
        for (path, tile) in zip(edges, tiles).reversed() {
            count += try check(path, tile, keepsEntries: keepsEntries)
        }
        return count
    }

    /// Checks everything below a tile that is known to be right.
    private func check(_ path: TilePath, _ tile: Tile, keepsEntries: Bool) throws -> Int {
        guard case .hashes(let level) = path.content else {
            preconditionFailure("only tiles of hashes have something below")
        }
        if level == 0 {
            guard keepsEntries else { return 1 }
            let bundlePath = TilePath(.entries, number: path.number, width: path.width)
            guard try bundle(bundlePath).map(LogHash.leaf) == tile.hashes else {
                throw TiledLogError.damaged(path: bundlePath.path)
            }
            return 2
        }
        var count = 1
        for (offset, hash) in tile.hashes.enumerated() {
            let number = path.number << 8 | UInt64(offset)
            let childPath = TilePath(.hashes(level: level - 1), number: number)
            let child = try self.tile(childPath)
            guard MerkleTree.root(of: child.hashes) == hash else {
                throw TiledLogError.damaged(path: childPath.path)
            }
            count += try check(childPath, child, keepsEntries: keepsEntries)
        }
        return count
    }

    /// Checks the partial tiles of all levels, lowest first: together they make the root.
    private func checkEdge(_ paths: [TilePath], _ tiles: [Tile], keepsEntries: Bool) throws {
        guard edgeRoot(tiles) != checkpoint.root else { return }
        var suspects: [TilePath] = []
        for (index, path) in paths.enumerated() {
            guard let expected = try? expected(path, keepsEntries: keepsEntries) else {
                // What lies below is damaged or, without entries, nowhere.
                suspects.append(path)
                continue
            }
            guard expected.hashes != tiles[index].hashes else { continue }
            var repaired = tiles
            repaired[index] = expected
            if edgeRoot(repaired) == checkpoint.root {
                throw TiledLogError.damaged(path: path.path)
            }
            suspects.insert(path, at: 0)
        }
        let path = suspects.first?.path ?? Self.checkpointName
        throw TiledLogError.damaged(path: path)
    }

    private func edgeRoot(_ tiles: [Tile]) -> LogHash {
        var root: LogHash?
        // From the lowest level, which is rightmost, up: as many subtrees as the width has bits.
        for tile in tiles {
            var end = tile.hashes.count
            while end > 0 {
                let width = 1 << end.trailingZeroBitCount
                let part = MerkleTree.root(of: tile.hashes[(end - width)..<end])
                root = root.map { .node(part, $0) } ?? part
                end -= width
            }
        }
        return root ?? MerkleTree.emptyRoot
    }

    /// The tile as what lies below says it should be.
    private func expected(_ path: TilePath, keepsEntries: Bool) throws -> Tile {
        var hashes: [LogHash] = []
        switch path.content {
        case .hashes(let level) where level > 0:
            for offset in 0..<path.width {
                let number = path.number << 8 | UInt64(offset)
                let child = try tile(TilePath(.hashes(level: level - 1), number: number))
                hashes.append(MerkleTree.root(of: child.hashes))
            }
        default:
            guard keepsEntries else { throw TiledLogError.entriesNotKept }
            let bundlePath = TilePath(.entries, number: path.number, width: path.width)
            hashes = try bundle(bundlePath).map(LogHash.leaf)
        }
        return Tile(hashes)
    }
}
