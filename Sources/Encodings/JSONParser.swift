// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A recursive-descent parser of JSON text (RFC 8259) without floats and `null`.
struct JSONParser {
    /// Kelvin sign, Greek question mark and Greek varia: Swift's `String` takes them for `K`, `;`
    /// and `` ` ``, so a member named with one would be found under the name of another.
    private static let lookalikes: [Unicode.Scalar] = ["\u{212a}", "\u{37e}", "\u{1fef}"]

    /// Whether a name has a character that `String` takes for another one.
    static func looksLikeAnother(_ name: String) -> Bool {
        name.unicodeScalars.contains(where: lookalikes.contains)
    }

    private let bytes: [UInt8]
    private(set) var position = 0
    /// Whether the text so far is canonical beyond doubt.
    ///
    /// It has no white space, no escapes, members with plain names in ascending order, and no
    /// negative number. What has may be canonical all the same.
    private(set) var isSurelyCanonical = true

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func parseDocument() throws(EncodingError) -> JSONValue {
        let value = try parseValue(depth: 0)
        skipWhitespace()
        guard position == bytes.count else { throw .trailingBytes(offset: position) }
        return value
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipWhitespace() {
        while let byte = current, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
            position += 1
            isSurelyCanonical = false
        }
    }

    /// Steps over `text` if it stands here.
    mutating func skip(_ text: StaticString) -> Bool {
        let isHere = text.withUTF8Buffer { text in
            unsafe bytes[position...].starts(with: text)
        }
        if isHere { position += text.utf8CodeUnitCount }
        return isHere
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(EncodingError) {
        guard current == UInt8(ascii: character) else { throw .malformedJSON(offset: position) }
        position += 1
    }

    private mutating func parseValue(depth: Int) throws(EncodingError) -> JSONValue {
        guard depth < JSONValue.depthMax else { throw .tooDeep(limit: JSONValue.depthMax) }
        skipWhitespace()
        switch current {
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "{"): return try parseObject(depth: depth)
        case UInt8(ascii: "["): return try parseArray(depth: depth)
        case UInt8(ascii: "t"): return try parseWord("true", .boolean(true))
        case UInt8(ascii: "f"): return try parseWord("false", .boolean(false))
        case UInt8(ascii: "n"): throw .unsupportedJSON(offset: position)
        default: return .integer(try parseInteger())
        }
    }

    private mutating func parseWord(
        _ word: String,
        _ value: JSONValue
    ) throws(EncodingError) -> JSONValue {
        let expected = Array(word.utf8)
        guard bytes[position...].starts(with: expected) else {
            throw .malformedJSON(offset: position)
        }
        position += expected.count
        return value
    }

    private mutating func parseObject(depth: Int) throws(EncodingError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        var last: String?
        while let name = try parseName(after: members) {
            // For plain names, Swift's order is that of bytes.
            if let last, last >= name { isSurelyCanonical = false }
            last = name
            members[name] = try parseValue(depth: depth + 1)
        }
        return .object(members)
    }

    /// Reads the name of the next member and its colon; nil after the last one.
    private mutating func parseName(
        after members: [String: JSONValue]
    ) throws(EncodingError) -> String? {
        if members.isEmpty {
            try expect("{")
            skipWhitespace()
            if current == UInt8(ascii: "}") {
                position += 1
                return nil
            }
        } else {
            skipWhitespace()
            guard current == UInt8(ascii: ",") else {
                try expect("}")
                return nil
            }
            position += 1
            skipWhitespace()
        }
        let offset = position
        let name = try parseString()
        let isPlain = name.utf8.allSatisfy { $0 < 0x80 }
        if !isPlain { isSurelyCanonical = false }
        guard isPlain || !Self.looksLikeAnother(name) else {
            throw .unsupportedJSON(offset: offset)
        }
        guard members[name] == nil else { throw .duplicateMember(offset: offset) }
        skipWhitespace()
        try expect(":")
        return name
    }

    private mutating func parseArray(depth: Int) throws(EncodingError) -> JSONValue {
        var elements: [JSONValue] = []
        while try reachElement(isFirst: elements.isEmpty) {
            elements.append(try parseValue(depth: depth + 1))
        }
        return .array(elements)
    }

    /// Reads up to the next element, and tells whether there is one.
    private mutating func reachElement(isFirst: Bool) throws(EncodingError) -> Bool {
        if isFirst { try expect("[") }
        let start = position
        skipWhitespace()
        if current == UInt8(ascii: "]") {
            position += 1
            return false
        }
        if isFirst {
            position = start
        } else {
            guard current == UInt8(ascii: ",") else { throw .malformedJSON(offset: position) }
            position += 1
        }
        return true
    }

