// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The languages Resguardo speaks.
package enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case spanish = "es"

    /// The language of this process, decided once: help texts are built before options are parsed.
    package static let current = decide(
        arguments: CommandLine.arguments,
        environment: Environment.value
    )

    /// Decides the language of a run.
    ///
    /// `--lang` comes first, then the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is not
    /// empty, as POSIX orders them; a language we do not speak gives English.
    ///
    /// - Parameters:
    ///   - arguments: The command line, with the program's name in front.
    ///   - environment: Looks up one variable.
    /// - Returns: The language to speak.
    package static func decide(
        arguments: [String],
        environment: (String) -> String?
    ) -> Language {
        var words = arguments.dropFirst().prefix { $0 != "--" }[...]
        while let word = words.popFirst() {
            if word == "--lang", let chosen = words.first.flatMap(Language.init(rawValue:)) {
                return chosen
            }
            if word.hasPrefix("--lang="), let chosen = Language(rawValue: String(word.dropFirst(7)))
            {
                return chosen
            }
        }
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            guard let locale = environment(name), !locale.isEmpty else { continue }
            // es, es_MX, es_MX.UTF-8, es-419@variant: the language ends at the first other letter.
            let tag = locale.prefix { $0.isLetter }.lowercased()
            return Language(rawValue: tag) ?? .english
        }
        return .english
    }
}
