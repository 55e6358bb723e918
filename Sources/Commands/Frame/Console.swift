// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// Writes for people on standard error, and results on standard output.
///
/// Every line passes through ``printable(_:)``: a file name cannot move the cursor, colour the
/// screen or pass itself off as a line of ours.
package struct Console: Sendable {
    /// `--json`: standard output belongs to the one document.
    package let isJSON: Bool
    /// `--quiet`: no notes, no progress.
    package let isQuiet: Bool
    /// The language of messages.
    package let language: Language
    /// Whether the class of a failure ends its line: for plumbing, which programs test against.
    private let showsWords: Bool
    private let colorsErrors: Bool

    package init(
        isJSON: Bool,
        isQuiet: Bool,
        noColor: Bool,
        language: Language,
        showsWords: Bool = false
    ) {
        self.showsWords = showsWords
        self.isJSON = isJSON
        self.isQuiet = isQuiet
        self.language = language
        colorsErrors =
            !noColor && Environment.nonEmpty("NO_COLOR") == nil
            && Environment.value("TERM") != "dumb" && Terminal.isTerminal(.error)
    }

    /// Says something on standard error that helps a person along and no program needs.
    package func note(_ text: Text) {
        guard !isQuiet else { return }
        Terminal.write("resguardo: " + Self.printable(text[language]) + "\n", to: .error)
    }

    /// Starts a progress bar; see ``ProgressBar``.
    ///
    /// - Parameters:
    ///   - label: What is being done.
    ///   - total: How much there is to do, in bytes, when known.
    /// - Returns: The bar, to be advanced and finished.
    package func progress(_ label: Text, total: Int64?) -> ProgressBar {
        let isShown = !isQuiet && Terminal.isTerminal(.error)
        return ProgressBar(
            label: Self.printable(label[language]),
            total: total,
            language: language,
            isShown: isShown
        )
    }

    /// Writes a line of the result at once, for commands that tell a story as it happens.
    ///
    /// Silent under `--json`, where the outcome's document is the result.
    ///
    /// - Returns: Whether it was written.
    @discardableResult
    package func line(_ text: String) -> Bool {
        guard !isJSON else { return true }
        return Terminal.write(Self.printable(text) + "\n", to: .output)
    }

    /// Writes a result: the document under `--json`, the lines otherwise.
    ///
    /// - Throws: `.failed` when standard output cannot be written, a full disk for example.
    package func result(_ outcome: Outcome) throws {
        var text = ""
        if isJSON {
            guard let json = outcome.json else { return }
            text = json.canonicalText + "\n"
        } else {
            for line in outcome.lines { text += Self.printable(line) + "\n" }
        }
        guard !text.isEmpty, !Terminal.write(text, to: .output) else { return }
        throw Self.unwritten
    }

    /// Standard output cannot be written.
    static let unwritten = Failure(
        .failed,
        Text(
            en: "the result could not be written to standard output",
            es: "no se pudo escribir el resultado en la salida"
        )
    )

    /// Says why a command failed, and what to do about it.
    ///
    /// The two labels are the same in every language, for programs that look for them.
    package func failure(_ failure: Failure) {
        let word = failure.word.flatMap { showsWords ? ": " + $0 : nil } ?? ""
        write("error", color: "31", Self.printable(failure.message[language]) + word)
        guard let hint = failure.hint else { return }
        write("hint", color: "36", Self.printable(hint[language]))
    }

    private func write(_ label: String, color: String, _ text: String) {
        let shown = colorsErrors ? "\u{1b}[\(color)m\(label):\u{1b}[0m" : label + ":"
        Terminal.write("resguardo: \(shown) \(text)\n", to: .error)
    }

    /// The text with control characters and direction overrides written out, so that one line stays
    /// one line and says what it seems to say.
    package static func printable(_ text: String) -> String {
        // Most texts need nothing; bytes that begin what does are looked for first. Without a way
        // out of the loop, the processor looks at many bytes at once.
        let isPlain = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            var special: UInt8 = 0
            for index in bytes.indices {
                let byte = unsafe bytes[index]
                special |= byte < 0x20 ? 1 : 0
                special |= byte == 0x7f || byte == 0xc2 || byte == 0xe2 ? 1 : 0
            }
            return special == 0
        }
        if isPlain == true { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0a: result += "\\n"
            case 0x0d: result += "\\r"
            case 0x09: result.unicodeScalars.append(scalar)
            case 0x00..<0x20, 0x7f..<0xa0, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069:
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
