// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Looks at directories and small files.
///
/// Changes are made through a ``FileSystem``.
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
