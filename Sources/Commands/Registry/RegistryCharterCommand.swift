// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import SnapshotFormat
import Sodium
import Statements
import Storage
import TransparencyLog

/// `resguardo registry charter`: the registry's constitution.
struct RegistryCharterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "charter",
        abstract: Text(
            en: "The registry's constitution: who may decide what.",
            es: "La constitución del registro: quién puede decidir qué."
        ).local,
        subcommands: [
            RegistryCharterCreateCommand.self, RegistryCharterShowCommand.self,
            RegistryCharterTrustCommand.self,
        ]
    )
}

/// A key that a charter gives an office, as a person writes it: `press:KEY`.
private struct OfficeArgument: ExpressibleByArgument {
    let constituency: String
    let key: String

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        constituency = String(parts[0])
        key = String(parts[1])
    }
}

/// A beacon holder, as a person writes it: `press:KEY:FUNCTION`.
private struct BeaconArgument: ExpressibleByArgument {
    let holder: BeaconHolder

    init?(argument: String) {
        let parts = argument.split(separator: ":").map(String.init)
        guard parts.count == 3, let key = RegistryID(hex: parts[1]),
            let function = RegistryID(hex: parts[2])
        else { return nil }
        holder = BeaconHolder(
            constituency: parts[0],
            key: key.bytes,
            function: function.bytes
        )
    }
}

/// A constituency, as a person writes it: `press=Press and newsrooms`.
private struct ConstituencyArgument: ExpressibleByArgument {
    let id: String
    let name: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        id = String(parts[0])
        name = String(parts[1])
    }

    init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// A limit, as a person writes it: `growthPercent=5`.
private struct LimitArgument: ExpressibleByArgument {
    static let list = RegistryLimit.allCases.map {
        "\($0.rawValue) \($0.range.lowerBound)-\($0.range.upperBound) (\($0.standard))"
    }.joined(separator: ", ")

    let limit: RegistryLimit
    let value: Int

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let limit = RegistryLimit(rawValue: parts[0]),
            let value = Int(parts[1]), limit.range.contains(value)
        else { return nil }
        self.limit = limit
        self.value = value
    }
}

