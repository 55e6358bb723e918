// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// The file system of this machine.
package struct LocalFileSystem: FileSystem {
    /// Seconds to which a discreet file system rounds times down.
    package static let roundingSeconds: Int64 = 3600

    private let isDiscreet: Bool

    /// The file system of this machine.
    ///
    /// - Parameter isDiscreet: Whether the times of what is changed are rounded down to the hour,
    ///   so that a copy of a store does not tell the minute in which somebody used it.
    package init(isDiscreet: Bool = false) {
        self.isDiscreet = isDiscreet
    }

    /// See ``FileSystem/open(_:)``.
    package func open(_ path: BytePath) throws(FileFailure) -> any ReadableFile {
        // A named pipe would make a plain open wait for a writer.
        try LocalFile(path, O_RDONLY | O_NONBLOCK, .open, isDiscreet: false)
    }

    /// See ``FileSystem/create(_:replacing:mode:)``.
    package func create(
        _ path: BytePath,
        replacing: Bool,
        mode: UInt32
    ) throws(FileFailure) -> any WritableFile {
        let flags = O_WRONLY | O_CREAT | O_NOFOLLOW | (replacing ? O_TRUNC : O_EXCL)
        let file = try LocalFile(path, flags, .create, mode: mode, isDiscreet: isDiscreet)
        roundTime(of: path.parent)
        return file
    }

    /// See ``FileSystem/reopen(_:keeping:)``.
    package func reopen(
        _ path: BytePath,
        keeping count: UInt64
    ) throws(FileFailure) -> any WritableFile {
        let file = try LocalFile(
            path,
            O_WRONLY | O_APPEND | O_NOFOLLOW,
            .open,
            isDiscreet: isDiscreet
        )
        try file.cut(to: count)
        return file
    }

    /// See ``FileSystem/names(in:)``.
    package func names(in directory: BytePath) throws(FileFailure) -> [[UInt8]] {
        try Directory.names(in: directory)
    }

    /// See ``FileSystem/makeDirectory(_:mode:)``.
    @discardableResult
    package func makeDirectory(_ path: BytePath, mode: UInt32) throws(FileFailure) -> Bool {
        guard unsafe mkdir(path.cString, mode_t(mode)) == 0 else {
            if errno == EEXIST { return false }
            throw .last(.makeDirectory, path)
        }
        roundTime(of: path)
        roundTime(of: path.parent)
        return true
    }

    /// See ``FileSystem/rename(_:to:replacing:)``.
    package func rename(
        _ path: BytePath,
        to newPath: BytePath,
        replacing: Bool
    ) throws(FileFailure) {
        if replacing {
            guard unsafe Glibc.rename(path.cString, newPath.cString) == 0 else {
                throw .last(.rename, newPath)
            }
        } else {
            try renameNew(path, to: newPath)
        }
        roundTime(of: newPath.parent)
        roundTime(of: path.parent)
    }

    private func renameNew(_ path: BytePath, to newPath: BytePath) throws(FileFailure) {
        // A hard link fails where the name exists; a rename would replace it.
        if unsafe link(path.cString, newPath.cString) == 0 { return try remove(path) }
        // Directories, and file systems without hard links: a gap remains between look and rename.
        guard errno == EPERM || errno == ENOTSUP || errno == EMLINK else {
            throw .last(.rename, newPath)
        }
        guard !FileStatus.exists(newPath) else { throw FileFailure(.rename, newPath, code: EEXIST) }
        guard unsafe Glibc.rename(path.cString, newPath.cString) == 0 else {
            throw .last(.rename, newPath)
        }
    }

    /// See ``FileSystem/remove(_:)``.
    package func remove(_ path: BytePath) throws(FileFailure) {
        guard unsafe unlink(path.cString) == 0 else { throw .last(.remove, path) }
        roundTime(of: path.parent)
    }

    /// See ``FileSystem/removeDirectory(_:)``.
    package func removeDirectory(_ path: BytePath) throws(FileFailure) {
        guard unsafe rmdir(path.cString) == 0 else { throw .last(.remove, path) }
        roundTime(of: path.parent)
    }

    /// See ``FileSystem/syncDirectory(_:)``.
    package func syncDirectory(_ path: BytePath) throws(FileFailure) {
        let descriptor = unsafe Glibc.open(path.cString, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last(.sync, path) }
        defer { close(descriptor) }
        // Some file systems have nothing to sync in a directory and say so.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .last(.sync, path) }
    }

    /// See ``FileSystem/setModified(_:seconds:nanoseconds:)``.
    package func setModified(
        _ path: BytePath,
        seconds: Int64,
        nanoseconds: Int64
    ) throws(FileFailure) {
        let time = timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds))
        let times = [time, time]
        guard unsafe utimensat(AT_FDCWD, path.cString, times, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw .last(.write, path)
        }
    }

    /// See ``FileSystem/lock(_:waiting:)``.
    package func lock(_ path: BytePath, waiting: Bool) throws(FileFailure) -> any FileLock {
        let isNew = isDiscreet && !FileStatus.exists(path)
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW
        let file = try LocalFile(path, flags, .lock, isDiscreet: false)
        guard try file.lock(waiting: waiting) else {
            throw FileFailure(.lock, path, code: EWOULDBLOCK)
        }
        if isNew {
            roundTime(of: path)
            roundTime(of: path.parent)
        }
        return file
    }

    /// Rounds the time of the last change, where asked for.
    ///
    /// Whoever may not do that, in a directory of somebody else for example, leaves it as it is.
    package func roundTime(of path: BytePath) {
        guard isDiscreet, let status = try? FileStatus(of: path, followingLinks: false) else {
            return
        }
        let seconds = Self.rounded(status.modifiedSeconds)
        guard seconds != status.modifiedSeconds || status.modifiedNanoseconds != 0 else { return }
        try? setModified(path, seconds: seconds, nanoseconds: 0)
    }

    /// The hour that a moment lies in, in seconds since 1970.
    package static func rounded(_ seconds: Int64) -> Int64 {
        seconds - (seconds % roundingSeconds + roundingSeconds) % roundingSeconds
    }
}

