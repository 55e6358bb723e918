// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Finds the links of a page with which its owner says “this is me as well”.
///
/// Comments of visitors may hold any text and any link, but no page lets visitors write `rel="me"`.
///
/// Spec: `docs/spec/fetchers.md`, section 3.1.
enum HTMLLinks {
    /// Elements whose content is text, whatever it looks like.
    private static let textElements = [
        "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "template",
    ]

    /// Targets of `a` and `link` elements with the relation `me`, in the order of the page.
    ///
    /// - Complexity: O(n).
    static func me(in page: [UInt8]) -> [String] {
        var scanner = Scanner(page)
        var links: [String] = []
        while let tag = scanner.nextTag() {
            if textElements.contains(tag.name) {
                scanner.skipContent(of: tag.name)
                continue
            }
            guard tag.name == "a" || tag.name == "link", let target = tag.attributes["href"],
                let relations = tag.attributes["rel"]
            else { continue }
            let words = relations.lowercased().split { $0.isWhitespace }
            if words.contains("me") { links.append(target) }
        }
        return links
    }

    private struct Tag {
        let name: String
        let attributes: [String: String]
    }

    /// Walks from tag to tag.
    private struct Scanner {
        private let bytes: [UInt8]
        private var position = 0

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
        }

        private func starts(_ text: StaticString, at place: Int) -> Bool {
            text.withUTF8Buffer { text in
                unsafe bytes[min(place, bytes.count)...].starts(with: text)
            }
        }

        private mutating func skip(past text: StaticString) {
            while position < bytes.count, !starts(text, at: position) { position += 1 }
            position = min(position + text.utf8CodeUnitCount, bytes.count)
        }

        mutating func nextTag() -> Tag? {
            while position < bytes.count {
                guard bytes[position] == UInt8(ascii: "<") else {
                    position += 1
                    continue
                }
                if starts("<!--", at: position) {
                    position += 4
                    skip(past: "-->")
                    continue
                }
                position += 1
                guard position < bytes.count, Self.isLetter(bytes[position]) else { continue }
                let name = word { Self.isLetter($0) || (0x30...0x39).contains($0) }
                return Tag(name: name.lowercased(), attributes: attributes())
            }
            return nil
        }

        /// Goes to the end tag of an element that holds text only.
        mutating func skipContent(of name: String) {
            let end = Array("</\(name)".utf8)
            while position < bytes.count {
                let here = bytes[position...].prefix(end.count).map { Self.lowerCase($0) }
                if here == end { return }
                position += 1
            }
        }

        private mutating func attributes() -> [String: String] {
            var result: [String: String] = [:]
            while position < bytes.count, bytes[position] != UInt8(ascii: ">") {
                if Self.isSpace(bytes[position]) || bytes[position] == UInt8(ascii: "/") {
                    position += 1
                    continue
                }
                let start = position
                let name = word { !Self.isSpace($0) && !"=>/".utf8.contains($0) }.lowercased()
                if position == start { position += 1 }
                skipSpaces()
                var value = ""
                if position < bytes.count, bytes[position] == UInt8(ascii: "=") {
                    position += 1
                    skipSpaces()
                    value = attributeValue()
                }
                // The first of two attributes of one name counts.
                if result[name] == nil {
                    result[name] = value.split(separator: "&amp;", omittingEmptySubsequences: false)
                        .joined(separator: "&")
                }
            }
            position = min(position + 1, bytes.count)
            return result
        }

        private mutating func attributeValue() -> String {
            guard position < bytes.count else { return "" }
            let quote = bytes[position]
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
                return word { !Self.isSpace($0) && $0 != UInt8(ascii: ">") }
            }
            position += 1
            let value = word { $0 != quote }
            position = min(position + 1, bytes.count)
            return value
        }

        private mutating func skipSpaces() {
            while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
        }

        private mutating func word(_ isPart: (UInt8) -> Bool) -> String {
            let start = position
            while position < bytes.count, isPart(bytes[position]) { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }

        private static func isSpace(_ byte: UInt8) -> Bool {
            byte == 0x20 || (0x09...0x0d).contains(byte)
        }

        private static func isLetter(_ byte: UInt8) -> Bool {
            (0x61...0x7a).contains(lowerCase(byte))
        }

        private static func lowerCase(_ byte: UInt8) -> UInt8 {
            (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
        }
    }
}
