// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Fetchers
import Registry
import SnapshotFormat
import Statements
import Storage

/// `resguardo registry sign`: one's signature under what others wrote.
struct RegistrySignCommand: TradesStatements, AsksConsent {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: Text(
            en: "Add a signature to statements or snapshots that wait for it.",
            es: "Agregar una firma a declaraciones o instantáneas que la esperan."
        ).local,
        discussion: Text(
            en: """
                Says what each statement means before signing it. Without a file, lists what \
                waits; --all signs all of it.
                """,
            es: """
                Dice qué significa cada declaración antes de firmarla. Sin archivo, muestra lo \
                que espera; --all firma todo.
                """
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(
                en: "Files with statements or snapshots.",
                es: "Archivos con declaraciones o instantáneas."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var files: [String] = []

    @Flag(
        help: Text(
            en: "Sign everything that waits in the exchange directory and in this home.",
            es: "Firmar todo lo que espera en el directorio de intercambio y en este."
        ).help
    )
    var all = false

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The account of a control proof, as its owner gave it to you.",
                es: "La cuenta de una prueba de control, como se la dio su dueño."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var link: [String] = []

    @Option(help: SigningKeyOption.help)
    var key: [String] = []

    @Flag(
        name: .customLong("look"),
        help: Text(
            en: "Look at the account of a control proof, and sign only if the code is there.",
            es: "Mirar la cuenta de una prueba de control, y firmar solo si el código está ahí."
        ).help
    )
    var looks = false

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var look: LookOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        var paths = files
        if files.isEmpty {
            let waiting = try desk.waiting()
            guard all else { return list(waiting, context) }
            try requireSomebody(context)
            paths = waiting.filter(\.envelope.isJointStatement).map(\.path)
        }
        let names = try desk.keys.choose(key)
        let links = try link.map { try RegistryLink.read($0) } + desk.home.links()
        var signed: [JSONValue] = []
        var lines: [String] = []
        for path in paths {
            do {
                let line = try sign(path, names, links, desk)
                signed.append(.string(path))
                lines.append(line[context.language])
            } catch StatementError.invalidSignatureList where all {
                // Anybody can fill up what waits; it must not stop the others.
                context.console.note(
                    Text(
                        en: "\(path) has as many signatures as it can have: left as it is",
                        es: "\(path) tiene tantas firmas como puede tener: queda como está"
                    )
                )
            }
        }
        return Outcome(json: ["signed": .array(signed)], lines: lines)
    }

    /// Strangers leave statements here: without anybody to ask, not all of them are signed.
    private func requireSomebody(_ context: Context) throws {
        guard !context.agreesBeforehand, !context.isDemo, !Terminal.isInputTerminal else { return }
        throw Failure(
            .notAllowed,
            Text(
                en: "nobody is here to ask: nothing was signed",
                es: "no hay nadie a quien preguntar: no se firmó nada"
            ),
            hint: Text(
                en: "name the files, or --yes signs all without asking",
                es: "indique los archivos, o --yes firma todo sin preguntar"
            )
        )
    }

    private func list(_ waiting: [RegistryExchange.Pending], _ context: Context) -> Outcome {
        var values: [JSONValue] = []
        var lines: [String] = []
        for pending in waiting {
            let statement = try? pending.envelope.registryStatement()
            let summary = statement.map { RegistryText.summary($0)[context.language] } ?? "?"
            let count = pending.envelope.signatures.count
            values.append([
                "file": .string(pending.path), "signatures": .integer(Int64(count)),
                "type": .string(pending.envelope.payloadType),
            ])
            let signatures = Text(en: "signatures: \(count)", es: "firmas: \(count)")
            lines.append("\(pending.path): \(summary) (\(signatures[context.language]))")
        }
        return Outcome(json: ["waiting": .array(values)], lines: lines)
    }

    /// Signs one file in place.
    ///
    /// - Returns: What was agreed to.
    private func sign(
        _ path: String,
        _ names: [String],
        _ links: [AccountLink],
        _ desk: RegistryDesk
    ) throws -> Text {
        let bytes = try RegistryHome.read(path, countMax: SnapshotFile.byteCountMax)
        // A file is a snapshot or a statement; what is neither is told as the latter.
        if var snapshot = try? SnapshotFile(parsing: bytes) {
            for name in names { snapshot.sign(with: try desk.secretKey(name)) }
            try RegistryHome.write(path, snapshot.bytes)
            return Text(
                en:
                    """
                    snapshot version \(snapshot.header.version) for \
                    \(snapshot.header.audience.name)
                    """,
                es:
                    """
                    instantánea versión \(snapshot.header.version) para \
                    \(snapshot.header.audience.name)
                    """
            )
        }
        var envelope = try RegistryExchange.read(path)
        let statement: any RegistryStatement
        do {
            statement = try envelope.registryStatement()
        } catch {
            throw Failure(.notAllowed, RegistryText.refusal(.unreadable))
        }
        if let proof = statement as? ProveControlStatement {
            try show(proof, links, desk.context)
        }
        if let decision = statement as? DecideSealsStatement {
            try RegistryConsent.check(decision, desk.state())
        }
        try RegistryConsent(statement: statement).require(desk.context)
        do {
            for name in names { try envelope.sign(with: try desk.secretKey(name)) }
        } catch let error as StatementError {
            if all, error == .invalidSignatureList { throw error }
            throw RegistryFailure.invalid(error)
        }
        try RegistryHome.write(path, envelope.bytes)
        if let exchange = desk.exchange, let node = exchange.node,
            path.hasPrefix(exchange.pending + "/")
        {
            _ = try node.hand(envelope)
        }
        return RegistryText.summary(statement)
    }

    /// Says which code on which account one attests to, and looks for it if asked to.
    private func show(
        _ proof: ProveControlStatement,
        _ links: [AccountLink],
        _ context: Context
    ) throws {
        let link = try RegistryConsent.link(of: proof, in: links)
        if looks {
            let code = link.code(for: RegistryID(proof.subject), on: proof.head.date)
            let account = "\(link.account.platform) \(link.account.stableID)"
            let seen = try AccountLook.look(at: link.account, look.network(route)).get()
            guard seen.place(of: code) != nil else {
                throw Failure(
                    .doesNotVerify,
                    Text(
                        en: "the code \(code) is not on the account \(account)",
                        es: "el código \(code) no está en la cuenta \(account)"
                    )
                )
            }
        }
        RegistryConsent.tell(proof, link, context)
    }
}

/// Files with the account behind a commitment.
enum RegistryLink {
    static func read(_ path: String) throws -> AccountLink {
        let bytes = try RegistryHome.read(path, countMax: AccountLink.byteCountMax)
        guard let link = AccountLink(parsing: bytes) else {
            throw Failure(
                .failed,
                Text(
                    en: "\(path) is no account of a subject",
                    es: "\(path) no es una cuenta de una fuente"
                )
            )
        }
        return link
    }
}
