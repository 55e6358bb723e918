// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Texts that a machine put together of words from a list, as ephemeral astroturfing uses them.
///
/// Spec: T. Elmas et al., "Ephemeral Astroturfing Attacks" (2021), section IV;
/// `docs/spec/trends.md`, section 3.
enum LexiconText {
    private static let tokenCounts = 3...10

    /// Whether a text is a few words without sense: neither a capital at the beginning nor digits
    /// or punctuation, once hashtags and pictograms are gone.
    ///
    /// - Complexity: O(n).
    static func matches(_ text: String) -> Bool {
        let tokens = text.split(whereSeparator: \.isWhitespace)
            .filter { !$0.hasPrefix("#") }
            .map { token in token.unicodeScalars.filter { !isPictogram($0) } }
            .filter { !$0.isEmpty }
        guard tokenCounts.contains(tokens.count), let first = tokens[0].first,
            first.properties.generalCategory != .uppercaseLetter,
            first.properties.generalCategory != .titlecaseLetter
        else { return false }
        return tokens.allSatisfy { $0.allSatisfy(isOfWord) }
    }

    private static func isPictogram(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .otherSymbol, .modifierSymbol, .format, .surrogate, .privateUse: true
        default: (0xfe00...0xfe0f).contains(scalar.value)
        }
    }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .enclosingMark:
            true
        default: false
        }
    }
}
