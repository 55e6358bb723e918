// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Statements
import Switch

/// `resguardo successor receipt`: says in the logs that the case has arrived.
struct SuccessorReceiptCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: Text(
            en: "Say that you have what was released to you.",
            es: "Decir que tiene lo que se le liberó."
        ).local,
        discussion: Text(
            en: """
                Trustees and nodes deliver until each successor has signed a receipt. Before a \
                release, it says that you have the escrow file and are ready.
                """,
            es: """
                Custodios y nodos entregan hasta que cada persona sucesora firme un recibo. Antes \
                de una liberación, dice que tiene el archivo depositado y está lista.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions
    @OptionGroup var source: SwitchInvitationOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The successor's age identity file.",
                es: "El archivo de identidad de age de la persona sucesora."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var identity: String

    func run(in context: Context) throws -> Outcome {
        let (record, place) = try context.findSwitch(id, source.invitation)
        let arming = record.arming.statement
        let signers = try ReceiptSigner.all(in: identity, context)
        guard let signer = signers.first(where: { $0.isNamed(by: arming) }) else {
            throw SwitchError.notASuccessor
        }
        let now = try context.witnessedTime(in: place)
        let isReleased = record.machine(asOf: now).state == .released
        let receipt = SuccessorReceipt(
            epoch: arming.epoch,
            matter: isReleased ? .delivery : .escrow,
            escrowDigest: arming.escrowDigest
        )
        let count = try context.publish(receipt.signed(by: signer.key), in: place)
        return try SwitchReport(
            record.id,
            place,
            receipts: count,
            isOwners: false,
            context
        ).outcome
    }
}
