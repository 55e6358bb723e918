// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Sodium

/// A signature over the header of a snapshot or a filter.
package struct SnapshotSignature: Equatable, Sendable {
    /// Who signed.
    package let key: Ed25519.PublicKey
    /// 64 bytes.
    package let signature: [UInt8]
}

/// The second line of a signed file: who signed its first one.
///
/// Spec: `docs/spec/snapshot.md`, section 3.
struct SnapshotSignatures: Sendable {
    /// The most signatures.
    static let countMax = 64
    /// The longest header or signature line, in bytes.
    static let lineCountMax = 16 << 10

    /// Ascending by key.
    private(set) var list: [SnapshotSignature] = []

    init() {}

    /// Reads the line, without its line feed.
    init(parsing bytes: [UInt8]) throws(SnapshotError) {
        let line = 2
        var fields = try RecordFields(canonicalLine(bytes, line: line), line: line)
        for element in try fields.array("signatures", countMax: Self.countMax) {
            var entry = try RecordFields(element, line: line)
            let keyText = try entry.string("key", countMax: 64)
            let signatureText = try entry.string("signature", countMax: 128)
            try entry.finish()
            guard let keyBytes = try? Base64.decode(keyText),
                let key = try? Ed25519.PublicKey(keyBytes),
                let signature = try? Base64.decode(signatureText),
                signature.count == Ed25519.signatureCount
            else { throw .malformed(line: line) }  // the reason does not matter to anybody
            if let last = list.last, !last.key.bytes.lexicographicallyPrecedes(key.bytes) {
                throw .notCanonical(line: line)
            }
            list.append(SnapshotSignature(key: key, signature: signature))
        }
        try fields.finish()
    }

    /// The line, without its line feed.
    var bytes: [UInt8] {
        let list: [JSONValue] = list.map { entry in
            [
                "key": .string(Base64.encode(entry.key.bytes)),
                "signature": .string(Base64.encode(entry.signature)),
            ]
        }
        return JSONValue.object(["signatures": .array(list)]).canonicalBytes
    }

    /// Adds the signature of `key` over `message`, or replaces it.
    mutating func sign(_ message: [UInt8], with key: borrowing Ed25519.SecretKey) {
        let publicKey = key.publicKey
        list.removeAll { $0.key == publicKey }
        precondition(list.count < Self.countMax, "too many signatures")
        list.append(SnapshotSignature(key: publicKey, signature: key.sign(message)))
        list.sort { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
    }

    /// Throws `.tooFewSignatures` unless enough trusted keys signed `message`.
    func require(_ trust: SnapshotTrust, of message: [UInt8]) throws(SnapshotError) {
        let validCount = list.count { entry in
            trust.keys.contains(entry.key)
                && entry.key.isValid(signature: entry.signature, of: message)
        }
        guard validCount >= trust.threshold else {
            throw .tooFewSignatures(valid: validCount, needed: trust.threshold)
        }
    }

    /// Reads a line of a signed file.
    static func line(_ number: Int, of reader: inout ByteReader) throws(SnapshotError) -> [UInt8] {
        do throws(EncodingError) {
            return Array(try reader.readLine(countMax: lineCountMax))
        } catch .tooLong {
            throw .tooLarge(line: number)
        } catch {
            throw .truncated(line: number)
        }
    }
}

/// When a signed file may be used, and which of several.
struct SnapshotAge {
    let version: Int64
    let digest: [UInt8]
    let date: Int64
    let expires: Int64
    /// Entries of the log from whose state it was made.
    let size: Int64

    /// What to remember of the file once it was accepted.
    var seen: SnapshotSeen { SnapshotSeen(version: version, digest: digest, size: size) }

    /// Throws `.rolledBack`, `.equivocates`, `.olderLog`, `.notYetValid` or `.expired`.
    ///
    /// Spec: `docs/spec/snapshot.md`, section 6, steps 5 and 6.
    func require(after lastSeen: SnapshotSeen?, now: Int64) throws(SnapshotError) {
        if let lastSeen {
            guard version >= lastSeen.version else {
                throw .rolledBack(version: version, lastSeen: lastSeen.version)
            }
            guard version > lastSeen.version || digest == lastSeen.digest else {
                throw .equivocates(version: version)
            }
            if let known = lastSeen.size, size < known {
                throw .olderLog(size: size, lastSeen: known)
            }
        }
        guard date <= now else { throw .notYetValid(from: date) }
        guard now < expires else { throw .expired(at: expires) }
    }
}
