// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import TransparencyLog
import Vault

/// `resguardo log prove`: that an entry is in the log as it is now.
struct LogProveCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: Text(
            en: "Prove that an entry is in the vault's log as it is now.",
            es: "Probar que una entrada está en el registro de la bóveda tal como está ahora."
        ).local,
        discussion: Text(
            en: """
                Prints a C2SP tlog-proof whose extra data is the hash of the entry's leaf: unlike \
                a receipt, it tells nothing about the item.
                """,
            es: """
                Escribe una prueba C2SP tlog-proof cuyo dato extra es el resumen de la hoja: a \
                diferencia de un recibo, no dice nada del objeto.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(
            en: "Number of the entry, or the item's whole name.",
            es: "Número de la entrada, o el nombre completo del objeto."
        ).help
    )
    var id: String

    func run(in context: Context) throws -> Outcome {
        let store = try context.openStore()
        let log = try store.log()
        let index: UInt64
        if let number = UInt64(id) {
            index = number
        } else {
            guard ObjectStore.isName(id) else {
                throw Failure(
                    .usage,
                    Text(
                        en: "“\(id)” is neither a number nor the whole name of an item",
                        es: "«\(id)» no es un número ni el nombre completo de un objeto"
                    ),
                    hint: Text(
                        en: "a whole name has 64 digits; the receipt shows it",
                        es: "un nombre completo tiene 64 dígitos; el recibo lo muestra"
                    )
                )
            }
            guard let found = try store.entry(ofObject: id) else {
                throw Failure(
                    .notAllowed,
                    Text(
                        en: "no entry of the log is of item \(id)",
                        es: "ninguna entrada del registro es del objeto \(id)"
                    )
                )
            }
            index = found
        }
        guard index < log.size else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "there is no entry \(index): the log has \(log.size), counted from 0",
                    es: "no hay entrada \(index): el registro tiene \(log.size), desde la 0"
                )
            )
        }
        let text = try String(decoding: log.proofWithLeaf(of: index).encoded, as: UTF8.self)
        return Outcome(
            json: ["entry": .integer(Int64(clamping: index)), "proof": .string(text)],
            lines: text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
                .map(String.init)
        )
    }
}
