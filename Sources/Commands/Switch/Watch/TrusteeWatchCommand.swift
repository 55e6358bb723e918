// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Statements
import Storage
import Switch
import Vault

/// `resguardo trustee watch`: looks after the switches of which this home holds shares.
struct TrusteeWatchCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: Text(
            en: "Look after your shares: alarms, drills, questions, and release by the rules.",
            es: "Cuidar sus partes: alarmas, simulacros, preguntas y liberación según las reglas."
        ).local,
        discussion: Text(
            en: """
                Looks once, for cron, or again and again with --loop. It compares the logs of all \
                nodes, brings what one lacks to the others, shows every month that your key is \
                there, and asks you when an owner is missing: the question is a file in \
                “questions” below the home, and a line here. It announces and publishes your \
                share only when the rules allow it and you have said in this cycle that the owner \
                is dead, taken or not to be found. Code 3 after an alarm.
                """,
            es: """
                Mira una vez, para cron, o una y otra vez con --loop. Compara los registros de \
                todos los nodos, lleva a unos lo que falta de otros, muestra cada mes que su llave \
                sigue ahí, y le pregunta cuando falta una persona dueña: la pregunta es un archivo \
                en «questions» bajo el directorio, y una línea aquí. Anuncia y publica su parte \
                solo cuando las reglas lo permiten y usted ha dicho en este ciclo que la persona \
                está muerta, detenida o que no se sabe. Código 3 tras una alarma.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions
    @OptionGroup var pace: RoundOptions

    @Flag(help: Text(en: "Look once (the default).", es: "Mirar una vez (así es si falta).").help)
    var once = false

    @Option(
        help: ArgumentHelp(
            Text(
                en: "A file as for “switch contacts”: how you are told that there is a question.",
                es: "Un archivo como el de «switch contacts»: cómo avisarle de una pregunta."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var notify: String?

    func validate() throws {
        guard !once || !pace.loop else {
            throw ValidationError(
                Text(en: "Once, or again and again.", es: "Una vez, o una y otra vez.").local
            )
        }
    }

    func run(in context: Context) throws -> Outcome {
        let contacts = try notify.map { path in
            let countMax = ReminderContacts.byteCountMax
            return try ReminderContacts(
                parsing: LocalFileSystem().read(path, countMax: countMax)
            )
        }
        let home = try context.openVault()
        return try pace.run(context) {
            try WatchRound(home: home, context: context, notify: contacts).run()
        }
    }
}
