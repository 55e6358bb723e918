// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import TransparencyLog
import Vault

/// `resguardo log audit`: recompute a whole log, this vault's or one behind a URL.
struct LogAuditCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: Text(
            en: "Recompute a whole log: this vault's, or the one behind a URL.",
            es: "Recalcular un registro entero: el de la bóveda, o el que está tras una URL."
        ).local,
        discussion: Text(
            en: """
                Behind a URL, it checks the log's signature, the witnesses that the policy asks \
                for, every tile, every entry where entries are public, and that the log extends \
                the last checkpoint seen. Anything wrong is an alarm (code 3); evidence is kept \
                below the home, in “seen”.
                """,
            es: """
                Tras una URL revisa la firma del registro, los testigos que exige la política, \
                cada pieza, cada entrada si son públicas, y que el registro extienda el último \
                checkpoint visto. Cualquier falla es una alarma (código 3); la evidencia queda en \
                «seen», bajo el directorio personal.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var watch: LogWatchOptions

    @Argument(
        help: Text(
            en: "The log's URL (default: the log of this vault).",
            es: "La URL del registro (si falta: el registro de esta bóveda)."
        ).help
    )
    var url: String?

    func run(in context: Context) throws -> Outcome {
        guard let url else { return try auditOwn(context) }
        return try LogWatch(url: url, options: watch, context: context).look(isFull: true).outcome
    }

    private func auditOwn(_ context: Context) throws -> Outcome {
        let store = try context.openStore()
        if case .log(let path)? = try store.auditLog() {
            let name = path?.text ?? ""
            throw Failure(
                .storeDamaged,
                Text(
                    en: "the vault's log is damaged: \(name)",
                    es: "el registro de la bóveda está dañado: \(name)"
                )
            )
        }
        let log = try store.log()
        let root = try log.root(size: log.size).base64
        return Outcome(
            json: [
                "size": .integer(Int64(clamping: log.size)), "root": .string(root),
                "log": .string(store.logKey.encoded),
            ],
            lines: [
                Text(
                    en: "The log is whole: \(log.size) entries.",
                    es: "El registro está íntegro: \(log.size) entradas."
                ).local,
                "root \(root)", "log \(store.logKey.encoded)",
            ]
        )
    }
}
