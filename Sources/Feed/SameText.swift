// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// One spelling for texts that the coordination-network-toolkit 1.5.2 takes for the same
/// (`co_tweet`).
///
/// Spec: `docs/spec/feed-dataset.md`, section 3.6.
enum SameText {
    /// The text in lower case, without what stands between an `@` and the next white space, with
    /// one space between words.
    ///
    /// - Returns: `nil` if nothing is left: texts that say nothing are not the same text.
    static func spelling(of text: String) -> String? {
        var words: [String] = []
        for part in text.lowercased().unicodeScalars.split(whereSeparator: isSpace) {
            let word = String(String.UnicodeScalarView(part.prefix { $0 != "@" }))
            if !word.isEmpty { words.append(word) }
        }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// White space as Python's `str.split` has it: Unicode's, and four separators of ASCII.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
    }
}
