// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `resguardo witness`: cosign the checkpoints of logs, so that none can have two histories.
struct WitnessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: Text(
            en: "Be a witness: cosign other people's logs, so that none can rewrite its past.",
            es: "Ser testigo: cofirmar registros ajenos para que ninguno reescriba su pasado."
        ).local,
        subcommands: [WitnessInitCommand.self, WitnessServeCommand.self]
    )
}
