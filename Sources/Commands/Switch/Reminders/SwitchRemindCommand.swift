// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Statements
import Switch
import Vault

/// `resguardo switch remind`: on a machine that the owner chose.
struct SwitchRemindCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "remind",
        abstract: Text(
            en: "Send the reminders that are due: for a timer, or with --loop.",
            es: "Enviar los recordatorios pendientes: para un temporizador, o con --loop."
        ).local,
        discussion: Text(
            en: """
                At 0, 25, 50 and 75 % of the grace, on every way of “switch contacts”, each once; \
                what fails is tried again later. What became of each is published, and nothing \
                of whom it went to. Code 1 if a way failed.
                """,
            es: """
                Al 0, 25, 50 y 75 % de la gracia, por cada vía de «switch contacts», una vez; lo \
                que falla se intenta después. Se publica qué fue de cada uno, y nada de a quién \
                iba. Código 1 si falló una vía.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions
    @OptionGroup var pace: RoundOptions

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        return try pace.run(context) { try round(home, context) }
    }

    private func round(_ home: Home, _ context: Context) throws -> Outcome {
        var (tried, failed) = (0, 0)
        var unreached: Failure?
        for keys in try SenderKeys.all(in: home) {
            let id = keys.asked.epoch.id
            guard let contacts = try KeptContacts.find(id, in: home) else { continue }
            do {
                let place = try context.openPlace(of: keys.asked)
                try context.requireHonestClock(in: place)
                let log = try place.log()
                guard SwitchRecord.ids(in: log).contains(id) else { continue }
                let desk = ReminderDesk(
                    record: try SwitchRecord(id, in: log),
                    contacts: contacts,
                    key: keys.signer.publicKey,
                    identifier: { cycle, moment in
                        let seed = keys.signer.seed()
                        return ReminderRound.identifier(seed, cycle: cycle, moment: moment)
                    },
                    publish: { try context.publish($0.signed(by: keys.signer), in: place) }
                )
                let outcomes = try desk.run(asOf: context.witnessedTime(in: place), context)
                tried += outcomes.count
                failed += outcomes.count { !$0.isDelivered }
            } catch let failure as Failure where failure.kind == .cannotReachServer {
                unreached = failure
                context.console.note(failure.message)
            }
        }
        return Outcome(
            json: ["tried": .integer(Int64(tried)), "failed": .integer(Int64(failed))],
            lines: tried == 0
                ? []
                : [
                    Text(
                        en: "reminders: \(tried - failed) taken over, \(failed) failed",
                        es: "recordatorios: \(tried - failed) recibidos, \(failed) fallidos"
                    ).local
                ],
            kind: failed > 0 ? .failed : unreached?.kind
        )
    }
}
