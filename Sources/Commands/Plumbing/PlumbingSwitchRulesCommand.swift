// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Switch

/// `resguardo plumbing switch-rules`: the tables that decide about a switch, as a page.
struct PlumbingSwitchRulesCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "switch-rules",
        abstract: Text(
            en: "Write the rules of the switch: a diagram and two tables.",
            es: "Escribir las reglas del interruptor: un diagrama y dos tablas."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let page = SwitchRulesPage()
        return Outcome(json: .array(page.lines.map { .string($0) }), lines: page.lines)
    }
}
