// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import TransparencyLog
import Vault

/// `resguardo init`: makes a home and its keyring.
struct InitCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: Text(
            en: "Make a vault, and show its recovery key once.",
            es: "Crear una bóveda y mostrar una sola vez su llave de recuperación."
        ).local,
        discussion: Text(
            en: """
                The recovery key opens every case, also when this device or the passphrase is \
                lost. Only its public half stays here: write it down and keep it elsewhere.
                """,
            es: """
                La llave de recuperación abre todos los casos, aunque se pierda este dispositivo o \
                la contraseña. Aquí solo queda su mitad pública: anótela y guárdela en otro lugar.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    func run(in context: Context) throws -> Outcome {
        try Home.requireNone(at: context.vaultPath)
        let created = try Home.create(
            at: context.vaultPath,
            passphrase: context.passphrase(confirm: true),
            work: context.keyringWork
        )
        let key = String(decoding: created.recoveryKey.reveal(), as: UTF8.self)
        return Outcome(
            json: [
                "home": .string(context.home), "recoveryKey": .string(key),
                "log": .string(created.home.store.logKey.encoded),
            ],
            lines: [
                Text(
                    en: "Your vault is ready in \(context.home).",
                    es: "Su bóveda está lista en \(context.home)."
                ).local,
                Text(
                    en: "Recovery key (shown now and never again; keep it away from this device):",
                    es: "Llave de recuperación (se muestra ahora y nunca más; guárdela lejos de"
                        + " este dispositivo):"
                ).local,
                "    " + key,
            ]
        )
    }
}

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

    func run(in context: Context) throws -> Outcome {
        try HomeLayout(context.vaultPath).check()
        let old = try context.passphrase(confirm: false)
        let new: SecretBytes
        if let newPassphraseFile {
            new = try PassphrasePrompt.read(file: newPassphraseFile)
        } else {
            new = try context.newPassphrase()
        }
        try Home.changePassphrase(
            at: context.vaultPath,
            from: old,
            to: new,
            least: context.keyringWork
        )
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
}

extension Context {
    /// Asks twice for a passphrase on the terminal, even where the old one came from a file.
    fileprivate func newPassphrase() throws -> SecretBytes {
        let prompt = Text(en: "New passphrase", es: "Contraseña nueva")
        let answer = try PassphrasePrompt.ask(prompt[language])
        let again = Text(en: "Once more, to be sure", es: "Otra vez, para confirmar")
        guard try PassphrasePrompt.ask(again[language]).constantTimeEquals(answer) else {
            throw Failure(
                .failed,
                Text(en: "the two passphrases differ", es: "las dos contraseñas no coinciden")
            )
        }
        return answer
    }
}