/// An open file that closes itself.
private final class LocalFile: ReadableFile, WritableFile, FileLock {
    private let descriptor: Int32
    private let path: BytePath
    private let isDiscreet: Bool
    private let isOpen = Atomic(true)

    init(
        _ path: BytePath,
        _ flags: Int32,
        _ operation: FileFailure.Operation,
        mode: UInt32 = 0o600,
        isDiscreet: Bool
    ) throws(FileFailure) {
        descriptor = unsafe Glibc.open(path.cString, flags | O_CLOEXEC, mode_t(mode))
        self.path = path
        self.isDiscreet = isDiscreet
        guard descriptor >= 0 else {
            isOpen.store(false, ordering: .relaxed)
            throw .last(operation, path)
        }
    }

    deinit {
        // Data that matters was synced before; there is nobody to tell here.
        if isOpen.load(ordering: .relaxed) { _ = Glibc.close(descriptor) }
    }

    /// Cuts off what is beyond `count` bytes.
    func cut(to count: UInt64) throws(FileFailure) {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0, UInt64(end) >= count else { throw FileFailure(.write, path, code: EINVAL) }
        guard UInt64(end) > count else { return }
        guard ftruncate(descriptor, off_t(count)) == 0 else { throw .last(.write, path) }
    }

    func count() throws -> UInt64 {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else { throw FileFailure.last(.read, path) }
        return UInt64(end)
    }

    func read(at offset: UInt64, count: Int) throws -> [UInt8] {
        precondition(count >= 0, "a count of bytes")
        guard let start = off_t(exactly: offset) else { return [] }
        // A reader may ask for "all up to a limit": do not allocate the limit.
        let available = try self.count()
        let wanted = offset < available ? Int(min(UInt64(count), available - offset)) : 0
        var code: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted, let base = buffer.baseAddress {
                let result = unsafe pread(
                    descriptor,
                    base + filled,
                    wanted - filled,
                    start + off_t(filled)
                )
                if result < 0 && errno == EINTR { continue }
                if result < 0 { code = errno }
                guard result > 0 else { return }
                filled += result
            }
        }
        guard code == 0 else { throw FileFailure(.read, path, code: code) }
        return bytes
    }

    func write(_ bytes: Span<UInt8>) throws {
        precondition(isOpen.load(ordering: .relaxed), "a closed file is not written")
        let code = unsafe bytes.withUnsafeBufferPointer { buffer -> Int32 in
            guard let base = buffer.baseAddress else { return 0 }
            var written = 0
            while written < buffer.count {
                let rest = buffer.count - written
                let result = unsafe Glibc.write(descriptor, base + written, rest)
                if result < 0 && errno == EINTR { continue }
                if result < 0 { return errno }
                written += result
            }
            return 0
        }
        guard code == 0 else { throw FileFailure(.write, path, code: code) }
    }

    func startWriteback() {
        // Linux starts writing dirty pages when told that they are not needed. The result is of no
        // use: sync() reports what matters.
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    }

    func setMode(_ mode: UInt32) throws {
        guard fchmod(descriptor, mode_t(mode)) == 0 else { throw FileFailure.last(.write, path) }
    }

    func lock() throws -> Bool { try lock(waiting: false) }

    func lock(waiting: Bool) throws(FileFailure) -> Bool {
        while flock(descriptor, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            if errno == EWOULDBLOCK { return false }
            throw .last(.lock, path)
        }
        return true
    }

    func sync() throws {
        precondition(isOpen.load(ordering: .relaxed), "a closed file is not synced")
        roundTime()
        guard fsync(descriptor) == 0 else { throw FileFailure.last(.sync, path) }
    }

    func close() throws {
        guard isOpen.exchange(false, ordering: .relaxed) else { return }
        guard Glibc.close(descriptor) == 0 else { throw FileFailure.last(.write, path) }
    }

    private func roundTime() {
        var status = stat()
        guard isDiscreet, unsafe fstat(descriptor, &status) == 0 else { return }
        let seconds = LocalFileSystem.rounded(Int64(status.st_mtim.tv_sec))
        let time = timespec(tv_sec: Int(seconds), tv_nsec: 0)
        let times = [time, time]
        _ = unsafe futimens(descriptor, times)
    }
}
