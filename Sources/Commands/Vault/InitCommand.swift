// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import TransparencyLog
import Vault

/// `resguardo init`: makes a home and its keyring, or a new keyring for a home that has lost it.
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
                lost. Only its public half stays here: write it down and keep it elsewhere. \
                With --recover it makes a new keyring for a vault that was wiped, or for a copy of \
                its directory on another machine.

                A duress passphrase, if you choose one, opens the same vault with the same cases, \
                and reads nothing that was deposited with the other one: everything looks \
                write-only. Nobody who has the files can tell whether you chose one.
                """,
            es: """
                La llave de recuperación abre todos los casos, aunque se pierda este dispositivo o \
                la contraseña. Aquí solo queda su mitad pública: anótela y guárdela en otro lugar. \
                Con --recover hace un llavero nuevo para una bóveda cuyas llaves se borraron, o \
                para una copia de su directorio en otra máquina.

                Una contraseña de coacción, si elige una, abre la misma bóveda con los mismos \
                casos y no lee nada de lo depositado con la otra: todo parece de solo escritura. \
                Quien tenga los archivos no puede saber si eligió una.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var recoveryKey: RecoveryKeyOptions

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Read a duress passphrase from this file's first line.",
                es: "Leer una contraseña de coacción de la primera línea de este archivo."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var duressPassphraseFile: String?

    @Flag(
        help: Text(
            en: "Make a new keyring for the vault that is there, with its recovery key.",
            es: "Hacer un llavero nuevo para la bóveda que ya está, con su llave de recuperación."
        ).help
    )
    var recover = false

    @Flag(
        help: Text(
            en: "Mark what is accepted as immutable for everybody (root, ext4 and the like).",
            es: "Marcar lo aceptado como inmutable para todos (root, ext4 y similares)."
        ).help
    )
    var immutable = false

    func run(in context: Context) throws -> Outcome {
        if recover { return try restore(in: context) }
        try Home.requireNone(at: context.vaultPath)
        let created = try Home.create(
            at: context.vaultPath,
            passphrase: context.passphrase(confirm: true),
            duress: duressPassphrase(context),
            work: context.keyringWork
        )
        if immutable, try !created.home.store.requireImmutability() {
            context.console.note(
                Text(
                    en: "files cannot be made immutable here (it takes root, and a file system"
                        + " that knows it): they are read-only",
                    es: "aquí no se pueden hacer inmutables los archivos (hace falta root y un"
                        + " sistema de archivos que lo permita): son de solo lectura"
                )
            )
        }
        let key = String(decoding: created.recoveryKey.reveal(), as: UTF8.self)
        let outcome = Outcome(
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
        do {
            try context.console.result(outcome)
        } catch {
            // A vault whose recovery key nobody has seen is worse than none.
            try? Home.destroyKeys(at: context.vaultPath)
            throw error
        }
        return .alreadyWritten
    }

    private func restore(in context: Context) throws -> Outcome {
        let key = try context.recoveryKey(recoveryKey)
        try Home.check(recoveryKey: key, at: context.vaultPath)
        let restored = try Home.restore(
            at: context.vaultPath,
            recoveryKey: key,
            passphrase: context.passphrase(confirm: true),
            duress: duressPassphrase(context),
            work: context.keyringWork
        )
        let count = try restored.home.cases().count
        var lines = [
            Text(
                en: "Your vault in \(context.home) is restored: \(count) case(s) can be read.",
                es: "Su bóveda en \(context.home) está restaurada: se pueden leer \(count) caso(s)."
            ).local,
            Text(
                en: "The recovery key stays the same.",
                es: "La llave de recuperación sigue siendo la misma."
            ).local,
        ]
        for pseudonym in restored.damaged {
            lines.append(
                Text(
                    en: "The record of case \(pseudonym) is damaged and was left as it is.",
                    es: "El registro del caso \(pseudonym) está dañado y quedó como estaba."
                ).local
            )
        }
        for name in restored.formerlyWriteOnly {
            lines.append(
                Text(
                    en: "“\(name)” was write-only and can be read on this device now; for later"
                        + " items: resguardo case rotate --write-only",
                    es: "«\(name)» era de solo escritura y ahora se puede leer en este"
                        + " dispositivo; para lo que siga: resguardo case rotate --write-only"
                ).local
            )
        }
        return Outcome(
            json: [
                "home": .string(context.home), "cases": .integer(Int64(count)),
                "formerlyWriteOnly": .array(restored.formerlyWriteOnly.map { .string($0) }),
                "log": .string(restored.home.store.logKey.encoded),
            ],
            lines: lines
        )
    }

    /// Asks for a duress passphrase where the first one was asked for, too.
    private func duressPassphrase(_ context: Context) throws -> SecretBytes? {
        if let duressPassphraseFile { return try PassphrasePrompt.read(file: duressPassphraseFile) }
        guard passphrase.passphraseFile == nil else { return nil }
        return try context.chosenPassphrase(
            Text(
                en: "Duress passphrase (empty: none)",
                es: "Contraseña de coacción (vacía: ninguna)"
            ),
            mayBeEmpty: true
        )
    }
}
