// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BulkCrypto
import Encodings
import Fetchers
import Registry
import SnapshotFormat
import Sodium
import Statements
import Storage

/// `resguardo registry source`: what an anonymous source does for itself.
struct RegistrySourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source",
        abstract: Text(
            en: "Be a source: a pseudonym, its accounts, its standing.",
            es: "Ser una fuente: un seudónimo, sus cuentas, su situación."
        ).local,
        subcommands: [
            RegistrySourceRegisterCommand.self, RegistrySourceProveCommand.self,
            RegistrySourceLinkCommand.self, RegistrySourceCheckCommand.self,
            RegistrySourceRotateCommand.self, RegistryHeartbeatCommand.self,
            RegistrySourceMemorialCommand.self, RegistrySourceGuardianCommand.self,
            RegistryCanaryCommand.self, RegistrySourceRecoverCommand.self,
            RegistrySourceStatusCommand.self,
        ]
    )
}

/// `resguardo registry source register`.
struct RegistrySourceRegisterCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: Text(
            en: "Become a source under a pseudonym; nobody asks who you are.",
            es: "Convertirse en fuente con un seudónimo; nadie pregunta quién es usted."
        ).local
    )

    @OptionGroup var file: StatementFileOption

    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let store = RegistrySubjectStore(home: desk.home)
        guard try !store.exists() else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "this home is a source's already",
                    es: "este directorio ya es de una fuente"
                )
            )
        }
        let state = try desk.state()
        let names = [RegistrySubjectStore.keyName, RegistrySubjectStore.nextKeyName]
        let existing = try desk.keys.names()
        for name in names where !existing.contains(name) { _ = try desk.createKey(name) }
        let key = try desk.keys.publicKey(names[0])
        let next = try desk.keys.publicKey(names[1])
        let statement = RegisterStatement(
            head: desk.head(state),
            key: key.key.bytes,
            next: next.id.bytes,
            nonce: randomBytes(32)
        )
        let id = RegistryID(statement.subject)
        let envelope = try desk.sign(statement, with: [names[0]])
        let place = try desk.submit(envelope, output: file.output)
        try store.save(id, key: names[0], next: names[1])
        RegistrySubjectStore.tellToMove(names[1], desk)
        return try desk.outcome(
            envelope,
            place,
            ["subject": .string(id.hex)],
            lines: [id.hex]
        )
    }
}

/// `resguardo registry source prove`.
struct RegistrySourceProveCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: Text(
            en: "Show that an account is yours: post a code, have two verifiers look.",
            es:
                """
                Demostrar que una cuenta es suya: publicar un código y que dos verificadores \
                miren.
                """
        ).local
    )

    @Option(
        help: ArgumentHelp(
            Text(en: "The platform.", es: "La plataforma.").local,
            valueName: Text(en: "name", es: "nombre").local
        )
    )
    var platform: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The platform's unchanging id of the account; not its handle.",
                es: "El identificador inmutable de la cuenta; no su nombre de usuario."
            ).local,
            valueName: "id"
        )
    )
    var account: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The account's name instead: asks the platform for its id.",
                es: "En su lugar, el nombre de la cuenta: pregunta su id a la plataforma."
            ).local,
            valueName: Text(en: "name", es: "nombre").local
        )
    )
    var handle: String?

    @OptionGroup var look: LookOptions

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Who may know: public, platforms-only or on-request.",
                es: "Quién puede saberlo: public, platforms-only u on-request."
            ).local,
            valueName: Text(en: "word", es: "palabra").local
        )
    )
    var visibility = SourceVisibility.platformsOnly

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Also write the account's file here, to give to verifiers.",
                es: "Escribir también aquí el archivo de la cuenta, para los verificadores."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var linkOutput: String?

    @OptionGroup var file: StatementFileOption

    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let subject = try RegistrySubjectStore(home: desk.home).load()
        guard let account = PlatformAccount(platform: platform, stableID: try stableID()) else {
            throw Failure(
                .usage,
                Text(
                    en: "this is no account: a lower-case platform and an id without spaces",
                    es: "esto no es una cuenta: plataforma en minúsculas e id sin espacios"
                )
            )
        }
        // The same account keeps its commitment, so that vouches for it go on counting.
        let known = try desk.home.links().first {
            $0.account == account && $0.visibility == visibility
        }
        let link =
            known
            ?? AccountLink(account: account, visibility: visibility, salt: randomBytes(32))
        let path = try desk.home.save(link)
        if let linkOutput {
            try RegistryHome.write(
                linkOutput,
                link.json.canonicalBytes + [UInt8(ascii: "\n")]
            )
        }
        let head = desk.head(try desk.state())
        let statement = ProveControlStatement(
            head: head,
            subject: subject.id.bytes,
            account: link.commitment.bytes,
            method: .postedCode
        )
        let envelope = try desk.sign(statement, with: [subject.key])
        let place = try desk.submit(envelope, output: file.output)
        let code = link.code(for: subject.id, on: head.date)
        let told = Text(
            en:
                """
                post this code on the account today, and give \(linkOutput ?? path) to two \
                verifiers: \(code)
                """,
            es:
                """
                publique hoy este código en la cuenta, y entregue \(linkOutput ?? path) a dos \
                verificadores: \(code)
                """
        )
        return try desk.outcome(
            envelope,
            place,
            [
                "code": .string(code), "commitment": .string(link.commitment.hex),
                "link": .string(linkOutput ?? path), "subject": .string(subject.id.hex),
            ],
            lines: [told[context.language]]
        )
    }
}

