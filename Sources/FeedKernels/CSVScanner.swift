// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// One field of a record, as a range of the scanner's bytes.
package struct CSVField: Sendable {
    /// Where the content starts; beyond the scanned block if escapes had to be resolved.
    package var start: Int
    /// Where the content ends.
    package var end: Int
    /// A hash of the content, for interning.
    package var hash: UInt64
    /// Whether the record ends with this field.
    package var isLast: Bool

    /// The number of bytes.
    package var count: Int { end - start }
    /// Whether there is no content.
    package var isEmpty: Bool { start == end }
}

/// Reads the fields of a block of whole records, one after the other.
///
/// Spec: RFC 4180, with LF or CRLF. A field's content is a range of ``bytes``; the content of a
/// field with doubled quotes is appended there without them.
package struct CSVScanner: Sendable {
    /// The longest field, in bytes: a long post with room to spare.
    package static let fieldByteCountMax = 1 << 20

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let hashSeed: UInt64 = 0xcbf2_9ce4_8422_2325
    private static let hashPrime: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// The block, followed by the unescaped contents of fields that had escapes.
    package private(set) var bytes: [UInt8]
    /// The next byte to read.
    package private(set) var position: Int
    /// One-based line of ``position``.
    package private(set) var line: Int
    private var lineStart: Int
    private let limit: Int

    /// Starts at the beginning of a block.
    ///
    /// - Parameters:
    ///   - bytes: Whole records; the last one may lack its line end.
    ///   - position: Where the first record starts.
    ///   - line: One-based line of the first byte in the file.
    package init(_ bytes: [UInt8], from position: Int = 0, line: Int = 1) {
        self.bytes = bytes
        self.position = position
        self.line = line
        lineStart = position
        limit = bytes.count
    }

    /// Whether every record was read.
    package var isAtEnd: Bool { position >= limit }

    /// One-based byte position of `offset` in the current line.
    package func column(of offset: Int) -> Int { offset - lineStart + 1 }

    /// Skips empty lines, which are no records.
    package mutating func skipEmptyLines() {
        while position < limit {
            if bytes[position] == Self.lineFeed {
                endLine(after: position)
            } else if bytes[position] == Self.carriageReturn, position + 1 < limit,
                bytes[position + 1] == Self.lineFeed
            {
                endLine(after: position + 1)
            } else {
                return
            }
        }
    }

    /// Moves behind the next line feed, whatever stands before it.
    package mutating func skipLine() {
        while position < limit {
            if bytes[position] == Self.lineFeed {
                endLine(after: position)
                return
            }
            position += 1
        }
    }

    /// Reads the next field.
    ///
    /// - Throws: A ``CSVFault`` with line and column; ``position`` is then inside the bad record.
    /// - Complexity: O(n) in the field's length.
    @inline(__always)
    package mutating func nextField() throws(CSVFault) -> CSVField {
        let start = position
        var index = start
        var hash = Self.hashSeed
        var union: UInt8 = 0
        while index < limit {
            let byte = bytes[index]
            // Every special character is at or below the comma.
            if byte <= Self.comma {
                if byte == Self.comma || byte == Self.lineFeed { break }
                if byte == Self.carriageReturn || byte == Self.quote || byte == 0 { break }
            }
            hash = (hash ^ UInt64(byte)) &* Self.hashPrime
            union |= byte
            index += 1
        }
        if index < limit, bytes[index] != Self.comma, bytes[index] != Self.lineFeed {
            return try nextSpecialField(stoppedAt: index, hash: hash, union: union)
        }
        if union >= 0x80 || index - start > Self.fieldByteCountMax {
            try check(start, index, union)
        }
        return terminate(start, index, Self.mixed(hash))
    }

    /// Ends an unquoted field that stopped at a comma, a line feed or the block's end.
    @inline(__always)
    private mutating func terminate(_ start: Int, _ end: Int, _ hash: UInt64) -> CSVField {
        let isLast = end >= limit || bytes[end] != Self.comma
        position = end + 1
        if isLast {
            line += 1
            lineStart = position
        }
        return CSVField(start: start, end: end, hash: hash, isLast: isLast)
    }

    /// A field that is quoted, ends with CRLF, or is malformed.
    private mutating func nextSpecialField(
        stoppedAt index: Int,
        hash: UInt64,
        union: UInt8
    ) throws(CSVFault) -> CSVField {
        switch bytes[index] {
        case Self.quote where index == position:
            return try nextQuotedField()
        case Self.quote:
            throw fault(at: index, .quoteAtFieldStart)
        case Self.carriageReturn:
            guard index + 1 < limit, bytes[index + 1] == Self.lineFeed else {
                throw fault(at: index + 1, .lineFeed)
            }
            let start = position
            try check(start, index, union)
            endLine(after: index + 1)
            return CSVField(start: start, end: index, hash: Self.mixed(hash), isLast: true)
        default:
            throw fault(at: index, .text)
        }
    }

    /// Spec: RFC 4180, sections 2.5 to 2.7.
    private mutating func nextQuotedField() throws(CSVFault) -> CSVField {
        let opening = (line: line, column: column(of: position))
        let start = position + 1
        var index = start
        var content: [UInt8] = []
        var copied = start
        var hasEscapes = false
        while true {
            guard index < limit else {
                throw CSVFault(
                    line: opening.line,
                    column: opening.column,
                    expected: .closingQuote
                )
            }
            let byte = bytes[index]
            if byte == Self.quote {
                guard index + 1 < limit, bytes[index + 1] == Self.quote else { break }
                hasEscapes = true
                content += bytes[copied...index]
                index += 1
                copied = index + 1
            } else if byte == Self.lineFeed {
                line += 1
                lineStart = index + 1
            } else if byte == 0 {
                throw fault(at: index, .text)
            }
            index += 1
        }
        position = index + 1
        var field = CSVField(start: start, end: index, hash: 0, isLast: false)
        if hasEscapes {
            content += bytes[copied..<index]
            field.start = bytes.count
            bytes += content
            field.end = bytes.count
        }
        try check(field.start, field.end, 0x80)
        field.hash = Self.hash(bytes[field.start..<field.end])
        field.isLast = try endQuotedField()
        return field
    }

    /// Reads what follows a closing quote, and says whether the record ends.
    private mutating func endQuotedField() throws(CSVFault) -> Bool {
        guard position < limit else {
            position += 1
            return true
        }
        switch bytes[position] {
        case Self.comma:
            position += 1
            return false
        case Self.lineFeed:
            endLine(after: position)
            return true
        case Self.carriageReturn
        where position + 1 < limit && bytes[position + 1] == Self.lineFeed:
            endLine(after: position + 1)
            return true
        default:
            throw fault(at: position, .delimiterAfterQuote)
        }
    }

    private mutating func endLine(after lineFeed: Int) {
        position = lineFeed + 1
        line += 1
        lineStart = position
    }

    /// Checks length and, if a byte beyond ASCII occurred, UTF-8.
    private func check(_ start: Int, _ end: Int, _ union: UInt8) throws(CSVFault) {
        guard end - start <= Self.fieldByteCountMax else {
            throw fault(at: position, .shorter(limit: Self.fieldByteCountMax))
        }
        if union >= 0x80, String(validating: bytes[start..<end], as: UTF8.self) == nil {
            throw fault(at: position, .text)
        }
    }

    private func fault(at offset: Int, _ expected: CSVFault.Expectation) -> CSVFault {
        CSVFault(line: line, column: max(1, column(of: offset)), expected: expected)
    }

    /// The hash that ``nextField()`` gives a content.
    package static func hash(_ content: some Sequence<UInt8>) -> UInt64 {
        var hash = hashSeed
        for byte in content { hash = (hash ^ UInt64(byte)) &* hashPrime }
        return mixed(hash)
    }

    /// Spreads the low bits, which a product carries upwards only, over the whole word.
    @inline(__always)
    private static func mixed(_ hash: UInt64) -> UInt64 {
        let folded = (hash ^ hash >> 32) &* hashPrime
        return folded ^ folded >> 29
    }
}
