// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The hashes of one tile.
///
/// Spec: C2SP `tlog-tiles`. Tile (l, n) holds at i the root of leaves
/// (256n + i)·256^l ..< (256n + i + 1)·256^l.
package struct Tile: Equatable, Sendable {
    /// The hashes, 1...256 of them.
    package let hashes: [LogHash]

    /// Reads a tile.
    ///
    /// - Parameters:
    ///   - bytes: The whole tile.
    ///   - width: How many hashes its path promises.
    /// - Throws: `.malformedTile` unless it has exactly 32 bytes for each.
    package init(_ bytes: [UInt8], width: Int) throws(TransparencyLogError) {
        guard bytes.count == width * LogHash.byteCount else { throw .malformedTile }
        var hashes: [LogHash] = []
        hashes.reserveCapacity(width)
        for start in stride(from: 0, to: bytes.count, by: LogHash.byteCount) {
            hashes.append(try LogHash(bytes[start..<(start + LogHash.byteCount)]))
        }
        self.hashes = hashes
    }

    /// A tile with these hashes, 1...256 of them.
    package init(_ hashes: [LogHash]) {
        precondition((1...TilePath.fullWidth).contains(hashes.count), "tiles are never empty")
        self.hashes = hashes
    }

    /// The bytes of a tile with these hashes.
    package static func encode(_ hashes: [LogHash]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(hashes.count * LogHash.byteCount)
        for hash in hashes {
            hash.append(to: &bytes)
        }
        return bytes
    }

    /// Which tile, and which of its hashes, a node of the tree is made of.
    ///
    /// - Returns: Tile level, tile number and the range of hashes whose root is the node's hash.
    package static func location(
        of node: MerkleNode
    ) -> (level: Int, number: UInt64, range: Range<Int>) {
        let height = node.level % 8
        let first = node.index << UInt64(height)
        let offset = Int(first % UInt64(TilePath.fullWidth))
        return (
            node.level / 8, first / UInt64(TilePath.fullWidth), offset..<(offset + 1 << height)
        )
    }

    /// Root of a range of the hashes that ``location(of:)`` gave.
    ///
    /// - Throws: `.malformedTile` when the tile is narrower than that.
    package func root(of range: Range<Int>) throws(TransparencyLogError) -> LogHash {
        guard range.upperBound <= hashes.count else { throw .malformedTile }
        return MerkleTree.root(of: hashes[range])
    }
}
