// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Tells canonical JSON text from any other, and notes where its values stand.
///
/// It never says why: ``JSONParser`` does.
struct JSONScanner {
    private(set) var nodes: [JSONScan.Node] = []
    private var position = 0

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    /// Scans all of a text; false unless it is canonical.
    mutating func scanDocument(_ text: Span<UInt8>) -> Bool {
        nodes.reserveCapacity(32)
        return scanValue(text, nil, depth: 0) && position == text.count
    }

    /// A string: between which quotes, and what has to be known of it.
    private struct Text {
        var start: Int
        var end: Int
        var isEscaped = false
        var isASCII = true

        var isPlain: Bool { isASCII && !isEscaped }
    }

    private func isNext(_ character: Unicode.Scalar, _ text: Span<UInt8>) -> Bool {
        position < text.count && text[position] == UInt8(ascii: character)
    }

    private mutating func skip(_ character: Unicode.Scalar, _ text: Span<UInt8>) -> Bool {
        guard isNext(character, text) else { return false }
        position += 1
        return true
    }

    /// Notes a value of a kind that starts at a place.
    private mutating func note(_ kind: JSONScan.Node.Kind, _ name: Text?, from start: Int) {
        var node = JSONScan.Node(kind: kind, next: UInt32(nodes.count + 1))
        node.start = UInt32(start)
        node.end = UInt32(position)
        if let name {
            node.nameStart = UInt32(name.start)
            node.nameEnd = UInt32(name.end)
            node.isNamePlain = name.isPlain
        }
        nodes.append(node)
    }

    private mutating func scanValue(_ text: Span<UInt8>, _ name: Text?, depth: Int) -> Bool {
        guard depth < JSONValue.depthMax, position < text.count else { return false }
        let start = position
        switch text[position] {
        case Self.quote:
            guard let string = scanString(text) else { return false }
            note(.string, name, from: string.start)
            nodes[nodes.count - 1].end = UInt32(string.end)
            nodes[nodes.count - 1].isEscaped = string.isEscaped
            return true
        case UInt8(ascii: "{"):
            note(.object, name, from: start)
            return scanObject(text, nodes.count - 1, depth: depth)
        case UInt8(ascii: "["):
            note(.array, name, from: start)
            return scanArray(text, nodes.count - 1, depth: depth)
        case UInt8(ascii: "t"):
            note(.yes, name, from: start)
            return skip("t", text) && skip("r", text) && skip("u", text) && skip("e", text)
        case UInt8(ascii: "f"):
            note(.no, name, from: start)
            return skip("f", text) && skip("a", text) && skip("l", text) && skip("s", text)
                && skip("e", text)
        default:
            guard scanInteger(text) else { return false }
            note(.integer, name, from: start)
            return true
        }
    }

    private mutating func scanArray(_ text: Span<UInt8>, _ place: Int, depth: Int) -> Bool {
        position += 1
        var count: UInt32 = 0
        while count > 0 || !isNext("]", text) {
            if count > 0, !skip(",", text) { break }
            guard scanValue(text, nil, depth: depth + 1) else { return false }
            count += 1
        }
        nodes[place].count = count
        nodes[place].next = UInt32(nodes.count)
        return skip("]", text)
    }

    private mutating func scanObject(_ text: Span<UInt8>, _ place: Int, depth: Int) -> Bool {
        position += 1
        var count: UInt32 = 0
        var last: Text?
        var isPlain = true
        while count > 0 || !isNext("}", text) {
            if count > 0, !skip(",", text) { break }
            guard isNext("\"", text), let name = scanString(text), skip(":", text) else {
                return false
            }
            isPlain = isPlain && name.isPlain
            if let last, !Self.stands(last, before: name, text) { return false }
            last = name
            guard scanValue(text, name, depth: depth + 1) else { return false }
            count += 1
        }
        nodes[place].count = count
        nodes[place].next = UInt32(nodes.count)
        return skip("}", text) && (isPlain || hasDistinctNames(place, text))
    }

    /// RFC 8785, section 3.2.3; of ASCII, the order is that of bytes.
    private static func stands(_ name: Text, before other: Text, _ text: Span<UInt8>) -> Bool {
        guard name.isPlain, other.isPlain else {
            return JSONValue.stands(
                string(name.start, name.end, isPlain: name.isPlain, text),
                before: string(other.start, other.end, isPlain: other.isPlain, text)
            )
        }
        let count = min(name.end - name.start, other.end - other.start)
        for index in 0..<count {
            let (left, right) = (text[name.start + index], text[other.start + index])
            guard left == right else { return left < right }
        }
        return name.end - name.start < other.end - other.start
    }

