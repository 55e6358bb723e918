// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
internal import Statements

/// A step in the life of the item: who had it, who did what with it, and when.
///
/// Spec: `docs/spec/vault.md`, section 2.3.
package struct CustodyEvent: Equatable, Sendable {
    /// The most steps of one item.
    package static let countMax = 1024
    /// The longest description, in UTF-8 bytes.
    package static let noteCountMax = 4096

    /// What can have happened before the deposit; the words are those of a chain of custody.
    package enum Kind: String, CaseIterable, Sendable {
        /// Somebody recorded the scene.
        case captured
        /// Somebody handed it over.
        case received
        /// It was copied from a device or medium.
        case copied
        /// It was taken from the network.
        case downloaded
        /// It went from one place or person to another.
        case transferred
        /// Somebody looked at it, or had it examined.
        case examined
    }

    /// What happened: a ``Kind``, or `deposited`.
    package let event: String
    /// When, in seconds since 1970: by the device's clock, or as the depositor says.
    package let at: Int64
    /// The program that did it, or noted it down.
    package let tool: String
    /// Who, from whom, by what means, in the depositor's words.
    package let note: String?

    /// A step.
    package init(event: String, at: Int64, tool: String, note: String? = nil) {
        self.event = event
        self.at = at
        self.tool = tool
        self.note = note
    }

    /// What this program does itself.
    package static func deposited(at: Int64, tool: String) -> CustodyEvent {
        CustodyEvent(event: "deposited", at: at, tool: tool)
    }

    init(fields: inout StatementFields) throws(StatementError) {
        event = try fields.string("event")
        guard event == "deposited" || Kind(rawValue: event) != nil else {
            throw .invalidValue(field: "event")
        }
        at = try fields.time("at")
        tool = try fields.string("tool")
        note = fields.has("note") ? try fields.string("note", countMax: Self.noteCountMax) : nil
    }

    /// The step as it stands in the document.
    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "event": .string(event), "at": .integer(at), "tool": .string(tool),
        ]
        if let note { members["note"] = .string(note) }
        return .object(members)
    }
}
