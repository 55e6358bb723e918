// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc

/// `resguardo log monitor`: look at a log again and again.
struct LogMonitorCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor",
        abstract: Text(
            en: "Watch a log behind a URL: an alarm when it forks, is set back or changes.",
            es: "Vigilar un registro tras una URL: alarma si se bifurca, retrocede o cambia."
        ).local,
        discussion: Text(
            en: """
                Looks once, or every --interval seconds until interrupted. Every checkpoint is \
                kept below the home, in “seen”, and each has to extend the one before. At an \
                alarm it ends with code 3 and keeps the evidence. A server out of reach is no \
                alarm: with --interval it is asked again.
                """,
            es: """
                Mira una vez, o cada --interval segundos hasta que se interrumpa. Cada checkpoint \
                queda bajo el directorio personal, en «seen», y cada uno debe extender el \
                anterior. Ante una alarma termina con código 3 y guarda la evidencia. Un servidor \
                inalcanzable no es alarma: con --interval se le vuelve a preguntar.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var watch: LogWatchOptions

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Look again every so many seconds (1 to 86400).",
                es: "Volver a mirar cada tantos segundos (1 a 86400)."
            ).local,
            valueName: Text(en: "seconds", es: "segundos").local
        )
    )
    var interval: UInt32?

    @Argument(help: Text(en: "The log's URL.", es: "La URL del registro.").help)
    var url: String

    func run(in context: Context) throws -> Outcome {
        let log = try LogWatch(url: url, options: watch, context: context)
        guard let interval else { return try log.look(isFull: false).outcome }
        guard (1...86_400).contains(interval) else {
            throw Failure(
                .usage,
                Text(
                    en: "an interval has 1 to 86400 seconds",
                    es: "un intervalo tiene de 1 a 86400 segundos"
                )
            )
        }
        while true {
            do {
                for line in try log.look(isFull: false).outcome.lines { context.console.line(line) }
            } catch let failure as Failure where failure.kind == .cannotReachServer {
                context.console.note(failure.message)
            }
            sleep(interval)
        }
    }
}
