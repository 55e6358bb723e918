// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The file system of this machine, below a directory that several users share.
///
/// The directory itself follows the umask, or is what somebody made of it: `chmod 2770` for the
/// people of one group. Whatever is made below it is open to the same people as the directory that
/// it lies in; files that end in `.key` at most to the group, to be read.
package struct SharedFileSystem: FileSystem {
    private let base = LocalFileSystem()
    private let root: [UInt8]

    /// The file system below a directory.
    package init(root: String) {
        self.root = Self.plain(BytePath(root))
    }

    /// See ``FileSystem/open(_:)``.
    package func open(_ path: BytePath) throws(FileFailure) -> any ReadableFile {
        try base.open(path)
    }

    /// See ``FileSystem/create(_:replacing:mode:)``.
    ///
    /// The mode is the directory's.
    package func create(
        _ path: BytePath,
        replacing: Bool,
        mode: UInt32
    ) throws(FileFailure) -> any WritableFile {
        let file = try base.create(path, replacing: replacing, mode: mode)
        // A left-over file of another user keeps the mode that its maker gave it.
        try? file.setMode(Self.mode(of: path))
        return file
    }

    /// See ``FileSystem/reopen(_:keeping:)``.
    package func reopen(
        _ path: BytePath,
        keeping count: UInt64
    ) throws(FileFailure) -> any WritableFile {
        try base.reopen(path, keeping: count)
    }

    /// See ``FileSystem/names(in:)``.
    package func names(in directory: BytePath) throws(FileFailure) -> [[UInt8]] {
        try base.names(in: directory)
    }

    /// See ``FileSystem/makeDirectory(_:mode:)``.
    ///
    /// The mode is the parent's, and the umask's for the shared directory itself.
    @discardableResult
    package func makeDirectory(_ path: BytePath, mode: UInt32) throws(FileFailure) -> Bool {
        let plain = Self.plain(path)
        guard plain.starts(with: root) else { return try base.makeDirectory(path, mode: mode) }
        guard try base.makeDirectory(path, mode: 0o777) else { return false }
        guard plain.count > root.count, let parent = Self.permissions(of: path.parent) else {
            return true
        }
        guard unsafe chmod(path.cString, mode_t(parent)) == 0 else {
            throw .last(.makeDirectory, path)
        }
        return true
    }

    /// See ``FileSystem/rename(_:to:replacing:)``.
    package func rename(
        _ path: BytePath,
        to newPath: BytePath,
        replacing: Bool
    ) throws(FileFailure) {
        try base.rename(path, to: newPath, replacing: replacing)
    }

    /// See ``FileSystem/remove(_:)``.
    package func remove(_ path: BytePath) throws(FileFailure) { try base.remove(path) }

    /// See ``FileSystem/removeDirectory(_:)``.
    package func removeDirectory(_ path: BytePath) throws(FileFailure) {
        try base.removeDirectory(path)
    }

    /// See ``FileSystem/syncDirectory(_:)``.
    package func syncDirectory(_ path: BytePath) throws(FileFailure) {
        try base.syncDirectory(path)
    }

    /// See ``FileSystem/setModified(_:seconds:nanoseconds:)``.
    package func setModified(
        _ path: BytePath,
        seconds: Int64,
        nanoseconds: Int64
    ) throws(FileFailure) {
        try base.setModified(path, seconds: seconds, nanoseconds: nanoseconds)
    }

    /// See ``FileSystem/lock(_:waiting:)``.
    package func lock(_ path: BytePath, waiting: Bool) throws(FileFailure) -> any FileLock {
        if !FileStatus.exists(path) {
            // Another process may make it first: then it is there.
            _ = try? create(path, replacing: false, mode: 0o600)
        }
        return try base.lock(path, waiting: waiting)
    }

    // MARK: Modes

    /// Permissions of a new file: those of its directory, without the right to execute.
    private static func mode(of path: BytePath) -> UInt32 {
        let around = permissions(of: path.parent) ?? 0o700
        let name = String(decoding: path.lastComponent, as: UTF8.self)
        guard name.hasSuffix(".key") || name.hasSuffix(".key.tmp") else {
            return around & 0o666 | 0o600
        }
        // To the group if it may write here: its members append to the log.
        return around & 0o020 != 0 ? 0o640 : 0o600
    }

    private static func permissions(of path: BytePath) -> UInt32? {
        var status = stat()
        guard unsafe stat(path.cString, &status) == 0 else { return nil }
        return UInt32(status.st_mode) & 0o7777
    }

    /// A path without the ways in which the same path can be written otherwise.
    private static func plain(_ path: BytePath) -> [UInt8] {
        let parts = path.bytes.split(separator: UInt8(ascii: "/")).filter { $0 != [0x2e] }
        let start: [UInt8] = path.bytes.first == UInt8(ascii: "/") ? [0x2f] : []
        return start + parts.flatMap { $0 + [0x2f] }
    }
}
