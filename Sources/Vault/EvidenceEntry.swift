// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
internal import Statements

/// One file, directory or link that a deposit found.
package struct EvidenceEntry: Equatable, Sendable {
    /// What was found.
    package enum Kind: String, Sendable {
        /// A file; its bytes are in the item.
        case file
        /// A directory; an entry of its own in the archive, so that empty ones are kept.
        case directory
        /// A symbolic link below a directory that was deposited. It is described, not followed, and
        /// has no entry in the archive.
        case link
        /// A pipe, socket, device or our own home: described only.
        case skipped
    }

    /// The most entries of one item.
    package static let countMax = 1_000_000

    /// What was found.
    package let kind: Kind
    /// Its name below `original/`: bytes, components separated by slashes.
    package let name: [UInt8]
    /// Length of a file.
    package let sizeBytes: UInt64
    /// SHA-256 of a file, empty for everything else.
    package internal(set) var sha256: [UInt8]
    /// Last change, in seconds since 1970.
    ///
    /// Nil where the source has none, as standard input.
    package let modifiedSeconds: Int64?
    /// Last change: nanoseconds within the second.
    package let modifiedNanoseconds: Int64
    /// How many numbered parts the archive has in place of the file; zero if it has the file.
    package let partCount: Int
    /// Where a link points.
    package let target: [UInt8]
    /// What kind of file the depositor's program took it for, by its name; nil for everything else.
    ///
    /// Kept as it was written, for the commitment covers it and later programs may know more names.
    package let mediaType: String?
    /// What a camera wrote into the file, where that was read.
    package let capture: CaptureMetadata?

    /// An entry.
    package init(
        kind: Kind,
        name: [UInt8],
        sizeBytes: UInt64 = 0,
        sha256: [UInt8] = [],
        modifiedSeconds: Int64? = nil,
        modifiedNanoseconds: Int64 = 0,
        partCount: Int = 0,
        target: [UInt8] = [],
        mediaType: String? = nil,
        capture: CaptureMetadata? = nil
    ) {
        self.kind = kind
        self.name = name
        self.sizeBytes = sizeBytes
        self.sha256 = sha256
        self.modifiedSeconds = modifiedSeconds
        self.modifiedNanoseconds = modifiedNanoseconds
        self.partCount = partCount
        self.target = target
        self.mediaType = mediaType ?? (kind == .file ? MediaType.of(name) : nil)
        self.capture = capture
    }

    /// The same entry, with what a camera wrote into the file.
    func with(_ capture: CaptureMetadata?) -> EvidenceEntry {
        guard let capture else { return self }
        return EvidenceEntry(
            kind: kind,
            name: name,
            sizeBytes: sizeBytes,
            sha256: sha256,
            modifiedSeconds: modifiedSeconds,
            modifiedNanoseconds: modifiedNanoseconds,
            partCount: partCount,
            target: target,
            mediaType: mediaType,
            capture: capture
        )
    }

    init(fields: inout StatementFields) throws(StatementError) {
        kind = try fields.word("kind")
        name = try Self.bytes("name", &fields)
        sizeBytes = UInt64(try fields.integer("size", in: 0...JSONValue.integerMax))
        sha256 = kind == .file ? try fields.hex("sha256", count: 32) : []
        if fields.has("modified") {
            (modifiedSeconds, modifiedNanoseconds) = try fields.object("modified") {
                (fields) throws(StatementError) in
                let range = -JSONValue.integerMax...JSONValue.integerMax
                return (
                    try fields.integer("seconds", in: range),
                    try fields.integer("nanoseconds", in: 0...999_999_999)
                )
            }
        } else {
            (modifiedSeconds, modifiedNanoseconds) = (nil, 0)
        }
        target = kind == .link ? try Self.bytes("target", &fields) : []
        guard kind == .file else {
            (partCount, mediaType, capture) = (0, nil, nil)
            return
        }
        partCount =
            fields.has("parts") ? Int(try fields.integer("parts", in: 2...Int64(Self.countMax))) : 0
        mediaType = fields.has("mediaType") ? try fields.string("mediaType") : nil
        capture = try CaptureMetadata(fields: &fields)
    }

    /// The members of the entry's object.
    package var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "kind": .string(kind.rawValue), "size": .integer(Int64(clamping: sizeBytes)),
        ]
        Self.put(name, as: "name", into: &fields)
        if kind == .file {
            fields["sha256"] = .string(Hex.encode(sha256))
            fields["mediaType"] = mediaType.map { .string($0) }
        }
        if kind == .link { Self.put(target, as: "target", into: &fields) }
        if partCount > 0 { fields["parts"] = .integer(Int64(partCount)) }
        if let capture { fields.merge(capture.fields) { mine, _ in mine } }
        if let modifiedSeconds {
            fields["modified"] = [
                "seconds": .integer(modifiedSeconds),
                "nanoseconds": .integer(modifiedNanoseconds),
            ]
        }
        return fields
    }

    /// The names below `original/` that the archive has for this file, in order.
    var archiveNames: [[UInt8]] {
        guard partCount > 0 else { return [name] }
        return (1...partCount).map { Self.partName(name, $0) }
    }

    /// The name of part `number`, counted from 1, of a file that came in parts.
    static func partName(_ name: [UInt8], _ number: Int) -> [UInt8] {
        let digits = String(number)
        let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
        return name + Array(".part\(zeros)\(digits)".utf8)
    }

    /// Text as it reads, and its bytes beside it where they are not that text.
    private static func put(
        _ bytes: [UInt8],
        as field: String,
        into fields: inout [String: JSONValue]
    ) {
        let text = String(decoding: bytes, as: UTF8.self)
        fields[field] = .string(text)
        if Array(text.utf8) != bytes {
            fields[field + "Bytes"] = .string(Base64.encode(bytes))
        }
    }

    private static func bytes(
        _ field: String,
        _ fields: inout StatementFields
    ) throws(StatementError) -> [UInt8] {
        let countMax = 3 * TarReader.pathCountMax
        let text = try fields.string(field, countMax: countMax)
        guard fields.has(field + "Bytes") else { return Array(text.utf8) }
        let bytes = try fields.base64(field + "Bytes", countMax: countMax)
        guard String(decoding: bytes, as: UTF8.self).utf8.elementsEqual(text.utf8),
            Array(text.utf8) != bytes
        else { throw .invalidValue(field: field) }
        return bytes
    }
}
