// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// The state of the log that a snapshot was made from.
package struct SnapshotCheckpoint: Equatable, Sendable {
    /// The longest origin, in bytes.
    package static let originCountMax = 256

    /// Name of the log.
    package let origin: String
    /// Entries in the log.
    package let size: Int64
    /// Root hash of the tree, 32 bytes.
    package let root: [UInt8]

    package init(origin: String, size: Int64, root: [UInt8]) {
        precondition(root.count == 32 && size >= 0, "a root has 32 bytes")
        self.origin = origin
        self.size = size
        self.root = root
    }
}

/// What is signed of a snapshot: everything else follows from the digest in it.
///
/// Spec: `docs/spec/snapshot.md`, section 2.
package struct SnapshotHeader: Equatable, Sendable {
    /// The longest life: an older snapshot says nothing about today.
    package static let lifeSecondsMax: Int64 = 7 * 86_400
    private static let type = "resguardo-snapshot"

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
    /// SHA-256 of all lines after the second, line feeds included.
    package let recordsDigest: [UInt8]

    var json: JSONValue {
        [
            "audience": .string(audience.name),
            "checkpoint": [
                "origin": .string(checkpoint.origin),
                "root": .string(Hex.encode(checkpoint.root)),
                "size": .integer(checkpoint.size),
            ],
            "date": .integer(date),
            "expires": .integer(expires),
            "records": [
                "count": .integer(Int64(recordCount)),
                "sha256": .string(Hex.encode(recordsDigest)),
            ],
            "type": .string(Self.type),
            "v": 1,
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
        recordsDigest: [UInt8]
    ) {
        self.audience = audience
        self.version = version
        self.date = date
        self.expires = expires
        self.checkpoint = checkpoint
        self.recordCount = recordCount
        self.recordsDigest = recordsDigest
    }

    init(parsing bytes: [UInt8]) throws(SnapshotError) {
        let line = 1
        var fields = try RecordFields(canonicalLine(bytes, line: line), line: line)
        guard try fields.string("type", countMax: Token.countMax) == Self.type else {
            throw .unknownField(line: line)
        }
        guard try fields.integer("v", in: 0...JSONValue.integerMax) == 1 else {
            throw .unsupportedVersion
        }
        let name = try fields.string("audience", countMax: Token.countMax)
        guard let audience = SnapshotAudience(name: name) else { throw .malformed(line: line) }
        self.audience = audience
        version = try fields.integer("version", in: 1...JSONValue.integerMax)
        date = try fields.time("date")
        expires = try fields.time("expires")
        var checkpoint = try RecordFields(fields.value("checkpoint"), line: line)
        self.checkpoint = SnapshotCheckpoint(
            origin: try checkpoint.string(
                "origin",
                countMax: SnapshotCheckpoint.originCountMax
            ),
            size: try checkpoint.integer("size", in: 0...JSONValue.integerMax),
            root: try checkpoint.digest("root")
        )
        try checkpoint.finish()
        var records = try RecordFields(fields.value("records"), line: line)
        let countMax = Int64(SnapshotFile.recordCountMax)
        recordCount = Int(try records.integer("count", in: 0...countMax))
        recordsDigest = try records.digest("sha256")
        try records.finish()
        try fields.finish()
        guard date < expires, expires - date <= Self.lifeSecondsMax else { throw .invalidLife }
    }
}
