// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import Sodium
package import TransparencyLog

/// Whose snapshots are believed: the log and its witnesses, the charter's keys, and how many of
/// these must sign.
///
/// Kept by a platform as a file of one canonical JSON object.
///
/// Spec: `docs/spec/snapshot.md`, section 5.
package struct SnapshotTrust: Equatable, Sendable {
    private static let type = "resguardo-snapshot-trust"
    /// The largest file, in bytes.
    package static let byteCountMax = 16 << 10

    /// Name of the registry's log.
    package let origin: String
    /// Whose signatures a checkpoint of it needs, in one spelling (`LogPolicy.text(for:)`).
    package let policyText: String
    /// The same, read.
    package let policy: LogPolicy
    /// Keys in ascending order.
    package let keys: [Ed25519.PublicKey]
    /// How many of them must sign, 1 or more.
    package let threshold: Int

    /// Makes a trust file's content.
    ///
    /// It is `nil` when the threshold cannot be met or is zero, a key is there twice, or the policy
    /// does not name the log.
    ///
    /// - Parameters:
    ///   - origin: Name of the registry's log.
    ///   - policy: What a checkpoint needs; other logs in it are left out.
    ///   - keys: That sign snapshots.
    ///   - threshold: How many of them have to.
    package init?(
        origin: String,
        policy: LogPolicy,
        keys: [Ed25519.PublicKey],
        threshold: Int
    ) {
        guard let text = policy.text(for: origin),
            let policy = try? LogPolicy(parsing: Array(text.utf8)),
            threshold >= 1, threshold <= keys.count, Set(keys).count == keys.count,
            keys.count <= SnapshotFile.signatureCountMax,
            (1...SnapshotCheckpoint.originCountMax).contains(origin.utf8.count)
        else { return nil }
        self.origin = origin
        self.policy = policy
        policyText = text
        self.keys = keys.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        self.threshold = threshold
    }

    /// Reads a trust file, with or without a line feed at its end.
    ///
    /// - Throws: `.malformed`, `.notCanonical`, `.unknownField`, `.unsupportedVersion`,
    ///   `.tooLarge`.
    package init(parsing bytes: [UInt8]) throws(SnapshotError) {
        let line = 1
        guard bytes.count <= Self.byteCountMax else { throw .tooLarge(line: line) }
        let text = bytes.last == UInt8(ascii: "\n") ? Array(bytes.dropLast()) : bytes
        var fields = try RecordFields(canonicalLine(text, line: line), line: line)
        guard try fields.string("type", countMax: Token.countMax) == Self.type else {
            throw .unknownField(line: line)
        }
        guard try fields.integer("v", in: 0...JSONValue.integerMax) == 1 else {
            throw .unsupportedVersion
        }
        let origin = try fields.string("origin", countMax: SnapshotCheckpoint.originCountMax)
        let policyText = try fields.string("policy", countMax: Self.byteCountMax)
        let threshold = try fields.integer("threshold", in: 1...64)
        var keys: [Ed25519.PublicKey] = []
        for element in try fields.array("keys", countMax: SnapshotFile.signatureCountMax) {
            guard let keyText = element.string, let bytes = try? Base64.decode(keyText),
                let key = try? Ed25519.PublicKey(bytes)
            else { throw .malformed(line: line) }  // the reason does not matter to anybody
            keys.append(key)
        }
        try fields.finish()
        guard let policy = try? LogPolicy(parsing: Array(policyText.utf8)),
            let trust = SnapshotTrust(
                origin: origin,
                policy: policy,
                keys: keys,
                threshold: Int(threshold)
            )
        else { throw .malformed(line: line) }
        guard trust.keys == keys, trust.policyText.utf8.elementsEqual(policyText.utf8) else {
            throw .notCanonical(line: line)
        }
        self = trust
    }

    /// The canonical object.
    package var json: JSONValue {
        [
            "keys": .array(keys.map { .string(Base64.encode($0.bytes)) }),
            "origin": .string(origin),
            "policy": .string(policyText),
            "threshold": .integer(Int64(threshold)),
            "type": .string(Self.type),
            "v": 1,
        ]
    }
}

/// What a reader remembers of the newest snapshot it accepted.
package struct SnapshotSeen: Equatable, Sendable {
    /// Its version.
    package let version: Int64
    /// Its ``SnapshotFile/digest``.
    package let digest: [UInt8]
    /// Entries of the log that it was made from; `nil` for a filter, which does not say.
    package let size: Int64?

    package init(version: Int64, digest: [UInt8], size: Int64? = nil) {
        self.version = version
        self.digest = digest
        self.size = size
    }
}
