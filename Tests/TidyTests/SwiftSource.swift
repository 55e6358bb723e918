// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A Swift file with its comments and string literals blanked out, so that words in it are code.
struct SwiftSource {
    /// As long as the file, with the same line ends.
    private(set) var code: [UInt8]

    init(_ text: String) {
        code = Array(text.utf8)
        var index = 0
        while index < code.count { index = skip(at: index) }
    }

    /// The code, line by line.
    var lines: [Substring] {
        String(decoding: code, as: UTF8.self).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
    }

    // MARK: Blanking

    private func has(_ text: StaticString, at index: Int) -> Bool {
        let bytes = Array(text.description.utf8)
        return index + bytes.count <= code.count
            && code[index..<index + bytes.count].elementsEqual(bytes)
    }

    private mutating func blank(_ range: Range<Int>) {
        for index in range where code[index] != UInt8(ascii: "\n") {
            code[index] = UInt8(ascii: " ")
        }
    }

    /// Steps over one byte, one comment or one string, and returns where to go on.
    private mutating func skip(at index: Int) -> Int {
        if has("//", at: index) {
            let end = code[index...].firstIndex(of: UInt8(ascii: "\n")) ?? code.count
            blank(index..<end)
            return end
        }
        if has("/*", at: index) { return skipBlockComment(at: index) }
        let hashes = code[index...].prefix { $0 == UInt8(ascii: "#") }.count
        guard index + hashes < code.count, code[index + hashes] == UInt8(ascii: "\"") else {
            return index + max(hashes, 1)
        }
        let end = stringEnd(quote: index + hashes, hashes: hashes)
        blank(index..<end)
        return end
    }

    private mutating func skipBlockComment(at start: Int) -> Int {
        var depth = 0
        var index = start
        repeat {
            if has("/*", at: index) {
                depth += 1
                index += 2
            } else if has("*/", at: index) {
                depth -= 1
                index += 2
            } else {
                index += 1
            }
        } while depth > 0 && index < code.count
        let end = min(index, code.count)
        blank(start..<end)
        return end
    }

    /// The end of the literal whose first quote is at `quote`.
    private func stringEnd(quote: Int, hashes: Int) -> Int {
        let isMultiline = has("\"\"\"", at: quote)
        let delimiter =
            [UInt8](repeating: UInt8(ascii: "\""), count: isMultiline ? 3 : 1)
            + [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
        let escape = [UInt8(ascii: "\\")] + [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
        var index = quote + (isMultiline ? 3 : 1)
        while index < code.count {
            if code[index...].starts(with: delimiter) { return index + delimiter.count }
            if code[index...].starts(with: escape) {
                index += escape.count
                guard index < code.count else { break }
                index = code[index] == UInt8(ascii: "(") ? interpolationEnd(at: index) : index + 1
            } else if !isMultiline && code[index] == UInt8(ascii: "\n") {
                return index
            } else {
                index += 1
            }
        }
        return code.count
    }

    /// The index after the parenthesis that closes the one at `start`.
    private func interpolationEnd(at start: Int) -> Int {
        var depth = 0
        var index = start
        while index < code.count {
            switch code[index] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: "\""):
                index = stringEnd(quote: index, hashes: 0)
                continue
            default: break
            }
            index += 1
            if depth == 0 { return index }
        }
        return code.count
    }
}

extension SwiftSource {
    /// A function, initializer or subscript with a body.
    struct Function {
        /// One-based line of its keyword.
        let line: Int
        /// Lines from the keyword to the closing brace.
        let lineCount: Int
    }

    /// All functions, those inside of others included.
    var functions: [Function] {
        var result: [Function] = []
        var line = 1
        var index = 0
        while index < code.count {
            if code[index] == UInt8(ascii: "\n") { line += 1 }
            if let word = word(at: index) {
                let isDeclaration = ["func", "init", "deinit", "subscript"].contains(word)
                let follows = index > 0 ? code[index - 1] : UInt8(ascii: "\n")
                if isDeclaration, follows != UInt8(ascii: "."),
                    let body = body(after: index + word.utf8.count)
                {
                    let count = code[index..<body.upperBound].count { $0 == UInt8(ascii: "\n") } + 1
                    result.append(Function(line: line, lineCount: count))
                }
                index += word.utf8.count
            } else {
                index += 1
            }
        }
        return result
    }

    /// The whole word that starts at `index`, if one starts there.
    private func word(at index: Int) -> String? {
        func isLetter(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "_") || byte >= 0x80
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard isLetter(code[index]), index == 0 || !isLetter(code[index - 1]) else { return nil }
        return String(decoding: code[index...].prefix(while: isLetter), as: UTF8.self)
    }

    /// The braces of the body that a declaration's rest leads to; `nil` for a requirement.
    private func body(after start: Int) -> Range<Int>? {
        var depth = 0
        var index = start
        while index < code.count {
            switch code[index] {
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "{") where depth == 0: return index..<closingBrace(of: index)
            case UInt8(ascii: "}") where depth == 0: return nil
            default:
                if depth == 0, let word = word(at: index),
                    ["func", "init", "var", "let", "case", "subscript"].contains(word)
                {
                    return nil
                }
            }
            if depth < 0 { return nil }
            index += 1
        }
        return nil
    }

    private func closingBrace(of start: Int) -> Int {
        var depth = 0
        for index in start..<code.count {
            if code[index] == UInt8(ascii: "{") { depth += 1 }
            if code[index] == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 { return index + 1 }
            }
        }
        return code.count
    }
}
