// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Server
import Storage
import TransparencyLog

/// `resguardo witness serve`: a C2SP tlog-witness.
struct WitnessServeCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: Text(
            en: "Cosign checkpoints that logs submit, if they extend the last one.",
            es: "Cofirmar los checkpoints que envían los registros, si extienden el último."
        ).local,
        discussion: Text(
            en: """
                Speaks C2SP tlog-witness: POST /add-checkpoint. What was cosigned is on disk \
                before the answer leaves. A log that signs two histories is refused, and the \
                evidence is kept beside the witness's memory. Ends in good order at SIGTERM.
                """,
            es: """
                Habla C2SP tlog-witness: POST /add-checkpoint. Lo cofirmado está en disco antes de \
                que salga la respuesta. Se rechaza un registro que firme dos historias, y la \
                evidencia queda junto a la memoria del testigo. Termina en orden con SIGTERM.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var server: ServerOptions

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Key of a log to follow (vkey); may be repeated.",
                es: "Clave de un registro a seguir (vkey); se puede repetir."
            ).local,
            valueName: "vkey"
        )
    )
    var log: [String] = []

    func run(in context: Context) throws -> Outcome {
        let file = try server.file(allowing: ["log"])
        let logs = try (log + file.all("log")).map { text in try NoteVerifier(parsing: text) }
        guard !logs.isEmpty else {
            throw Failure(
                .usage,
                Text(
                    en: "a witness has to know which logs to follow",
                    es: "un testigo debe saber qué registros seguir"
                ),
                hint: Text(en: "give --log VKEY", es: "indique --log VKEY")
            )
        }
        let witness = WitnessHome(context)
        let settings = try server.settings(file, fallback: "127.0.0.1:8461")
        let store = try WitnessStore(
            directory: witness.state,
            logs: logs,
            cosigner: try witness.cosigner()
        )
        let events = ServerLog.standardError()
        let site = WitnessSite(rules: WitnessRules(logs: logs), store: store, log: events)
        return try HTTPServer.serve(
            [HTTPServer.Door(settings: settings, sites: [site])],
            log: events,
            context: context
        )
    }
}
