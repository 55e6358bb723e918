// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What people read of a post that is written in the HTML of Mastodon and its kin: paragraphs,
/// breaks and links, cleaned by their servers.
enum PlainText {
    private static let named: [Substring: String] = [
        "amp": "&", "apos": "'", "gt": ">", "lt": "<", "nbsp": "\u{a0}", "quot": "\"",
    ]
    private static let entityCountMax = 10

    /// The text without tags; paragraphs and breaks are line feeds.
    ///
    /// What only looks like a tag or an entity stays as it is.
    ///
    /// - Complexity: O(n).
    static func ofHTML(_ html: String) -> String {
        guard html.utf8.contains(where: { $0 == 0x3c || $0 == 0x26 }) else { return html }
        var text = ""
        var rest = html[...]
        while let next = rest.first {
            if next == "<", let end = rest.firstIndex(of: ">") {
                text += separator(of: rest[rest.index(after: rest.startIndex)..<end])
                rest = rest[rest.index(after: end)...]
            } else if next == "&", let (character, after) = entity(rest) {
                text += character
                rest = after
            } else {
                text.append(next)
                rest.removeFirst()
            }
        }
        while text.last == "\n" { text.removeLast() }
        return text
    }

    /// What a tag puts between words.
    private static func separator(of tag: Substring) -> String {
        let name = tag.prefix { !$0.isWhitespace }.lowercased()
        return ["br", "br/", "/p", "/li", "/blockquote"].contains(name) ? "\n" : ""
    }

    private static func entity(_ text: Substring) -> (character: String, after: Substring)? {
        let body = text.dropFirst()
        guard let end = body.prefix(entityCountMax).firstIndex(of: ";") else { return nil }
        let name = body[..<end]
        let after = body[body.index(after: end)...]
        if let character = named[name] { return (character, after) }
        guard name.first == "#" else { return nil }
        let digits = name.dropFirst()
        let isHex = digits.first == "x" || digits.first == "X"
        guard let number = UInt32(isHex ? digits.dropFirst() : digits, radix: isHex ? 16 : 10),
            number > 0, let scalar = Unicode.Scalar(number)
        else { return nil }
        return (String(Character(scalar)), after)
    }
}
