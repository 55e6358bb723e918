// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import TransparencyLog

/// The state of the log that a snapshot was made from, as the log and its witnesses signed it.
package struct SnapshotCheckpoint: Equatable, Sendable {
    /// The longest origin, in bytes.
    package static let originCountMax = 256
    /// The longest note, in bytes: of some fifty witnesses.
    package static let byteCountMax = 8 << 10
    /// How old witnesses' signatures may be at the date of a snapshot.
    package static let witnessedSecondsBefore: Int64 = 7 * 86_400
    /// How much later than that date they may be, since clocks differ.
    package static let witnessedSecondsAfter: Int64 = 86_400

    /// What they signed, and their signatures: nobody has verified them.
    package let note: SignedNote
    private let checkpoint: Checkpoint

    /// Name of the log.
    package var origin: String { checkpoint.origin }
    /// Entries in the log.
    package var size: Int64 { Int64(checkpoint.size) }
    /// Root hash of the tree, 32 bytes.
    package var root: [UInt8] { checkpoint.root.bytes }

    /// Reads a checkpoint; the signatures are for who has the policy.
    ///
    /// - Parameter note: The checkpoint.
    /// - Throws: `.malformed` where it is none, or has too many entries for JSON; `.tooLarge`.
    package init(note: SignedNote) throws(SnapshotError) {
        guard let checkpoint = try? Checkpoint(parsing: note.text),
            checkpoint.size <= UInt64(JSONValue.integerMax),
            checkpoint.origin.utf8.count <= Self.originCountMax
        else { throw .malformed(line: 1) }
        guard note.encoded.count <= Self.byteCountMax else { throw .tooLarge(line: 1) }
        self.note = note
        self.checkpoint = checkpoint
    }

    /// Makes sure that the log and its witnesses stood behind the checkpoint around a date.
    ///
    /// Without the second half an operator could put new dates on an old checkpoint for ever. Each
    /// witness's own time counts: one that lies about the time cannot vouch for what others
    /// signed long ago.
    ///
    /// Spec: `docs/spec/snapshot.md`, section 6, step 4.
    ///
    /// - Parameters:
    ///   - policy: Which signatures it needs; without a quorum of witnesses nobody says when.
    ///   - date: Unix seconds.
    /// - Throws: `.unwitnessed`; `.notWitnessedThen` unless a quorum signed at most
    ///   ``witnessedSecondsBefore`` before it and ``witnessedSecondsAfter`` after it.
    package func require(_ policy: LogPolicy, at date: Int64) throws(SnapshotError) {
        guard let verified = try? policy.verify(note) else {
            // Whatever is wrong with it: nobody stands behind it.
            throw .unwitnessed
        }
        let span = (date - Self.witnessedSecondsBefore)...(date + Self.witnessedSecondsAfter)
        guard policy.isQuorum(of: verified, within: span) else { throw .notWitnessedThen }
    }

    init(text: String) throws(SnapshotError) {
        guard let note = try? SignedNote(parsing: Array(text.utf8)) else {
            throw .malformed(line: 1)
        }
        try self.init(note: note)
    }

    var text: String { String(decoding: note.encoded, as: UTF8.self) }
}

/// What is signed of a snapshot: everything else follows from the digest in it.
///
/// Spec: `docs/spec/snapshot.md`, section 2.
package struct SnapshotHeader: Equatable, Sendable {
    /// The longest life: an older snapshot says nothing about today.
    package static let lifeSecondsMax: Int64 = 7 * 86_400
    private static let type = "resguardo-snapshot"
    private static let formatVersion: Int64 = 2

    /// Who it is for.
    package let audience: SnapshotAudience
    /// Grows with each snapshot for the same audience.
    package let version: Int64
    /// When it was made, Unix seconds.
    package let date: Int64
    /// First moment at which it must not be used any more, Unix seconds.
    package let expires: Int64
    /// The log it was made from.
    package let checkpoint: SnapshotCheckpoint
    /// Count of the records.
    package let recordCount: Int
    /// Root of the Merkle tree over the records.
    package let recordsRoot: LogHash

    /// What signers sign: the domain, then the header line without its line feed.
    var signedMessage: [UInt8] { Array(SnapshotFile.domain.utf8) + json.canonicalBytes }

    var json: JSONValue {
        [
            "audience": .string(audience.name),
            "checkpoint": .string(checkpoint.text),
            "date": .integer(date),
            "expires": .integer(expires),
            "records": [
                "count": .integer(Int64(recordCount)),
                "root": .string(Hex.encode(recordsRoot.bytes)),
            ],
            "type": .string(Self.type),
            "v": .integer(Self.formatVersion),
            "version": .integer(version),
        ]
    }

    init(
        audience: SnapshotAudience,
        version: Int64,
        date: Int64,
        expires: Int64,
        checkpoint: SnapshotCheckpoint,
        recordCount: Int,
        recordsRoot: LogHash
    ) {
        self.audience = audience
        self.version = version
        self.date = date
        self.expires = expires
        self.checkpoint = checkpoint
        self.recordCount = recordCount
        self.recordsRoot = recordsRoot
    }

    init(parsing bytes: [UInt8]) throws(SnapshotError) {
        let line = 1
        var fields = try RecordFields(canonicalLine(bytes, line: line), line: line)
        guard try fields.string("type", countMax: Token.countMax) == Self.type else {
            throw .unknownField(line: line)
        }
        guard try fields.integer("v", in: 0...JSONValue.integerMax) == Self.formatVersion else {
            throw .unsupportedVersion
        }
        let name = try fields.string("audience", countMax: Token.countMax)
        guard let audience = SnapshotAudience(name: name) else { throw .malformed(line: line) }
        self.audience = audience
        version = try fields.integer("version", in: 1...JSONValue.integerMax)
        date = try fields.time("date")
        expires = try fields.time("expires")
        checkpoint = try SnapshotCheckpoint(
            text: fields.string("checkpoint", countMax: SnapshotCheckpoint.byteCountMax)
        )
        var records = try RecordFields(fields.value("records"), line: line)
        let countMax = Int64(SnapshotFile.recordCountMax)
        recordCount = Int(try records.integer("count", in: 0...countMax))
        let root = try records.digest("root")
        guard let root = try? LogHash(root) else { throw .malformed(line: line) }  // 32 bytes
        recordsRoot = root
        try records.finish()
        try fields.finish()
        guard date < expires, expires - date <= Self.lifeSecondsMax else { throw .invalidLife }
    }
}
