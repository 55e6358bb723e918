// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Sodium
internal import Statements
internal import TransparencyLog

/// `evidence.json`, the last file of an item: what was deposited, from where, and by which steps.
///
/// Spec: `docs/spec/vault.md`, section 2.3.
package struct Evidence: Equatable, Sendable {
    /// Where it stands in the archive.
    package static let path = Array("evidence.json".utf8)
    /// The directory of the originals in the archive, its slash included.
    package static let originalsPrefix = Array("original/".utf8)
    /// The longest document: what the JSON reader takes.
    package static let byteCountMax = JSONValue.byteCountMax
    /// Bytes in the secret from which the salts of all fields come.
    package static let saltCount = 32
    /// The longest note, in UTF-8 bytes.
    package static let noteCountMax = 64 << 10

    /// A step in the life of the item.
    package struct CustodyEvent: Equatable, Sendable {
        /// What happened: `deposited`.
        package let event: String
        /// When, by the clock of the device, in seconds since 1970.
        package let at: Int64
        /// The program that did it.
        package let tool: String

        /// A step.
        package init(event: String, at: Int64, tool: String) {
            self.event = event
            self.at = at
            self.tool = tool
        }
    }

    /// Random; every field's salt is derived from it.
    package let salt: [UInt8]
    /// When the scene was captured, as the depositor says, in seconds since 1970.
    package let capturedAt: Int64?
    /// The depositor's words.
    package let note: String?
    /// The clock of the device when it sealed the item, in seconds since 1970.
    package let deviceClock: Int64
    /// Steps so far, the oldest first.
    package let custody: [CustodyEvent]
    /// Everything that was found, in the order of the archive.
    package let entries: [EvidenceEntry]

    /// Evidence with a fresh salt.
    package init(
        capturedAt: Int64?,
        note: String?,
        deviceClock: Int64,
        custody: [CustodyEvent],
        entries: [EvidenceEntry]
    ) {
        salt = randomBytes(Self.saltCount)
        self.capturedAt = capturedAt
        self.note = note
        self.deviceClock = deviceClock
        self.custody = custody
        self.entries = entries
    }

    /// Reads the document.
    ///
    /// - Throws: ``VaultError/malformedItem(_:)``.
    package init(canonical bytes: [UInt8]) throws {
        do {
            var fields = try StatementFields(JSONValue(canonical: bytes))
            guard try fields.string("type") == "evidence", try fields.integer("v", in: 1...1) == 1
            else { throw VaultError.malformedItem("evidence of another type") }
            salt = try fields.hex("salt", count: Self.saltCount)
            capturedAt = fields.has("capturedAt") ? try fields.time("capturedAt") : nil
            note =
                fields.has("note")
                ? try fields.string("note", countMax: Self.noteCountMax) : nil
            deviceClock = try fields.time("deviceClock")
            custody = try fields.objects("custody", count: 0...1024) {
                (fields) throws(StatementError) in
                CustodyEvent(
                    event: try fields.string("event"),
                    at: try fields.time("at"),
                    tool: try fields.string("tool")
                )
            }
            entries = try fields.objects("files", count: 0...EvidenceEntry.countMax) {
                (fields) throws(StatementError) in try EvidenceEntry(fields: &fields)
            }
            try fields.finish()
        } catch is StatementError {
            throw VaultError.malformedItem("evidence.json")
        } catch is EncodingError {
            throw VaultError.malformedItem("evidence.json")
        }
    }

    /// The fields about the item as a whole; those about files stand in `files`.
    private var itemFields: [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "type": "evidence", "v": 1,
            "deviceClock": .integer(deviceClock),
            "custody": .array(
                custody.map { event in
                    [
                        "event": .string(event.event), "at": .integer(event.at),
                        "tool": .string(event.tool),
                    ]
                }
            ),
        ]
        if let capturedAt { fields["capturedAt"] = .integer(capturedAt) }
        if let note { fields["note"] = .string(note) }
        return fields
    }

    /// The canonical document.
    package var bytes: [UInt8] {
        var fields = itemFields
        fields["salt"] = .string(Hex.encode(salt))
        fields["files"] = .array(entries.map { .object($0.fields) })
        return JSONValue.object(fields).canonicalBytes
    }

    /// What the deposit statement says of this document: a Merkle root that hides every field, and
    /// lets each be shown alone.
    ///
    /// Leaf 0 stands for the item, leaf n for the n-th file. A leaf is the canonical object of the
    /// commitments to its fields; a commitment is SHA-256(salt ‖ canonical value), and the salt of
    /// a field the first 16 bytes of SHA-256(item salt ‖ path), the path being `note` or
    /// `files/0/name`.
    ///
    /// Spec: `docs/spec/vault.md`, section 2.4.
    package var commitment: [UInt8] {
        var leaves = [leaf(itemFields, prefix: "")]
        leaves.reserveCapacity(entries.count + 1)
        for (index, entry) in entries.enumerated() {
            leaves.append(leaf(entry.fields, prefix: "files/\(index)/"))
        }
        return MerkleTree.root(of: leaves).bytes
    }

    private func leaf(_ fields: [String: JSONValue], prefix: String) -> LogHash {
        let commitments = fields.map { name, value in
            var fieldSalt = SHA256()
            fieldSalt.update(salt)
            fieldSalt.update(Array((prefix + name).utf8))
            let commitment = SHA256.hash(
                fieldSalt.finish().prefix(16) + value.canonicalBytes
            )
            return (name, JSONValue.string(Hex.encode(commitment)))
        }
        let object = JSONValue.object(Dictionary(uniqueKeysWithValues: commitments))
        return LogHash.leaf(object.canonicalBytes)
    }
}
