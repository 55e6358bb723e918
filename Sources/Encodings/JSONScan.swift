// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Canonical JSON text that was read once: where each value stands, without making any of them.
///
/// It takes what ``JSONValue/init(canonical:)`` takes, and nothing else. Most of what a stranger
/// sends is thrown away after a look at some members; strings and dictionaries for all of them
/// would take ten times as long.
package final class JSONScan: Sendable {
    /// A value: where it stands, and where the one after it is.
    struct Node: Sendable {
        enum Kind: UInt8, Sendable { case string, integer, yes, no, array, object }

        let kind: Kind
        /// Of a string: whether it has escapes.
        var isEscaped = false
        /// Of a member: whether its name is ASCII without escapes.
        var isNamePlain = true
        /// Of a member: its name, between the quotes.
        var nameStart: UInt32 = 0
        var nameEnd: UInt32 = 0
        /// Of a string or an integer: its text, between the quotes.
        var start: UInt32 = 0
        var end: UInt32 = 0
        /// Number of the node after this one and all that are in it.
        var next: UInt32
        /// Of an array or an object: its elements or members.
        var count: UInt32 = 0
    }

    private let text: [UInt8]
    /// Where the text stands in another document, for errors.
    private let prefix: String
    /// In the order of the text; the document is the first one.
    private let nodes: [Node]

    /// Scans canonical text.
    ///
    /// Gives nil for any other text; ``JSONValue/init(canonical:)`` says why.
    ///
    /// - Parameters:
    ///   - text: At most ``JSONValue/byteCountMax`` bytes.
    ///   - prefix: Where it stands in another document, for errors; empty for the top.
    /// - Complexity: O(n).
    package init?(canonical text: [UInt8], at prefix: String = "") {
        guard text.count <= JSONValue.byteCountMax else { return nil }
        var scanner = JSONScanner()
        guard scanner.scanDocument(text.span) else { return nil }
        self.text = text
        self.prefix = prefix
        nodes = scanner.nodes
    }

    // MARK: Places

    /// The place of the document.
    package static let top = 0

    /// Whether an object stands there.
    package func isObject(at place: Int) -> Bool { nodes[place].kind == .object }

    /// Whether an array stands there.
    package func isArray(at place: Int) -> Bool { nodes[place].kind == .array }

    /// Count of the elements or members of the value that stands there.
    package func count(at place: Int) -> Int { Int(nodes[place].count) }

    /// The place of the first element or member, if there is one.
    package func first(in place: Int) -> Int { place + 1 }

    /// The place of the element or member after the one that stands there, if there is one.
    package func next(after place: Int) -> Int { Int(nodes[place].next) }

    /// Finds a member of an object.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - object: The place of the object.
    /// - Returns: Its number among the members, and its place; `nil` if there is none.
    /// - Complexity: O(members).
    package func member(_ name: String, of object: Int) -> (ordinal: Int, place: Int)? {
        let wanted = name.utf8.span
        let bytes = text
        let text = bytes.span
        var place = object + 1
        for ordinal in 0..<Int(nodes[object].count) {
            let node = nodes[place]
            if node.isNamePlain {
                let start = Int(node.nameStart)
                if Int(node.nameEnd) - start == wanted.count,
                    Self.isEqual(text, from: start, wanted)
                {
                    return (ordinal, place)
                }
            } else if self.name(at: place) == name {
                return (ordinal, place)
            }
            place = Int(node.next)
        }
        return nil
    }

    private static func isEqual(
        _ text: Span<UInt8>,
        from start: Int,
        _ other: Span<UInt8>
    ) -> Bool {
        for index in other.indices where text[start + index] != other[index] { return false }
        return true
    }

    /// The name of the member that stands there.
    package func name(at place: Int) -> String {
        let node = nodes[place]
        return Self.string(text, node.nameStart, node.nameEnd, isEscaped: !node.isNamePlain)
    }

    /// How errors name a place: `parts[0].key`; the prefix for the top.
    package func path(of place: Int) -> String {
        var path = prefix
        var at = Self.top
        while at < place {
            var (child, ordinal) = (at + 1, 0)
            while Int(nodes[child].next) <= place {
                child = Int(nodes[child].next)
                ordinal += 1
            }
            if nodes[at].kind == .array {
                path += "[\(ordinal)]"
            } else {
                path += (path.isEmpty ? "" : ".") + name(at: child)
            }
            at = child
        }
        return path
    }

    // MARK: Values

    /// The string that stands there, if one does.
    package func string(at place: Int) -> String? {
        let node = nodes[place]
        guard node.kind == .string else { return nil }
        return Self.string(text, node.start, node.end, isEscaped: node.isEscaped)
    }

    static func string(
        _ text: [UInt8],
        _ start: UInt32,
        _ end: UInt32,
        isEscaped: Bool
    ) -> String {
        guard isEscaped else { return String(decoding: text[Int(start)..<Int(end)], as: UTF8.self) }
        var parser = JSONParser(Array(text[Int(start) - 1...Int(end)]))
        guard let text = try? parser.parseString() else {
            preconditionFailure("the string was scanned before")
        }
        return text
    }

    /// Whether a string stands there.
    package func isString(at place: Int) -> Bool { nodes[place].kind == .string }

    /// What the string that stands there says in lower-case hexadecimal.
    ///
    /// - Parameters:
    ///   - place: Of a string.
    ///   - count: How many bytes.
    /// - Returns: The bytes; `nil` if it is anything else.
    package func hex(at place: Int, count: Int) -> [UInt8]? {
        let node = nodes[place]
        guard node.kind == .string, Int(node.end - node.start) == 2 * count else { return nil }
        let bytes = text
        return Hex.decode(bytes.span.extracting(Int(node.start)..<Int(node.end)))
    }

    /// What the string that stands there says in base64 with padding.
    ///
    /// - Parameters:
    ///   - place: Of a string.
    ///   - countMax: The most bytes.
    /// - Returns: The bytes; `nil` if it is anything else.
    package func base64(at place: Int, countMax: Int) -> [UInt8]? {
        let node = nodes[place]
        let bytes = text
        guard node.kind == .string, Int(node.end - node.start) <= (countMax + 2) / 3 * 4,
            // Why the text is none adds nothing to which field it is.
            let decoded = try? Base64.decode(
                span: bytes.span.extracting(Int(node.start)..<Int(node.end)),
                padded: true
            ),
            decoded.count <= countMax
        else { return nil }
        return decoded
    }

    /// The integer that stands there, if one does.
    package func integer(at place: Int) -> Int64? {
        let node = nodes[place]
        guard node.kind == .integer else { return nil }
        var value: Int64 = 0
        var isNegative = false
        for byte in text[Int(node.start)..<Int(node.end)] {
            if byte == UInt8(ascii: "-") {
                isNegative = true
            } else {
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
        }
        return isNegative ? -value : value
    }

    /// The truth value that stands there, if one does.
    package func boolean(at place: Int) -> Bool? {
        switch nodes[place].kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    /// Everything that stands there.
    package func value(at place: Int) -> JSONValue {
        var child = place + 1
        switch nodes[place].kind {
        case .string: return .string(string(at: place) ?? "")
        case .integer: return .integer(integer(at: place) ?? 0)
        case .yes: return .boolean(true)
        case .no: return .boolean(false)
        case .array:
            var elements: [JSONValue] = []
            for _ in 0..<count(at: place) {
                elements.append(value(at: child))
                child = next(after: child)
            }
            return .array(elements)
        case .object:
            var members: [String: JSONValue] = [:]
            for _ in 0..<count(at: place) {
                members[name(at: child)] = value(at: child)
                child = next(after: child)
            }
            return .object(members)
        }
    }
}
