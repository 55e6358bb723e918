// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import Encodings
import Sodium

/// `resguardo plumbing age open`: what a file holds.
struct PlumbingAgeOpenCommand: ResguardoCommand, UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: Text(
            en: "Open a sealed file.",
            es: "Abrir un archivo sellado."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    @Option(
        name: .shortAndLong,
        help: Text(
            en: "Open with the identities in this file; may be repeated.",
            es: "Abrir con las identidades de este archivo; se puede repetir."
        ).help,
        completion: .file()
    )
    var identity: [String] = []

    @Flag(
        name: [.customShort("p"), .customLong("passphrase")],
        help: Text(
            en: "Ask for a passphrase; needless where no identity is given.",
            es: "Pedir una contraseña; innecesario cuando no se indica ninguna identidad."
        ).help
    )
    var usesPassphrase = false

    @Flag(
        name: .shortAndLong,
        help: Text(
            en: "Accept text only (default: whatever the file is).",
            es: "Aceptar solo texto (si falta: lo que sea el archivo)."
        ).help
    )
    var armor = false

    @Option(
        name: .shortAndLong,
        help: Text(
            en: "Write to this file (default: standard output).",
            es: "Escribir en este archivo (si falta: la salida)."
        ).help,
        completion: .file()
    )
    var output: String?

    @Argument(
        help: Text(
            en: "What to open (default: standard input).",
            es: "Qué abrir (si falta: la entrada)."
        ).help,
        completion: .file()
    )
    var input: String?

    func run(in context: Context) throws -> Outcome {
        try PlumbingAgeOutput.requireFile(output, context)
        var identities: [any AgeIdentity] = []
        for path in identity {
            identities += try PlumbingAgeFiles.identities(path) {
                try context.passphrase(confirm: false)
            }
        }
        try context.refuseExampleKeys(identities.compactMap(\.recipientText))
        let asked = PlumbingAgePassphrase { try context.passphrase(confirm: false) }
        if usesPassphrase || identities.isEmpty || passphrase.passphraseFile != nil {
            identities.append(asked)
        }
        let decryptor = AgeDecryptor(
            identities: identities,
            armor: armor ? .required : .detected
        )
        do {
            try PlumbingAgeFiles.reading(input) { source in
                try PlumbingAgeOutput.writing(output) { sink in
                    try decryptor.open(from: source.source, to: sink.sink)
                }
            }
        } catch AgeError.noIdentityMatched {
            throw asked.failure ?? AgeError.noIdentityMatched.failure
        }
        guard let output else { return .alreadyWritten }
        return Outcome(json: ["output": .string(output)], lines: [])
    }
}

extension PlumbingAgeOutput {
    /// Keeps `--json` apart from content: both would go to standard output.
    static func requireFile(_ output: String?, _ context: Context) throws {
        guard context.console.isJSON, output == nil || output == "-" else { return }
        throw Failure(
            .usage,
            Text(
                en: "--json and the content cannot share standard output",
                es: "--json y el contenido no pueden compartir la salida"
            ),
            hint: Text(en: "add -o FILE", es: "agregue -o ARCHIVO")
        )
    }
}
