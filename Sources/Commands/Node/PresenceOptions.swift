// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Server
import Storage

/// How a node shows that it is there.
struct PresenceOptions: ParsableArguments {
    /// What they are called in a configuration file.
    static let names: Set<String> = ["heartbeat", "contact"]

    @Option(
        help: Text(
            en: "Seconds between heartbeats of own logs; 0 for none (default: 3600).",
            es: "Segundos entre latidos de los registros propios; 0: ninguno (si falta: 3600)."
        ).help
    )
    var heartbeat: Int64?

    @Option(
        help: Text(
            en: "How to reach you, for the page that people see.",
            es: "Cómo localizarle, para la página que ve la gente."
        ).help
    )
    var contact: String?

    /// What the page says.
    func contact(_ file: ServerFile) -> String? { contact ?? file["contact"] }

    /// The heartbeats of logs that this node appends to.
    func heartbeats(
        _ logs: [NodeFacts.Log],
        _ queues: [String: AppendQueue],
        _ file: ServerFile,
        _ events: ServerLog,
        keeper: (_ name: String) throws -> any HeartbeatKeeper
    ) throws -> [Heartbeat] {
        let seconds = heartbeat ?? file["heartbeat"].map { Int64($0) ?? -1 } ?? Heartbeat.seconds
        guard (0...86_400).contains(seconds) else {
            throw Failure(
                .usage,
                Text(
                    en: "there are 1 to 86400 seconds between heartbeats, or 0 for none",
                    es: "entre latidos hay de 1 a 86400 segundos, o 0 si no se quieren"
                )
            )
        }
        guard seconds > 0 else { return [] }
        return try logs.compactMap { log in
            guard let queue = queues[log.name] else { return nil }
            return Heartbeat(
                name: log.name,
                queue: queue,
                published: log.published,
                kept: try keeper(log.name),
                seconds: seconds,
                log: events
            )
        }
    }
}
