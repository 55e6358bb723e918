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
/// Whoever has a path as text uses the functions of `FileSystem+Text.swift`, and whoever wants a
/// change that is durable when it returns those of `FileSystem+Durable.swift`.
package protocol FileSystem: Sendable {
    /// Opens a file for reading at any place.
    func open(_ path: BytePath) throws(FileFailure) -> any ReadableFile

    /// Creates a file and opens it for writing.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - replacing: Whether an existing file is emptied; otherwise it is an error.
    ///   - mode: Permissions of a new file.
    /// - Returns: The open file, empty.
    /// - Throws: ``FileFailure``.
    func create(
        _ path: BytePath,
        replacing: Bool,
        mode: UInt32
    ) throws(FileFailure) -> any WritableFile

    /// Opens a file that is there for writing at its end.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - count: How many of its bytes stay; the rest is cut off.
    /// - Returns: The open file.
    /// - Throws: ``FileFailure``; where it is shorter than that, too.
    func reopen(
        _ path: BytePath,
        keeping count: UInt64
    ) throws(FileFailure) -> any WritableFile

    /// Names in a directory, sorted by bytes, without `.` and `..`.
    func names(in directory: BytePath) throws(FileFailure) -> [[UInt8]]

    /// Makes one directory; an existing one is left as it is.
    ///
    /// - Returns: Whether it is new.
    @discardableResult
    func makeDirectory(_ path: BytePath, mode: UInt32) throws(FileFailure) -> Bool

    /// Gives a file another name.
    ///
    /// - Parameters:
    ///   - path: The file, or a directory.
    ///   - newPath: Its new name.
    ///   - replacing: Whether a file that has the new name goes; otherwise it is an error.
    /// - Throws: ``FileFailure``.
    func rename(
        _ path: BytePath,
        to newPath: BytePath,
        replacing: Bool
    ) throws(FileFailure)

    /// Removes a file.
    func remove(_ path: BytePath) throws(FileFailure)

    /// Removes an empty directory.
    func removeDirectory(_ path: BytePath) throws(FileFailure)

    /// Makes the names in a directory durable.
    func syncDirectory(_ path: BytePath) throws(FileFailure)

    /// Sets the time of the last change of a file or directory.
    func setModified(
        _ path: BytePath,
        seconds: Int64,
        nanoseconds: Int64
    ) throws(FileFailure)

    /// Takes a lock that is held until the result goes, or the process does.
    ///
    /// - Parameters:
    ///   - path: A file for the lock; it is created and stays.
    ///   - waiting: Whether to wait for whoever holds it; otherwise that is an error.
    /// - Returns: The lock.
    /// - Throws: ``FileFailure``, one that ``FileFailure/isLocked``.
    func lock(_ path: BytePath, waiting: Bool) throws(FileFailure) -> any FileLock
}

/// A file open for reading.
package protocol ReadableFile: AnyObject {
    /// Bytes in the file.
    func count() throws -> UInt64

    /// Reads up to `count` bytes from `offset`; fewer only at the end of the file.
    func read(at offset: UInt64, count: Int) throws -> [UInt8]
}

/// A file open for writing at its end.
///
/// Failures are ``FileFailure``, or ``FileSystemError`` where it was opened by a path of text.
package protocol WritableFile: AnyObject, Sendable {
    /// Writes all bytes at the end.
    func write(_ bytes: Span<UInt8>) throws

    /// Asks for the bytes to go to disk soon, without waiting. A hint: ``sync()`` has to follow.
    func startWriteback()

    /// Sets the permissions.
    func setMode(_ mode: UInt32) throws

    /// Takes the lock of this open file, which goes with it, also when the process is killed.
    ///
    /// - Returns: Whether it is ours; otherwise somebody else holds it.
    func lock() throws -> Bool

    /// Makes all bytes written so far durable.
    func sync() throws

    /// Closes the file. Writing afterwards is an error of the caller.
    func close() throws
}

extension WritableFile {
    /// Writes all bytes at the end.
    package func write(_ bytes: [UInt8]) throws {
        try write(bytes.span)
    }
}

/// A held lock.
package protocol FileLock: AnyObject, Sendable {}
