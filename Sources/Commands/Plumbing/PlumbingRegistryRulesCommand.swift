// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry

/// `resguardo plumbing registry-rules`: the tables that decide about a source, as a page.
struct PlumbingRegistryRulesCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry-rules",
        abstract: Text(
            en: "Write the rule of the registry: two tables and a diagram.",
            es: "Escribir la regla del registro: dos tablas y un diagrama."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let page = StandingRulesPage()
        return Outcome(json: .array(page.lines.map { .string($0) }), lines: page.lines)
    }
}