extension RegistrySourceProveCommand {
    /// The id that was given, or that the platform says belongs to the name.
    private func stableID() throws -> String {
        switch (account, handle) {
        case (let account?, nil): return account
        case (nil, let handle?):
            let fetcher = try AccountLook.fetcher(of: platform)
            return try fetcher.resolve(handle, look.network(route))
        default:
            throw Failure(
                .usage,
                Text(en: "give --account or --handle", es: "indique --account o --handle")
            )
        }
    }
}

extension SourceVisibility: ExpressibleByArgument {}

/// `resguardo registry source link`.
struct RegistrySourceLinkCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: Text(
            en: "Keep accounts that sources gave you, to be named in snapshots (operator).",
            es: "Guardar cuentas que dieron las fuentes, para las instantáneas (operador)."
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(en: "Files of accounts.", es: "Archivos de cuentas.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var files: [String]

    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let home = RegistryHome(context)
        var kept: [JSONValue] = []
        for file in files {
            let link = try RegistryLink.read(file)
            guard link.visibility != .onRequest else {
                throw Failure(
                    .notAllowed,
                    Text(
                        en: "the source of \(file) wants no platform to know",
                        es: "la fuente de \(file) no quiere que lo sepa ninguna plataforma"
                    )
                )
            }
            _ = try home.save(link)
            kept.append(.string(link.commitment.hex))
        }
        let told = Text(en: "accounts kept: \(kept.count)", es: "cuentas guardadas: \(kept.count)")
        return Outcome(json: ["commitments": .array(kept)], lines: [told[context.language]])
    }
}

