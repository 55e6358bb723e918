// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What the system says about a file: enough to see that it changed while it was read.
package struct FileStatus: Equatable, Sendable {
    /// What stands under a name.
    package enum Kind: Sendable {
        case file, directory, symbolicLink, other
    }

    /// What it is.
    package let kind: Kind
    /// Length in bytes.
    package let sizeBytes: Int64
    /// Last change of the content: seconds since 1970, may be negative.
    package let modifiedSeconds: Int64
    /// Last change of the content: nanoseconds within the second.
    package let modifiedNanoseconds: Int64
    /// Which file this is: device and inode.
    package let device: UInt64
    /// Which file this is: device and inode.
    package let inode: UInt64

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .symbolicLink
        default: kind = .other
        }
        sizeBytes = Int64(status.st_size)
        modifiedSeconds = Int64(status.st_mtim.tv_sec)
        modifiedNanoseconds = Int64(status.st_mtim.tv_nsec)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    /// Looks at what stands under `path`.
    ///
    /// - Parameters:
    ///   - path: The name.
    ///   - followingLinks: Whether a symbolic link stands for what it points to.
    /// - Throws: ``FileFailure``.
    package init(of path: BytePath, followingLinks: Bool = true) throws(FileFailure) {
        var status = stat()
        let result =
            unsafe followingLinks
            ? stat(path.cString, &status) : lstat(path.cString, &status)
        guard result == 0 else { throw .last(.inspect, path) }
        self.init(status)
    }

    /// Whether anything at all, a dangling link included, stands under `path`.
    package static func exists(_ path: BytePath) -> Bool {
        // A directory that may not be searched hides the name from us as it does from anybody.
        (try? FileStatus(of: path, followingLinks: false)) != nil
    }
}
