// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import BulkCrypto
import Encodings
import Exports
import Registry
import Server
import Statements
import Storage
import TransparencyLog

/// `resguardo registry incident list`.
struct RegistryIncidentListCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: Text(
            en: "Incidents in the log, whoever they are for.",
            es: "Los incidentes del registro, para quien sean."
        ).local
    )

    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let incidents = try RegistryDesk(context).stateAsOf().incidents
            .filter { $0.statement.until > context.now }
        var lines = incidents.map { incident in
            let since = RegistryText.date(incident.since)
            let until = RegistryText.date(incident.statement.until)
            return incident.id.hex
                + Text(en: ": \(since), until \(until)", es: ": \(since), hasta \(until)")[
                    context.language
                ]
        }
        if lines.isEmpty {
            lines = [Text(en: "no incidents", es: "no hay incidentes")[context.language]]
        }
        return Outcome(
            json: [
                "incidents": .array(
                    incidents.map { incident in
                        [
                            "digest": .string(incident.id.hex),
                            "sealed": .string(Hex.encode(incident.statement.sealed)),
                            "since": .integer(incident.since),
                            "until": .integer(incident.statement.until),
                        ]
                    }
                )
            ],
            lines: lines
        )
    }
}

/// `resguardo registry incident open`.
struct RegistryIncidentOpenCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: Text(
            en: "Read an incident that was shared with you.",
            es: "Leer un incidente que le compartieron."
        ).local,
        discussion: Text(
            en: """
                Says who reports what, and whether the file is what the log says. --stix writes it \
                as STIX 2.1 with DISARM techniques, marked TLP:AMBER.
                """,
            es: """
                Dice quién informa qué, y si el archivo es lo que dice el registro. --stix lo \
                escribe en STIX 2.1 con técnicas de DISARM, marcado TLP:AMBER.
                """
        ).local
    )

    @Argument(help: StatementDigestArgument.help)
    var incident: String

    @Option(help: IncidentArgument.sealed, completion: .file())
    var sealed: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "A group's file: says whether the incident is for it (several).",
                es: "El archivo de un grupo: dice si el incidente es para él (varios)."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var group: [String] = []

    @Option(
        help: ArgumentHelp(
            Text(en: "Write it as STIX 2.1.", es: "Escribirlo en STIX 2.1.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var stix: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The key that reads, if it is kept elsewhere.",
                es: "La llave que lee, si se guarda aparte."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var identity: String?

    @Option(help: SigningKeyOption.help)
    var key: [String] = []

    @OptionGroup var files: OutputOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        try OutputFile.requireNew([stix].compactMap { $0 }, force: files.force)
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let id = RegistryID(try StatementDigestArgument.read(incident))
        guard let incident = state.incidents.first(where: { $0.id == id }) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "there is no such incident in the log",
                    es: "no hay tal incidente en el registro"
                )
            )
        }
        if sealed == nil, let exchange = desk.exchange, let node = exchange.node {
            let current = state.incidents.filter { $0.statement.until > context.now }
            try node.fetch(
                incidents: current.map { RegistryID($0.statement.sealed) },
                into: exchange
            )
        }
        let file = try open(try bytes(of: incident, desk), identities(desk))
        let (report, maker): (IncidentReport, Verifier)
        do {
            (report, maker) = try file.open(incident, in: state)
        } catch {
            throw IncidentArgument.failure(error)
        }
        if let stix {
            let origin = state.charter?.origin ?? ""
            let bundle = STIXBundle.make(of: report, id: id.hex, by: maker.name, origin: origin)
            let bytes = bundle.canonicalBytes + [UInt8(ascii: "\n")]
            try OutputFile.write(bytes, to: stix, force: files.force)
        }
        return try outcome(report, maker, file, context)
    }

    private func bytes(of incident: Incident, _ desk: RegistryDesk) throws -> [UInt8] {
        let digest = RegistryID(incident.statement.sealed)
        let places = [
            desk.exchange.map { "\($0.incidents)/\(digest.hex)" },
            desk.home.path("incidents/\(digest.hex)"),
        ].compactMap { $0 }
        guard let path = try sealed ?? places.first(where: desk.home.files.exists) else {
            throw Failure(
                .usage,
                Text(en: "the sealed file is not here", es: "el archivo cifrado no está aquí"),
                hint: Text(
                    en: "give --sealed FILE, as you got it",
                    es: "indique --sealed ARCHIVO, como lo recibió"
                )
            )
        }
        let bytes = try RegistryHome.read(path, countMax: RegistryInbox.incidentByteCountMax)
        guard SHA256.hash(bytes) == digest.bytes else {
            throw IncidentArgument.failure(.otherAudience)
        }
        return bytes
    }

    private func identities(_ desk: RegistryDesk) throws -> [any AgeIdentity] {
        guard let identity else {
            return [try IncidentKey.identity(IncidentKey.name(key, desk), desk)]
        }
        do {
            return try PlumbingAgeFiles.identities(identity) { throw AgeError.noIdentityMatched }
        } catch is AgeError {
            throw Failure(
                .usage,
                Text(
                    en: "\(identity) holds no key",
                    es: "\(identity) no contiene ninguna llave"
                )
            )
        }
    }

    private func open(
        _ bytes: [UInt8],
        _ identities: [any AgeIdentity]
    ) throws -> IncidentFile {
        do {
            return try IncidentFile(parsing: AgeDecryptor(identities: identities).open(bytes))
        } catch AgeError.noIdentityMatched {
            throw Failure(
                .notAllowed,
                Text(
                    en: "this incident was not shared with you",
                    es: "este incidente no se le compartió a usted"
                )
            )
        } catch let error as AgeError where error != .outOfMemory {
            throw IncidentArgument.failure(.malformed)
        } catch let error as IncidentError {
            throw IncidentArgument.failure(error)
        }
    }

    private func outcome(
        _ report: IncidentReport,
        _ maker: Verifier,
        _ file: IncidentFile,
        _ context: Context
    ) throws -> Outcome {
        let named = try group.map { try IncidentArgument.read($0) }
        let known = named.filter { file.groups.contains($0.digest) }.map(\.name)
        let (from, to) = (
            Timestamp(seconds: report.seen.lowerBound).rfc3339,
            Timestamp(seconds: report.seen.upperBound).rfc3339
        )
        let grade = GradeText.text(report.grade.rawValue)
        var lines = [
            "\(maker.name): \(report.title)", report.description,
            Text(
                en: "\(report.harm.rawValue), \(grade.en); seen \(from) to \(to)",
                es: "\(report.harm.rawValue), \(grade.es); visto del \(from) al \(to)"
            )[context.language],
        ]
        lines += report.techniques
        lines += report.accounts.map { "\($0.platform) \($0.id)" }
        lines += report.links
        lines += report.contents.map { Hex.encode($0) }
        let others = file.groups.count - known.count
        lines.append(
            Text(
                en: "for \(known.joined(separator: ", ")) and \(others) other groups",
                es: "para \(known.joined(separator: ", ")) y \(others) grupos más"
            )[context.language]
        )
        return Outcome(
            json: [
                "by": .string(maker.name), "groups": .array(known.map { .string($0) }),
                "others": .integer(Int64(others)), "report": report.json,
            ],
            lines: lines.filter { !$0.isEmpty }
        )
    }
}
