// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Vault

/// `resguardo passphrase`: what protects the keyring.
struct PassphraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passphrase",
        abstract: Text(
            en: "The passphrase of the keyring.",
            es: "La contraseña del llavero."
        ).local,
        subcommands: [PassphraseChangeCommand.self]
    )
}

/// `resguardo passphrase change`.
struct PassphraseChangeCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "change",
        abstract: Text(
            en: "Choose another passphrase.",
            es: "Elegir otra contraseña."
        ).local,
        discussion: Text(
            en: """
                Changes the passphrase that you give; what the other one opens stays. With \
                --duress, sets or replaces the other one instead (--duress --remove: leaves none). \
                Do that with your own passphrase, never with the duress one: what the other slot \
                opened before opens nothing afterwards, and then only the recovery key helps.

                A copy of the vault from before still opens with the old passphrase.
                """,
            es: """
                Cambia la contraseña que usted da; lo que abre la otra queda igual. Con --duress \
                pone o reemplaza la otra (--duress --remove: no deja ninguna). Hágalo con su \
                propia contraseña, nunca con la de coacción: lo que la otra abría antes ya no \
                abre nada, y entonces solo sirve la llave de recuperación.

                Una copia anterior de la bóveda sigue abriendo con la contraseña vieja.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Read the new passphrase from this file's first line.",
                es: "Leer la contraseña nueva de la primera línea de este archivo."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var newPassphraseFile: String?

    @Flag(
        help: Text(
            en: "Set or replace the duress passphrase, and keep your own.",
            es: "Poner o reemplazar la contraseña de coacción, y conservar la suya."
        ).help
    )
    var duress = false

    @Flag(
        help: Text(
            en: "With --duress: leave no duress passphrase.",
            es: "Con --duress: no dejar contraseña de coacción."
        ).help
    )
    var remove = false

    func validate() throws {
        guard remove, !duress || newPassphraseFile != nil else { return }
        throw ValidationError(
            Text(
                en: "--remove goes with --duress, and without a new passphrase.",
                es: "--remove va con --duress y sin contraseña nueva."
            ).local
        )
    }

    func run(in context: Context) throws -> Outcome {
        try HomeLayout(context.vaultPath).check()
        let old = try context.passphrase(confirm: false)
        if duress {
            try Home.changeDuress(
                at: context.vaultPath,
                passphrase: old,
                to: remove ? nil : newPassphrase(context),
                least: context.keyringWork
            )
        } else {
            try Home.changePassphrase(
                at: context.vaultPath,
                from: old,
                to: newPassphrase(context),
                least: context.keyringWork
            )
        }
        return Outcome(
            json: ["changed": true],
            lines: [
                Text(
                    en: "The passphrase was changed.",
                    es: "La contraseña fue cambiada."
                ).local
            ]
        )
    }

    private func newPassphrase(_ context: Context) throws -> SecretBytes {
        if let newPassphraseFile { return try PassphrasePrompt.read(file: newPassphraseFile) }
        let question =
            duress
            ? Text(en: "Duress passphrase", es: "Contraseña de coacción")
            : Text(en: "New passphrase", es: "Contraseña nueva")
        guard let answer = try context.chosenPassphrase(question, mayBeEmpty: false) else {
            throw VaultError.invalidPassphrase
        }
        return answer
    }
}
