// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@Suite struct TilePathTests {
    @Test(arguments: [
        (TilePath(.hashes(level: 0), number: 5), "tile/0/005"),
        (TilePath(.hashes(level: 1), number: 1_234_067), "tile/1/x001/x234/067"),
        (TilePath(.entries, number: 1, width: 44), "tile/entries/001.p/44"),
        (TilePath(.hashes(level: 63), number: 0, width: 1), "tile/63/000.p/1"),
        (
            TilePath(.entries, number: .max, width: 255),
            "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255"
        ),
    ]) func pathsAreWrittenAndRead(tile: TilePath, path: String) throws {
        #expect(tile.path == path)
        #expect(try TilePath(parsing: path) == tile)
    }

    @Test(arguments: [
        "", "tile", "tile/0", "tile/0/", "tile/0/5", "tile/0/0005", "tile/00/005", "tile/64/005",
        "/tile/0/005", "tile/0/005/", "tile/0/x005", "tile/0/001/067", "tile/0/x000/067",
        "tile/0/005.p/0", "tile/0/005.p/256", "tile/0/005.p/01", "tile/0/005.p", "tile/0/005.p/",
        "tile/-1/005", "tile/0/+05", "tile/data/005", "tile/0/x001/x/067", "TILE/0/005",
        "tile/0/x018/x446/x744/x073/x709/x551/616", "tile/0/../005", "tile/0/٠٠٥",
    ]) func otherPathsAreRefused(path: String) {
        #expect(throws: TransparencyLogError.malformedTilePath) { try TilePath(parsing: path) }
    }

    @Test func widthsFollowTheSpecificationsExample() {
        // C2SP tlog-tiles gives the tiles of a tree of 70,000.
        let size: UInt64 = 70_000
        func width(_ level: Int, _ number: UInt64) -> Int? {
            TilePath(.hashes(level: level), number: number, size: size)?.width
        }
        #expect(width(0, 272) == 256)
        #expect(width(0, 273) == 112)
        #expect(width(0, 274) == nil)
        #expect(width(1, 0) == 256)
        #expect(width(1, 1) == 17)
        #expect(width(2, 0) == 1)
        #expect(width(3, 0) == nil)
        #expect(width(63, 0) == nil)
        #expect(TilePath(.hashes(level: 1), number: 0, size: 256)?.width == 1)
    }

    @Test func nodesAreFoundInTheirTiles() {
        let leaf = Tile.location(of: MerkleNode(level: 0, index: 257))
        #expect(leaf == (0, 1, 1..<2))
        let high = Tile.location(of: MerkleNode(level: 10, index: 65))
        #expect(high == (1, 1, 4..<8))
        let last = Tile.location(of: MerkleNode(level: 63, index: 1))
        #expect(last == (7, 0, 128..<256))
    }

    @Test func bundlesKeepTheirEntries() throws {
        let entries = [[], [1], [UInt8](repeating: 7, count: 65_535)]
        var bundle: [UInt8] = []
        for entry in entries {
            try EntryBundle.append(entry, to: &bundle)
        }
        #expect(bundle.count == 65_542)
        #expect(try EntryBundle.parse(bundle, width: 3) == entries)
        #expect(throws: TransparencyLogError.malformedBundle(offset: 5)) {
            try EntryBundle.parse(bundle, width: 2)
        }
        #expect(throws: TransparencyLogError.malformedBundle(offset: 65_542)) {
            try EntryBundle.parse(bundle, width: 4)
        }
        #expect(throws: TransparencyLogError.entryTooLong(limit: 65_535)) {
            try EntryBundle.append([UInt8](repeating: 0, count: 65_536), to: &bundle)
        }
    }
}
