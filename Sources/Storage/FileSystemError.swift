// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

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
