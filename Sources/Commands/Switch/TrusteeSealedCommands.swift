// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Statements
import Switch

/// `resguardo trustee status`: what a trustee sees, an alarm included.
struct TrusteeStatusCommand: ReadsAsOf, TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: Text(
            en: "Show how a switch stands as trustees see it; keep it from strangers' eyes.",
            es: "Mostrar un interruptor como lo ven los custodios; que no lo vean extraños."
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    func run(in context: Context) throws -> Outcome {
        let trustee = try SeatedTrustee.find(id, context, isReading: true)
        let now = try trustee.now(context)
        let machine = trustee.record.machine(asOf: now)
        let waiting = try trustee.waiting()
        var lines = SwitchDescription.lines(trustee.record, machine, now: now)
        if !waiting.isEmpty {
            lines.append("  " + SeatedTrustee.waits(waiting.count).local)
        }
        return Outcome(
            json: SwitchDescription.json(trustee.record, machine).adding([
                "view": "trustee", "trustee": .integer(Int64(trustee.seat.number.value)),
                "waiting": .integer(Int64(waiting.count)),
            ]),
            lines: lines
        )
    }
}

/// `resguardo trustee confirm`: the trustee has what it takes.
struct TrusteeConfirmCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "confirm",
        abstract: Text(
            en: "Confirm an arming: check it, and show that you have your key and your briefing.",
            es: "Confirmar un interruptor armado: revisarlo, y mostrar que tiene llave e informe."
        ).local,
        discussion: Text(
            en: """
                Until all trustees and a successor have confirmed, a switch is shown as not \
                protected. After a reshare, the trustees of the new epoch confirm it too.
                """,
            es: """
                Hasta que todos los custodios y una persona sucesora confirmen, un interruptor \
                aparece sin protección. Tras repartir de nuevo, los custodios de la época nueva \
                también confirman.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    func run(in context: Context) throws -> Outcome {
        let trustee = try SeatedTrustee.find(id, context, prefersNewest: true)
        let arming = trustee.seat.arming
        guard trustee.record.briefing(of: arming.statement.epoch.number) != nil else {
            throw SwitchError.notBriefed
        }
        _ = try trustee.place.escrow(arming.statement.escrowDigest)
        return try trustee.drill(context)
    }
}

/// `resguardo trustee words`: the owner has no device and reads aloud.
struct TrusteeWordsCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "words",
        abstract: Text(
            en: "Hand in the words that an owner read to you: a check-in without a device.",
            es: "Entregar las palabras que le leyeron: un reporte sin equipo."
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    @Argument(
        help: ArgumentHelp(
            Text(en: "The nine words.", es: "Las nueve palabras.").local,
            valueName: Text(en: "words", es: "palabras").local
        )
    )
    var words: [String]

    func run(in context: Context) throws -> Outcome {
        guard let read = OneTimeWords(words.joined(separator: " ")) else {
            throw Failure(
                .usage,
                Text(
                    en: "a word was misheard: there are nine, of four letters each",
                    es: "una palabra se oyó mal: son nueve, de cuatro letras cada una"
                )
            )
        }
        let trustee = try SeatedTrustee.find(id, context)
        return try trustee.say(trustee.seat.reading(read, asOf: trustee.now(context)), context)
    }
}

/// `resguardo trustee clear-duress`: an alarm is over.
struct TrusteeClearDuressCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "clear-duress",
        abstract: Text(
            en: "Say under seal that you met the owner free, and that the alarm is over.",
            es: "Decir bajo sello que vio libre a la persona dueña, y que la alarma terminó."
        ).local,
        discussion: Text(
            en: """
                Meet the owner first, and have them check in. When as many trustees as it takes \
                have said so, their check-in counts again.
                """,
            es: """
                Primero véanse, y que la persona se reporte. Cuando suficientes custodios lo \
                digan, su reporte vuelve a contar.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    func run(in context: Context) throws -> Outcome {
        let trustee = try SeatedTrustee.find(id, context)
        let clearing = try trustee.seat.clearing(asOf: trustee.now(context))
        return try trustee.seal(.clearing(clearing), context)
    }
}

/// `resguardo trustee day`: today's sealed statement.
struct TrusteeDayCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "day",
        abstract: Text(
            en: "Say today's sealed statement, with what waits or with nothing.",
            es: "Decir la declaración sellada de hoy, con lo que espera o con nada."
        ).local,
        discussion: Text(
            en: """
                Run it once a day, always at about the same time and whether there is news or not: \
                “trustee watch” does. Nobody but the trustees can tell an empty one.
                """,
            es: """
                Ejecútelo una vez al día, siempre a la misma hora, haya novedades o no: «trustee \
                watch» lo hace. Nadie más que los custodios distingue una vacía.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    func run(in context: Context) throws -> Outcome {
        let trustee = try SeatedTrustee.find(id, context)
        guard let receipts = try trustee.sayDay(context) else {
            context.console.note(
                Text(en: "today's is said already", es: "la de hoy ya está dicha")
            )
            return try trustee.report(receipts: context.republish(in: trustee.place), context)
        }
        return try trustee.report(receipts: receipts, context)
    }
}