    /// Parses a document that is an object, and hands over the elements of its array `name` one by
    /// one, each with the place that it takes, white space before it included.
    ///
    /// - Returns: The object, with an empty array in the place of that one, and where its elements
    ///   stood; nil if it has no such array.
    mutating func parseDocument(
        elementsOf name: String,
        _ take: (JSONValue, Range<Int>) throws -> Void
    ) throws -> (value: JSONValue, elements: Range<Int>?) {
        skipWhitespace()
        var members: [String: JSONValue] = [:]
        var elements: Range<Int>?
        while let next = try parseName(after: members) {
            skipWhitespace()
            guard next == name, current == UInt8(ascii: "[") else {
                members[next] = try parseValue(depth: 1)
                continue
            }
            let first = position + 1
            var isFirst = true
            while try reachElement(isFirst: isFirst) {
                isFirst = false
                let start = position
                try take(try parseValue(depth: 2), start..<position)
            }
            elements = first..<(position - 1)
            members[next] = .array([])
        }
        skipWhitespace()
        guard position == bytes.count else {
            throw EncodingError.trailingBytes(offset: position)
        }
        return (.object(members), elements)
    }

    mutating func parseInteger() throws(EncodingError) -> Int64 {
        let start = position
        if current == UInt8(ascii: "-") {
            position += 1
            isSurelyCanonical = false
        }
        let digits = position
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            position += 1
        }
        guard position > digits else { throw .malformedJSON(offset: start) }
        let hasLeadingZero = bytes[digits] == UInt8(ascii: "0") && position - digits > 1
        guard !hasLeadingZero else { throw .malformedJSON(offset: digits) }
        switch current {
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
            throw .unsupportedJSON(offset: position)
        default: break
        }
        var value: Int64 = 0
        for byte in bytes[digits..<position] {
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            guard value <= JSONValue.integerMax else { throw .unsupportedJSON(offset: start) }
        }
        return digits > start ? -value : value
    }

    /// UTF-8 as a string; nil if it is none.
    private static func text(_ bytes: Span<UInt8>) -> String? {
        guard let text = try? UTF8Span(validating: bytes) else { return nil }
        return String(copying: text)
    }

    mutating func parseString() throws(EncodingError) -> String {
        try expect("\"")
        let start = position
        // Most strings have no escapes, and are what they look like.
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"),
            byte >= 0x20
        {
            position += 1
        }
        if current == UInt8(ascii: "\"") {
            guard let text = Self.text(bytes.span.extracting(start..<position)) else {
                throw .invalidUTF8(offset: start)
            }
            position += 1
            return text
        }
        isSurelyCanonical = false
        var content = Array(bytes[start..<position])
        while true {
            guard let byte = current else { throw .malformedJSON(offset: position) }
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = Self.text(content.span) else {
                    throw .invalidUTF8(offset: start)
                }
                return text
            case UInt8(ascii: "\\"): try parseEscape(into: &content)
            case 0x00..<0x20: throw .malformedJSON(offset: position - 1)
            default: content.append(byte)
            }
        }
    }

    private mutating func parseEscape(into content: inout [UInt8]) throws(EncodingError) {
        guard let byte = current else { throw .malformedJSON(offset: position) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "n"): content.append(0x0a)
        case UInt8(ascii: "f"): content.append(0x0c)
        case UInt8(ascii: "r"): content.append(0x0d)
        case UInt8(ascii: "u"):
            let scalar = try parseUnicodeEscape()
            content += Array(String(Character(scalar)).utf8)
        default: throw .malformedJSON(offset: position - 1)
        }
    }

    /// Reads what follows `\u`, a surrogate pair included.
    ///
    /// A lone surrogate has no UTF-8 form.
    private mutating func parseUnicodeEscape() throws(EncodingError) -> Unicode.Scalar {
        let start = position
        let first = try parseFourDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xd800...0xdbff).contains(first), bytes[position...].starts(with: [0x5c, 0x75])
        else { throw .malformedJSON(offset: start) }
        position += 2
        let second = try parseFourDigits()
        guard (0xdc00...0xdfff).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
        else { throw .malformedJSON(offset: start) }
        return scalar
    }

    private mutating func parseFourDigits() throws(EncodingError) -> UInt32 {
        guard bytes.count - position >= 4 else { throw .malformedJSON(offset: position) }
        var value: UInt32 = 0
        for byte in bytes[position..<(position + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw .malformedJSON(offset: position)
            }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }
}
