// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The same operations on paths of text, absolute or relative to the working directory, with `/`
/// between parts. All of them, and the files that they open, throw ``FileSystemError``.
extension FileSystem {
    /// Opens a file for reading at any place.
    package func open(_ path: String) throws -> any ReadableFile {
        try translating { TextReader(try open(BytePath(path))) }
    }

    /// Creates a file, readable by its owner only, and opens it for writing.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - replacing: Whether an existing file is emptied; otherwise it is an error.
    /// - Returns: The open file, empty.
    /// - Throws: `.exists` and others.
    package func create(_ path: String, replacing: Bool) throws -> any WritableFile {
        try translating {
            TextWriter(try create(BytePath(path), replacing: replacing, mode: 0o600))
        }
    }

    /// Names in a directory, sorted, without `.` and `..`.
    package func list(_ directory: String) throws -> [String] {
        try translating {
            try names(in: BytePath(directory)).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Makes one directory, open to its owner only; an existing one is left as it is.
    package func makeDirectory(_ path: String) throws {
        try translating { _ = try makeDirectory(BytePath(path), mode: 0o700) }
    }

    /// Gives a file another name, in place of a file that had it.
    package func rename(_ path: String, to newPath: String) throws {
        try translating {
            try rename(BytePath(path), to: BytePath(newPath), replacing: true)
        }
    }

    /// Removes a file.
    package func remove(_ path: String) throws {
        try translating { try remove(BytePath(path)) }
    }

    /// Removes an empty directory.
    package func removeDirectory(_ path: String) throws {
        try translating { try removeDirectory(BytePath(path)) }
    }

    /// Makes the names in a directory durable.
    package func syncDirectory(_ path: String) throws {
        try translating { try syncDirectory(BytePath(path)) }
    }

    /// Takes a lock that is held until the result goes, or the process does.
    ///
    /// - Parameter path: A file for the lock; it is created and stays.
    /// - Returns: The lock.
    /// - Throws: `.locked` at once when another holds it.
    package func lock(_ path: String) throws -> any FileLock {
        try translating { try lock(BytePath(path), waiting: false) }
    }
}

private func translating<R>(_ body: () throws -> R) throws -> R {
    do {
        return try body()
    } catch let failure as FileFailure {
        throw FileSystemError(failure)
    }
}

/// A file that was opened by a path of text: its failures are those of such paths.
private final class TextReader: ReadableFile {
    private let file: any ReadableFile

    init(_ file: any ReadableFile) { self.file = file }

    func count() throws -> UInt64 { try translating { try file.count() } }

    func read(at offset: UInt64, count: Int) throws -> [UInt8] {
        try translating { try file.read(at: offset, count: count) }
    }
}

/// The same for writing.
private final class TextWriter: WritableFile {
    private let file: any WritableFile

    init(_ file: any WritableFile) { self.file = file }

    func write(_ bytes: Span<UInt8>) throws {
        do {
            try file.write(bytes)
        } catch let failure as FileFailure {
            throw FileSystemError(failure)
        }
    }

    func startWriteback() { file.startWriteback() }
    func setMode(_ mode: UInt32) throws { try translating { try file.setMode(mode) } }
    func lock() throws -> Bool { try translating { try file.lock() } }
    func sync() throws { try translating { try file.sync() } }
    func close() throws { try translating { try file.close() } }
}