/// `resguardo registry charter create`.
struct RegistryCharterCreateCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: Text(
            en: "Write the next charter; its root keys have to sign it.",
            es: "Escribir la siguiente carta; la firman sus llaves raíz."
        ).local,
        discussion: Text(
            en: """
                Keys are 64 hexadecimal digits, or names of keys of this home. Quorums are written \
                3/2: three signatures, from two constituencies. Without --constituency the four \
                of the design are taken: academia, international, press, rights.
                """,
            es: """
                Las llaves son 64 dígitos hexadecimales, o nombres de llaves de este directorio. \
                Los cuórums se escriben 3/2: tres firmas, de dos sectores. Sin --constituency se \
                toman los cuatro del diseño: academia, international, press, rights.
                """
        ).local
    )

    @Option(
        help: ArgumentHelp(
            Text(en: "A constituency, four or more.", es: "Un sector, cuatro o más.").local,
            valueName: Text(en: "id=name", es: "id=nombre").local
        )
    )
    private var constituency: [ConstituencyArgument] = []

    @Option(
        help: ArgumentHelp(
            Text(en: "A root key.", es: "Una llave raíz.").local,
            valueName: Text(en: "constituency:key", es: "sector:llave").local
        )
    )
    private var root: [OfficeArgument]

    @Option(
        help: ArgumentHelp(
            Text(en: "A council seat.", es: "Un lugar en el consejo.").local,
            valueName: Text(en: "constituency:key", es: "sector:llave").local
        )
    )
    private var seat: [OfficeArgument]

    @Option(
        help: ArgumentHelp(
            Text(en: "A key that signs snapshots.", es: "Una llave que firma instantáneas.").local,
            valueName: Text(en: "key", es: "llave").local
        )
    )
    var snapshotKey: [String]

    @Option(
        help: Text(
            en: "How many snapshot keys have to sign.",
            es: "Cuántas llaves de instantáneas deben firmar."
        ).help
    )
    var snapshotThreshold = 1

    @Option(
        help: Text(
            en: "Root keys that sign a charter (default: more than half, 3 constituencies).",
            es: "Llaves raíz que firman una carta (si falta: más de la mitad, 3 sectores)."
        ).help
    )
    var rootQuorum: RegistryQuorum?

    @Option(
        help: Text(
            en: "Seats that accredit or remove a verifier (default: two thirds, 2 constituencies).",
            es: "Lugares que acreditan o retiran verificadores (si falta: dos tercios, 2 sectores)."
        ).help
    )
    var accreditQuorum: RegistryQuorum?

    @Option(
        help: Text(
            en: "Seats that revoke a source (default: four fifths, 3 constituencies).",
            es: "Lugares que revocan una fuente (si falta: cuatro quintos, 3 sectores)."
        ).help
    )
    var revokeQuorum: RegistryQuorum?

    @Option(
        help: Text(
            en: "Seats that designate a network (default: two thirds, 3 constituencies).",
            es: "Lugares que designan una red (si falta: dos tercios, 3 sectores)."
        ).help
    )
    var designateQuorum: RegistryQuorum?

    @Option(
        help: Text(
            en: "Vouches for the badge.",
            es: "Avales para el distintivo."
        ).help
    )
    var attested = RegistryRules.standard.attested

    @Option(
        help: Text(
            en: "Days in which a vouch can be objected to before it counts for the badge.",
            es: "Días para objetar un aval antes de que cuente para el distintivo."
        ).help
    )
    var objectionDays = RegistryRules.standard.objectionDays

    @Option(
        help: ArgumentHelp(
            Text(
                en: "A number that the charter sets: \(LimitArgument.list).",
                es: "Un número que fija la carta: \(LimitArgument.list)."
            ).local,
            valueName: Text(en: "limit=number", es: "límite=número").local
        )
    )
    private var limit: [LimitArgument] = []

    @Option(
        help: Text(
            en: "Days until it runs out and needs a next one, at most 1096.",
            es: "Días hasta que vence y hace falta otra, máximo 1096."
        ).help
    )
    var days: Int64 = 731

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Who gives the randomness of panels, three or more; `registry beacon key`.",
                es: "Quién da el azar de los paneles, tres o más; `registry beacon key`."
            ).local,
            valueName: Text(en: "constituency:key:function", es: "sector:llave:función").local
        )
    )
    private var beacon: [BeaconArgument] = []

    @Option(
        help: Text(
            en: "Verifiers that nominate a new one, at least 2/2 (default: none asked).",
            es: "Verificadores que proponen a uno nuevo, al menos 2/2 (si falta: ninguno)."
        ).help
    )
    var nominateQuorum: RegistryQuorum?

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        guard try desk.home.hasLog() else { throw RegistryFailure.noRegistry }
        let state = try desk.state()
        let (reader, _) = try desk.reader()
        let seats = try seat.map { try member($0, desk) }
        let roots = try root.map { try member($0, desk) }
        let snapshotKeys = try snapshotKey.map { try desk.keys.resolve($0).key.bytes }
        let standard = RegistryRules.standard
        let head = desk.head(state)
        var limits = RegistryLimits.standard
        for given in limit { limits[given.limit] = given.value }
        let charter: CharterStatement
        do {
            charter = try CharterStatement(
                head: head,
                number: (state.charters.last?.charter.number ?? 0) + 1,
                origin: reader.checkpoint.origin,
                operatorKey: desk.keys.publicKey(RegistryDesk.operatorKeyName).key.bytes,
                constituencies: constituencies,
                root: roots,
                rootQuorum: rootQuorum ?? Self.share(1, 2, of: roots.count, 3, isMore: true),
                seats: seats,
                accreditQuorum: accreditQuorum ?? Self.share(2, 3, of: seats.count, 2),
                revokeQuorum: revokeQuorum ?? Self.share(4, 5, of: seats.count, 3),
                designateQuorum: designateQuorum ?? Self.share(2, 3, of: seats.count, 3),
                snapshotKeys: snapshotKeys.sorted { $0.lexicographicallyPrecedes($1) },
                snapshotThreshold: snapshotThreshold,
                rules: RegistryRules(
                    provisional: standard.provisional,
                    attested: attested,
                    strong: standard.strong,
                    observers: standard.observers,
                    emergency: standard.emergency,
                    objectionDays: objectionDays,
                    provisionalDays: standard.provisionalDays,
                    graceDays: standard.graceDays,
                    controlDays: standard.controlDays,
                    emergencyDays: standard.emergencyDays
                ),
                limits: limits,
                until: head.date + min(max(days, 0), 100_000) * RegistryHead.daySeconds,
                beacons: beacon.map(\.holder),
                nominateQuorum: nominateQuorum
            )
            // What cannot be read back must not be signed.
            _ = try CharterStatement(payload: charter.payload)
        } catch let error as StatementError {
            throw RegistryFailure.invalid(error)
        }
        let envelope = try desk.sign(charter, with: desk.keys.choose(keys.key))
        let place = try desk.submit(envelope, output: keys.output)
        return try desk.outcome(envelope, place, ["number": .integer(charter.number)])
    }

    private var constituencies: [RegistryConstituency] {
        let given = constituency.isEmpty ? Self.standardConstituencies : constituency
        return given.map { RegistryConstituency(id: $0.id, name: $0.name) }
            .sorted { $0.id < $1.id }
    }

    private static let standardConstituencies = [
        ConstituencyArgument(id: "academia", name: "Academia, observatories, fact-checkers"),
        ConstituencyArgument(id: "international", name: "International partners"),
        ConstituencyArgument(id: "press", name: "Press and newsrooms"),
        ConstituencyArgument(id: "rights", name: "Human rights and search collectives"),
    ]

    private func member(
        _ office: OfficeArgument,
        _ desk: RegistryDesk
    ) throws -> RegistryMember {
        let key = try desk.keys.resolve(office.key).key.bytes
        return RegistryMember(constituency: office.constituency, key: key)
    }

    /// A share of the offices, rounded up; more than it with `isMore`.
    private static func share(
        _ part: Int,
        _ whole: Int,
        of count: Int,
        _ constituencies: Int,
        isMore: Bool = false
    ) -> RegistryQuorum {
        let exact = isMore ? count * part / whole + 1 : (count * part + whole - 1) / whole
        let needed = max(1, min(exact, 32))
        return RegistryQuorum(count: needed, constituencies: min(constituencies, needed))
    }
}

