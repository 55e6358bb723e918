// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The file system of this machine.
package struct LocalFileSystem: FileSystem {
    /// The file system of this machine.
    package init() {}

    /// See ``FileSystem/open(_:)``.
    package func open(_ path: String) throws -> any ReadableFile {
        OpenFile(try Descriptor(path, O_RDONLY), path: path)
    }

    /// See ``FileSystem/create(_:replacing:)``.
    package func create(_ path: String, replacing: Bool) throws -> any WritableFile {
        let mode = replacing ? O_TRUNC : O_EXCL
        let flags = O_WRONLY | O_CREAT | O_NOFOLLOW | mode
        return OpenFile(try Descriptor(path, flags), path: path)
    }

    /// See ``FileSystem/list(_:)``.
    package func list(_ directory: String) throws -> [String] {
        guard let stream = unsafe opendir(directory) else {
            throw FileSystemError(errno, "list", directory)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else { break }
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe String(
                    cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self)
                )
            }
            if name != "." && name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw FileSystemError(errno, "list", directory) }
        return names.sorted()
    }

    /// See ``FileSystem/makeDirectory(_:)``.
    package func makeDirectory(_ path: String) throws {
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw FileSystemError(errno, "make", path)
        }
    }

    /// See ``FileSystem/rename(_:to:)``.
    package func rename(_ path: String, to newPath: String) throws {
        guard unsafe Glibc.rename(path, newPath) == 0 else {
            throw FileSystemError(errno, "rename", path)
        }
    }

    /// See ``FileSystem/remove(_:)``.
    package func remove(_ path: String) throws {
        guard unsafe unlink(path) == 0 else { throw FileSystemError(errno, "remove", path) }
    }

    /// See ``FileSystem/removeDirectory(_:)``.
    package func removeDirectory(_ path: String) throws {
        guard unsafe rmdir(path) == 0 else { throw FileSystemError(errno, "remove", path) }
    }

    /// See ``FileSystem/syncDirectory(_:)``.
    package func syncDirectory(_ path: String) throws {
        let descriptor = try Descriptor(path, O_RDONLY | O_DIRECTORY)
        guard fsync(descriptor.number) == 0 else { throw FileSystemError(errno, "sync", path) }
    }

    /// See ``FileSystem/lock(_:)``.
    package func lock(_ path: String) throws -> any FileLock {
        let descriptor = try Descriptor(path, O_RDWR | O_CREAT | O_NOFOLLOW)
        guard flock(descriptor.number, LOCK_EX | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK { throw FileSystemError.locked(path) }
            throw FileSystemError(errno, "lock", path)
        }
        return HeldLock(descriptor)
    }
}

/// A file descriptor that closes itself.
private final class Descriptor {
    let number: Int32
    private(set) var isOpen = true

    init(_ path: String, _ flags: Int32) throws {
        number = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o600)
        guard number >= 0 else {
            isOpen = false
            throw FileSystemError(errno, "open", path)
        }
    }

    func close() -> Bool {
        guard isOpen else { return true }
        isOpen = false
        return Glibc.close(number) == 0
    }

    deinit {
        _ = close()
    }
}

private final class HeldLock: FileLock {
    // Closing the descriptor, or dying, gives the lock up.
    private let descriptor: Descriptor

    init(_ descriptor: Descriptor) {
        self.descriptor = descriptor
    }
}

private final class OpenFile: ReadableFile, WritableFile {
    private let descriptor: Descriptor
    private let path: String

    init(_ descriptor: Descriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    func count() throws -> UInt64 {
        let end = lseek(descriptor.number, 0, SEEK_END)
        guard end >= 0 else { throw FileSystemError(errno, "read", path) }
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
                    descriptor.number,
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
        guard code == 0 else { throw FileSystemError(code, "read", path) }
        return bytes
    }

    func write(_ bytes: [UInt8]) throws {
        precondition(descriptor.isOpen, "a closed file is not written")
        var written = 0
        while written < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { buffer in
                guard let base = buffer.baseAddress else { return 0 }
                return unsafe Glibc.write(
                    descriptor.number,
                    base + written,
                    bytes.count - written
                )
            }
            if result < 0 && errno == EINTR { continue }
            guard result > 0 else { throw FileSystemError(errno, "write", path) }
            written += result
        }
    }

    func startWriteback() {
        // Linux starts writing dirty pages when told that they are not needed. The result is of no
        // use: sync() reports what matters.
        _ = posix_fadvise(descriptor.number, 0, 0, POSIX_FADV_DONTNEED)
    }

    func sync() throws {
        precondition(descriptor.isOpen, "a closed file is not synced")
        guard fsync(descriptor.number) == 0 else { throw FileSystemError(errno, "sync", path) }
    }

    func close() throws {
        guard descriptor.close() else { throw FileSystemError(errno, "close", path) }
    }
}

extension FileSystemError {
    fileprivate init(_ code: Int32, _ operation: String, _ path: String) {
        switch code {
        case ENOENT: self = .notFound(path)
        case EEXIST: self = .exists(path)
        case EACCES, EPERM: self = .notPermitted(path)
        case ENOSPC, EDQUOT: self = .noSpace(path)
        case EROFS: self = .readOnly(path)
        default: self = .failed(operation: operation, path: path, code: code)
        }
    }
}
