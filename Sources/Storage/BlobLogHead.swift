// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
import TransparencyLog

/// The one object that is a log in a store: its size and root, who appends, and the tiles that may
/// not be in their places yet.
///
/// Its signature is no checkpoint's, because its first line is no log's name: a head that lost
/// against another one contradicts nothing that the log signed.
///
/// Spec: `docs/spec/node-s3.md`, section 3.
struct BlobLogHead {
    /// Longest head, in bytes.
    static let countMax = 64 << 20
    /// So many bytes at the front hold the note.
    static let noteCountMax = 4096
    /// Bytes that name a writer.
    static let writerCount = 16
    private static let title = "resguardo-head/1 "

    let size: UInt64
    let root: LogHash
    let keepsEntries: Bool
    let writer: [UInt8]
    let tiles: [StagedTile]

    /// A head with these parts.
    init(size: UInt64, root: LogHash, keepsEntries: Bool, writer: [UInt8], tiles: [StagedTile]) {
        precondition(writer.count == Self.writerCount, "a writer has 16 bytes")
        self.size = size
        self.root = root
        self.keepsEntries = keepsEntries
        self.writer = writer
        self.tiles = tiles
    }

    /// The object.
    func encoded(_ signer: NoteSigner) -> [UInt8] {
        var staged: [UInt8] = []
        for tile in tiles {
            staged += Array("\(tile.path.path) \(tile.bytes.count)\n".utf8) + tile.bytes
        }
        let lines = [
            Self.title + signer.verifier.name.description, String(size), root.base64,
            keepsEntries ? "entries" : "hashes", Hex.encode(writer),
            Hex.encode(SHA256.hash(staged)),
        ]
        let text = Array((lines.joined(separator: "\n") + "\n").utf8)
        let note = signer.note(text).encoded
        return Array("note \(note.count)\n".utf8) + note + staged
    }

    /// Reads the object.
    ///
    /// - Throws: `.damaged`, `.wrongKey`.
    init(parsing bytes: [UInt8], log: NoteVerifier) throws(TiledLogError) {
        let (lines, rest) = try Self.lines(bytes, log)
        guard let size = UInt64(lines[1]), String(size) == lines[1],
            let root = try? LogHash(base64: Array(lines[2].utf8)[...]),
            lines[3] == "entries" || lines[3] == "hashes",
            let writer = try? Hex.decode(lines[4]), writer.count == Self.writerCount,
            Hex.encode(SHA256.hash(Array(rest))) == lines[5]
        else { throw Self.damaged }
        var tiles: [StagedTile] = []
        var left = rest
        while !left.isEmpty {
            guard let (line, after) = Self.line(left) else { throw Self.damaged }
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 2, let path = try? TilePath(parsing: String(words[0])),
                let count = Int(words[1]), String(count) == words[1], count <= after.count
            else { throw Self.damaged }
            tiles.append(StagedTile(path: path, bytes: Array(after.prefix(count))))
            left = after.dropFirst(count)
        }
        self.init(
            size: size,
            root: root,
            keepsEntries: lines[3] == "entries",
            writer: writer,
            tiles: tiles
        )
    }

    /// Reads who appends from the front of the object.
    ///
    /// - Throws: As the whole.
    static func writer(
        parsing front: [UInt8],
        log: NoteVerifier
    ) throws(TiledLogError) -> [UInt8] {
        let (lines, _) = try lines(front, log)
        guard let writer = try? Hex.decode(lines[4]) else { throw damaged }
        return writer
    }

    private static let damaged = TiledLogError.damaged(path: BlobLog.headName)

    /// The lines of the note, whose signature is verified, and what follows it.
    private static func lines(
        _ bytes: [UInt8],
        _ log: NoteVerifier
    ) throws(TiledLogError) -> (lines: [String], rest: ArraySlice<UInt8>) {
        guard let (first, after) = line(bytes[...]), first.hasPrefix("note "),
            let count = Int(first.dropFirst(5)), (1...noteCountMax).contains(count),
            count <= after.count, let note = try? SignedNote(parsing: Array(after.prefix(count)))
        else { throw damaged }
        do {
            _ = try note.verify([log])
        } catch {
            throw .wrongKey(error)
        }
        let lines = String(decoding: note.text.dropLast(), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 6, lines[0] == title + log.name.description else { throw damaged }
        return (lines, after.dropFirst(count))
    }

    private static func line(
        _ bytes: ArraySlice<UInt8>
    ) -> (line: String, rest: ArraySlice<UInt8>)? {
        guard let end = bytes.prefix(128).firstIndex(of: 0x0a) else { return nil }
        return (String(decoding: bytes[..<end], as: UTF8.self), bytes[(end + 1)...])
    }
}
