// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `resguardo plumbing`: the parts one by one, for programs and for outside test suites.
///
/// Plumbing reads and writes files and standard streams, holds no state, and prints the class of a
/// failure as the last word of its error line (`Failure(…, word: "no-match")`).
struct PlumbingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plumbing",
        abstract: Text(
            en: "The parts one by one, for programs.",
            es: "Las piezas una por una, para programas."
        ).local,
        // Add your group here, in alphabetical order.
        subcommands: [
            PlumbingAgeCommand.self,
            PlumbingEscrowCommand.self,
            PlumbingLogCommand.self,
            PlumbingRingCommand.self,
            PlumbingStatementCommand.self,
            PlumbingSwitchRulesCommand.self, PlumbingRegistryRulesCommand.self,
            ManualCommand.self,
        ]
    )
}
