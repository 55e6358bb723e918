// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings

/// `resguardo plumbing manual`: the manual page of all commands.
struct ManualCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: Text(
            en: "Write the manual page (mdoc) of all commands.",
            es: "Escribir la página de manual (mdoc) de todas las órdenes."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let page = try ManPage(of: Root.self)
        return Outcome(json: page.tree, lines: page.lines)
    }
}
