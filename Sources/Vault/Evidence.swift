// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Sodium
internal import Statements

/// `evidence.json`, the last file of an item: what was deposited, from where, and by which steps.
///
/// Spec: `docs/spec/vault.md`, section 2.3.
package struct Evidence: Equatable, Sendable {
    /// Where it stands in the archive.
    package static let path = Array("evidence.json".utf8)
    /// The directory of the originals in the archive, its slash included.
    package static let originalsPrefix = Array("original/".utf8)
    /// The longest document: a million files with short names, or half a million with long ones.
    package static let byteCountMax = 256 << 20
    /// Bytes in the secret from which the salts of all fields come.
    package static let saltCount = 32
    /// The field with an object an entry.
    static let filesField = "files"
    /// The field that says how many entries there are.
    static let fileCountField = "fileCount"
    /// The longest note, in UTF-8 bytes.
    package static let noteCountMax = 64 << 10

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
    /// Whether the document says how many entries there are, which a disclosure needs: the root of
    /// a Merkle tree alone does not tell its size.
    private let hasFileCount: Bool

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
        hasFileCount = true
    }

    /// Reads the document.
    ///
    /// - Throws: ``VaultError/malformedItem(_:)``.
    package init(canonical bytes: [UInt8]) throws {
        do {
            var entries: [EvidenceEntry] = []
            let document = try JSONValue(
                canonical: bytes,
                limit: Self.byteCountMax,
                elementsOf: Self.filesField
            ) { value in
                guard entries.count < EvidenceEntry.countMax else {
                    throw StatementError.invalidValue(field: Self.filesField)
                }
                var fields = try StatementFields(value, at: Self.filesField)
                entries.append(try EvidenceEntry(fields: &fields))
                try fields.finish()
            }
            var fields = try StatementFields(document)
            guard try fields.string("type") == "evidence", try fields.integer("v", in: 1...1) == 1
            else { throw VaultError.malformedItem("evidence of another type") }
            salt = try fields.hex("salt", count: Self.saltCount)
            capturedAt = fields.has("capturedAt") ? try fields.time("capturedAt") : nil
            note =
                fields.has("note")
                ? try fields.string("note", countMax: Self.noteCountMax) : nil
            deviceClock = try fields.time("deviceClock")
            custody = try fields.objects("custody", count: 0...CustodyEvent.countMax) {
                (fields) throws(StatementError) in
                try CustodyEvent(fields: &fields)
            }
            // They were read above, and an array that is empty is left of them.
            _ = try fields.strings(Self.filesField, count: 0...0)
            self.entries = entries
            // Items of before it was committed to have no count.
            if fields.has(Self.fileCountField) {
                let count = Int64(entries.count)
                _ = try fields.integer(Self.fileCountField, in: count...count)
                hasFileCount = true
            } else {
                hasFileCount = false
            }
            try fields.finish()
        } catch is StatementError {
            throw VaultError.malformedItem("evidence.json")
        } catch is EncodingError {
            throw VaultError.malformedItem("evidence.json")
        }
    }

    /// The fields about the item as a whole; those about files stand in `files`.
    var itemFields: [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "type": "evidence", "v": 1,
            "deviceClock": .integer(deviceClock),
            "custody": .array(custody.map(\.json)),
        ]
        if hasFileCount { fields[Self.fileCountField] = .integer(Int64(entries.count)) }
        if let capturedAt { fields["capturedAt"] = .integer(capturedAt) }
        if let note { fields["note"] = .string(note) }
        return fields
    }

    /// The canonical document.
    package var bytes: [UInt8] {
        var fields = itemFields
        fields["salt"] = .string(Hex.encode(salt))
        return JSONValue.canonicalBytes(
            of: fields,
            with: Self.filesField,
            elements: entries.lazy.map { .object($0.fields) }
        )
    }
}
