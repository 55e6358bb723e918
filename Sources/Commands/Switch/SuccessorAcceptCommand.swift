// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import Encodings
import Sodium
import Statements
import Storage
import Switch

/// `resguardo successor accept`: a successor is ready.
struct SuccessorAcceptCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: Text(
            en: "Take the sealed escrow file of a switch that names you, and sign for it.",
            es: "Recibir el archivo depositado de un interruptor que le nombra, y firmar por él."
        ).local,
        discussion: Text(
            en: """
                Checks the switch and puts escrow.age beside your key: you cannot open it before \
                the trustees release it. Until one successor has done this, the switch is shown \
                as not protected.
                """,
            es: """
                Revisa el interruptor y deja escrow.age junto a su llave: no puede abrirlo antes \
                de que los custodios lo liberen. Hasta que una persona sucesora lo haga, el \
                interruptor aparece sin protección.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions
    @OptionGroup var source: SwitchInvitationOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    @Option(
        help: Text(en: "Your successor.key.", es: "Su successor.key.").help,
        completion: .file()
    )
    var identity: String

    func run(in context: Context) throws -> Outcome {
        let (record, place) = try context.findSwitch(id, source.invitation)
        try context.requireHonestClock(in: place)
        let signers = try ReceiptSigner.all(in: identity, context)
        // A request for a new epoch may name somebody whom the arming in force does not.
        for arming in record.armings.sorted(by: { $0.key > $1.key }).map(\.value) {
            let statement = arming.statement
            guard let signer = signers.first(where: { $0.isNamed(by: statement) }) else {
                continue
            }
            let escrow = try place.escrow(statement.escrowDigest)
            let path = LocalFileSystem.parent(of: identity) + "/escrow.age"
            try LocalFileSystem().replace(path, with: escrow.bytes)
            let receipt = try SuccessorReceipt(
                epoch: statement.epoch,
                matter: .escrow,
                escrowDigest: escrow.digest
            ).signed(by: signer.key)
            let count = try context.publish(receipt, in: place)
            let report = try SwitchReport(
                record.id,
                place,
                receipts: count,
                isOwners: false,
                context
            )
            return Outcome(
                json: report.json.adding(["escrow": .string(path)]),
                lines: [Text(en: "kept: \(path)", es: "guardado: \(path)").local] + report.lines,
                kind: report.kind
            )
        }
        throw SwitchError.notASuccessor
    }
}
