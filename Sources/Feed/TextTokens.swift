// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels
internal import Foundation

/// The words and pictograms of texts as numbers, alike for spellings that readers take for one.
///
/// Spec: `docs/spec/feed-dataset.md`, section 3.5.
struct TextTokens {
    /// What a character does once it is decomposed and in lower case.
    private enum Role {
        case letter
        case digit
        /// A token of its own.
        case single
        case gap
    }

    private struct Glyph {
        let role: Role
        let scalar: Unicode.Scalar
    }

    private var interner = Interner()
    /// By scalar: asking Unicode's tables for each character anew would take most of the time.
    private var glyphs: [Unicode.Scalar: [Glyph]] = [:]
    private var asciiGlyphs: [[Glyph]] = []

    init() {
        asciiGlyphs = (UInt8(0)..<128).map { Self.glyphs(of: Unicode.Scalar($0)) }
    }

    /// The tokens of a text in order, without those that equal the one before.
    ///
    /// - Throws: `.tooManyIdentifiers`.
    mutating func numbers(of text: String) throws(FeedKernelError) -> [UInt32] {
        var numbers: [UInt32] = []
        var isFirst = true
        for part in text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace) {
            defer { isFirst = false }
            let isMark = isFirst && part.elementsEqual("RT".unicodeScalars)
            if !isMark, !Self.isAddress(part) { try append(part, to: &numbers) }
        }
        return numbers
    }

    private static func isAddress(_ part: Substring.UnicodeScalarView) -> Bool {
        part.contains("@") || String(part).contains("://")
            || String(part.prefix(4)).lowercased() == "www."
    }

    private mutating func append(
        _ part: Substring.UnicodeScalarView,
        to numbers: inout [UInt32]
    ) throws(FeedKernelError) {
        var word: [Glyph] = []
        for scalar in part {
            for glyph in known(scalar) {
                switch glyph.role {
                case .letter, .digit: word.append(glyph)
                case .single:
                    try flush(&word, to: &numbers)
                    word.append(glyph)
                    try flush(&word, to: &numbers)
                case .gap: try flush(&word, to: &numbers)
                }
            }
        }
        try flush(&word, to: &numbers)
    }

    private mutating func flush(
        _ word: inout [Glyph],
        to numbers: inout [UInt32]
    ) throws(FeedKernelError) {
        guard !word.isEmpty else { return }
        var bytes: [UInt8] = []
        var start = 0
        while start < word.count {
            let glyph = word[start]
            var end = start + 1
            while end < word.count, word[end].scalar == glyph.scalar { end += 1 }
            // “goooool” is “gol”; two letters are spelling, and digits are numbers.
            let isStretched = glyph.role == .letter && end - start > 2
            for _ in 0..<(isStretched ? 1 : end - start) { bytes += Array(glyph.scalar.utf8) }
            start = end
        }
        word.removeAll(keepingCapacity: true)
        let hash = CSVScanner.hash(bytes)
        let number = try interner.intern(bytes, 0, bytes.count, hash: hash)
        guard number < SimilarSets.numberLimit else {
            throw .tooManyIdentifiers(limit: Int(SimilarSets.numberLimit))
        }
        if numbers.last != number { numbers.append(number) }
    }

    private mutating func known(_ scalar: Unicode.Scalar) -> [Glyph] {
        if scalar.isASCII { return asciiGlyphs[Int(scalar.value)] }
        if let known = glyphs[scalar] { return known }
        let new = Self.glyphs(of: scalar)
        glyphs[scalar] = new
        return new
    }

    private static func glyphs(of scalar: Unicode.Scalar) -> [Glyph] {
        String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars.flatMap { part in
            // Turkish writes i with and without a dot; other keyboards know one of them only.
            let lower = part == "\u{131}" ? "i" : part.properties.lowercaseMapping
            return lower.unicodeScalars.compactMap { scalar in
                role(scalar).map { Glyph(role: $0, scalar: scalar) }
            }
        }
    }

    /// - Returns: `nil` for what is passed over: accents, joiners, tones of skin.
    private static func role(_ scalar: Unicode.Scalar) -> Role? {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .format, .modifierSymbol, .surrogate,
            .privateUse:
            nil
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            isIdeograph(scalar.value) ? .single : .letter
        case .decimalNumber, .letterNumber, .otherNumber: .digit
        case .otherSymbol: .single
        default: .gap
        }
    }

    /// Of scripts that put no spaces between words.
    private static func isIdeograph(_ value: UInt32) -> Bool {
        (0x3040...0x30ff).contains(value) || (0x3400...0x9fff).contains(value)
            || (0x20000...0x3ffff).contains(value)
    }
}
