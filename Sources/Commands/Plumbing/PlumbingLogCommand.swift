// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `resguardo plumbing log`: a C2SP tlog-tiles directory.
struct PlumbingLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: Text(
            en: "Append to, prove from and verify a transparency log in a directory.",
            es: "Agregar, probar y verificar en un registro transparente en un directorio."
        ).local,
        subcommands: [
            PlumbingLogAppendCommand.self,
            PlumbingLogKeygenCommand.self,
            PlumbingLogProveCommand.self,
            PlumbingLogVerifyCommand.self,
        ]
    )
}
