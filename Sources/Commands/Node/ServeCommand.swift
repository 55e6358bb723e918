// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Outside
import Server
import Storage
import TransparencyLog

/// `resguardo serve`: shows logs to everybody.
struct ServeCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: Text(
            en: "Serve logs for anybody to audit, cosigned by witnesses.",
            es: "Servir registros para que cualquiera los audite, cofirmados por testigos."
        ).local,
        discussion: Text(
            en: """
                Serves C2SP tlog-tiles under /NAME/ for each log. A checkpoint is shown once the \
                witnesses of the policy cosigned it. Other processes may go on appending to the \
                logs. GET /health tells whether all is well. Ends in good order at SIGTERM.
                """,
            es: """
                Sirve C2SP tlog-tiles bajo /NOMBRE/ por cada registro. Un checkpoint se muestra \
                cuando lo cofirmaron los testigos de la política. Otros procesos pueden seguir \
                agregando. GET /health dice si todo va bien. Termina en orden con SIGTERM.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var server: ServerOptions

    @Option(
        help: ArgumentHelp(
            Text(
                en: "A log and its directory: hashes are public, entries are not; repeatable.",
                es: "Un registro y su directorio: resúmenes públicos, entradas no; repetible."
            ).local,
            valueName: Text(en: "name=dir", es: "nombre=dir").local
        )
    )
    var log: [String] = []

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The same for a log whose entries are public too; repeatable.",
                es: "Lo mismo para un registro cuyas entradas también son públicas; repetible."
            ).local,
            valueName: Text(en: "name=dir", es: "nombre=dir").local
        )
    )
    var publicLog: [String] = []

    @Option(
        help: Text(
            en: "A tlog-policy file: keys of the logs, witnesses with URLs, quorum.",
            es: "Un archivo tlog-policy: claves de los registros, testigos con URL, quórum."
        ).help,
        completion: .file()
    )
    var policy: String?

    @Option(
        help: Text(
            en: "Seconds to wait for a witness (default: 5).",
            es: "Segundos de espera por testigo (si falta: 5)."
        ).help
    )
    var witnessTimeout: Int?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The signing key of a log: this node alone appends to it; repeatable.",
                es: "La clave de firma de un registro: solo este nodo agrega; repetible."
            ).local,
            valueName: Text(en: "name=file", es: "nombre=archivo").local
        )
    )
    var key: [String] = []

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Unix socket where programs of this machine append: POST /NAME/append.",
                es: "Socket Unix donde los programas locales agregan: POST /NOMBRE/append."
            ).local,
            valueName: Text(en: "path", es: "ruta").local
        )
    )
    var appendSocket: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Make a log of this name, which gives receipts for deposits, and end.",
                es: "Crear un registro con este nombre, que dé recibos de depósitos, y terminar."
            ).local,
            valueName: Text(en: "name", es: "nombre").local
        )
    )
    var `init`: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "What that log is for: vault (deposits) or switch (default: vault).",
                es: "Para qué es ese registro: vault (depósitos) o switch (si falta: vault)."
            ).local,
            valueName: Text(en: "purpose", es: "fin").local
        )
    )
    var kind = Kind.vault

    /// What a log that `--init` makes is for.
    enum Kind: String, ExpressibleByArgument {
        case vault, `switch`
    }

    @OptionGroup var presence: PresenceOptions
    @OptionGroup var registry: NodeRegistryOptions
    @OptionGroup var deposits: DepositLimitOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var route: RouteOptions

    func run(in context: Context) throws -> Outcome {
        let vault = NodeVault(context)
        let file = try configuration()
        let store = try store.open(file, route)
        let others = NodeOthers(
            switches: NodeSwitches(context),
            registry: try registry.open(file, context)
        )
        guard store == nil || (others.areNone && kind == .vault) else { throw Self.storeIsForVault }
        if let name = `init` {
            guard kind == .vault else { return try others.switches.create(name) }
            return try vault.create(name, in: store)
        }
        let settings = try server.settings(file, fallback: "127.0.0.1:8460")
        var (logs, keys) = try hosted(file, vault, isStored: store != nil)
        logs += try others.logs()
        keys += others.keys
        let policy = try readPolicy(file, vault, others, logs)
        let seconds = try witnessTimeout ?? Self.seconds(file["witness-timeout"]) ?? 5
        let circle = Self.circle(policy, client: try route.client(file), seconds: seconds)
        let events = ServerLog.standardError()
        let state = context.home + "/node"
        try LocalFileSystem().make(BytePath(state))
        var sites: [any Site] = []
        var shown: [NodeFacts.Log] = []
        for log in logs {
            let (site, facts) = try log.open(state, policy, circle, events)
            sites.append(site)
            shown.append(facts)
        }
        try others.registry?.remember(policy, context)
        var queues = try queues(keys, logs, shown, events)
        var services: [any NodeService] = []
        let stored = try storedLog(vault, store, circle, events)
        if let stored {
            sites.append(stored.site)
            shown.append(stored.facts)
            queues[NodeVault.name] = stored.queue
            services.append(stored.watch)
        }
        services += shown.map(\.publisher) as [any NodeService]
        let beats = try presence.heartbeats(shown, queues, file, events) { name in
            if let stored, name == NodeVault.name { return stored.heartbeats }
            return try LocalHeartbeats(directory: BytePath("\(state)/\(name)/heartbeats"))
        }
        sites += beats as [any Site]
        services += beats as [any NodeService]
        sites.append(PageSite(try facts(shown, policy, vault, file)))
        if vault.isThere, let queue = queues[NodeVault.name],
            let facts = shown.first(where: { $0.name == NodeVault.name })
        {
            let opened = try vault.open(
                limits: deposits.limits(file),
                isInvitedOnly: deposits.isInvitedOnly(file),
                store: store,
                read: stored?.read ?? HostedLog(vault).reader(facts.key),
                published: facts.published,
                queue: queue,
                events: events
            )
            sites += opened.sites
            services.append(opened.service)
        }
        let parts = try others.parts(queues, context, events)
        // Before the logs, which have nothing to show until they are witnessed.
        sites = parts.sites + sites
        // Services end in the reverse order: those that wait for an entry, after the queues.
        services += parts.services + Array(queues.values)
        return try serve(settings, sites, services, shown, queues, file, events, context)
    }

    private static let storeIsForVault = Failure(
        .notAllowed,
        Text(
            en: "a bucket takes the log of deposits only: switches and registries stay in a home",
            es: "un bucket solo lleva el registro de depósitos: interruptores y registros, no"
        ),
        hint: Text(
            en: "serve them from a home of their own, by a process without --store",
            es: "sírvalos desde una carpeta propia, con un proceso sin --store"
        )
    )

    /// What `--config` says.
    private func configuration() throws -> ServerFile {
        try server.file(
            allowing: DepositLimitOptions.names.union(PresenceOptions.names)
                .union(StoreOptions.names).union(NodeRegistryOptions.names).union([
                    "log", "public-log", "policy", "witness-timeout", "proxy", "certificates",
                    "key", "append-socket",
                ])
        )
    }

    private func serve(
        _ settings: HTTPServer.Settings,
        _ sites: [any Site],
        _ services: [any NodeService],
        _ logs: [NodeFacts.Log],
        _ queues: [String: AppendQueue],
        _ file: ServerFile,
        _ events: ServerLog,
        _ context: Context
    ) throws -> Outcome {
        let health = HealthSite(logs.map { ($0.name, $0.publisher) })
        var doors = [HTTPServer.Door(settings: settings, sites: [health] + sites)]
        if let path = appendSocket ?? file["append-socket"] {
            doors.append(try Self.appendDoor(path, queues))
        }
        return try HTTPServer.serve(doors, services: services, log: events, context: context)
    }

    private func facts(
        _ logs: [NodeFacts.Log],
        _ policy: LogPolicy,
        _ vault: NodeVault,
        _ file: ServerFile
    ) throws -> NodeFacts {
        NodeFacts(
            logs: logs,
            policy: policy,
            deposits: vault.isThere ? NodeVault.name : nil,
            isInvitedOnly: try deposits.isInvitedOnly(file),
            contact: presence.contact(file)
        )
    }

    /// The log of this node's deposits, where it is in a store.
    private func storedLog(
        _ vault: NodeVault,
        _ store: (any BlobStore)?,
        _ circle: WitnessCircle,
        _ events: ServerLog
    ) throws -> StoredLog? {
        guard let store else { return nil }
        guard vault.isThere else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "there is no node here that could use a store",
                    es: "aquí no hay ningún nodo que pueda usar un almacén"
                ),
                hint: Text(
                    en: "make one with: serve --init NAME --store URL",
                    es: "créelo con: serve --init NOMBRE --store URL"
                )
            )
        }
        return try StoredLog(NodeVault.name, store, vault.signer(), circle, events)
    }

    /// The logs to serve, and the keys of those that this node appends to.
    private func hosted(
        _ file: ServerFile,
        _ vault: NodeVault,
        isStored: Bool
    ) throws -> (logs: [HostedLog], keys: [String]) {
        let logs =
            try (log + file.all("log")).map { try HostedLog($0, isPublic: false) }
            + (publicLog + file.all("public-log")).map { try HostedLog($0, isPublic: true) }
        let keys = key + file.all("key")
        guard vault.isThere, !isStored else { return (logs, keys) }
        return (logs + [HostedLog(vault)], keys + ["\(NodeVault.name)=\(vault.log.key)"])
    }

    /// The policy to publish by.
    private func readPolicy(
        _ file: ServerFile,
        _ vault: NodeVault,
        _ others: NodeOthers,
        _ logs: [HostedLog]
    ) throws -> LogPolicy {
        let policyFile =
            policy ?? file["policy"] ?? (vault.isThere ? vault.log.policy : others.policy)
        guard !logs.isEmpty || vault.isThere, let policyFile else {
            throw Failure(
                .usage,
                Text(
                    en: "a node has to know which logs to serve, and by which policy",
                    es: "un nodo debe saber qué registros servir, y con qué política"
                ),
                hint: Text(
                    en: "give --log NAME=DIR and --policy FILE, or make a log: serve --init NAME",
                    es: "indique --log NOMBRE=DIR y --policy ARCHIVO, o cree uno: serve --init"
                        + " NOMBRE"
                )
            )
        }
        guard Set(logs.map(\.name)).count == logs.count else {
            throw Failure(
                .usage,
                Text(en: "two logs have one name", es: "dos registros tienen el mismo nombre")
            )
        }
        let text = try LocalFileSystem().read(policyFile, countMax: LogPolicy.countMax)
        let named = Set(try LogPolicy(parsing: text).logs.map(\.verifier))
        // The policy of one own log says who witnesses the others too.
        let own = try others.verifiers() + (vault.isThere ? [vault.signer().verifier] : [])
        let lines = own.filter { !named.contains($0) }.map { "log \($0.encoded)\n" }.joined()
        return try LogPolicy(parsing: Array(lines.utf8) + text)
    }

    /// Opens the logs for appending whose keys were given.
    private func queues(
        _ keys: [String],
        _ logs: [HostedLog],
        _ facts: [NodeFacts.Log],
        _ events: ServerLog
    ) throws -> [String: AppendQueue] {
        var queues: [String: AppendQueue] = [:]
        for text in keys {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let log = logs.first(where: { $0.name == parts[0] }),
                let publisher = facts.first(where: { $0.name == parts[0] })?.publisher
            else {
                throw Failure(
                    .usage,
                    Text(
                        en: "a key is given as NAME=FILE, for a log of this node",
                        es: "una clave se indica NOMBRE=ARCHIVO, para un registro de este nodo"
                    )
                )
            }
            let signer = try NoteSigner(parsing: try PlumbingLogFiles.secret(parts[1]))
            queues[log.name] = AppendQueue(
                log: try TiledLog.open(directory: log.directory, signer: signer),
                publisher: publisher,
                events: events
            )
        }
        return queues
    }

    private static func appendDoor(
        _ path: String,
        _ queues: [String: AppendQueue]
    ) throws -> HTTPServer.Door {
        guard let address = ListenAddress(parsing: "unix:" + path), !queues.isEmpty else {
            throw Failure(
                .usage,
                Text(
                    en: "--append-socket takes a short path, and needs the --key of a log",
                    es: "--append-socket lleva una ruta corta y necesita la --key de un registro"
                )
            )
        }
        return HTTPServer.Door(
            settings: HTTPServer.Settings(address: address),
            sites: [AppendSite(queues)]
        )
    }

    private static func seconds(_ text: String?) throws -> Int? {
        guard let text else { return nil }
        guard let value = Int(text), (1...600).contains(value) else {
            throw Failure(
                .usage,
                Text(
                    en: "witness-timeout is a number of seconds, 1 to 600",
                    es: "witness-timeout es un número de segundos, 1 a 600"
                )
            )
        }
        return value
    }

    private static func circle(
        _ policy: LogPolicy,
        client: HTTPClient,
        seconds: Int
    ) -> WitnessCircle {
        WitnessCircle(policy: policy) { url, body in
            let response = try await client.answer(
                HTTPClient.Request(
                    url: url,
                    body: body,
                    countMax: WitnessRequest.countMax,
                    timeoutMilliseconds: seconds * 1000
                )
            )
            return WitnessCircle.Reply(status: response.status, body: response.body)
        }
    }
}
