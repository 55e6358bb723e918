// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Why a file operation failed.
package enum FileSystemError: Error, Equatable, Sendable {
    /// There is no file or directory of that name.
    case notFound(String)
    /// A file of that name exists and must not be replaced.
    case exists(String)
    /// The user may not do that.
    case notPermitted(String)
    /// The disk or a quota is full.
    case noSpace(String)
    /// The file system is read-only.
    case readOnly(String)
    /// Another process holds the lock.
    case locked(String)
    /// A file is larger than it can be if it is ours; `limit` in bytes.
    case tooLarge(String, limit: Int)
    /// Anything else, with the system's error number.
    case failed(operation: String, path: String, code: Int32)
}

extension FileSystemError {
    /// The failure of an operation on a path of bytes.
    init(_ failure: FileFailure) {
        let path = String(decoding: failure.path.bytes, as: UTF8.self)
        switch failure.code {
        case ENOENT: self = .notFound(path)
        case EEXIST: self = .exists(path)
        case EACCES, EPERM: self = .notPermitted(path)
        case ENOSPC, EDQUOT: self = .noSpace(path)
        case EROFS: self = .readOnly(path)
        case EWOULDBLOCK where failure.operation == .lock: self = .locked(path)
        default:
            self = .failed(
                operation: failure.operation.rawValue,
                path: path,
                code: failure.code
            )
        }
    }
}
