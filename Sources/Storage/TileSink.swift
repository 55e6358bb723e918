// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Takes the tiles that an append makes.
protocol TileSink {
    /// Takes one tile.
    mutating func write(_ tile: TilePath, _ bytes: [UInt8]) throws
}

/// Tiles in memory.
struct CollectedTiles: TileSink {
    private(set) var tiles: [StagedTile] = []

    mutating func write(_ tile: TilePath, _ bytes: [UInt8]) {
        tiles.append(StagedTile(path: tile, bytes: bytes))
    }
}

/// A tile on its way to its place.
struct StagedTile: Equatable, Sendable {
    let path: TilePath
    let bytes: [UInt8]
}