/// `resguardo registry charter show`.
struct RegistryCharterShowCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: Text(
            en: "Show the charter in force.",
            es: "Mostrar la carta vigente."
        ).local
    )

    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let state = try RegistryDesk(context).stateAsOf()
        guard let charter = state.charter else { throw RegistryFailure.noCharter }
        let text = { (quorum: RegistryQuorum) in "\(quorum.count)/\(quorum.constituencies)" }
        var lines = [
            Text(
                en: "charter \(charter.number) of \(charter.origin)",
                es: "carta \(charter.number) de \(charter.origin)"
            )[context.language]
        ]
        for constituency in charter.constituencies {
            let seats = charter.seats.count { $0.constituency == constituency.id }
            let roots = charter.root.count { $0.constituency == constituency.id }
            let line = Text(
                en: "\(constituency.id): \(constituency.name); seats \(seats), root keys \(roots)",
                es:
                    """
                    \(constituency.id): \(constituency.name); lugares \(seats), llaves raíz \
                    \(roots)
                    """
            )
            lines.append(line[context.language])
        }
        let rules = charter.rules
        let thresholds = Text(
            en: """
                quorums (signatures/constituencies): charter \(text(charter.rootQuorum)), \
                accredit \(text(charter.accreditQuorum)), revoke \(text(charter.revokeQuorum)), \
                designate \(text(charter.designateQuorum)); badge \(text(rules.attested)) vouches \
                after \(rules.objectionDays) days
                """,
            es: """
                cuórums (firmas/sectores): carta \(text(charter.rootQuorum)), acreditar \
                \(text(charter.accreditQuorum)), revocar \(text(charter.revokeQuorum)), designar \
                \(text(charter.designateQuorum)); distintivo \(text(rules.attested)) avales tras \
                \(rules.objectionDays) días
                """
        )
        lines.append(thresholds[context.language])
        let until = RegistryText.date(charter.until)
        lines.append(
            Text(en: "in force until \(until)", es: "vigente hasta \(until)")[context.language]
        )
        lines += RegistryLimit.allCases.map { "\($0.rawValue) \(charter.limits[$0])" }
        if let next = state.charters.last, next.since > context.now {
            let day = RegistryText.date(next.since)
            let told = Text(
                en: "charter \(next.charter.number) follows on \(day)",
                es: "la carta \(next.charter.number) sigue el \(day)"
            )
            lines.append(told[context.language])
        }
        let beacons = charter.beacons.map(\.constituency).joined(separator: ", ")
        let panels =
            beacons.isEmpty
            ? Text(
                en: "no panels: it names no beacon holders, so badges rest on vouches alone",
                es: "sin paneles: no nombra quién da el azar; los distintivos dependen de avales"
            )
            : Text(
                en: "badges need a panel by lot; beacon holders of \(beacons)",
                es: "los distintivos requieren un panel por sorteo; dan el azar \(beacons)"
            )
        lines.append(panels[context.language])
        return Outcome(json: charter.json, lines: lines)
    }
}

