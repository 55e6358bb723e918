// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The file operations that durable storage is made of.
///
/// It is a parameter everywhere, so that tests can fail, lose and tear each operation. The rules
/// are those of a POSIX file system whose power can go at any moment:
///
/// - bytes written are durable after ``WritableFile/sync()``;
/// - a name (created, renamed or removed) is durable after ``syncDirectory(_:)`` of its directory;
/// - a rename is atomic: afterwards the name is the old file or the new one, never a mixture.
///
/// Paths are absolute or relative to the working directory, with `/` between parts. All functions
/// throw ``FileSystemError``.
package protocol FileSystem: Sendable {
    /// Opens a file for reading at any place.
    func open(_ path: String) throws -> any ReadableFile

    /// Creates a file, readable by its owner only, and opens it for writing.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - replacing: Whether an existing file is emptied; otherwise it is an error.
    /// - Returns: The open file, empty.
    /// - Throws: `.exists` and others.
    func create(_ path: String, replacing: Bool) throws -> any WritableFile

    /// Names in a directory, sorted, without `.` and `..`.
    func list(_ directory: String) throws -> [String]

    /// Makes one directory, open to its owner only; an existing one is left as it is.
    func makeDirectory(_ path: String) throws

    /// Gives a file another name, in place of a file that had it.
    func rename(_ path: String, to newPath: String) throws

    /// Removes a file.
    func remove(_ path: String) throws

    /// Removes an empty directory.
    func removeDirectory(_ path: String) throws

    /// Makes the names in a directory durable.
    func syncDirectory(_ path: String) throws

    /// Takes a lock that is held until the result goes, or the process does.
    ///
    /// - Parameter path: A file for the lock; it is created and stays.
    /// - Returns: The lock.
    /// - Throws: `.locked` at once when another holds it.
    func lock(_ path: String) throws -> any FileLock
}

/// A file open for reading.
package protocol ReadableFile: AnyObject {
    /// Bytes in the file.
    func count() throws -> UInt64

    /// Reads up to `count` bytes from `offset`; fewer only at the end of the file.
    func read(at offset: UInt64, count: Int) throws -> [UInt8]
}

/// A file open for writing at its end.
package protocol WritableFile: AnyObject {
    /// Writes all bytes at the end.
    func write(_ bytes: [UInt8]) throws

    /// Asks for the bytes to go to disk soon, without waiting. A hint: ``sync()`` has to follow.
    func startWriteback()

    /// Makes all bytes written so far durable.
    func sync() throws

    /// Closes the file. Writing afterwards is an error of the caller.
    func close() throws
}

/// A held lock.
package protocol FileLock: AnyObject {}
