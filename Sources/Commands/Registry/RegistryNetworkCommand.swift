// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Statements

/// `resguardo registry network`: the networks that were designated.
struct RegistryNetworkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network",
        abstract: Text(
            en: "The networks that were designated.",
            es: "Las redes que fueron designadas."
        ).local,
        subcommands: [RegistryNetworkListCommand.self, RegistryNetworkWithdrawCommand.self]
    )
}

/// `resguardo registry network list`.
struct RegistryNetworkListCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: Text(
            en: "List designated networks, why, and until when.",
            es: "Listar las redes designadas, por qué y hasta cuándo."
        ).local
    )

    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let state = try RegistryDesk(context).stateAsOf()
        var values: [JSONValue] = []
        var lines: [String] = []
        for network in state.networks.values.sorted(by: { $0.id < $1.id }) {
            guard let last = network.designations.last else { continue }
            let holds = network.designation(at: context.now) != nil
            let severity = last.verdict.severity.rawValue
            let until = RegistryText.date(last.span.upperBound)
            let readings = last.verdict.readings
            var members: [String: JSONValue] = [
                "accounts": .integer(last.statement.accountCount), "holds": .boolean(holds),
                "name": .string(last.statement.name), "network": .string(network.id.hex),
                "readings": .array(readings.map { .string($0) }),
                "reasons": .array(last.statement.reasons.map { .string($0) }),
                "rightsImpact": .string(last.statement.rightsImpact),
                "rule": .string(last.rule), "severity": .string(severity),
                "until": .integer(last.span.upperBound),
            ]
            members["splitFrom"] = last.statement.splitFrom.map { .string(Hex.encode($0)) }
            values.append(.object(members))
            let standing =
                holds
                ? Text(en: "until \(until)", es: "hasta \(until)")
                : Text(en: "ended on \(until)", es: "terminó el \(until)")
            let (grade, count) = (GradeText.text(severity), last.statement.accountCount)
            let details = Text(
                en: "severity \(grade.en), \(last.rule), \(count) accounts",
                es: "gravedad \(grade.es), \(last.rule), \(count) cuentas"
            )
            let id = network.id.hex.prefix(12)
            lines.append(
                "\(id) \(last.statement.name): \(details[context.language]), "
                    + standing[context.language]
            )
            let rights = Text(
                en: "  rights weighed: \(last.statement.rightsImpact)",
                es: "  derechos ponderados: \(last.statement.rightsImpact)"
            )
            lines.append(rights[context.language])
            lines += last.statement.reasons.map { reason in
                Text(en: "  a reviewer: \(reason)", es: "  quien revisó: \(reason)")[
                    context.language
                ]
            }
            lines +=
                last.statement.splitFrom.map { parent in
                    let name = RegistryText.short(parent)
                    return Text(en: "  split from \(name)", es: "  se separó de \(name)")[
                        context.language
                    ]
                }.map { [$0] } ?? []
        }
        return Outcome(json: ["networks": .array(values)], lines: lines)
    }
}

/// `resguardo registry network withdraw`.
struct RegistryNetworkWithdrawCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: Text(
            en: "End a designation before its time; the council signs.",
            es: "Terminar una designación antes de tiempo; firma el consejo."
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(
                en: "The network: its id, or the beginning of it.",
                es: "La red: su identificador, o el comienzo de él."
            ).local,
            valueName: Text(en: "network", es: "red").local
        )
    )
    var network: String

    @Option(help: Text(en: "Why.", es: "Por qué.").help)
    var reason: RegistryReason

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let found = state.networks.keys.filter { $0.hex.hasPrefix(network) }
        guard let id = found.first, found.count == 1 else {
            throw RegistryFailure.refused(.unknownNetwork)
        }
        let statement = WithdrawDesignationStatement(
            head: desk.head(state),
            network: id.bytes,
            reason: reason
        )
        return try desk.send(statement, with: desk.keys.choose(keys.key), output: keys.output)
    }
}
