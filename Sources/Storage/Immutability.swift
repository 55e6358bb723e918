// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The mark that keeps everybody, the owner included, from changing or removing a file, which
/// `chattr +i` sets.
///
/// Only root can set and clear it, and only some file systems know it.
package enum Immutability {
    // <linux/fs.h>: FS_IOC_GETFLAGS, FS_IOC_SETFLAGS, FS_IMMUTABLE_FL.
    private static let getFlags: UInt = 0x8008_6601
    private static let setFlags: UInt = 0x4008_6602
    private static let immutable: Int = 0x10

    /// Sets or clears the mark.
    ///
    /// - Throws: ``FileFailure``, where the person or the file system cannot do it.
    package static func set(_ isImmutable: Bool, of path: BytePath) throws(FileFailure) {
        let descriptor = unsafe open(path.cString, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last(.open, path) }
        defer { close(descriptor) }
        var flags = 0
        guard unsafe ioctl(descriptor, getFlags, &flags) == 0 else { throw .last(.write, path) }
        let wanted = isImmutable ? flags | immutable : flags & ~immutable
        guard wanted != flags else { return }
        flags = wanted
        guard unsafe ioctl(descriptor, setFlags, &flags) == 0 else { throw .last(.write, path) }
    }
}
