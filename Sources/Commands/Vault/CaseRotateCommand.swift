// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Vault

/// `resguardo case rotate`.
struct CaseRotateCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: Text(
            en: "Give a case a new key for later items.",
            es: "Dar a un caso una llave nueva para los objetos que sigan."
        ).local,
        discussion: Text(
            en: """
                Items that are there stay as they are, and readable to whoever could read them. \
                Colleagues have the old key only: share the case again with those who are to go \
                on. A switch that guards the case has the old key too: arm it again.
                """,
            es: """
                Los objetos que ya están quedan como están, y legibles para quien podía leerlos. \
                Los colegas solo tienen la llave anterior: comparta el caso otra vez con quienes \
                deban seguir. Un interruptor que protege el caso también tiene la anterior: \
                ármelo de nuevo.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    @Argument(help: Text(en: "Name or pseudonym.", es: "Nombre o seudónimo.").help)
    var name: String

    @Flag(
        help: Text(
            en: "Keep no key here that reads what follows (so it stays in a write-only case).",
            es: "No guardar aquí llave que lea lo que siga (así queda en uno de solo escritura)."
        ).help
    )
    var writeOnly = false

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        let item = try home.findCase(name)
        let rotated = try home.rotate(item, isWriteOnly: writeOnly || item.isWriteOnly)
        let count = try home.itemCounts()[item.pseudonymText] ?? 0
        return Outcome(
            json: CaseDescription.json(rotated, itemCount: count),
            lines: [
                Text(
                    en: "Later items of “\(item.name)” go to key \(rotated.key.number). Share it"
                        + " again with colleagues; arm its switch again.",
                    es: "Lo que siga en «\(item.name)» va a la llave \(rotated.key.number)."
                        + " Compártalo otra vez con sus colegas; arme de nuevo su interruptor."
                ).local
            ]
        )
    }
}