    /// Whether no name of an object is another one, or looks like one, to Swift.
    private func hasDistinctNames(_ place: Int, _ text: Span<UInt8>) -> Bool {
        var names: Set<String> = []
        var child = place + 1
        for _ in 0..<nodes[place].count {
            let node = nodes[child]
            let name = Self.string(
                Int(node.nameStart),
                Int(node.nameEnd),
                isPlain: node.isNamePlain,
                text
            )
            guard !JSONParser.looksLikeAnother(name), names.insert(name).inserted else {
                return false
            }
            child = Int(node.next)
        }
        return true
    }

    private static func string(
        _ start: Int,
        _ end: Int,
        isPlain: Bool,
        _ text: Span<UInt8>
    ) -> String {
        var bytes: [UInt8] = []
        for index in (start - 1)...end { bytes.append(text[index]) }
        return JSONScan.string(bytes, 1, UInt32(bytes.count - 1), isEscaped: !isPlain)
    }

    /// At most 2^53 − 1 in magnitude, without zeros in front, and not minus zero.
    private mutating func scanInteger(_ text: Span<UInt8>) -> Bool {
        let isNegative = skip("-", text)
        let start = position
        var value: Int64 = 0
        while position < text.count {
            let digit = text[position] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            value = value * 10 + Int64(digit)
            guard value <= JSONValue.integerMax else { return false }
            position += 1
        }
        guard position > start else { return false }
        let isZero = text[start] == UInt8(ascii: "0")
        return isZero ? position == start + 1 && !isNegative : true
    }

    // MARK: Strings

    /// Reads a string: valid UTF-8, and the shortest escapes where there must be one (RFC 8785,
    /// section 3.2.2.2).
    private mutating func scanString(_ text: Span<UInt8>) -> Text? {
        position += 1
        var string = Text(start: position, end: position)
        while true {
            skipPlain(text)
            guard position < text.count else { return nil }
            switch text[position] {
            case Self.quote:
                string.end = position
                position += 1
                guard string.isASCII || Self.isUTF8(text, string) else { return nil }
                return string
            case Self.backslash:
                string.isEscaped = true
                position += 1
                guard scanEscape(text) else { return nil }
            case 0x80...:
                string.isASCII = false
                position += 1
            default: return nil
            }
        }
    }

    private static func isUTF8(_ text: Span<UInt8>, _ string: Text) -> Bool {
        (try? UTF8Span(validating: text.extracting(string.start..<string.end))) != nil
    }

    /// Steps over ASCII that stands for itself, eight bytes at a time where there are as many.
    private mutating func skipPlain(_ text: Span<UInt8>) {
        let bytes = unsafe text.bytes
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        while text.count - position >= 8 {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
            let quotes = word ^ (ones &* UInt64(Self.quote))
            let backslashes = word ^ (ones &* UInt64(Self.backslash))
            // The high bit of a byte: it is zero, or a byte below it is; below 0x20; over 0x7f.
            let hits =
                (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes
                | (word &- ones &* 0x20) & ~word | word
            guard hits & highs == 0 else { break }
            position += 8
        }
        while position < text.count, Self.isPlain(text[position]) { position += 1 }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != quote && byte != backslash
    }

    /// Reads what follows a backslash.
    private mutating func scanEscape(_ text: Span<UInt8>) -> Bool {
        guard position < text.count else { return false }
        let byte = text[position]
        position += 1
        switch byte {
        case Self.quote, Self.backslash, UInt8(ascii: "b"), UInt8(ascii: "t"), UInt8(ascii: "n"),
            UInt8(ascii: "f"), UInt8(ascii: "r"):
            return true
        case UInt8(ascii: "u"):
            guard text.count - position >= 4, skip("0", text), skip("0", text),
                let value = Hex.decode(text.extracting(position..<(position + 2)))?.first
            else { return false }
            position += 2
            // Those that have an escape of their own are written with that.
            return value < 0x20 && ![0x08, 0x09, 0x0a, 0x0c, 0x0d].contains(value)
        default: return false
        }
    }
}
