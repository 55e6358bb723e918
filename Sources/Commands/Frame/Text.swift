// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A sentence for people, in every language we speak.
///
/// Every abstract, option help, message and hint is one of these. Numbers, names and paths are
/// interpolated; the console makes control characters in them visible before they reach a terminal.
package struct Text: Sendable, Equatable {
    /// The English sentence.
    package let en: String
    /// The Spanish sentence.
    package let es: String

    package init(en: String, es: String) {
        self.en = en
        self.es = es
    }

    /// The sentence in the language of this process.
    package var local: String { self[.current] }

    /// The sentence in `language`.
    package subscript(_ language: Language) -> String {
        switch language {
        case .english: en
        case .spanish: es
        }
    }
}

extension Text {
    /// The help of an option or argument: `@Flag(help: Text(en: …, es: …).help)`.
    var help: ArgumentHelp { ArgumentHelp(local) }
}
