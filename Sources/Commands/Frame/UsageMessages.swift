// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// ArgumentParser's own words, which it has in English only, in the language of the person.
enum UsageMessages {
    /// A group of commands was named, but none of its commands.
    static let missingSubcommand = Failure(
        .usage,
        Text(en: "a command is missing", es: "falta una orden"),
        hint: Text(
            en: "add --help instead of --json to see the commands",
            es: "con --help en lugar de --json se ven las órdenes"
        )
    )

    /// A mistake on the command line as one error line and one hint.
    ///
    /// - Parameters:
    ///   - message: What is wrong, in the parser's words.
    ///   - fullMessage: The same with the usage line.
    /// - Returns: A failure of class `.usage`.
    static func failure(message: String, fullMessage: String) -> Failure {
        let firstLine = message.split(separator: "\n").first.map(String.init) ?? message
        let usage = fullMessage.split(separator: "\n")
            .drop { !$0.hasPrefix("Usage: ") }
            .prefix { !$0.hasPrefix("  See '") }
            .joined(separator: " ")
            .split(separator: " ").joined(separator: " ")
        let synopsis = usage.hasPrefix("Usage: ") ? String(usage.dropFirst(7)) : ""
        return Failure(
            .usage,
            Text(en: lowercaseFirst(firstLine), es: spanish(firstLine)),
            hint: synopsis.isEmpty
                ? nil : Text(en: "usage: \(synopsis)", es: "uso: \(spanishPhrases(synopsis))")
        )
    }

    /// A help text with its headings in the language of the person.
    static func localHelp(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in
                let line = withoutSubcommands(String(line))
                return Language.current == .spanish ? spanishHelpLine(line) : line
            }
            .joined(separator: "\n")
    }

    /// The heading of a group of commands is a heading already.
    private static func withoutSubcommands(_ line: String) -> String {
        let ending = " SUBCOMMANDS:"
        return line.hasSuffix(ending) ? line.dropLast(ending.count) + ":" : line
    }

    private static let headings = [
        ("OVERVIEW: ", ""), ("USAGE: ", "USO: "), ("ARGUMENTS:", "ARGUMENTOS:"),
        ("OPTIONS:", "OPCIONES:"), ("SUBCOMMANDS:", "ÓRDENES:"),
    ]

    private static let phrases = [
        ("Show the version.", "Mostrar la versión."),
        ("Show help information.", "Mostrar esta ayuda."),
        ("' for detailed help.", "' para más detalles."),
        // Without the space behind: a line may end there.
        ("(default:", "(si falta:"), ("(values:", "(valores:"), ("; default:", "; si falta:"),
        ("<subcommand>", "<orden>"), ("<options>", "<opciones>"),
    ]

    /// The column in which the parser begins to explain an argument or option.
    private static let explanationColumn = 26

    private static func spanishHelpLine(_ line: String) -> String {
        let (label, explanation) = (
            line.prefix(explanationColumn), line.dropFirst(explanationColumn)
        )
        let isNamed = line.hasPrefix("  <") || line.hasPrefix("  -")
        if isNamed, label.hasSuffix(" "), !explanation.isEmpty, !explanation.hasPrefix("<") {
            // The parser has aligned its own words; ours are longer or shorter.
            let end = label.lastIndex { $0 != " " }.map(label.index(after:)) ?? label.endIndex
            let name = spanishPhrases(String(label[..<end]))
            let gap = explanationColumn - name.count
            let indent = String(repeating: " ", count: gap > 0 ? gap : explanationColumn)
            return name + (gap > 0 ? "" : "\n") + indent + spanishPhrases(String(explanation))
        }
        var result = line
        for (english, spanish) in headings where line.hasPrefix(english) {
            result = spanish + line.dropFirst(english.count)
        }
        if line.hasPrefix("  See '") { result = "  Véase '" + line.dropFirst(7) }
        return spanishPhrases(result)
    }

    /// A line of help with the parser's own phrases and all placeholders in Spanish.
    static func spanishPhrases(_ line: String) -> String {
        Placeholders.spanish(phrases.reduce(line) { replacing($1.0, with: $1.1, in: $0) })
    }

    // MARK: Errors

    /// The parser's sentences: the part before the first quoted word, and its translation.
    private static let sentences = [
        ("Unknown option", "opción desconocida:"),
        ("Missing value for", "falta el valor de"),
        ("Missing expected argument", "falta el argumento"),
        ("Missing one of:", "falta uno de:"),
        ("Unexpected argument", "argumento inesperado:"),
        ("Missing required subcommand.", "falta una orden."),
        ("The value", "valor no válido:"),
        ("The option", "esta opción no lleva valor:"),
        ("Value to be set with", "opciones incompatibles:"),
        ("Unable to parse", "no se entiende la línea de órdenes:"),
    ]

    /// What stands between the quoted words.
    private static let insides = [
        ("is invalid for", "en"), ("Did you mean", "¿Quiso decir"),
        ("Please provide one of", "Elija entre"), ("' or '", "' o '"),
        ("' had already been set with flag '", "' y '"),
        ("' had already been set with option '", "' y '"), (" flag '", " '"), (" option '", " '"),
    ]

    private static func spanish(_ sentence: String) -> String {
        for (english, translation) in sentences where sentence.hasPrefix(english) {
            // The rest repeats the option: "is invalid for '--window <window>'".
            let rest = insides.reduce(String(sentence.dropFirst(english.count))) {
                replacing($1.0, with: $1.1, in: $0)
            }
            return translation + Placeholders.spanish(rest)
        }
        return lowercaseFirst(sentence)
    }

    private static func lowercaseFirst(_ sentence: String) -> String {
        sentence.prefix(1).lowercased() + sentence.dropFirst()
    }

    private static func replacing(_ part: String, with other: String, in text: String) -> String {
        text.split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
    }
}
