// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

// Its tables are Unicode's (Word_Break), which it does not show otherwise.
@_spi(_Unicode) internal import Swift

/// Boundaries of words as Python's `regex` finds them, which the toolkit uses: those of UAX #29,
/// but an apostrophe stays with a vowel after it, what stands after one half of a flag or after a
/// mark at the beginning stays with that, and marks are looked through only to the left.
///
/// Spec: `docs/spec/feed-dataset.md`, section 3.7.
struct WordBreaks {
    private enum Kind {
        case letter, hebrew, digit, katakana, underscore
        /// Marks and formats, which go with what stands before them.
        case mark
        /// Between letters, between digits, between either.
        case innerLetter, innerDigit, inner
        /// One half of a flag.
        case flag
        case other

        var isLetter: Bool { self == .letter || self == .hebrew }
        var joinsLetters: Bool { self == .innerLetter || self == .inner }
        var joinsDigits: Bool { self == .innerDigit || self == .inner }
        var isWord: Bool { isLetter || self == .digit || self == .katakana }
    }

    private var known: [Unicode.Scalar: Kind] = [:]
    private let ascii: [Kind]
    private var scalars: [Unicode.Scalar] = []
    private var kinds: [Kind] = []
    private var isAtStart = false

    init() { ascii = (UInt8(0)..<128).map { Self.kind(of: Unicode.Scalar($0)) } }

    /// Takes the next word, without white space, and whether it begins the text.
    mutating func read(_ word: [Unicode.Scalar], isAtStart: Bool) {
        scalars = word
        kinds.removeAll(keepingCapacity: true)
        for scalar in word {
            kinds.append(scalar.isASCII ? ascii[Int(scalar.value)] : kind(scalar))
        }
        self.isAtStart = isAtStart
    }

    private mutating func kind(_ scalar: Unicode.Scalar) -> Kind {
        if let kind = known[scalar] { return kind }
        let kind = Self.kind(of: scalar)
        known[scalar] = kind
        return kind
    }

    /// Whether a boundary lies before a character of the word.
    func isBreak(before place: Int) -> Bool {
        guard place > 0 else { return true }
        let right = kinds[place]
        // WB3c, WB4
        if scalars[place - 1] == "\u{200d}", Self.isPictograph(scalars[place]) { return false }
        if right == .mark { return false }
        var left = place - 1
        while kinds[left] == .mark {
            guard left > 0 else { return !isAtStart }
            left -= 1
        }
        if isJoined(left, place) { return false }
        // WB15, WB16
        return !kinds[...left].reversed().prefix { $0 == .flag }.count.isOdd
    }

    /// WB5 to WB13b.
    private func isJoined(_ leftPlace: Int, _ rightPlace: Int) -> Bool {
        let (left, right) = (kinds[leftPlace], kinds[rightPlace])
        let before = leftPlace > 0 ? kinds[leftPlace - 1] : .other
        let after = rightPlace + 1 < kinds.count ? kinds[rightPlace + 1] : .other
        let isApostrophe = scalars[leftPlace] == "'" || scalars[leftPlace] == "\u{2019}"
        if isApostrophe, Self.vowels.contains(scalars[rightPlace]) { return true }
        switch (left, right) {
        case (.letter, .letter), (.letter, .hebrew), (.hebrew, .letter), (.hebrew, .hebrew),
            (.letter, .digit), (.hebrew, .digit), (.digit, .letter), (.digit, .hebrew),
            (.digit, .digit), (.katakana, .katakana):
            return true
        case (_, .underscore): return left.isWord || left == .underscore
        case (.underscore, _): return right.isWord
        default: break
        }
        let quote = Unicode.Scalar("\"")
        if left == .hebrew {
            if scalars[rightPlace] == "'" { return true }
            if scalars[rightPlace] == quote, after == .hebrew { return true }
        }
        if before == .hebrew, scalars[leftPlace] == quote, right == .hebrew { return true }
        return left.isLetter && right.joinsLetters && after.isLetter
            || before.isLetter && left.joinsLetters && right.isLetter
            || left == .digit && right.joinsDigits && after == .digit
            || before == .digit && left.joinsDigits && right == .digit
    }

    private static let vowels = Set("aeiouàáâèéêìíîòóôùúû".unicodeScalars)

    // MARK: Kinds

    /// Korean, cuneiform and hieroglyphs, which the library takes for symbols.
    private static let lettersUnknown: [ClosedRange<UInt32>] = [
        0x1100...0x11ff, 0xac00...0xd7ff, 0x12000...0x1467f,
    ]

    /// What a character is shows in what it is joined with.
    private static func kind(of scalar: Unicode.Scalar) -> Kind {
        if (0x1f1e6...0x1f1ff).contains(scalar.value) { return .flag }
        if scalar.properties.isAlphabetic, lettersUnknown.contains(where: { $0 ~= scalar.value }) {
            return .letter
        }
        let text = String(scalar)
        if isWhole("." + text) { return .mark }
        let isKatakana = isWhole("\u{30a2}" + text)
        if isWhole("a" + text) {
            if isKatakana { return .underscore }
            if isWhole("1." + text) { return .digit }
            return isWhole(text + "'") ? .hebrew : .letter
        }
        if isKatakana { return .katakana }
        switch (isWhole("a" + text + "a"), isWhole("1" + text + "1")) {
        case (true, true): return .inner
        case (true, false): return .innerLetter
        case (false, true): return .innerDigit
        case (false, false): return .other
        }
    }

    private static func isPictograph(_ scalar: Unicode.Scalar) -> Bool {
        isWhole("\u{200d}" + String(scalar))
    }

    private static func isWhole(_ text: String) -> Bool {
        text._wordIndex(after: text.startIndex) == text.endIndex
    }
}

extension Int {
    fileprivate var isOdd: Bool { self & 1 == 1 }
}
