// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Writes the tiles of one append and makes them durable together.
///
/// Files go to their final names at once: none of them belongs to the committed checkpoint, so a
/// torn one is never read.
struct TileWriter: TileSink {
    /// Most files held open before they are synced.
    private static let openCountMax = 64

    private let directory: String
    private let fileSystem: any FileSystem
    private var durableDirectories: Set<String>
    private var openFiles: [any WritableFile] = []
    /// Directories, relative ones, whose names have to be synced.
    private var changedDirectories: Set<String> = []

    init(directory: String, durableDirectories: Set<String>, fileSystem: any FileSystem) {
        self.directory = directory
        self.durableDirectories = durableDirectories
        self.fileSystem = fileSystem
    }

    /// Writes one tile.
    mutating func write(_ tile: TilePath, _ bytes: [UInt8]) throws {
        let path = tile.path
        let parent = Self.parent(of: path)
        try makeDirectories(parent)
        let file = try fileSystem.create(directory + "/" + path, replacing: true)
        try file.write(bytes)
        // All files start on their way to the disk before we wait for the first.
        file.startWriteback()
        openFiles.append(file)
        changedDirectories.insert(parent)
        if openFiles.count >= Self.openCountMax { try syncFiles() }
    }

    /// Makes all tiles durable.
    ///
    /// - Returns: Directories that are durable now.
    mutating func finish() throws -> Set<String> {
        try syncFiles()
        for changed in changedDirectories.sorted() {
            try fileSystem.syncDirectory(changed.isEmpty ? directory : directory + "/" + changed)
        }
        changedDirectories = []
        return durableDirectories
    }

    private mutating func syncFiles() throws {
        for file in openFiles {
            try file.sync()
            try file.close()
        }
        openFiles = []
    }

    /// Makes a directory with those it lies in; one that exists may not be durable yet.
    private mutating func makeDirectories(_ path: String) throws {
        guard !path.isEmpty, !durableDirectories.contains(path) else { return }
        let parent = Self.parent(of: path)
        try makeDirectories(parent)
        try fileSystem.makeDirectory(directory + "/" + path)
        durableDirectories.insert(path)
        changedDirectories.insert(parent)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return String(path[..<slash])
    }
}
