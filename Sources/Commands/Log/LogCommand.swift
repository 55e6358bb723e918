// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `resguardo log`: the log of this home, and what others say of it.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: Text(
            en: "The vault's log, and what outside authorities say of it.",
            es: "El registro de la bóveda, y lo que dicen de él autoridades externas."
        ).local,
        subcommands: [
            LogCheckpointCommand.self,
            LogAuditCommand.self,
            LogProveCommand.self,
            LogTimestampCommand.self,
            LogVerifyProofCommand.self,
        ]
    )
}
