// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc

/// How often a command of the background does its round.
struct RoundOptions: ParsableArguments {
    @Flag(
        help: Text(
            en: "Go on until interrupted, instead of once.",
            es: "Seguir hasta que se interrumpa, en vez de una vez."
        ).help
    )
    var loop = false

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Seconds between two rounds (10 to 86400).",
                es: "Segundos entre dos vueltas (10 a 86400)."
            ).local,
            valueName: Text(en: "seconds", es: "segundos").local
        )
    )
    var interval: UInt32 = 600

    func validate() throws {
        guard (10...86_400).contains(interval) else {
            throw ValidationError(
                Text(en: "Give 10 to 86400 seconds.", es: "Indique de 10 a 86400 segundos.").local
            )
        }
    }

    /// Runs rounds; a failure ends a single one, and is only told of in a loop.
    func run(_ context: Context, _ round: () throws -> Outcome) throws -> Outcome {
        guard loop else { return try round() }
        while true {
            do {
                for line in try round().lines { context.console.line(line) }
            } catch {
                context.console.note(Failure.of(error).message)
            }
            sleep(interval)
        }
    }
}

extension Failure {
    /// Any error, as a person is told of it.
    static func of(_ error: any Error) -> Failure {
        if let failure = error as? Failure { return failure }
        if let described = error as? any DescribedFailure { return described.failure }
        // Our error enums carry places, never content.
        let text = "\(type(of: error)): \(error)"
        return Failure(.failed, Text(en: text, es: text))
    }
}
