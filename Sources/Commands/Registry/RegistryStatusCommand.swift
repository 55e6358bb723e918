// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Statements
import Storage

/// `resguardo registry status`.
struct RegistryStatusCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: Text(
            en: "How a source stands.",
            es: "Cómo está una fuente."
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.stateAsOf()
        let subject = try SubjectArgument.find(subject, in: state)
        return try RegistryReport(state, subject, desk).outcome(isLong: false)
    }
}

/// `resguardo registry explain`.
struct RegistryExplainCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: Text(
            en: "Why a source stands as it does, and how it came to.",
            es: "Por qué una fuente está como está, y cómo llegó ahí."
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.stateAsOf()
        let subject = try SubjectArgument.find(subject, in: state)
        return try RegistryReport(state, subject, desk).outcome(isLong: true)
    }
}

/// `resguardo registry audit`.
struct RegistryAuditCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: Text(
            en: "Check the whole registry: every tile, every entry, every signature.",
            es: "Revisar todo el registro: cada archivo, cada entrada, cada firma."
        ).local
    )

    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let (reader, isOwn) = try desk.reader()
        do {
            try reader.audit()
        } catch {
            throw RegistryFailure.log(error, isOwn: isOwn)
        }
        let log = try desk.log(asOf: context.now, fromScratch: true)
        let state = log.state
        let attested = state.subjects.values.count { subject in
            subject.accounts.contains { account in
                state.standing(of: subject.id, account: account, at: context.now)?.state
                    == .attested
            }
        }
        let networks = state.networks.values.count { $0.designation(at: context.now) != nil }
        var lines = [
            Text(
                en: """
                    \(log.size) entries, all in place; \(state.verifiers.count) verifiers, \
                    \(state.subjects.count) sources (\(attested) attested), \(networks) networks
                    """,
                es: """
                    \(log.size) entradas, todas en su lugar; \(state.verifiers.count) \
                    verificadores, \(state.subjects.count) fuentes (\(attested) atestiguadas), \
                    \(networks) redes
                    """
            )[context.language]
        ]
        for refused in state.refused {
            let reason = RegistryText.refusal(refused.reason)
            lines.append(
                Text(
                    en: "entry \(refused.index) has no effect: \(reason.en)",
                    es: "la entrada \(refused.index) no tiene efecto: \(reason.es)"
                )[context.language]
            )
        }
        lines += Self.seals(log).map { $0[context.language] }
        return Outcome(
            json: [
                "attested": .integer(Int64(attested)),
                "believed": .integer(Int64(state.believedSealCounts.values.reduce(0, +))),
                "networks": .integer(Int64(networks)),
                "refused": .array(
                    state.refused.map {
                        ["index": .integer($0.index), "reason": .string($0.reason.rawValue)]
                    }
                ),
                "root": .string(Hex.encode(log.root)),
                "size": .integer(Int64(log.size)),
                "sources": .integer(Int64(state.subjects.count)),
                "verifiers": .integer(Int64(state.verifiers.count)),
            ],
            lines: lines
        )
    }

    /// What is believed without a ring signature, and what counts against a decision's silence.
    private static func seals(_ log: RegistryLog) -> [Text] {
        log.decisions.sorted { $0.key < $1.key }.flatMap { epoch, named in
            let believed = log.state.believedSealCounts[epoch] ?? 0
            let unnamed = log.state.countedSeals[epoch, default: []].subtracting(named).count
            let told = Text(
                en: "\(epoch.name): \(believed) sealed by the council's word alone",
                es: "\(epoch.name): \(believed) selladas solo por palabra del consejo"
            )
            let kept = Text(
                en: "\(epoch.name): \(unnamed) count here that no decision names",
                es: "\(epoch.name): \(unnamed) cuentan aquí sin que una decisión las nombre"
            )
            return (believed > 0 ? [told] : []) + (unnamed > 0 ? [kept] : [])
        }
    }
}
