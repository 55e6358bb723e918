// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What a log commits to: its name, its size and its root.
///
/// Spec: C2SP `tlog-checkpoint`.
package struct Checkpoint: Equatable, Sendable {
    /// Longest line, in bytes.
    package static let lineCountMax = 1024
    /// Most extension lines.
    package static let extensionCountMax = 16

    /// Name of the log: a note that a log signs has the same key name.
    package let origin: String
    /// Leaves in the tree.
    package let size: UInt64
    /// Root of the tree.
    package let root: LogHash
    /// Further lines; none are written here, others' are kept.
    package let extensions: [String]

    /// A checkpoint of a log without extensions.
    package init(origin: KeyName, size: UInt64, root: LogHash) {
        self.origin = origin.description
        self.size = size
        self.root = root
        extensions = []
    }

    /// Reads the text of a note.
    ///
    /// - Throws: `.malformedCheckpoint` with the line.
    package init(parsing text: [UInt8]) throws(TransparencyLogError) {
        try self.init(claimedBy: text)
        guard size > 0 || root == MerkleTree.emptyRoot else {
            throw .malformedCheckpoint(line: 3)
        }
    }

    /// Reads a text that may give a tree without leaves a root that it cannot have: a witness has
    /// an answer of its own for that.
    ///
    /// - Throws: `.malformedCheckpoint` with the line.
    init(claimedBy text: [UInt8]) throws(TransparencyLogError) {
        guard text.last == 0x0a else { throw .malformedCheckpoint(line: 1) }
        let lines = text.dropLast().split(separator: 0x0a, omittingEmptySubsequences: false)
        var strings: [String] = []
        for (index, line) in lines.enumerated() {
            guard (1...Self.lineCountMax).contains(line.count),
                !line.contains(where: { $0 < 0x20 }),
                let string = String(validating: line, as: UTF8.self),
                index < 3 + Self.extensionCountMax
            else { throw .malformedCheckpoint(line: index + 1) }
            strings.append(string)
        }
        guard lines.count >= 3 else { throw .malformedCheckpoint(line: lines.count + 1) }
        guard let size = Decimal.parse(lines[1]) else { throw .malformedCheckpoint(line: 2) }
        do {
            root = try LogHash(base64: lines[2])
        } catch {
            throw .malformedCheckpoint(line: 3)
        }
        origin = strings[0]
        self.size = size
        extensions = Array(strings[3...])
    }

    /// The text to sign.
    package var text: [UInt8] {
        let lines = [origin, String(size), root.base64] + extensions
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// Whether two checkpoints say the same, byte for byte.
    package static func == (left: Checkpoint, right: Checkpoint) -> Bool {
        left.text == right.text
    }

    /// Reads a note that a log signed.
    ///
    /// - Parameters:
    ///   - note: The signed checkpoint; unknown signatures are skipped.
    ///   - log: Key of the log, whose name has to be the origin.
    /// - Returns: What the log signed.
    /// - Throws: `.malformedCheckpoint`, `.unknownLog` for another
    ///   origin, `.noKnownSignature`, `.invalidSignature`.
    package static func open(
        _ note: SignedNote,
        log: NoteVerifier
    ) throws(TransparencyLogError) -> Checkpoint {
        let checkpoint = try Checkpoint(parsing: note.text)
        guard log.name.isEqual(to: checkpoint.origin) else { throw .unknownLog }
        _ = try note.verify([log])
        return checkpoint
    }
}
