// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The set of tokens by which the coordination-network-toolkit 1.5.2 compares texts
/// (`co_similar_tweet`).
///
/// Spec: `docs/spec/feed-dataset.md`, section 3.7.
struct SimilarText {
    private var breaks = WordBreaks()

    /// The tokens of a text in lower case, without mentions, sorted, with one space between.
    ///
    /// - Returns: `nil` if nothing is left.
    mutating func spelling(of text: String) -> String? {
        let scalars = text.lowercased().unicodeScalars
        var tokens: Set<String> = []
        for part in scalars.split(whereSeparator: SameText.isSpace) {
            let word = Array(part.prefix { $0 != "@" })
            breaks.read(word, isAtStart: part.startIndex == scalars.startIndex)
            insert(word, to: &tokens)
        }
        let sorted = tokens.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return sorted.isEmpty ? nil : sorted.joined(separator: " ")
    }

    /// Cuts at word boundaries; apostrophes that stand at one go.
    private func insert(_ word: [Unicode.Scalar], to tokens: inout Set<String>) {
        var place = 0
        while place < word.count {
            if word[place] == "'", breaks.isBreak(before: place) {
                place += 1
                continue
            }
            var end = place + 1
            while end < word.count, !breaks.isBreak(before: end) { end += 1 }
            tokens.insert(String(String.UnicodeScalarView(word[place..<end])))
            place = end
        }
    }
}
