// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// PEM armor as age uses it: strict, without headers.
///
/// Spec: C2SP `age.md`, "ASCII armor"; RFC 7468, section 3 (`stricttextualmsg`).
package enum Armor {
    /// Characters in a full line.
    package static let columnCount = 64
    /// Bytes in a full line.
    package static let lineByteCount = 48
    /// White space accepted before the first and after the last line, in bytes.
    package static let whitespaceCountMax = 1024

    /// The first line: `-----BEGIN LABEL-----`.
    package static func beginLine(_ label: String) -> String { "-----BEGIN \(label)-----" }
    /// The last line: `-----END LABEL-----`.
    package static func endLine(_ label: String) -> String { "-----END \(label)-----" }

    static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0d).contains(byte)
    }
}

/// Writes armor piece by piece.
package struct ArmorEncoder {
    private let endLine: String
    private var pending: [UInt8]
    private var text: [UInt8]

    /// Starts an armored file.
    ///
    /// - Parameter label: What the file is, for example `AGE ENCRYPTED FILE`.
    package init(label: String) {
        endLine = Armor.endLine(label)
        pending = []
        text = Array("\(Armor.beginLine(label))\n".utf8)
    }

    /// Adds bytes and returns the text that is complete by now.
    package mutating func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        pending += bytes
        let fullCount = pending.count / Armor.lineByteCount * Armor.lineByteCount
        for start in stride(from: 0, to: fullCount, by: Armor.lineByteCount) {
            appendLine(pending[start..<(start + Armor.lineByteCount)])
        }
        pending.removeFirst(fullCount)
        defer { text.removeAll(keepingCapacity: true) }
        return text
    }

    /// Ends the file and returns the rest of its text.
    package consuming func finish() -> [UInt8] {
        if !pending.isEmpty { appendLine(pending[...]) }
        return text + Array("\(endLine)\n".utf8)
    }

    private mutating func appendLine(_ bytes: ArraySlice<UInt8>) {
        text += Array(Base64.encode(bytes).utf8)
        text.append(UInt8(ascii: "\n"))
    }
}

/// Reads armor line by line, and refuses all but the one way to write it: only the end of a line
/// (`LF` or `CR LF`) and white space around the whole are free.
package struct ArmorDecoder {
    private enum Place {
        case beforeBegin
        case body
        case beforeEnd
        case afterEnd
    }

    private let beginLine: [UInt8]
    private let endLine: [UInt8]
    private var place = Place.beforeBegin
    private var lineCount = 0
    private var whitespaceCount = 0

    /// Starts before the first line.
    package init(label: String) {
        beginLine = Array(Armor.beginLine(label).utf8)
        endLine = Array(Armor.endLine(label).utf8)
    }

    /// Lines read so far.
    package var line: Int { lineCount }

    /// Reads one line and returns the bytes it holds.
    ///
    /// - Parameter line: Without its line feed; a carriage return at its end is taken off here.
    /// - Returns: 0...48 bytes.
    /// - Throws: `.malformedArmor` with the number of the line, from 1.
    package mutating func decode(line: [UInt8]) throws(EncodingError) -> [UInt8] {
        lineCount += 1
        var content = line[...]
        if content.last == UInt8(ascii: "\r") { content = content.dropLast() }
        switch place {
        case .beforeBegin:
            if content.elementsEqual(beginLine) {
                place = .body
                whitespaceCount = 0
            } else {
                try skipWhitespace(line)
            }
        case .body:
            guard content.elementsEqual(endLine) else {
                return try decode(body: content)
            }
            place = .afterEnd
        case .beforeEnd:
            guard content.elementsEqual(endLine) else { throw failure }
            place = .afterEnd
        case .afterEnd: try skipWhitespace(line)
        }
        return []
    }

    /// Ends the input.
    ///
    /// - Throws: `.malformedArmor` when the last line is missing.
    package func finish() throws(EncodingError) {
        guard place == .afterEnd else { throw .malformedArmor(line: lineCount + 1) }
    }

    private var failure: EncodingError { .malformedArmor(line: lineCount) }

    private mutating func decode(body: ArraySlice<UInt8>) throws(EncodingError) -> [UInt8] {
        guard (1...Armor.columnCount).contains(body.count) else { throw failure }
        let bytes: [UInt8]
        do {
            bytes = try Base64.decode(body)
        } catch {
            throw failure
        }
        if bytes.count < Armor.lineByteCount { place = .beforeEnd }
        return bytes
    }

    private mutating func skipWhitespace(_ line: [UInt8]) throws(EncodingError) {
        whitespaceCount += line.count + 1
        guard line.allSatisfy(Armor.isWhitespace), whitespaceCount <= Armor.whitespaceCountMax
        else { throw failure }
    }
}
