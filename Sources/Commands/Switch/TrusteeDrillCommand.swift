// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Statements
import Switch

/// `resguardo trustee drill`.
struct TrusteeDrillCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: Text(
            en: "Show that you still have your key; every month.",
            es: "Mostrar que aún tiene su clave; cada mes."
        ).local,
        discussion: Text(
            en: """
                Proves that you have the key, and opens nothing with it. A switch whose trustees \
                have not done this for 30 days is shown as degraded.
                """,
            es: """
                Demuestra que tiene la clave, y no abre nada con ella. Un interruptor cuyos \
                custodios llevan más de 30 días sin hacerlo se muestra como debilitado.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    func run(in context: Context) throws -> Outcome {
        let trustee = try SeatedTrustee.find(id, context)
        return try trustee.drill(context)
    }
}
