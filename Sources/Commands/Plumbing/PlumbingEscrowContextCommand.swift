// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Escrow

/// `resguardo plumbing escrow context`: the scope, the threshold and the trustees in one object.
struct PlumbingEscrowContextCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "context",
        abstract: Text(
            en: "Check the trustees' proofs and put them into a context.",
            es: "Comprobar las pruebas de los fiduciarios y reunirlos en un contexto."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var target: PlumbingOutput

    @Option(
        help: ArgumentHelp(
            Text(
                en: "How many trustees can open.",
                es: "Cuántos fiduciarios pueden abrir."
            ).local,
            valueName: "k"
        )
    )
    var threshold: Int

    @Argument(
        help: Text(
            en: "The scope: logs, switch, owner and epoch (JSON).",
            es: "El ámbito: registros, interruptor, dueño y época (JSON)."
        ).help,
        completion: .file()
    )
    var scope: String

    @Argument(
        help: Text(
            en: "What “enrol” wrote for each trustee, in order (JSON).",
            es: "Lo que «enrol» escribió por cada fiduciario, en orden (JSON)."
        ).help,
        completion: .file()
    )
    var trustee: [String]

    func run(in context: Context) throws -> Outcome {
        let escrow = try EscrowContext(
            scope: EscrowScope(parsing: PlumbingEscrowFiles.text(scope)),
            threshold: threshold,
            trustees: trustee.map {
                try TrusteeEnrolment(parsing: PlumbingEscrowFiles.text($0))
            }
        )
        return try PlumbingFiles.outcome(of: escrow.json, output: target.output)
    }
}
