// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import TransparencyLog

/// A log that lies elsewhere, as a directory that can only be read: so that the same code proves
/// and audits a log on this disk and one behind a URL.
///
/// It is a snapshot: the checkpoint is the one it was made with, however the log grows meanwhile.
package struct FetchedLog: FileSystem {
    /// Gets a file by its path below the log's prefix; nil when there is none.
    package typealias Fetch = @Sendable (_ path: String, _ countMax: Int) throws -> [UInt8]?

    /// The directory under which the log appears.
    package static let directory = "log"
    /// Longest file of a log: a bundle of 256 longest entries.
    package static let fileCountMax = TilePath.fullWidth * (EntryBundle.entryCountMax + 2)

    private let note: SignedNote
    private let size: UInt64
    private let fetch: Fetch

    /// The log of a checkpoint.
    ///
    /// - Parameters:
    ///   - note: The checkpoint, which the caller has verified.
    ///   - size: Its size.
    ///   - fetch: Gets tiles.
    package init(note: SignedNote, size: UInt64, fetch: @escaping Fetch) {
        self.note = note
        self.size = size
        self.fetch = fetch
    }

    /// Reads the log.
    package func reader() throws -> TiledLogReader {
        try TiledLogReader(directory: Self.directory, log: nil, fileSystem: self)
    }

    /// See ``FileSystem``.
    package func open(_ path: BytePath) throws(FileFailure) -> any ReadableFile {
        let rest = path.bytes.dropFirst(Self.directory.utf8.count + 1)
        let name = String(decoding: rest, as: UTF8.self)
        if name == TiledLogReader.checkpointName { return FetchedFile(note.encoded) }
        do {
            if let bytes = try fetch(name, Self.fileCountMax) { return FetchedFile(bytes) }
        } catch {
            // Whoever fetches knows why it failed; here it is a device that does not read.
            throw FileFailure(.read, path, code: EIO)
        }
        throw FileFailure(.open, path, code: ENOENT)
    }

    /// Asked only whether there are entries: then there is a first bundle.
    package func names(in directory: BytePath) throws(FileFailure) -> [[UInt8]] {
        guard let first = TilePath(.entries, number: 0, size: size) else { return [] }
        _ = try open(BytePath(Self.directory + "/" + first.path))
        return []
    }

    package func create(
        _ path: BytePath,
        replacing: Bool,
        mode: UInt32
    ) throws(FileFailure) -> any WritableFile {
        throw FileFailure(.create, path, code: EROFS)
    }

    package func reopen(
        _ path: BytePath,
        keeping count: UInt64
    ) throws(FileFailure) -> any WritableFile {
        throw FileFailure(.open, path, code: EROFS)
    }

    package func makeDirectory(_ path: BytePath, mode: UInt32) throws(FileFailure) -> Bool {
        throw FileFailure(.makeDirectory, path, code: EROFS)
    }

    package func rename(
        _ path: BytePath,
        to newPath: BytePath,
        replacing: Bool
    ) throws(FileFailure) {
        throw FileFailure(.rename, path, code: EROFS)
    }

    package func remove(_ path: BytePath) throws(FileFailure) {
        throw FileFailure(.remove, path, code: EROFS)
    }

    package func removeDirectory(_ path: BytePath) throws(FileFailure) {
        throw FileFailure(.remove, path, code: EROFS)
    }

    package func syncDirectory(_ path: BytePath) throws(FileFailure) {
        throw FileFailure(.sync, path, code: EROFS)
    }

    package func setModified(
        _ path: BytePath,
        seconds: Int64,
        nanoseconds: Int64
    ) throws(FileFailure) {
        throw FileFailure(.write, path, code: EROFS)
    }

    package func lock(_ path: BytePath, waiting: Bool) throws(FileFailure) -> any FileLock {
        throw FileFailure(.lock, path, code: EROFS)
    }
}

/// A file that was fetched whole.
private final class FetchedFile: ReadableFile {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func count() -> UInt64 { UInt64(bytes.count) }

    func read(at offset: UInt64, count: Int) -> [UInt8] {
        guard offset < UInt64(bytes.count) else { return [] }
        return Array(bytes[Int(offset)...].prefix(count))
    }
}