/// `resguardo registry source rotate`.
struct RegistrySourceRotateCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: Text(
            en: "Go over to the key that was promised, because the current one is lost or stolen.",
            es: "Pasar a la llave prometida, porque la actual se perdió o la robaron."
        ).local,
        discussion: Text(
            en: """
                Where only the public half of the promised key is here, --output FILE writes a \
                request that `registry offline sign` signs where the key is, and `registry \
                offline return` hands in. --next KEY promises a key that was made there too: its \
                public half comes here by `registry key add`.
                """,
            es: """
                Si aquí solo está la parte pública de la llave prometida, --output ARCHIVO \
                escribe una solicitud que `registry offline sign` firma donde esté la llave y \
                `registry offline return` entrega. --next LLAVE promete una llave hecha allí \
                también: su parte pública llega con `registry key add`.
                """
        ).local
    )

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The key to promise next; made here if not given.",
                es: "La llave que se promete; si no se indica, se crea aquí."
            ).local,
            valueName: Text(en: "key", es: "llave").local
        )
    )
    var next: String?

    @OptionGroup var file: StatementFileOption

    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let store = RegistrySubjectStore(home: desk.home)
        let subject = try store.load()
        let state = try desk.state()
        let promised = try promised(subject, state, desk)
        // Before anything is made: that it is there, and that the passphrase opens it.
        if try desk.keys.isComplete(promised) { _ = try desk.secretKey(promised) }
        let nextName = try next ?? Self.name(after: promised, desk)
        let isThere = try next != nil || desk.keys.names().contains(nextName)
        let next = try isThere ? desk.keys.publicKey(nextName) : desk.createKey(nextName)
        let used = [try desk.keys.publicKey(promised).id, state.subjects[subject.id]?.key.id]
        guard !used.contains(next.id) else {
            throw Failure(
                .usage,
                Text(
                    en: "“\(nextName)” is in use: promise another key",
                    es: "«\(nextName)» está en uso: prometa otra llave"
                )
            )
        }
        let statement = RotateKeyStatement(
            head: desk.head(state),
            subject: subject.id.bytes,
            key: try desk.keys.publicKey(promised).key.bytes,
            next: next.id.bytes
        )
        let envelope = try desk.sign(statement, with: [promised])
        let place = try desk.submit(envelope, output: file.output)
        try store.save(subject.id, key: promised, next: nextName)
        if try desk.keys.isComplete(nextName) { RegistrySubjectStore.tellToMove(nextName, desk) }
        return try desk.outcome(envelope, place, ["subject": .string(subject.id.hex)])
    }

    /// The key to promise: one that was made for this rotation when it did not get anywhere, or a
    /// new name.
    private static func name(after promised: String, _ desk: RegistryDesk) throws -> String {
        let stem = RegistrySubjectStore.nextKeyName
        let number = promised == stem ? 1 : Int(promised.dropFirst(stem.count + 1))
        if promised.hasPrefix(stem), let number { return "\(stem)-\(number + 1)" }
        let existing = try desk.keys.names()
        var free = 2
        while existing.contains("\(stem)-\(free)") { free += 1 }
        return "\(stem)-\(free)"
    }

    /// The name of the key that the log waits for: also after a rotation that never got there.
    private func promised(
        _ subject: (id: RegistryID, key: String, next: String),
        _ state: RegistryState,
        _ desk: RegistryDesk
    ) throws -> String {
        let names = try desk.keys.names()
        if let id = state.subjects[subject.id]?.next {
            for name in names where try desk.keys.publicKey(name).id == id {
                if try file.output != nil || desk.keys.hasSecret(name) { return name }
            }
        } else if names.contains(subject.next) {
            if try file.output != nil || desk.keys.hasSecret(subject.next) { return subject.next }
        }
        throw Failure(
            .notAllowed,
            Text(
                en: "the key that was promised is not in this home",
                es: "la llave prometida no está en este directorio"
            ),
            hint: Text(
                en: "give --output FILE and sign that with `registry offline sign` where the key"
                    + " is, or bring its file back to \(desk.home.path("keys"))",
                es: "indique --output ARCHIVO y fírmelo con `registry offline sign` donde esté la"
                    + " llave, o traiga su archivo a \(desk.home.path("keys"))"
            )
        )
    }
}

/// `resguardo registry source memorial`.
struct RegistrySourceMemorialCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "memorial",
        abstract: Text(
            en: "Say that a source died; final, the council signs.",
            es: "Declarar que una fuente murió; es definitivo, firma el consejo."
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The last moment at which the account was the person's.",
                es: "El último momento en que la cuenta fue de la persona."
            ).local,
            valueName: Text(en: "time", es: "momento").local
        )
    )
    var lastTrusted: Timestamp

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The public evidence; its SHA-256 goes into the log.",
                es: "La prueba pública; su SHA-256 va al registro."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var evidence: String

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let subject = try SubjectArgument.find(subject, in: state)
        let statement = MemorialStatement(
            head: desk.head(state),
            subject: subject.id.bytes,
            lastTrustedAt: lastTrusted.seconds,
            evidence: SHA256.hash(try RegistryHome.read(evidence))
        )
        return try desk.send(statement, with: desk.keys.choose(keys.key), output: keys.output)
    }
}

/// `resguardo registry source status`.
struct RegistrySourceStatusCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: Text(
            en: "How your own accounts stand, and what they still need.",
            es: "Cómo están sus propias cuentas, y qué les falta."
        ).local
    )

    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let own = try RegistrySubjectStore(home: desk.home).load()
        let state = try desk.stateAsOf()
        guard let subject = state.subjects[own.id] else {
            throw RegistryFailure.refused(.unknownSubject)
        }
        return try RegistryReport(state, subject, desk).outcome(isLong: true)
    }
}
