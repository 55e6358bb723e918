// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Operations on directories and names, each durable when it says so.
package enum Directory {
    /// Names inside a directory, sorted by bytes, without `.` and `..`.
    ///
    /// - Throws: FileFailure.
    package static func names(in path: BytePath) throws(FileFailure) -> [[UInt8]] {
        guard let stream = unsafe opendir(path.cString) else { throw .last(.list, path) }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else { break }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                unsafe Array(raw.prefix { $0 != 0 })
            }
            if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
        }
        guard errno == 0 else { throw .last(.list, path) }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Makes a directory, private to its owner, and the ones on the way to it.
    ///
    /// - Returns: Whether it is new.
    /// - Throws: FileFailure.
    @discardableResult
    package static func make(_ path: BytePath, mode: UInt32 = 0o700) throws(FileFailure) -> Bool {
        if unsafe mkdir(path.cString, mode_t(mode)) == 0 {
            try sync(path.parent)
            return true
        }
        switch errno {
        case EEXIST: return false
        case ENOENT where path.parent != path:
            try make(path.parent, mode: mode)
            return try make(path, mode: mode)
        default: throw .last(.makeDirectory, path)
        }
    }

    /// Makes a directory and the ones on the way to it, for output that need not survive a crash.
    package static func makeUnsynced(_ path: BytePath, mode: UInt32 = 0o700) throws(FileFailure) {
        if unsafe mkdir(path.cString, mode_t(mode)) == 0 { return }
        switch errno {
        case EEXIST: return
        case ENOENT where path.parent != path:
            try makeUnsynced(path.parent, mode: mode)
            try makeUnsynced(path, mode: mode)
        default: throw .last(.makeDirectory, path)
        }
    }

    /// Renames output that need not survive a crash, over a file that has the name.
    package static func renameUnsynced(_ old: BytePath, to new: BytePath) throws(FileFailure) {
        guard unsafe Glibc.rename(old.cString, new.cString) == 0 else {
            throw .last(.rename, new)
        }
    }

    /// Waits until the names inside a directory are on the medium.
    package static func sync(_ path: BytePath) throws(FileFailure) {
        let descriptor = unsafe open(path.cString, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last(.sync, path) }
        defer { close(descriptor) }
        // Some file systems have nothing to sync in a directory and say so.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .last(.sync, path) }
    }

    /// Renames durably: both directories are synced.
    package static func rename(_ old: BytePath, to new: BytePath) throws(FileFailure) {
        guard unsafe Glibc.rename(old.cString, new.cString) == 0 else {
            throw .last(.rename, new)
        }
        try sync(new.parent)
        if old.parent != new.parent { try sync(old.parent) }
    }

    /// Renames, and refuses to replace what has the new name.
    package static func renameNew(_ old: BytePath, to new: BytePath) throws(FileFailure) {
        // A hard link fails where the name exists; a rename would replace it.
        let result = unsafe link(old.cString, new.cString)
        if result == 0 {
            try remove(old)
            return
        }
        guard errno == EPERM || errno == ENOTSUP || errno == EMLINK else {
            throw .last(.rename, new)
        }
        // File systems without hard links: a gap remains between the look and the rename.
        guard !FileStatus.exists(new) else { throw FileFailure(.rename, new, code: EEXIST) }
        guard unsafe Glibc.rename(old.cString, new.cString) == 0 else {
            throw .last(.rename, new)
        }
    }

    /// Removes a file.
    package static func remove(_ path: BytePath) throws(FileFailure) {
        guard unsafe unlink(path.cString) == 0 else { throw .last(.remove, path) }
    }

    /// Removes a directory that is empty.
    package static func removeEmpty(_ path: BytePath) throws(FileFailure) {
        guard unsafe rmdir(path.cString) == 0 else { throw .last(.remove, path) }
    }

    /// Where a symbolic link points.
    package static func target(of link: BytePath) throws(FileFailure) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: BytePath.countMax + 1)
        let count = unsafe readlink(link.cString, &buffer, buffer.count)
        guard count >= 0 else { throw .last(.inspect, link) }
        return buffer.prefix(count).map { UInt8(bitPattern: $0) }
    }

    /// The absolute path without links, `.` and `..`.
    package static func resolve(_ path: BytePath) throws(FileFailure) -> BytePath {
        guard let resolved = unsafe realpath(path.cString, nil) else {
            throw .last(.inspect, path)
        }
        defer { unsafe free(resolved) }
        return unsafe BytePath(
            Array(
                UnsafeBufferPointer(
                    start: resolved,
                    count: strlen(resolved)
                )
            ).map { UInt8(bitPattern: $0) }
        )
    }

    /// Replaces a small file: temporary file, sync, rename, sync of the directory.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - bytes: All it shall hold.
    ///   - mode: Permissions of the new file.
    /// - Throws: ``FileFailure``; the old content stands then, or the new one, never a mixture.
    package static func replace(
        _ path: BytePath,
        with bytes: [UInt8],
        mode: UInt32 = 0o600
    ) throws(FileFailure) {
        let temporary = BytePath(path.bytes + Array(".new".utf8))
        if FileStatus.exists(temporary) { try remove(temporary) }
        do {
            let file = try OpenedFile.creating(temporary, mode: mode)
            try file.write(bytes)
            try file.sync()
            try rename(temporary, to: path)
        } catch {
            // The first failure is the one to report; a leftover is replaced next time.
            try? remove(temporary)
            throw error
        }
    }

    /// Reads a small file whole.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - countMax: The longest content that is accepted, in bytes.
    /// - Returns: Its bytes.
    /// - Throws: ``FileFailure``; a file that is too long fails with `EFBIG`.
    package static func contents(
        of path: BytePath,
        countMax: Int
    ) throws(FileFailure) -> [UInt8] {
        let file = try OpenedFile.reading(path)
        let status = try file.status()
        guard status.kind != .directory else { throw FileFailure(.read, path, code: EISDIR) }
        let bytes = try file.read(countMax + 1)
        guard bytes.count <= countMax else { throw FileFailure(.read, path, code: EFBIG) }
        return bytes
    }

    /// Reads a small file whole, if there is one.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - countMax: The longest content that is accepted, in bytes.
    /// - Returns: Nil where no such file is.
    /// - Throws: As ``contents(of:countMax:)``.
    package static func contentsIfPresent(
        of path: BytePath,
        countMax: Int
    ) throws(FileFailure) -> [UInt8]? {
        do {
            return try contents(of: path, countMax: countMax)
        } catch {
            if error.isMissing { return nil }
            throw error
        }
    }
}
