// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Feed
import FeedKernels
import Switch

/// `resguardo switch simulate`: many lives of a switch against enemies, in virtual time.
struct SwitchSimulateCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: Text(
            en: "Live many lives of a switch against its enemies, and count what goes wrong.",
            es: "Vivir muchas vidas de un interruptor contra sus enemigos, y contar los fallos."
        ).local,
        discussion: Text(
            en: """
                Virtual time and the real rules; signatures are ideal, and real in the first \
                lives. In each life trustees collude or \
                are lost, clocks are off, witnesses lie, logs fail, mail is lost, and the owner is \
                well, ill, killed or held. Within what the switch promises, nothing may come out \
                early and nothing may be blocked. --bug and --bounds show that the simulator \
                notices.
                """,
            es: """
                Tiempo virtual y las reglas reales; las firmas son ideales, y reales en las \
                primeras vidas. En cada vida hay custodios que \
                conspiran o faltan, relojes desviados, testigos que mienten, bitácoras que fallan, \
                correo perdido, y la persona dueña está bien, enferma, muerta o detenida. Dentro \
                de lo que el interruptor promete, nada debe salir antes de tiempo ni quedar \
                bloqueado. --bug y --bounds muestran que el simulador se da cuenta.
                """
        ).local
    )

    private static let cyclesMax: UInt64 = 1 << 40
    private static let signedMax: UInt64 = 1000

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            Text(en: "How many lives (default: 1000).", es: "Cuántas vidas (si falta: 1000).")
                .local,
            valueName: Text(en: "number", es: "número").local
        )
    )
    var cycles: UInt64 = 1000

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The seed of the first life; the next has the next (default: a fresh one).",
                es: "La semilla de la primera vida; la siguiente tiene la siguiente (si falta: una"
                    + " nueva)."
            ).local,
            valueName: Text(en: "seed", es: "semilla").local
        )
    )
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "How many lives, from the first, are lived with real cryptography besides"
                    + " (default: one in a hundred, at most \(Self.signedMax)).",
                es: "Cuántas vidas, desde la primera, se viven además con criptografía real (si"
                    + " falta: una de cada cien, \(Self.signedMax) a lo sumo)."
            ).local,
            valueName: Text(en: "number", es: "número").local
        )
    )
    var signed: UInt64?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Put a mistake in: \(Self.bugs).",
                es: "Poner un error: \(Self.bugs)."
            ).local,
            valueName: Text(en: "mistake", es: "error").local
        )
    )
    var bug: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "How far the enemies may go: \(Self.allBounds).",
                es: "Hasta dónde llegan los enemigos: \(Self.allBounds)."
            ).local,
            valueName: Text(en: "how-far", es: "alcance").local
        )
    )
    var bounds = SimulatedBounds.inside.rawValue

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Write the signed lives, for other programs to decide: a line of JSON each, as"
                    + " “scripts/verify/switch_state.py --histories” reads them.",
                es: "Escribir las vidas firmadas, para que otros programas las decidan: una línea"
                    + " de JSON cada una, como las lee «scripts/verify/switch_state.py"
                    + " --histories»."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var histories: String?
    @OptionGroup var files: OutputOptions

    private static let bugs = PlantedBug.allCases.map(\.rawValue).joined(separator: ", ")
    private static let allBounds = SimulatedBounds.allCases.map(\.rawValue).joined(separator: ", ")

    func run(in context: Context) throws -> Outcome {
        let first = seed ?? UInt64.random(in: 0...UInt64.max / 2)
        guard cycles >= 1, cycles <= Self.cyclesMax, first <= .max - cycles,
            let far = SimulatedBounds(rawValue: bounds)
        else { throw Self.unknown }
        let mistake = try bug.map { name in
            guard let bug = PlantedBug(rawValue: name) else { throw Self.unknown }
            return bug
        }
        let simulation = Simulation(bounds: far, bug: mistake)
        let signed = min(signed ?? min(cycles / 100, Self.signedMax), cycles)
        let parts = Simulation.parts(of: first..<first + cycles)
        let results = Cores.allCores.map(parts.count) { index in
            let before = parts[index].lowerBound - first
            return simulation.run(seeds: parts[index], signed: signed - min(signed, before))
        }
        let result = results.reduce(Simulation.Result(), +)
        if let histories { try write(histories, of: first..<first + signed) }
        return Outcome(
            json: json(result, first: first),
            lines: lines(result, first: first),
            kind: result.isClean ? nil : .failed
        )
    }

    /// Writes lives for other programs.
    private func write(_ path: String, of seeds: Range<UInt64>) throws {
        var bytes: [UInt8] = []
        for seed in seeds {
            guard let history = try SignedHistory(seed: seed) else { continue }
            bytes += try history.json().canonicalBytes + [0x0a]
        }
        try OutputFile.write(bytes, to: path, force: files.force)
    }

    private static var unknown: Failure {
        Failure(
            .usage,
            Text(
                en: "no such number, mistake or bound",
                es: "no existe tal número, error o alcance"
            ),
            hint: Text(en: "see --help", es: "vea --help")
        )
    }

    private func json(_ result: Simulation.Result, first: UInt64) -> JSONValue {
        var members: [String: JSONValue] = [
            // Seeds do not fit the integers of JSON.
            "seed": .string(String(first)), "lives": .integer(Int64(result.lives)),
            "statements": .integer(Int64(result.statements)),
            "released": .integer(Int64(result.released)), "early": .integer(Int64(result.early)),
            "blocked": .integer(Int64(result.blocked)),
            "inconsistent": .integer(Int64(result.inconsistent)), "bounds": .string(bounds),
            "signed": .integer(Int64(result.signed)),
        ]
        if let bug { members["bug"] = .string(bug) }
        if let seed = result.firstFailure { members["firstFailure"] = .string(String(seed)) }
        return .object(members)
    }

    private func lines(_ result: Simulation.Result, first: UInt64) -> [String] {
        let (lives, statements) = (result.lives, result.statements)
        var lines = [
            Text(
                en: "seed \(first): \(lives) lives, \(result.signed) of them signed,"
                    + " \(statements) statements, \(result.released) releases",
                es: "semilla \(first): \(lives) vidas, \(result.signed) de ellas firmadas,"
                    + " \(statements) declaraciones, \(result.released) liberaciones"
            ).local,
            Text(
                en: "early: \(result.early)   blocked: \(result.blocked)"
                    + "   inconsistent: \(result.inconsistent)",
                es: "antes de tiempo: \(result.early)   bloqueadas: \(result.blocked)"
                    + "   incoherentes: \(result.inconsistent)"
            ).local,
        ]
        if let seed = result.firstFailure {
            lines.append(
                Text(
                    en: "the first that went wrong has seed \(seed)",
                    es: "la primera que falló tiene la semilla \(seed)"
                ).local
            )
        }
        return lines
    }
}
