// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings

extension Language: ExpressibleByArgument {}

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en:
                    "Where everything is kept (default: RESGUARDO_HOME, or the XDG directory).",
                es: "Dónde se guarda todo (si falta: RESGUARDO_HOME, o el directorio de datos XDG)."
            ).local,
            valueName: Text(en: "dir", es: "directorio").local
        ),
        completion: .directory
    )
    var home: String?

    @Flag(
        help: Text(
            en: "Print one machine-readable document, and nothing else, on standard output.",
            es: "Escribir un solo documento legible por programas, y nada más, en la salida."
        ).help
    )
    var json = false

    @Flag(
        help: Text(
            en: "Leave out notes and progress.",
            es: "Omitir avisos y progreso."
        ).help
    )
    var quiet = false

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Language of messages (default: from LC_ALL, LC_MESSAGES or LANG).",
                es: "Idioma de los mensajes (si falta: según LC_ALL, LC_MESSAGES o LANG)."
            ).local,
            valueName: "es|en"
        )
    )
    var lang: Language?

    @Flag(
        help: Text(
            en: "Write without colours (also: NO_COLOR).",
            es: "Escribir sin colores (también: NO_COLOR)."
        ).help
    )
    var noColor = false
}

/// Options of commands that open the keyring.
struct PassphraseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "Read the passphrase from this file's first line, “-” for standard input.",
                es: "Leer la contraseña de la primera línea de este archivo, «-» para la entrada."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var passphraseFile: String?
}

/// Options of commands that depend on the time.
struct TimeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en:
                    "Act or look as of this time: 2026-11-21, 2026-11-21T18:00:00Z or seconds.",
                es:
                    "En este momento: 2026-11-21, 2026-11-21T18:00:00Z o segundos desde 1970."
            ).local,
            valueName: Text(en: "time", es: "momento").local
        )
    )
    var asOf: Timestamp?

    @Flag(
        help: Text(
            en: "For trying things out only: weak passphrase hashing, moved clocks, example keys.",
            es: "Solo para probar: cifrado débil de la contraseña, reloj movido, claves de ejemplo."
        ).help
    )
    var demo = false
}

/// Options of commands that trade statements with other people.
struct ExchangeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "Trade statements through this shared directory.",
                es: "Intercambiar declaraciones por este directorio compartido."
            ).local,
            valueName: Text(en: "dir", es: "directorio").local
        ),
        completion: .directory
    )
    var exchange: String?
}

/// Which switch a command is about, for those who keep no key of it.
struct SwitchInvitationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "The invitation to the switch: it says on which nodes it is.",
                es: "La invitación al interruptor: dice en qué nodos está."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var invitation: String?
}

extension Timestamp: ExpressibleByArgument {
    init?(argument: String) { self.init(parsing: argument) }
}
