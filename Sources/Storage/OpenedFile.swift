// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A file open for reading: closed when its owner goes.
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
