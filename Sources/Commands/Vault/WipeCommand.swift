// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Vault

/// `resguardo wipe`: destroys the keys on this device.
struct WipeCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "wipe",
        abstract: Text(
            en: "Destroy the keys on this device at once.",
            es: "Destruir de inmediato las llaves en este dispositivo."
        ).local,
        discussion: Text(
            en: """
                Needs no passphrase. The keyring and the records that it opens are overwritten \
                and removed; nothing here opens anything afterwards, with any passphrase. The \
                sealed items, the log and the receipts stay: others can verify them, and the \
                recovery key restores everything (init --recover).

                Flash memory, snapshots, backups and copies elsewhere keep what was overwritten, \
                and whoever has such a copy and a passphrase opens it. Only an encrypted disk \
                whose own key is destroyed forgets everything.
                """,
            es: """
                No necesita contraseña. El llavero y los registros que abre se sobrescriben y se \
                eliminan; después nada de aquí abre nada, con ninguna contraseña. Los objetos \
                sellados, el registro y los recibos quedan: otros pueden verificarlos, y la llave \
                de recuperación restaura todo (init --recover).

                La memoria flash, las instantáneas, los respaldos y las copias en otra parte \
                conservan lo sobrescrito, y quien tenga una copia así y una contraseña la abre. \
                Solo un disco cifrado cuya propia llave se destruye lo olvida todo.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Flag(
        help: Text(en: "Do not ask whether it is meant.", es: "No preguntar si es en serio.").help
    )
    var yes = false

    func run(in context: Context) throws -> Outcome {
        try HomeLayout(context.vaultPath).check()
        if !yes { try confirm(context) }
        try Home.destroyKeys(at: context.vaultPath)
        return Outcome(
            json: ["wiped": true],
            lines: [
                Text(
                    en: "The keys are destroyed. What flash memory, snapshots and backups still"
                        + " hold, this program cannot reach.",
                    es: "Las llaves están destruidas. Lo que aún guarden la memoria flash, las"
                        + " instantáneas y los respaldos está fuera del alcance de este programa."
                ).local
            ]
        )
    }

    private func confirm(_ context: Context) throws {
        let word = Text(en: "wipe", es: "borrar")[context.language]
        let question = Text(
            en: "Type “\(word)” to destroy the keys in \(context.home)",
            es: "Escriba «\(word)» para destruir las llaves en \(context.home)"
        )
        let text = question[context.language]
        let answer =
            try PassphrasePrompt.askOptional(text, hint: Self.hint) ?? SecretBytes(count: 0)
        guard answer.constantTimeEquals(SecretBytes(copying: Array(word.utf8))) else {
            throw Failure(
                .failed,
                Text(en: "nothing was destroyed", es: "no se destruyó nada")
            )
        }
    }

    private static let hint = Text(
        en: "give --yes to destroy the keys without being asked",
        es: "indique --yes para destruir las llaves sin preguntar"
    )
}
