// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import TransparencyLog
import Vault

/// `resguardo log checkpoint`: what to keep elsewhere.
struct LogCheckpointCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: Text(
            en: "Print the signed checkpoint of the vault's log.",
            es: "Escribir el punto de control firmado del registro de la bóveda."
        ).local,
        discussion: Text(
            en: """
                Keep it where nobody who reaches this device can: verify --anchor FILE then finds \
                a store that was set back as a whole. It names neither cases nor items.
                """,
            es: """
                Guárdelo donde no llegue quien tenga este dispositivo: verify --anchor ARCHIVO \
                descubre entonces un almacén devuelto a un estado anterior. No nombra casos ni \
                objetos.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let log = try context.openStore().log()
        let text = String(decoding: log.note.encoded, as: UTF8.self)
        return Outcome(
            json: ["checkpoint": .string(text), "size": .integer(Int64(clamping: log.size))],
            // Byte for byte, with the line feed that ends every line.
            lines: text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
                .map(String.init)
        )
    }
}
