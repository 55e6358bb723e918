// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Statements
import Storage
import Switch

extension WordsSheet.Column: ExpressibleByArgument {
    package init?(argument: String) {
        switch argument {
        case "left": self = .left
        case "right": self = .right
        default: return nil
        }
    }
}

/// Who and what goes into an arming.
struct ArmingOptions: ParsableArguments {
    @OptionGroup var recoveryKey: RecoveryKeyOptions
    @OptionGroup var confirmation: ArmingConfirmation

    @Option(
        help: ArgumentHelp(
            Text(
                en: "What a trustee gave back; once for each.",
                es: "Lo que devolvió un custodio; una vez por cada uno."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var trustee: [String] = []

    @Option(
        help: Text(
            en: "How many trustees open it together (default: 4, or 3 of 5 or 6).",
            es: "Cuántos custodios lo abren juntos (si falta: 4, o 3 de 5 o 6)."
        ).help
    )
    var threshold: Int?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The card of a successor; once for each.",
                es: "La tarjeta de una persona sucesora; una vez por cada una."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var successor: [String] = []

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Key of a machine that sends you reminders, 64 digits; once for each.",
                es: "Llave de un equipo que le envía avisos, 64 dígitos; una vez por cada uno."
            ).local,
            valueName: Text(en: "key", es: "llave").local
        )
    )
    var sender: [String] = []

    @Option(
        help: ArgumentHelp(
            Text(
                en: "A sheet that “switch words” wrote.",
                es: "Una hoja que escribió «switch words»."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var words: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The side of the sheet that you read when you are free.",
                es: "El lado de la hoja que lee cuando está libre."
            ).local,
            valueName: "left|right"
        )
    )
    var cleanColumn: WordsSheet.Column?

    private static let sheetCountMax = 64 << 10

    mutating func validate() throws {
        guard (words == nil) == (cleanColumn == nil) else {
            throw ValidationError(
                Text(
                    en: "Give --words and --clean-column together.",
                    es: "Indique --words y --clean-column a la vez."
                ).local
            )
        }
    }

    /// The keys of senders.
    func senderKeys() throws -> [Ed25519.PublicKey] {
        try sender.map { text in
            guard let bytes = try? Hex.decode(text), let key = try? Ed25519.PublicKey(bytes) else {
                throw Failure(
                    .usage,
                    Text(en: "“\(text)” is no key", es: "«\(text)» no es una llave")
                )
            }
            return key
        }
    }

    /// The sheet and the side that is read freely.
    func choice() throws -> WordsSheet.Choice? {
        guard let words, let cleanColumn else { return nil }
        let bytes = try LocalFileSystem().read(words, countMax: Self.sheetCountMax)
        guard let sheet = WordsSheet(parsing: String(decoding: bytes, as: UTF8.self)) else {
            throw Failure(
                .usage,
                Text(
                    en: "\(words) is no sheet of words",
                    es: "\(words) no es una hoja de palabras"
                )
            )
        }
        return WordsSheet.Choice(sheet, clean: cleanColumn)
    }
}
