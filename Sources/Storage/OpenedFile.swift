// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An open file: closed when its owner goes.
package struct OpenedFile: ~Copyable, Sendable {
    /// Under which name it was opened; for messages.
    package let path: BytePath
    let descriptor: Int32

    private init(descriptor: Int32, path: BytePath) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        // Data that matters was synced before; there is nobody to tell here.
        _ = close(descriptor)
    }

    /// Opens a file for reading.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - followingLinks: Whether a symbolic link in the last component is followed.
    /// - Returns: The open file, at its beginning.
    /// - Throws: ``FileFailure``.
    package static func reading(
        _ path: BytePath,
        followingLinks: Bool = true
    ) throws(FileFailure) -> OpenedFile {
        // A named pipe would make a plain open wait for a writer.
        var flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK
        if !followingLinks { flags |= O_NOFOLLOW }
        let descriptor = unsafe open(path.cString, flags)
        guard descriptor >= 0 else { throw .last(.open, path) }
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        return OpenedFile(descriptor: descriptor, path: path)
    }

    /// Creates a file that must not exist, for writing.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - mode: Permissions, 0600 for whatever is or may become secret.
    /// - Returns: The open file, empty.
    /// - Throws: ``FileFailure``.
    package static func creating(
        _ path: BytePath,
        mode: UInt32 = 0o600
    ) throws(FileFailure) -> OpenedFile {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = unsafe open(path.cString, flags, mode_t(mode))
        guard descriptor >= 0 else { throw .last(.create, path) }
        return OpenedFile(descriptor: descriptor, path: path)
    }

    /// Opens a file that carries a lock, and makes it if need be.
    ///
    /// - Throws: ``FileFailure``.
    package static func locking(_ path: BytePath) throws(FileFailure) -> OpenedFile {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        let descriptor = unsafe open(path.cString, flags, mode_t(0o600))
        guard descriptor >= 0 else { throw .last(.open, path) }
        return OpenedFile(descriptor: descriptor, path: path)
    }

    /// Standard input of the process.
    package static func standardInput() throws(FileFailure) -> OpenedFile {
        let path = BytePath("-")
        let descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { throw .last(.open, path) }
        return OpenedFile(descriptor: descriptor, path: path)
    }

    /// Looks at the file as it is now.
    package func status() throws(FileFailure) -> FileStatus {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .last(.inspect, path) }
        return FileStatus(status)
    }

    /// Reads until `count` bytes are there or the file ends.
    ///
    /// - Parameter count: 1 or more.
    /// - Returns: Fewer bytes than `count` only at the end.
    /// - Throws: FileFailure.
    package func read(_ count: Int) throws(FileFailure) -> [UInt8] {
        precondition(count > 0, "a read of something")
        var code: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filledCount in
            filledCount = 0
            guard let base = buffer.baseAddress else { return }
            while filledCount < count {
                let result = unsafe readSome(base + filledCount, count - filledCount)
                if result == 0 { return }
                if result < 0 {
                    code = errno
                    return
                }
                filledCount += result
            }
        }
        guard code == 0 else { throw FileFailure(.read, path, code: code) }
        return bytes
    }

    /// Reads what comes with one call of the system.
    ///
    /// - Parameters:
    ///   - target: Filled from its front.
    ///   - countMax: One byte or more; what `target` has no room for is not read.
    /// - Returns: How many bytes were read; zero at the end of the file.
    /// - Throws: FileFailure.
    package func read(
        into target: inout MutableSpan<UInt8>,
        countMax: Int = .max
    ) throws(FileFailure) -> Int {
        let countMax = min(countMax, target.count)
        precondition(countMax > 0, "a read of something")
        let result = unsafe target.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            return unsafe readSome(base, countMax)
        }
        guard result >= 0 else { throw .last(.read, path) }
        return result
    }

    /// As `read` of the system, which is asked again where it was interrupted or has nothing yet.
    @unsafe
    private func readSome(_ base: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
        while true {
            let result = unsafe Glibc.read(descriptor, base, count)
            if result >= 0 { return result }
            if errno == EINTR { continue }
            if errno == EAGAIN, waitUntilReadable() { continue }
            return result
        }
    }

    /// Writes all of `bytes`.
    ///
    /// - Throws: FileFailure; how much was written by then is unknown.
    package func write(_ bytes: Span<UInt8>) throws(FileFailure) {
        let code = unsafe bytes.withUnsafeBufferPointer { buffer -> Int32 in
            guard let base = buffer.baseAddress else { return 0 }
            var writtenCount = 0
            while writtenCount < buffer.count {
                let result = unsafe Glibc.write(
                    descriptor,
                    base + writtenCount,
                    buffer.count - writtenCount
                )
                if result < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                writtenCount += result
            }
            return 0
        }
        guard code == 0 else { throw FileFailure(.write, path, code: code) }
    }

    /// Writes all of `bytes`.
    package func write(_ bytes: [UInt8]) throws(FileFailure) {
        try write(bytes.span)
    }

    /// Waits until content and length are on the medium.
    package func sync() throws(FileFailure) {
        guard fsync(descriptor) == 0 else { throw .last(.sync, path) }
    }

    /// Sets the permissions.
    package func setMode(_ mode: UInt32) throws(FileFailure) {
        guard fchmod(descriptor, mode_t(mode)) == 0 else { throw .last(.write, path) }
    }

    /// Sets the time of the last change, as it was on the machine the file came from.
    package func setModified(seconds: Int64, nanoseconds: Int64) throws(FileFailure) {
        let time = timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds))
        let times = [time, time]
        guard unsafe futimens(descriptor, times) == 0 else { throw .last(.write, path) }
    }

    /// Takes the exclusive lock of this open file.
    ///
    /// The lock goes with the file, also when the process is killed.
    ///
    /// - Parameter waiting: Whether to wait for whoever holds it.
    /// - Returns: Whether the lock is ours; always true when waiting.
    /// - Throws: ``FileFailure``.
    package func lock(waiting: Bool) throws(FileFailure) -> Bool {
        while flock(descriptor, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            if errno == EWOULDBLOCK { return false }
            throw .last(.lock, path)
        }
        return true
    }

    private func waitUntilReadable() -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&request, 1, -1) >= 0 || errno == EINTR
    }
}
