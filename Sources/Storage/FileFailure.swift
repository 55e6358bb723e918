// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A system call on a file that failed: which, where, and the system's error number.
package struct FileFailure: Error, Equatable, Sendable {
    /// What was attempted.
    package enum Operation: String, Sendable {
        case open, create, read, write, sync, inspect, list, rename, remove, lock
        case makeDirectory = "make directory"
    }

    /// What was attempted.
    package let operation: Operation
    /// The file or directory.
    package let path: BytePath
    /// The system's error number (`errno`).
    package let code: Int32

    /// The number for a path or name that is too long.
    package static let nameTooLong: Int32 = ENAMETOOLONG

    /// A failure with a given number.
    package init(_ operation: Operation, _ path: BytePath, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// The failure of the call that just returned.
    static func last(_ operation: Operation, _ path: BytePath) -> FileFailure {
        FileFailure(operation, path, code: errno)
    }

    /// Whether the file or a directory on the way to it does not exist.
    package var isMissing: Bool { code == ENOENT || code == ENOTDIR }
    /// Whether something of that name is there already.
    package var isExisting: Bool { code == EEXIST || code == ENOTEMPTY }
    /// Whether the disk or the person's share of it is full.
    package var isFull: Bool { code == ENOSPC || code == EDQUOT }
    /// Whether the person may not do this.
    package var isDenied: Bool { code == EACCES || code == EPERM }
    /// Whether the file system is mounted for reading only.
    package var isReadOnly: Bool { code == EROFS }
    /// Whether symbolic links lead in a circle, or a link stands where none is followed.
    package var isLinkLoop: Bool { code == ELOOP }
    /// Whether a path or a name is longer than the system takes.
    package var isNameTooLong: Bool { code == ENAMETOOLONG }
    /// Whether a file is longer than it may be.
    package var isTooLarge: Bool { code == EFBIG }
    /// Whether the file is a directory, or is not one, against expectation.
    package var isWrongKind: Bool { code == EISDIR || code == ENOTDIR }

    /// Whether what is there is no file, or one that cannot be read: in a store of ours, damage.
    package var isDamage: Bool {
        isWrongKind || isLinkLoop || isTooLarge || [EIO, EBADMSG, ESPIPE, ENXIO].contains(code)
    }

    /// Whether somebody else holds the lock.
    package var isLocked: Bool { operation == .lock && code == EWOULDBLOCK }

    /// What the system says about the number, in English.
    package var reason: String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }

    /// The failure of an operation of a ``FileSystem``.
    package init(_ error: FileSystemError) {
        switch error {
        case .notFound(let path): self.init(.open, BytePath(path), code: ENOENT)
        case .exists(let path): self.init(.create, BytePath(path), code: EEXIST)
        case .notPermitted(let path): self.init(.open, BytePath(path), code: EACCES)
        case .noSpace(let path): self.init(.write, BytePath(path), code: ENOSPC)
        case .readOnly(let path): self.init(.write, BytePath(path), code: EROFS)
        case .locked(let path): self.init(.lock, BytePath(path), code: EAGAIN)
        case .tooLarge(let path, _): self.init(.read, BytePath(path), code: EFBIG)
        case .failed(_, let path, let code): self.init(.write, BytePath(path), code: code)
        }
    }

    /// The failure of a file that was opened: one of ours as it is, and anything else as a failure
    /// of the device.
    package init(_ error: any Error, at path: BytePath) {
        if let failure = error as? FileFailure {
            self = failure
        } else if let error = error as? FileSystemError {
            self.init(error)
        } else {
            self.init(.write, path, code: EIO)
        }
    }

    /// A file whose content is not what it was written with.
    package static func damaged(_ path: BytePath) -> FileFailure {
        FileFailure(.read, path, code: EBADMSG)
    }
}
