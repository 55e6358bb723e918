// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import RingSignature
import Sodium
import Statements

/// `resguardo registry ring`: keys that hide which organisation vouches.
struct RegistryRingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ring",
        abstract: Text(
            en: "Ring keys: one a quarter, to vouch without showing who does.",
            es: "Llaves de anillo: una por trimestre, para avalar sin mostrar quién."
        ).local,
        subcommands: [
            RegistryRingNewCommand.self, RegistryRingPublishCommand.self,
            RegistryRingListCommand.self, RegistryRingEraseCommand.self,
        ]
    )
}

/// Which quarter, and the file that opens its ring key.
struct RingOptions: ParsableArguments {
    @Flag(
        help: Text(
            en: "For the coming quarter.",
            es: "Para el trimestre que viene."
        ).help
    )
    var next = false

    func epoch(_ now: Int64) -> RegistryEpoch {
        let epoch = RegistryEpoch(containing: now)
        return next ? epoch.next : epoch
    }
}

/// The file that opens a ring key.
enum RingSecretOption {
    static let help = ArgumentHelp(
        Text(
            en: "The file that opens the ring key; keep it on a stick or on paper, not here.",
            es: "El archivo que abre la llave de anillo; guárdelo en una memoria o en papel."
        ).local,
        valueName: Text(en: "file", es: "archivo").local
    )
}

/// `resguardo registry ring new`.
struct RegistryRingNewCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: Text(
            en: "Make the ring key of a quarter and announce its public half.",
            es: "Crear la llave de anillo de un trimestre y anunciar su parte pública."
        ).local,
        discussion: Text(
            en: """
                The log shows that your organisation has a ring key, not what it signs with it. \
                Whoever gets the key reads all your sealed vouches of that quarter: keep the file \
                of --secret elsewhere, and destroy both with `registry ring erase` afterwards.
                """,
            es: """
                El registro muestra que su organización tiene una llave de anillo, no qué firma \
                con ella. Quien la consiga lee todos sus avales sellados de ese trimestre: guarde \
                en otro lado el archivo de --secret, y destruya ambos después con `registry ring \
                erase`.
                """
        ).local
    )

    @OptionGroup var ring: RingOptions

    @Option(help: RingSecretOption.help, completion: .file())
    var secret: String

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let names = try desk.keys.choose(keys.key)
        let organisation = try desk.onlyKey(names)
        guard let verifier = state.verifiers[organisation.id] else {
            throw RegistryFailure.refused(.unknownVerifier)
        }
        let epoch = ring.epoch(context.now)
        guard state.rings.ownKey(of: organisation.id, epoch) == nil else {
            throw RegistryFailure.refused(.ringKeyExists)
        }
        let store = RegistryRingStore(home: desk.home)
        // One that is here and not in the log was not announced to the end: it is announced now.
        let key =
            try store.exists(epoch)
            ? store.open(epoch, secretFile: secret) : store.create(epoch, secretFile: secret)
        let scope = try RingPossession.Scope(
            context: state.context,
            organisation: organisation.id.bytes,
            epoch: epoch.number,
            constituency: RingBook.number(of: verifier.constituency)
        )
        let statement = RingKeyStatement(
            head: desk.head(state),
            verifier: organisation.id.bytes,
            epoch: epoch,
            key: key.key.bytes,
            proof: key.possession(for: scope).bytes
        )
        let envelope = try desk.sign(statement, with: names)
        let told = Text(
            en: "keep \(secret) away from this machine: without it nobody opens the ring key",
            es: "guarde \(secret) lejos de este equipo: sin él nadie abre la llave de anillo"
        )
        return try desk.outcome(
            envelope,
            desk.submit(envelope, output: keys.output),
            ["epoch": .string(epoch.name)],
            lines: [told[context.language]]
        )
    }
}

