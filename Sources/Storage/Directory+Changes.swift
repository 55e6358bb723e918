// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Changes outside of homes, on the file system of this machine.
///
/// What is inside a home is changed through `HomeLayout.files`, which tests make fail.
extension Directory {
    /// See ``FileSystem/make(_:mode:)``.
    @discardableResult
    package static func make(_ path: BytePath, mode: UInt32 = 0o700) throws(FileFailure) -> Bool {
        try LocalFileSystem().make(path, mode: mode)
    }

    /// See ``FileSystem/replace(_:with:mode:)``.
    package static func replace(
        _ path: BytePath,
        with bytes: [UInt8],
        mode: UInt32 = 0o600
    ) throws(FileFailure) {
        try LocalFileSystem().replace(path, with: bytes, mode: mode)
    }

    /// See ``FileSystem/rename(_:to:)``.
    package static func rename(_ old: BytePath, to new: BytePath) throws(FileFailure) {
        try LocalFileSystem().rename(old, to: new)
    }

    /// Removes a file.
    package static func remove(_ path: BytePath) throws(FileFailure) {
        try LocalFileSystem().remove(path)
    }
}
