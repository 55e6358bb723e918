// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

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