/// `resguardo registry ring publish`.
struct RegistryRingPublishCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: Text(
            en: "Close the ring of a constituency for a quarter (council).",
            es: "Cerrar el anillo de un sector para un trimestre (consejo)."
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(en: "The constituency.", es: "El sector.").local,
            valueName: Text(en: "constituency", es: "sector").local
        )
    )
    var constituency: String

    @OptionGroup var ring: RingOptions
    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let epoch = ring.epoch(context.now)
        let members = state.rings.announced(epoch, constituency)
        guard !members.isEmpty, members.count <= RingSnapshotStatement.memberCountMax else {
            throw RegistryFailure.refused(.wrongRing)
        }
        let statement = RingSnapshotStatement(
            head: desk.head(state),
            epoch: epoch,
            constituency: constituency,
            keys: members.map(\.bytes)
        )
        let envelope = try desk.sign(statement, with: desk.keys.choose(keys.key))
        let isSafe = members.count >= RingSafety.memberCountMin
        let told = Text(
            en: isSafe
                ? "\(members.count) members: sealed vouches are possible"
                : "\(members.count) members: too few, sealed vouches need 12",
            es: isSafe
                ? "\(members.count) integrantes: los avales sellados son posibles"
                : "\(members.count) integrantes: muy pocos, los avales sellados piden 12"
        )
        return try desk.outcome(
            envelope,
            desk.submit(envelope, output: keys.output),
            ["epoch": .string(epoch.name), "members": .integer(Int64(members.count))],
            lines: [told[context.language]]
        )
    }
}

/// `resguardo registry ring list`.
struct RegistryRingListCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: Text(
            en: "The rings of a quarter, and the ring keys of this home.",
            es: "Los anillos de un trimestre, y las llaves de anillo de este directorio."
        ).local
    )

    @OptionGroup var ring: RingOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.stateAsOf()
        let epoch = ring.epoch(context.now)
        var values: [JSONValue] = []
        var lines: [String] = []
        for constituency in state.charter?.constituencies.map(\.id) ?? [] {
            let announced = state.rings.announced(epoch, constituency).count
            let count = state.rings.ring(epoch, constituency)?.members.count
            values.append([
                "announced": .integer(Int64(announced)), "constituency": .string(constituency),
                "members": .integer(Int64(count ?? 0)),
            ])
            let told =
                count.map {
                    Text(en: "a ring of \($0)", es: "un anillo de \($0)")
                }
                ?? Text(
                    en: "no ring yet, \(announced) keys",
                    es: "todavía no hay anillo, \(announced) llaves"
                )
            lines.append("\(epoch.name) \(constituency): \(told[context.language])")
        }
        let own = try RegistryRingStore(home: desk.home).epochs().map(\.name)
        if !own.isEmpty {
            let list = own.joined(separator: ", ")
            let told = Text(en: "ring keys here: \(list)", es: "llaves de anillo aquí: \(list)")
            lines.append(told[context.language])
        }
        return Outcome(
            json: ["keys": .array(own.map { .string($0) }), "rings": .array(values)],
            lines: lines
        )
    }
}

/// `resguardo registry ring erase`.
struct RegistryRingEraseCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: Text(
            en: "Destroy the ring key of a quarter: afterwards nobody can tell what it signed.",
            es: "Destruir la llave de anillo de un trimestre: después nadie sabrá qué firmó."
        ).local,
        discussion: Text(
            en: """
                Withdrawing a vouch of that quarter is not possible any more. Disks keep copies \
                of what was deleted: destroy the stick or paper with the file of --secret too.
                """,
            es: """
                Ya no será posible retirar un aval de ese trimestre. Los discos guardan copias de \
                lo borrado: destruya también la memoria o el papel con el archivo de --secret.
                """
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(en: "The quarter, such as 2026Q4.", es: "El trimestre, como 2026Q4.").local,
            valueName: Text(en: "quarter", es: "trimestre").local
        )
    )
    var epoch: String

    @Option(help: RingSecretOption.help, completion: .file())
    var secret: String?

    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let store = RegistryRingStore(home: RegistryHome(context))
        guard let quarter = RegistryEpoch(name: epoch), try store.epochs().contains(quarter) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "this home has no ring key for \(epoch)",
                    es: "este directorio no tiene llave de anillo para \(epoch)"
                )
            )
        }
        try store.erase(quarter, secretFile: secret)
        let told = Text(
            en: "the ring key of \(epoch) is gone",
            es: "la llave de anillo de \(epoch) ya no existe"
        )
        return Outcome(json: ["erased": .string(epoch)], lines: [told[context.language]])
    }
}
