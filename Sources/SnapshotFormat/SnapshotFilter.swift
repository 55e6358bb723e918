// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Sodium

/// A public snapshot reduced to two questions, in about 21 bits an account: whether it is attested,
/// and whether there is a warning about it.
///
/// Whoever has the filter asks on their own machine, and nobody learns whom they look at.
///
/// Spec: `docs/spec/snapshot.md`, section 8.
package struct SnapshotFilter: Sendable {
    /// The largest file, in bytes.
    package static let byteCountMax = 16 << 20
    /// What a signature covers before the header line.
    package static let domain = "resguardo-filter/v2\n"
    private static let type = "resguardo-filter"
    private static let formatVersion: Int64 = 2

    /// The log that it follows from, as its witnesses saw it.
    package let checkpoint: SnapshotCheckpoint
    /// The version of the snapshot.
    package let version: Int64
    /// When the snapshot was made, Unix seconds.
    package let date: Int64
    /// First moment at which it must not be used any more, Unix seconds.
    package let expires: Int64
    /// The snapshot's ``SnapshotFile/digest``.
    package let snapshot: [UInt8]
    private let attested: GolombSet
    private let warned: GolombSet
    private var signed = SnapshotSignatures()

    /// The filter of a snapshot, or `nil` unless it is for everybody.
    ///
    /// - Parameter snapshot: Verified.
    /// - Complexity: O(n log n).
    package init?(of snapshot: Snapshot) {
        guard snapshot.header.audience == .everyone else { return nil }
        let header = snapshot.header
        checkpoint = header.checkpoint
        version = header.version
        date = header.date
        expires = header.expires
        self.snapshot = snapshot.seen.digest
        var positive: [[UInt8]] = []
        var negative: [[UInt8]] = []
        for account in snapshot.sourceAccounts {
            guard let standing = snapshot.source(for: account, asOf: header.date) else { continue }
            switch standing.state {
            case .attested: positive.append(Self.item(account))
            case .suspended, .takenOver, .memorial, .revoked: negative.append(Self.item(account))
            case .provisional, .lapsed: break
            }
        }
        let hash = Self.hash(of: snapshot.seen.digest)
        attested = GolombSet(positive, hash: hash)
        warned = GolombSet(negative, hash: hash)
    }

    /// Whether an account is attested.
    ///
    /// - Returns: Never `false` for one that is; `true` by mistake once in 784 931 questions.
    package func isAttested(_ account: PlatformAccount) -> Bool {
        attested.contains(Self.item(account))
    }

    /// Whether there is bad news about an account: suspended, taken over, of somebody dead,
    /// revoked.
    ///
    /// - Returns: Never `false` where there is; `true` by mistake once in 784 931 questions.
    package func isWarnedOf(_ account: PlatformAccount) -> Bool {
        warned.contains(Self.item(account))
    }

    /// What sets hold of an account: SHA-256 of platform, a zero and the stable id.
    private static func item(_ account: PlatformAccount) -> [UInt8] {
        SHA256.hash(Array(account.platform.utf8) + [0] + Array(account.stableID.utf8))
    }

    /// The hash of the sets: another one for each snapshot.
    private static func hash(of digest: [UInt8]) -> SipHash24 {
        guard let hash = try? SipHash24(key: Array(digest.prefix(SipHash24.keyCount))) else {
            preconditionFailure("a digest has 32 bytes")
        }
        return hash
    }

    // MARK: File

    /// The file: header, signatures, the bits of both sets.
    package var bytes: [UInt8] {
        let lineFeed = UInt8(ascii: "\n")
        return header.canonicalBytes + [lineFeed] + signed.bytes + [lineFeed] + attested.bytes
            + warned.bytes
    }

    private var header: JSONValue {
        [
            "attested": Self.json(attested),
            "checkpoint": .string(checkpoint.text),
            "date": .integer(date),
            "expires": .integer(expires),
            "snapshot": .string(Hex.encode(snapshot)),
            "type": .string(Self.type),
            "v": .integer(Self.formatVersion),
            "version": .integer(version),
            "warned": Self.json(warned),
        ]
    }

    private static func json(_ set: GolombSet) -> JSONValue {
        let bytes = set.bytes
        return [
            "bytes": .integer(Int64(bytes.count)), "count": .integer(Int64(set.count)),
            "sha256": .string(Hex.encode(SHA256.hash(bytes))),
        ]
    }

    private var signedMessage: [UInt8] { Array(Self.domain.utf8) + header.canonicalBytes }

    /// SHA-256 of what is signed.
    package var digest: [UInt8] { SHA256.hash(signedMessage) }

    /// How many have signed.
    package var signatureCount: Int { signed.list.count }

    /// Adds the signature of `key`, or replaces it.
    package mutating func sign(with key: borrowing Ed25519.SecretKey) {
        signed.sign(signedMessage, with: key)
    }

    /// Reads a file; nothing of it may be believed before ``verify(by:now:lastSeen:)``.
    ///
    /// - Throws: `.tooLarge`, `.truncated`, `.malformed`, `.notCanonical`, `.unknownField`,
    ///   `.unsupportedVersion`, `.invalidLife`, `.recordsMismatch`.
    /// - Complexity: O(n).
    package init(parsing bytes: [UInt8]) throws(SnapshotError) {
        guard bytes.count <= Self.byteCountMax else { throw .tooLarge(line: 1) }
        var reader = ByteReader(bytes)
        let head = try SnapshotSignatures.line(1, of: &reader)
        var fields = try RecordFields(canonicalLine(head, line: 1), line: 1)
        guard try fields.string("type", countMax: Token.countMax) == Self.type else {
            throw .unknownField(line: 1)
        }
        guard try fields.integer("v", in: 0...JSONValue.integerMax) == Self.formatVersion else {
            throw .unsupportedVersion
        }
        checkpoint = try SnapshotCheckpoint(
            text: fields.string("checkpoint", countMax: SnapshotCheckpoint.byteCountMax)
        )
        version = try fields.integer("version", in: 1...JSONValue.integerMax)
        date = try fields.time("date")
        expires = try fields.time("expires")
        snapshot = try fields.digest("snapshot")
        let parts = (try Part(fields.value("attested")), try Part(fields.value("warned")))
        try fields.finish()
        let life = expires - date
        guard life > 0, life <= SnapshotHeader.lifeSecondsMax else { throw .invalidLife }
        signed = try SnapshotSignatures(parsing: SnapshotSignatures.line(2, of: &reader))
        let rest = bytes[reader.offset...]
        guard rest.count == parts.0.byteCount + parts.1.byteCount else { throw .recordsMismatch }
        let hash = Self.hash(of: snapshot)
        attested = try parts.0.set(Array(rest.prefix(parts.0.byteCount)), hash: hash)
        warned = try parts.1.set(Array(rest.dropFirst(parts.0.byteCount)), hash: hash)
    }

    /// What the header says of one set.
    private struct Part {
        let byteCount: Int
        let count: Int
        let digest: [UInt8]

        init(_ value: JSONValue) throws(SnapshotError) {
            var fields = try RecordFields(value, line: 1)
            byteCount = Int(try fields.integer("bytes", in: 0...Int64(byteCountMax)))
            count = Int(try fields.integer("count", in: 0...Int64(GolombSet.countMax)))
            digest = try fields.digest("sha256")
            try fields.finish()
        }

        func set(_ bits: [UInt8], hash: SipHash24) throws(SnapshotError) -> GolombSet {
            guard SHA256.hash(bits) == digest,
                let set = GolombSet(bits: bits, count: count, hash: hash)
            else { throw .recordsMismatch }
            return set
        }
    }

    /// Decides whether the filter may be believed.
    ///
    /// - Parameters:
    ///   - trust: Log, keys and threshold that the reader has from the charter.
    ///   - now: The reader's time, Unix seconds.
    ///   - lastSeen: What the reader remembers of filters; `nil` only the first time.
    /// - Returns: What to remember.
    /// - Throws: `.wrongOrigin`, `.tooFewSignatures`, `.unwitnessed`, `.notWitnessedThen`,
    ///   `.rolledBack`, `.equivocates`, `.olderLog`, `.notYetValid`, `.expired`.
    package func verify(
        by trust: SnapshotTrust,
        now: Int64,
        lastSeen: SnapshotSeen?
    ) throws(SnapshotError) -> SnapshotSeen {
        guard checkpoint.origin.utf8.elementsEqual(trust.origin.utf8) else { throw .wrongOrigin }
        try signed.require(trust, of: signedMessage)
        try checkpoint.require(trust.policy, at: date)
        let age = SnapshotAge(
            version: version,
            digest: digest,
            date: date,
            expires: expires,
            size: checkpoint.size
        )
        try age.require(after: lastSeen, now: now)
        return age.seen
    }
}
