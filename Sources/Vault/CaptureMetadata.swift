// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
internal import Statements

/// What a camera, telephone or editing program wrote into a file: when, where and with what.
///
/// Texts are kept as the reader printed them. They prove nothing; whoever made the file could write
/// anything. Each member has a commitment of its own, so a position can be withheld while the time
/// is shown; it therefore stands apart from the other tags.
///
/// Spec: `docs/spec/vault.md`, section 2.3.
package struct CaptureMetadata: Equatable, Sendable {
    /// The longest text, in UTF-8 bytes.
    package static let textCountMax = 256
    /// The most tags of one file.
    package static let tagCountMax = 96

    /// What is picked out because people ask for it.
    package enum Field: String, CaseIterable, Sendable {
        case time = "captureTime"
        case make = "captureMake"
        case model = "captureModel"
        case software = "captureSoftware"
        case duration = "captureDuration"
        case dimensions = "captureDimensions"
        case position = "capturePosition"
    }

    private static let toolMember = "captureTool"
    private static let tagsMember = "captureTags"

    /// Program and version that read the file.
    package let tool: String
    /// What was picked out.
    package let picked: [Field: String]
    /// All that was found, by group and name, but nothing that tells a place.
    package let tags: [String: String]

    /// What a reader found; texts and tags beyond the limits are cut.
    package init(tool: String, picked: [Field: String], tags: [String: String]) {
        self.tool = Self.cut(tool)
        self.picked = picked.mapValues(Self.cut)
        let kept = tags.sorted { $0.key < $1.key }
            .filter { $0.key.utf8.count <= Self.textCountMax }
            .prefix(Self.tagCountMax)
        self.tags = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, Self.cut($0.value)) })
    }

    /// Reads the members out of a file's object; nil if there are none.
    init?(fields: inout StatementFields) throws(StatementError) {
        guard fields.has(Self.toolMember) else { return nil }
        tool = try fields.string(Self.toolMember, countMax: Self.textCountMax)
        var picked: [Field: String] = [:]
        for field in Field.allCases where fields.has(field.rawValue) {
            picked[field] = try fields.string(field.rawValue, countMax: Self.textCountMax)
        }
        self.picked = picked
        var tags: [String: String] = [:]
        if fields.has(Self.tagsMember) {
            guard let found = try fields.value(Self.tagsMember).object,
                (1...Self.tagCountMax).contains(found.count)
            else { throw .invalidValue(field: Self.tagsMember) }
            for (name, value) in found {
                guard let text = value.string, name.utf8.count <= Self.textCountMax,
                    text.utf8.count <= Self.textCountMax
                else { throw .invalidValue(field: Self.tagsMember) }
                tags[name] = text
            }
        }
        self.tags = tags
    }

    /// The members that it adds to a file's object.
    package var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [Self.toolMember: .string(tool)]
        for (field, text) in picked { fields[field.rawValue] = .string(text) }
        if !tags.isEmpty { fields[Self.tagsMember] = .object(tags.mapValues { .string($0) }) }
        return fields
    }

    private static func cut(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count > textCountMax else { return text }
        // Not in the middle of a character: a cut text is still UTF-8.
        var count = textCountMax
        while bytes[count] & 0xc0 == 0x80 { count -= 1 }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
