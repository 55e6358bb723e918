// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What is counted of a text, as astrodetection 0.3.6 counts it.
///
/// Spec: `docs/spec/account-signals.md`, section 6.
struct TextCounts: Equatable {
    /// More names than that in one post are many.
    static let nameCountMax = 4

    /// How often it names somebody by `@`.
    let nameCount: Int
    /// The median number of words of its sentences; `nil` without words.
    let sentenceWords: Double?

    init(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        nameCount = Self.names(scalars)
        sentenceWords = Self.median(Self.sentences(Self.withoutLinks(scalars)))
    }

    private static func names(_ scalars: [Unicode.Scalar]) -> Int {
        scalars.indices.count { place in
            guard scalars[place] == "@", place + 1 < scalars.count else { return false }
            let next = scalars[place + 1]
            let isName =
                ("a"..."z").contains(next) || ("A"..."Z").contains(next)
                || ("0"..."9").contains(next) || next == "_"
            return isName && (place == 0 || !isWord(scalars[place - 1]))
        }
    }

    /// The text with a space for each link: its dots end no sentence.
    private static func withoutLinks(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var kept: [Unicode.Scalar] = []
        var place = 0
        while place < scalars.count {
            let mark = ["https://", "http://", "www."].first { mark in
                starts(scalars, place, mark)
            }
            let tail = place + (mark?.unicodeScalars.count ?? 0)
            guard mark != nil, tail < scalars.count, !isSpace(scalars[tail]) else {
                kept.append(scalars[place])
                place += 1
                continue
            }
            kept.append(" ")
            place = tail
            while place < scalars.count, !isSpace(scalars[place]) { place += 1 }
        }
        return kept
    }

    private static func starts(
        _ scalars: [Unicode.Scalar],
        _ place: Int,
        _ mark: String
    ) -> Bool {
        var index = place
        for expected in mark.unicodeScalars {
            guard index < scalars.count else { return false }
            let value = scalars[index].value
            let lower = (0x41...0x5a).contains(value) ? value + 0x20 : value
            guard lower == expected.value else { return false }
            index += 1
        }
        return true
    }

    /// The words of each sentence that has any.
    private static func sentences(_ scalars: [Unicode.Scalar]) -> [Int] {
        var counts: [Int] = []
        var count = 0
        var place = 0
        while place < scalars.count {
            if [".", "!", "?", "…"].contains(scalars[place]) {
                if count > 0 { counts.append(count) }
                count = 0
            } else if isWord(scalars[place]) {
                count += 1
                // A word goes on after an apostrophe.
                while place + 1 < scalars.count {
                    let next = scalars[place + 1]
                    let isJoint =
                        (next == "'" || next == "’") && place + 2 < scalars.count
                        && isWord(scalars[place + 2])
                    guard isWord(next) || isJoint else { break }
                    place += 1
                }
            }
            place += 1
        }
        if count > 0 { counts.append(count) }
        return counts
    }

    private static func median(_ counts: [Int]) -> Double? {
        guard !counts.isEmpty else { return nil }
        let sorted = counts.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1
            ? Double(sorted[middle]) : Double(sorted[middle - 1] + sorted[middle]) / 2
    }

    /// What Python calls `\w`: letters, numbers, the low line.
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            true
        default: scalar == "_"
        }
    }

    /// What Python calls `\s`.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
    }
}