/// `resguardo registry charter trust`.
struct RegistryCharterTrustCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: Text(
            en: "Print whose snapshots to believe, for platforms and for the feed.",
            es: "Mostrar en qué instantáneas confiar, para plataformas y publicaciones."
        ).local
    )

    @Option(
        help: ArgumentHelp(
            Text(en: "Write it to this file.", es: "Escribirlo en este archivo.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var output: String?

    @OptionGroup var witnesses: RegistryWitnessOptions
    @OptionGroup var files: OutputOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        guard try desk.stateAsOf().charter != nil else { throw RegistryFailure.noCharter }
        let trust = try RegistryTrust.of(desk, witnesses.read(at: desk))
        if let output {
            let bytes = trust.json.canonicalBytes + [UInt8(ascii: "\n")]
            try OutputFile.write(bytes, to: output, force: files.force)
        }
        return Outcome(json: trust.json, lines: [trust.json.canonicalText])
    }
}

/// Whose snapshots a charter says to believe.
enum RegistryTrust {
    /// What the charter says that is known here, under a policy or the one that is known here.
    static func of(_ desk: RegistryDesk, _ policy: LogPolicy? = nil) throws -> SnapshotTrust {
        guard let charter = try desk.stateAsOf().charter else { throw RegistryFailure.noCharter }
        let keys = charter.snapshotKeys.map { RegistryKey(bytes: $0).key }
        let trust = SnapshotTrust(
            origin: charter.origin,
            policy: try policy ?? desk.policy(),
            keys: keys,
            threshold: charter.snapshotThreshold
        )
        guard let trust else { throw SnapshotError.wrongOrigin }
        return trust
    }

    /// Reads a trust file, of the feed's commands too.
    static func read(_ path: String) throws -> SnapshotTrust {
        let bytes = try RegistryHome.read(path, countMax: SnapshotTrust.byteCountMax)
        do {
            return try SnapshotTrust(parsing: bytes)
        } catch {
            throw Failure(
                .failed,
                Text(
                    en: "\(path) does not say whose snapshots to believe",
                    es: "\(path) no dice en qué instantáneas confiar"
                ),
                hint: Text(
                    en: "`registry charter trust --output FILE` writes it",
                    es: "lo escribe `registry charter trust --output ARCHIVO`"
                )
            )
        }
    }
}
