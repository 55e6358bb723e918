// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dispatch
import Server
import Storage
import TransparencyLog

/// How a node serves the registry of its home.
struct NodeRegistryOptions: ParsableArguments {
    /// What they are called in a configuration file.
    static let names: Set<String> = ["registry", "collect"]
    private static let secondsMax: Int64 = 31 * 86_400

    @Flag(
        help: Text(
            en: "Show the registry of this home, and take statements for it.",
            es: "Mostrar el registro de este directorio, y recibir declaraciones para él."
        ).help
    )
    var registry = false

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Append what is complete every so often; needs the operator's passphrase.",
                es:
                    "Incorporar lo completo cada cierto tiempo; pide la contraseña del operador."
            ).local,
            valueName: Text(en: "seconds", es: "segundos").local
        )
    )
    var collect: Int64?

    /// The registry, if the node is to serve it.
    func open(_ file: ServerFile, _ context: Context) throws -> NodeRegistry? {
        let seconds = collect ?? file["collect"].map { Int64($0) ?? 0 }
        guard registry || file["registry"] == "yes" || seconds != nil else { return nil }
        if let seconds, !(1...Self.secondsMax).contains(seconds) {
            throw Failure(
                .usage,
                Text(
                    en: "there is at least a second between batches, and at most a month",
                    es: "entre lotes hay al menos un segundo, y como máximo un mes"
                )
            )
        }
        let home = RegistryHome(context)
        guard try home.hasLog(), let key = try home.verifier() else {
            throw RegistryFailure.noRegistry
        }
        return NodeRegistry(home: home, key: key, collectSeconds: seconds)
    }
}

/// The registry of a node: its log, what waits for it, and who appends.
///
/// Spec: `docs/spec/node.md`, section 13.
struct NodeRegistry {
    let home: RegistryHome
    let key: NoteVerifier
    /// Seconds between two batches; nil leaves them to `registry collect`.
    let collectSeconds: Int64?

    /// The log, as a node serves it.
    func log() throws -> HostedLog {
        try HostedLog("\(Remote.registryLogName)=\(home.logDirectory)", isPublic: true)
    }

    /// Remembers who witnesses the log, for what this home tells others about it.
    func remember(_ policy: LogPolicy, _ context: Context) throws {
        try home.serves(key, by: policy, context)
    }

    /// What takes statements, and what appends them.
    func parts(
        _ context: Context,
        _ events: ServerLog
    ) -> (site: any Site, services: [any NodeService]) {
        let inbox = RegistryInbox(
            directory: home.directory,
            log: home.logDirectory,
            key: key,
            curable: RegistryDesk.curable
        )
        let services = [collectSeconds].compactMap { seconds in
            seconds.map { CollectService(seconds: $0, context: context, events: events) }
        }
        return (RegistrySite(inbox, log: events), services)
    }
}

/// Makes a batch of what is complete, again and again.
private struct CollectService: NodeService {
    let seconds: Int64
    let context: Context
    let events: ServerLog

    func run() async throws {
        while true {
            let isDone = await withCheckedContinuation { done in
                // It waits for disks, and for Argon2: not on the threads that serve.
                DispatchQueue.global().async { [context] in
                    done.resume(returning: (try? RegistryRound(RegistryDesk(context))) != nil)
                }
            }
            if !isDone { events.event("registry-not-collected") }
            try await Task.sleep(for: .seconds(seconds))
        }
    }
}

/// The logs of a node besides that of deposits.
struct NodeOthers {
    let switches: NodeSwitches
    let registry: NodeRegistry?

    /// Whether the node has no other logs.
    var areNone: Bool { registry == nil && !switches.log.isThere }

    /// Whose policy says who witnesses, where there are no deposits.
    var policy: String? { switches.log.isThere ? switches.log.policy : nil }

    /// The logs to serve.
    func logs() throws -> [HostedLog] {
        let own = switches.log
        return try (own.isThere ? [HostedLog("\(own.name)=\(own.log)", isPublic: false)] : [])
            + [registry].compactMap { try $0?.log() }
    }

    /// The keys of those that the node appends to.
    var keys: [String] {
        switches.log.isThere ? ["\(switches.log.name)=\(switches.log.key)"] : []
    }

    /// The public keys of all.
    func verifiers() throws -> [NoteVerifier] {
        try (switches.log.isThere ? [switches.log.signer().verifier] : [])
            + [registry].compactMap { $0?.key }
    }

    /// What takes statements, and shows them.
    func parts(
        _ queues: [String: AppendQueue],
        _ context: Context,
        _ events: ServerLog
    ) throws -> (sites: [any Site], services: [any NodeService]) {
        var sites: [any Site] = []
        var services: [any NodeService] = []
        if switches.log.isThere, let queue = queues[NodeSwitches.name] {
            sites += try switches.sites(queue)
        }
        if let parts = registry?.parts(context, events) {
            sites.append(parts.site)
            services += parts.services
        }
        return (sites, services)
    }
}
