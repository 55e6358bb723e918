// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `resguardo plumbing age`: age files with age's own flags.
struct PlumbingAgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "age",
        abstract: Text(
            en: "Seal, open and look at age files.",
            es: "Sellar, abrir y examinar archivos age."
        ).local,
        subcommands: [
            PlumbingAgeKeygenCommand.self,
            PlumbingAgeSealCommand.self,
            PlumbingAgeOpenCommand.self,
            PlumbingAgeInspectCommand.self,
        ]
    )
}
