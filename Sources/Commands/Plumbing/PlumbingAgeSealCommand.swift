// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import Encodings
import Sodium

/// `resguardo plumbing age seal`: a file for recipients or under a passphrase.
struct PlumbingAgeSealCommand: ResguardoCommand, UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: Text(
            en: "Seal a file to recipients or with a passphrase.",
            es: "Sellar un archivo para destinatarios o con contraseña."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    @Option(
        name: .shortAndLong,
        help: Text(
            en: "Seal to this recipient (age1… or age1pq1…); may be repeated.",
            es: "Sellar para este destinatario (age1… o age1pq1…); se puede repetir."
        ).help
    )
    var recipient: [String] = []

    @Option(
        name: [.customShort("R"), .customLong("recipients-file")],
        help: Text(
            en: "Seal to the recipients in this file, one a line; may be repeated.",
            es: "Sellar para los destinatarios de este archivo, uno por línea; se puede repetir."
        ).help,
        completion: .file()
    )
    var recipientsFile: [String] = []

    @Option(
        name: .shortAndLong,
        help: Text(
            en: "Seal to the owners of the identities in this file; may be repeated.",
            es: "Sellar para los dueños de las identidades de este archivo; se puede repetir."
        ).help,
        completion: .file()
    )
    var identity: [String] = []

    @Flag(
        name: [.customShort("p"), .customLong("passphrase")],
        help: Text(en: "Seal with a passphrase.", es: "Sellar con una contraseña.").help
    )
    var usesPassphrase = false

    @Flag(
        name: .shortAndLong,
        help: Text(en: "Write text.", es: "Escribir texto.").help
    )
    var armor = false

    @Flag(
        help: Text(
            en: "Refuse recipients that are not post-quantum.",
            es: "Rechazar destinatarios que no sean poscuánticos."
        ).help
    )
    var pq = false

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
            en: "What to seal (default: standard input).",
            es: "Qué sellar (si falta: la entrada)."
        ).help,
        completion: .file()
    )
    var input: String?

    func run(in context: Context) throws -> Outcome {
        try PlumbingAgeOutput.requireFile(output, context)
        let encryptor = try AgeEncryptor(recipients: recipients(context), armored: armor)
        try PlumbingAgeFiles.reading(input) { source in
            try PlumbingAgeOutput.writing(output) { sink in
                try encryptor.seal(from: source.source, to: sink.sink)
            }
        }
        guard let output else { return .alreadyWritten }
        return Outcome(json: ["output": .string(output)], lines: [])
    }

    private func recipients(_ context: Context) throws -> [any AgeRecipient] {
        var all: [any AgeRecipient] = []
        for text in recipient { all.append(try RecipientFile.recipient(text)) }
        for path in recipientsFile { all += try PlumbingAgeFiles.recipients(path) }
        for path in identity {
            let identities = try PlumbingAgeFiles.identities(path) {
                try context.passphrase(confirm: false)
            }
            all += identities.compactMap(\.sealer)
        }
        try context.refuseExampleKeys(all.compactMap(\.knownText))
        // A passphrase file beside recipients opens a sealed file of identities.
        if usesPassphrase || (all.isEmpty && passphrase.passphraseFile != nil) {
            all.append(ScryptRecipient(passphrase: try context.passphrase(confirm: true)))
        }
        guard !pq || all.allSatisfy({ $0 is HybridRecipient }) else {
            throw AgeError.incompatibleRecipients
        }
        return all
    }
}
