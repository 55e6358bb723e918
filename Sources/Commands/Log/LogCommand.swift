// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `resguardo log`: the log of this home and those of others, and what can be known of them
/// without trusting who keeps them.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: Text(
            en: "Check logs, this vault's and others', without trusting whoever keeps them.",
            es: "Revisar registros, el de la bóveda y los ajenos, sin confiar en quien los guarda."
        ).local,
        subcommands: [
            LogCheckpointCommand.self,
            LogAuditCommand.self,
            LogMonitorCommand.self,
            LogProveCommand.self,
            LogVerifyProofCommand.self,
            LogTimestampCommand.self,
        ]
    )
}
