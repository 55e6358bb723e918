// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Sodium

/// Files whose old content should be gone, as far as the medium allows.
///
/// Flash memory, journals, snapshots and backups keep what was overwritten: what holds is that the
/// file system no longer gives it out.
extension FileSystem {
    /// Overwrites a file with random bytes, syncs it, and removes its name.
    ///
    /// - Throws: ``FileFailure``; a file that is not there is no failure.
    package func destroy(_ path: BytePath) throws(FileFailure) {
        guard FileStatus.exists(path) else { return }
        try DoomedFile(path).overwrite()
        try remove(path)
        try syncDirectory(path.parent)
    }

    /// As ``replace(_:with:mode:)``, and overwrites what stood there before.
    ///
    /// - Throws: ``FileFailure``; the old content stands then, or the new one, never a mixture.
    package func supersede(
        _ path: BytePath,
        with bytes: [UInt8],
        mode: UInt32 = 0o600
    ) throws(FileFailure) {
        let old = try DoomedFile(path)
        try replace(path, with: bytes, mode: mode)
        // The name stands for the new file durably; only the old blocks are left to lose.
        try old.overwrite()
    }
}

/// The content of a file, whatever becomes of its name.
private struct DoomedFile: ~Copyable {
    private static let pieceCount = 1 << 20
    private let path: BytePath
    /// Negative where there is nothing of ours to write over: no file, a link, a directory.
    private let descriptor: Int32

    init(_ path: BytePath) throws(FileFailure) {
        let flags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let descriptor = unsafe Glibc.open(path.cString, flags)
        guard descriptor >= 0 || [ENOENT, ENOTDIR, ELOOP, EISDIR, ENXIO].contains(errno) else {
            throw .last(.open, path)
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        if descriptor >= 0 { _ = close(descriptor) }
    }

    func overwrite() throws(FileFailure) {
        guard descriptor >= 0 else { return }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .last(.inspect, path) }
        guard status.st_mode & S_IFMT == S_IFREG else { return }
        var remaining = Int(status.st_size)
        while remaining > 0 {
            let bytes = randomBytes(min(remaining, Self.pieceCount))
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .last(.write, path) }
            remaining -= count
        }
        guard fsync(descriptor) == 0 else { throw .last(.sync, path) }
    }
}
