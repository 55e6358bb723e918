// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Sodium
import Statements

/// `resguardo registry verifier`: the organisations that vouch.
struct RegistryVerifierCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verifier",
        abstract: Text(
            en: "The organisations that may vouch.",
            es: "Las organizaciones que pueden avalar."
        ).local,
        subcommands: [
            RegistryVerifierAccreditCommand.self, RegistryVerifierListCommand.self,
            RegistryVerifierRemoveCommand.self, RegistryVerifierNominateCommand.self,
            RegistryVerifierSuspendCommand.self,
        ]
    )
}

/// `resguardo registry verifier accredit`.
struct RegistryVerifierAccreditCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "accredit",
        abstract: Text(
            en: "Let an organisation vouch; the council and the organisation sign.",
            es: "Permitir que una organización avale; firman el consejo y ella misma."
        ).local
    )

    @Option(
        help: ArgumentHelp(
            Text(en: "The organisation's key.", es: "La llave de la organización.").local,
            valueName: Text(en: "key", es: "llave").local
        )
    )
    var publicKey: String

    @Option(
        help: ArgumentHelp(
            Text(en: "The organisation's public name.", es: "Nombre público.").local,
            valueName: Text(en: "name", es: "nombre").local
        )
    )
    var name: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "What it does: \(OrganisationKind.list).",
                es: "A qué se dedica: \(OrganisationKind.list)."
            ).local,
            valueName: Text(en: "kind", es: "tipo").local
        )
    )
    var kind: String

    @Option(
        help: ArgumentHelp(
            Text(en: "Its constituency.", es: "Su sector.").local,
            valueName: Text(en: "id", es: "id").local
        )
    )
    var constituency: String

    @Option(
        help: Text(
            en: "Days for which it is accredited, at most 731.",
            es: "Días de acreditación, máximo 731."
        ).help
    )
    var days: Int64 = 365

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Short name shared by organisations under the same control; they count once.",
                es: "Nombre corto común de organizaciones bajo el mismo control; cuentan una vez."
            ).local,
            valueName: Text(en: "name", es: "nombre").local
        )
    )
    var control: String?

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let kind = try organisationKind()
        let names = try desk.keys.choose(keys.key)
        let head = desk.head(try desk.state())
        let key = try desk.keys.resolve(publicKey)
        let statement: AccreditVerifierStatement
        do {
            statement = try AccreditVerifierStatement(
                head: head,
                key: key.key.bytes,
                name: name,
                kind: kind,
                constituency: constituency,
                until: head.date + min(max(days, 0), 100_000) * RegistryHead.daySeconds,
                control: control
            )
            _ = try AccreditVerifierStatement(payload: statement.payload)
        } catch {
            throw RegistryFailure.invalid(error)
        }
        let envelope = try desk.sign(statement, with: names)
        let place = try desk.submit(envelope, output: keys.output)
        return try desk.outcome(envelope, place, ["verifier": .string(key.id.hex)])
    }

    private func organisationKind() throws -> OrganisationKind {
        if let kind = OrganisationKind(rawValue: kind) { return kind }
        guard OrganisationKind.refused.contains(kind) else {
            throw Failure(
                .usage,
                Text(
                    en: "there is no kind of organisation “\(kind)”",
                    es: "no hay un tipo de organización «\(kind)»"
                ),
                hint: Text(
                    en: "one of \(OrganisationKind.list)",
                    es: "uno de \(OrganisationKind.list)"
                )
            )
        }
        throw Failure(
            .notAllowed,
            Text(
                en: "governments, platforms, parties and funders never vouch",
                es: "gobiernos, plataformas, partidos y financiadores nunca avalan"
            ),
            hint: Text(
                en: "they may speak in disputes; they hold no key",
                es: "pueden opinar en disputas; no tienen llave"
            )
        )
    }
}

extension OrganisationKind {
    /// All kinds, for help and hints.
    static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// `resguardo registry verifier list`.
struct RegistryVerifierListCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: Text(
            en: "List the verifiers and until when they may vouch.",
            es: "Listar los verificadores y hasta cuándo pueden avalar."
        ).local
    )

    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let state = try RegistryDesk(context).stateAsOf()
        let sorted = state.verifiers.values.sorted {
            ($0.constituency, $0.name, $0.key.id) < ($1.constituency, $1.name, $1.key.id)
        }
        var values: [JSONValue] = []
        var lines: [String] = []
        for verifier in sorted {
            let isActive = verifier.isActive(at: context.now)
            let until = verifier.terms.last?.upperBound ?? 0
            values.append([
                "active": .boolean(isActive), "constituency": .string(verifier.constituency),
                "id": .string(verifier.key.id.hex), "kind": .string(verifier.kind.rawValue),
                "name": .string(verifier.name), "until": .integer(until),
            ])
            let standing: Text
            if let removed = verifier.removedAt {
                standing = Text(
                    en: "removed on \(RegistryText.date(removed))",
                    es: "retirado el \(RegistryText.date(removed))"
                )
            } else if let suspension = verifier.suspensions.last(where: {
                $0.contains(context.now)
            }) {
                let end = RegistryText.date(suspension.upperBound)
                standing = Text(en: "interrupted until \(end)", es: "interrumpido hasta \(end)")
            } else {
                standing =
                    isActive
                    ? Text(
                        en: "until \(RegistryText.date(until))",
                        es: "hasta \(RegistryText.date(until))"
                    )
                    : Text(
                        en: "ended on \(RegistryText.date(until))",
                        es: "terminó el \(RegistryText.date(until))"
                    )
            }
            let id = verifier.key.id.hex.prefix(12)
            lines.append(
                "\(id) \(verifier.constituency) \(verifier.name): \(standing[context.language])"
            )
        }
        return Outcome(json: ["verifiers": .array(values)], lines: lines)
    }
}

/// `resguardo registry verifier remove`.
struct RegistryVerifierRemoveCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: Text(
            en: "Let an organisation vouch no more; its vouches stop counting.",
            es: "Retirar a una organización; sus avales dejan de contar."
        ).local
    )

    @Argument(help: VerifierArgument.help)
    var verifier: String

    @Option(help: Text(en: "Why.", es: "Por qué.").help)
    var reason: RegistryReason

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let id = try VerifierArgument.find(verifier, in: state)
        let statement = RemoveVerifierStatement(
            head: desk.head(state),
            verifier: id.bytes,
            reason: reason
        )
        return try desk.send(statement, with: desk.keys.choose(keys.key), output: keys.output)
    }
}
