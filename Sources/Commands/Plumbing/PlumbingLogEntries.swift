// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Storage
import TransparencyLog

/// Entries to append: files, or standard input, batch by batch.
struct PlumbingLogEntries {
    private static let pieceCount = 1 << 20

    private var files: ArraySlice<String>
    private let readsInput: Bool
    private let isFramed: Bool
    /// Input that was read and not yet handed out, from `start` on.
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    init(files: [String], isFramed: Bool) {
        self.files = files[...]
        readsInput = files.isEmpty
        self.isFramed = isFramed
    }

    /// The next entries, fewer than `count` at the end only.
    mutating func next(_ count: Int) throws -> [[UInt8]] {
        var entries: [[UInt8]] = []
        while entries.count < count, let entry = try nextEntry() {
            entries.append(entry)
        }
        return entries
    }

    private mutating func nextEntry() throws -> [UInt8]? {
        if let path = files.popFirst() {
            return try LocalFileSystem().read(path, countMax: EntryBundle.entryCountMax)
        }
        guard readsInput else { return nil }
        return isFramed ? try nextFrame() : try nextLine()
    }

    private mutating func nextFrame() throws -> [UInt8]? {
        try fill(2)
        guard buffer.count > start else { return nil }
        guard buffer.count >= start + 2 else { throw cutShort() }
        let count = Int(buffer[start]) << 8 | Int(buffer[start + 1])
        try fill(2 + count)
        guard buffer.count >= start + 2 + count else { throw cutShort() }
        defer { start += 2 + count }
        return Array(buffer[(start + 2)..<(start + 2 + count)])
    }

    private mutating func nextLine() throws -> [UInt8]? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return Array(buffer[start..<end])
            }
            guard buffer.count - start <= EntryBundle.entryCountMax else {
                throw TiledLogError.entryTooLong(limit: EntryBundle.entryCountMax)
            }
            let before = buffer.count - start
            try fill(before + 1)
            searched = start + before
            guard buffer.count == searched else { continue }
            // The last line needs no line feed.
            defer { start = buffer.count }
            return before > 0 ? Array(buffer[start...]) : nil
        }
    }

    /// Reads until `count` bytes are at hand, or the input ends.
    private mutating func fill(_ count: Int) throws {
        guard buffer.count - start < count, !isAtEnd else { return }
        buffer.removeFirst(start)
        start = 0
        while buffer.count < count && !isAtEnd {
            let piece = try PlumbingLogFiles.readInput(Self.pieceCount)
            isAtEnd = piece.isEmpty
            buffer += piece
        }
    }

    private func cutShort() -> Failure {
        Failure(
            .failed,
            Text(
                en: "the input ends in the middle of an entry",
                es: "la entrada termina en medio de un registro"
            ),
            word: "entry"
        )
    }
}
