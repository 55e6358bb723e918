// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Changes that are durable when they return.
extension FileSystem {
    /// Makes a directory, private to its owner, and the ones on the way to it.
    ///
    /// - Returns: Whether it is new.
    /// - Throws: ``FileFailure``.
    @discardableResult
    package func make(_ path: BytePath, mode: UInt32 = 0o700) throws(FileFailure) -> Bool {
        let isNew: Bool
        do {
            isNew = try makeDirectory(path, mode: mode)
        } catch {
            guard error.isMissing, path.parent != path else { throw error }
            try make(path.parent, mode: mode)
            isNew = try makeDirectory(path, mode: mode)
        }
        do {
            // One that is there may be there since a moment ago, by a run that was killed.
            try syncDirectory(path.parent)
        } catch  where !isNew && error.isDenied {
            // Somebody else's directory, which a run of ours cannot have written.
        }
        return isNew
    }

    /// Makes a directory and the ones on the way to it, for output that need not survive a crash.
    package func makeUnsynced(_ path: BytePath, mode: UInt32 = 0o700) throws(FileFailure) {
        do {
            try makeDirectory(path, mode: mode)
        } catch {
            guard error.isMissing, path.parent != path else { throw error }
            try makeUnsynced(path.parent, mode: mode)
            try makeDirectory(path, mode: mode)
        }
    }

    /// Renames durably, over a file that has the name: both directories are synced.
    package func rename(_ old: BytePath, to new: BytePath) throws(FileFailure) {
        try rename(old, to: new, replacing: true)
        try syncDirectory(new.parent)
        if old.parent != new.parent { try syncDirectory(old.parent) }
    }

    /// Replaces a small file: temporary file, sync, rename, sync of the directory.
    ///
    /// The caller keeps others from replacing the same file, because both would write the same
    /// temporary file, `path` with `.new`.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - bytes: All it shall hold.
    ///   - mode: Permissions of the new file.
    /// - Throws: ``FileFailure``; the old content stands then, or the new one, never a mixture.
    package func replace(
        _ path: BytePath,
        with bytes: [UInt8],
        mode: UInt32 = 0o600
    ) throws(FileFailure) {
        let temporary = BytePath(path.bytes + Array(".new".utf8))
        do {
            try write(bytes, to: temporary, mode: mode)
            try rename(temporary, to: path)
        } catch {
            // The first failure is the one to report; a leftover is replaced next time.
            try? remove(temporary)
            throw error
        }
    }

    private func write(
        _ bytes: [UInt8],
        to path: BytePath,
        mode: UInt32
    ) throws(FileFailure) {
        // A leftover may have other permissions, so it is not written over.
        if FileStatus.exists(path) { try remove(path) }
        let file = try create(path, replacing: false, mode: mode)
        do {
            try file.write(bytes)
            try file.sync()
            try file.close()
        } catch {
            throw FileFailure(error, at: path)
        }
    }
}

/// The same on paths of text.
extension FileSystem {
    /// Reads a whole file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - countMax: Most bytes it can have if it is ours.
    /// - Returns: Its bytes.
    /// - Throws: ``FileSystemError``.
    package func read(_ path: String, countMax: Int) throws -> [UInt8] {
        // One byte more than allowed tells a file that is too long from one that just fits.
        let bytes = try open(path).read(at: 0, count: countMax + 1)
        guard bytes.count <= countMax else {
            throw FileSystemError.tooLarge(path, limit: countMax)
        }
        return bytes
    }

    /// Whether there is a file that can be opened.
    ///
    /// - Throws: ``FileSystemError``, when it cannot be told.
    package func exists(_ path: String) throws -> Bool {
        do {
            _ = try open(path)
            return true
        } catch FileSystemError.notFound {
            return false
        }
    }

    /// Replaces a file: after any interruption it is the old one or the new one, and once this
    /// returns it is durably the new one.
    ///
    /// The caller holds a lock that keeps others from replacing the same file, because both would
    /// write the same temporary file, `path` with `.tmp`.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - bytes: All it shall hold.
    /// - Throws: ``FileSystemError``.
    package func replace(_ path: String, with bytes: [UInt8]) throws {
        try prepareReplacement(of: path, with: bytes)
        try commitReplacement(of: path)
    }

    /// First half of ``replace(_:with:)``: nothing is visible yet, and failing changes nothing.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - bytes: All it shall hold.
    /// - Throws: ``FileSystemError``.
    package func prepareReplacement(of path: String, with bytes: [UInt8]) throws {
        let file = try create(path + ".tmp", replacing: true)
        try file.write(bytes)
        try file.sync()
        try file.close()
    }

    /// Second half of ``replace(_:with:)``.
    ///
    /// - Throws: ``FileSystemError``; then it is unknown which of the two files a crash leaves.
    package func commitReplacement(of path: String) throws {
        try rename(path + ".tmp", to: path)
        try syncDirectory(Self.parent(of: path))
    }

    /// The directory a path lies in.
    package static func parent(of path: String) -> String {
        let end = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        guard let end else { return "." }
        return end == path.utf8.startIndex ? "/" : String(path[..<end])
    }
}
