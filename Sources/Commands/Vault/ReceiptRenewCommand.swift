// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Vault

/// `resguardo receipt renew`.
struct ReceiptRenewCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew",
        abstract: Text(
            en: "Write again the receipts that the vault has lost.",
            es: "Escribir de nuevo los recibos que la bóveda perdió."
        ).local,
        discussion: Text(
            en: """
                Makes a receipt from the log for every item that has none in receipts/, or one \
                that proves nothing. A receipt that contradicts the log is left: it shows that \
                the log was set back.
                """,
            es: """
                Hace del registro un recibo para cada objeto que no lo tiene en receipts/, o tiene \
                uno que no prueba nada. Un recibo que contradice al registro se deja: muestra que \
                el registro retrocedió.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let written = try context.openStore().renewReceipts()
        return Outcome(
            json: ["written": .array(written.map { .string($0) })],
            lines: [
                Text(
                    en: "\(written.count) receipt(s) written to receipts/.",
                    es: "\(written.count) recibo(s) escritos en receipts/."
                ).local
            ]
        )
    }
}
