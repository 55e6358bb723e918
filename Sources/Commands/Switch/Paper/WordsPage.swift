// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Statements
import Switch

/// One-time words as a page to print.
///
/// It says how the words are used and not what for, whose they are, or who hears them.
///
/// Spec: `docs/spec/switch.md`, section 17.
struct WordsPage {
    /// Rows in one QR code: with more of them it does not fit.
    private static let codeRowCount = 16

    private var page = PrintedPage(Text(en: "Words", es: "Palabras"))

    /// The page of a sheet.
    ///
    /// - Throws: `.failed` where codes are asked for and `qrencode` does not draw.
    init(_ sheet: WordsSheet, drawsCodes: Bool) throws {
        page.say(
            Text(
                en: "When a row's turn has come, read one side of it aloud, nine words, and strike"
                    + " the row out. The ninth word checks the eight before it: whoever writes them"
                    + " down wrongly notices.",
                es: "Cuando le toque a una fila, lea en voz alta un lado de ella, nueve palabras, y"
                    + " tache la fila. La novena palabra comprueba las ocho anteriores: quien las"
                    + " anote mal se da cuenta."
            )
        )
        let rows = sheet.rows.enumerated().map { index, sets in
            [String(index + 1)] + sets.map { Self.marked($0.text) }
        }
        page.tabulate(rows)
        guard drawsCodes else { return }
        for start in stride(from: 0, to: rows.count, by: Self.codeRowCount) {
            let some = rows[start..<min(start + Self.codeRowCount, rows.count)]
            // Capital letters take the least room.
            let text = some.map { $0.joined(separator: "  ") }.joined(separator: "\n").uppercased()
            try page.draw(SecretBytes(copying: Array(text.utf8)))
        }
    }

    /// The whole file.
    var html: String { page.html }

    /// The words with the ninth set off.
    private static func marked(_ words: String) -> String {
        guard let last = words.lastIndex(of: " ") else { return words }
        return words[..<last] + " –" + words[last...]
    }
}
