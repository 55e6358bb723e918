// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Outside
import Storage
import TransparencyLog
import Vault

/// `resguardo remote`: the nodes that this home trades with.
struct RemoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remote",
        abstract: Text(
            en: "The nodes that this vault trades with.",
            es: "Los nodos con que intercambia esta bóveda."
        ).local,
        subcommands: [
            RemoteAddCommand.self, RemoteListCommand.self, RemoteRemoveCommand.self,
        ]
    )
}

/// `resguardo remote add`.
struct RemoteAddCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: Text(
            en: "Remember a node, and the key that it must always sign with.",
            es: "Recordar un nodo, y la llave con que siempre debe firmar."
        ).local,
        discussion: Text(
            en: """
                Get the key, or better a policy with witnesses, from the operator by another way \
                than the node itself. With --trust-first-use the node is believed what it says \
                now: whoever stands in between today can stand there for ever.
                """,
            es: """
                Obtenga la llave, o mejor una política con testigos, del operador por otra vía que \
                el nodo mismo. Con --trust-first-use se cree lo que el nodo diga ahora: quien hoy \
                esté en medio puede quedarse ahí para siempre.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var route: RouteOptions

    @Option(
        help: Text(
            en: "The key of the node's log (vkey): no witness is asked for.",
            es: "La llave del registro del nodo (vkey): no se exige ningún testigo."
        ).help
    )
    var logKey: String?

    @Option(
        help: Text(
            en: "A tlog-policy file: the key, and the witnesses that must have signed.",
            es: "Un archivo tlog-policy: la llave, y los testigos que deben haber firmado."
        ).help,
        completion: .file()
    )
    var policy: String?

    @Flag(
        help: Text(
            en: "Take the key that the node shows now.",
            es: "Tomar la llave que el nodo muestre ahora."
        ).help
    )
    var trustFirstUse = false

    @Argument(help: Text(en: "What to call it.", es: "Cómo llamarlo.").help)
    var name: String

    @Argument(help: Text(en: "Its URL.", es: "Su URL.").help)
    var url: String

    func run(in context: Context) throws -> Outcome {
        let layout = HomeLayout(context.vaultPath)
        try layout.check()
        let url = url.hasSuffix("/") ? String(url.dropLast()) : url
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw Failure(
                .usage,
                Text(
                    en: "a node has an http or https URL",
                    es: "un nodo tiene una URL http o https"
                )
            )
        }
        let text = try policyText(url)
        let remote = try RemoteBook(layout).add(name, url: url, policy: text)
        let keys = remote.policy.logs.map(\.verifier.encoded)
        let key = keys.joined(separator: ", ")
        var lines = [
            Text(
                en: "“\(name)” is \(url), whose log signs as \(key)",
                es: "«\(name)» es \(url), cuyo registro firma como \(key)"
            ).local
        ]
        if trustFirstUse {
            lines.append(
                Text(
                    en: "Nobody vouched for this key: compare it with the operator.",
                    es: "Nadie respaldó esta llave: compárela con el operador."
                ).local
            )
        }
        return Outcome(
            json: ["remote": .string(name), "url": .string(url), "log": .string(keys[0])],
            lines: lines
        )
    }

    private func policyText(_ url: String) throws -> [UInt8] {
        if let policy {
            return try LocalFileSystem().read(policy, countMax: LogPolicy.countMax)
        }
        if let logKey {
            return Self.policy(of: try NoteVerifier(parsing: logKey))
        }
        guard trustFirstUse else {
            throw Failure(
                .usage,
                Text(
                    en: "nothing says which key the node must have",
                    es: "nada dice qué llave debe tener el nodo"
                ),
                hint: Text(
                    en: "give --log-key VKEY or --policy FILE; or --trust-first-use, if nobody can"
                        + " tell you",
                    es: "indique --log-key LLAVE o --policy ARCHIVO; o --trust-first-use, si nadie"
                        + " puede decírsela"
                )
            )
        }
        return Self.policy(of: try NodeClient(url: url, client: route.client()).logKey())
    }

    private static func policy(of key: NoteVerifier) -> [UInt8] {
        Array("log \(key.encoded)\nquorum none\n".utf8)
    }
}

/// `resguardo remote list`.
struct RemoteListCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: Text(en: "List the nodes.", es: "Listar los nodos.").local
    )

    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let layout = HomeLayout(context.vaultPath)
        try layout.check()
        let remotes = try RemoteBook(layout).all()
        return Outcome(
            json: [
                "remotes": .array(
                    remotes.map {
                        [
                            "name": .string($0.name), "url": .string($0.url),
                            "log": .string($0.policy.logs[0].verifier.encoded),
                            "logs": .array(
                                $0.policy.logs.map { .string($0.verifier.encoded) }
                            ),
                            "witnesses": .array(
                                $0.policy.witnesses.map { .string($0.verifier.name.description) }
                            ),
                        ]
                    }
                )
            ],
            lines: remotes.map { remote in
                let names = remote.policy.logs.map { $0.verifier.name.description }
                return "\(remote.name)  \(remote.url)  \(names.joined(separator: " "))"
            }
        )
    }
}

/// `resguardo remote remove`.
struct RemoteRemoveCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: Text(
            en: "Forget a node; its receipts stay.",
            es: "Olvidar un nodo; sus recibos quedan."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: Text(en: "What it is called.", es: "Cómo se llama.").help)
    var name: String

    func run(in context: Context) throws -> Outcome {
        let layout = HomeLayout(context.vaultPath)
        try layout.check()
        let book = RemoteBook(layout)
        let remote = try book.require(name)
        try book.remove(remote)
        return Outcome(
            json: ["removed": .string(name)],
            lines: [Text(en: "“\(name)” is forgotten.", es: "«\(name)» queda olvidado.").local]
        )
    }
}

extension RemoteBook {
    /// The nodes of these names, or all; there has to be one.
    func named(_ names: [String]) throws -> [Remote] {
        let remotes = try names.isEmpty ? all() : names.map { try require($0) }
        guard remotes.isEmpty else { return remotes }
        throw Failure(
            .notAllowed,
            Text(en: "this vault knows no node", es: "esta bóveda no conoce ningún nodo"),
            hint: Text(
                en: "add one with: resguardo remote add NAME URL --log-key VKEY",
                es: "agregue uno con: resguardo remote add NOMBRE URL --log-key LLAVE"
            )
        )
    }

    /// A node that has to be known.
    func require(_ name: String) throws -> Remote {
        if let remote = try find(name) { return remote }
        throw Failure(
            .notAllowed,
            Text(en: "there is no remote “\(name)”", es: "no hay ningún remoto «\(name)»"),
            hint: Text(
                en: "resguardo remote list shows them",
                es: "resguardo remote list los muestra"
            )
        )
    }
}
