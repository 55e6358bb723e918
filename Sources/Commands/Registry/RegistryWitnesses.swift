// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Registry
import SnapshotFormat
import Storage
import TransparencyLog

/// Which witnesses have to stand behind what a home tells others of the registry.
///
/// Spec: `docs/spec/snapshot.md`, section 5.
struct RegistryWitnessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "A tlog-policy file with the registry's witnesses; else the one of the node.",
                es: "Un archivo tlog-policy con los testigos; si falta, la del nodo."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var policy: String?

    @Flag(
        help: Text(
            en: "The registry has no witnesses: nobody else says that all are shown one log.",
            es: "El registro no tiene testigos: nadie más dice que a todos se muestra lo mismo."
        ).help
    )
    var noWitnesses = false

    /// The policy that was given, else that of the node which this home serves or follows.
    ///
    /// - Parameter desk: Where somebody sits.
    /// - Returns: One whose quorum is `none` only if somebody said so.
    /// - Throws: `.notAllowed` where no witness is known and nobody said that there is none.
    func read(at desk: RegistryDesk) throws -> LogPolicy {
        let given = try policy.map { path in
            try LogPolicy(parsing: RegistryHome.read(path, countMax: LogPolicy.countMax))
        }
        let known = try given ?? desk.policy()
        if known.quorum == nil {
            guard noWitnesses else { throw Self.unknown }
            desk.context.console.note(Self.warning)
        } else if noWitnesses {
            throw Failure(
                .usage,
                Text(
                    en: "the registry has witnesses: leave --no-witnesses out",
                    es: "el registro tiene testigos: no indique --no-witnesses"
                )
            )
        }
        return known
    }

    /// What a person is told where nobody watches the operator.
    static let warning = Text(
        en: """
            NO WITNESSES: nobody but the operator says that this is the log that all are shown
            """,
        es: """
            SIN TESTIGOS: nadie más que el operador dice que a todos se les muestra este registro
            """
    )

    private static let unknown = Failure(
        .notAllowed,
        Text(
            en: "no witnesses of this registry are known here",
            es: "aquí no se conoce ningún testigo de este registro"
        ),
        hint: Text(
            en: "give --policy FILE, serve or follow it on a node, or say --no-witnesses",
            es: "indique --policy ARCHIVO, sírvalo o sígalo en un nodo, o diga --no-witnesses"
        )
    )
}

extension RegistryDesk {
    /// Whose signatures a checkpoint of the log needs here: the policy of the node that this home
    /// follows or serves, else the log's key alone.
    func policy() throws -> LogPolicy {
        guard let verifier = try home.verifier() else {
            guard let node = exchange?.node else { throw RegistryFailure.noRegistry }
            return node.policy
        }
        if try home.hasLog() {
            return try home.served(verifier, context) ?? LogPolicy(log: verifier)
        }
        return exchange?.node?.policy ?? LogPolicy(log: verifier)
    }

    /// The newest checkpoint that covers what was read, as far as witnesses signed it.
    ///
    /// - Parameters:
    ///   - log: What was read.
    ///   - policy: Whose signatures it needs.
    /// - Returns: A checkpoint that readers with this policy will accept today.
    /// - Throws: `.notAllowed` where the witnesses have not come so far.
    func checkpoint(of log: RegistryLog, _ policy: LogPolicy) throws -> SnapshotCheckpoint {
        guard policy.quorum != nil else { return try SnapshotCheckpoint(note: log.note) }
        let note = try home.hasLog() ? published(log) : log.note
        let checkpoint = try SnapshotCheckpoint(note: note)
        guard UInt64(checkpoint.size) >= UInt64(log.state.entryCount) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: """
                        witnesses signed \(checkpoint.size) of \(log.state.entryCount) entries \
                        so far
                        """,
                    es: """
                        los testigos firmaron hasta ahora \(checkpoint.size) de \
                        \(log.state.entryCount) entradas
                        """
                ),
                hint: Self.waitHint
            )
        }
        do {
            try checkpoint.require(policy, at: context.now)
        } catch SnapshotError.notWitnessedThen {
            throw Failure(
                .notAllowed,
                Text(
                    en: "the witnesses' signatures are too old for a snapshot of today",
                    es: "las firmas de los testigos son muy viejas para una instantánea de hoy"
                ),
                hint: Text(
                    en: "`registry collect` opens the day; the node has it signed then",
                    es: "`registry collect` abre el día; entonces el nodo lo hace firmar"
                )
            )
        } catch {
            throw Failure(
                .notAllowed,
                Text(
                    en: "too few witnesses of the policy signed the log",
                    es: "muy pocos testigos de la política firmaron el registro"
                ),
                hint: Self.waitHint
            )
        }
        return checkpoint
    }

    private static let waitHint = Text(
        en: "the node publishes what witnesses signed: see whether `serve` runs and reaches them",
        es: "el nodo publica lo que firmaron: vea si `serve` corre y los alcanza"
    )

    /// What the node of this home published last, part of the log that was read.
    private func published(_ log: RegistryLog) throws -> SignedNote {
        let path = home.nodeFile(TiledLogReader.checkpointName, context)
        guard try home.files.exists(path) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "no witness has signed this log yet",
                    es: "ningún testigo ha firmado todavía este registro"
                ),
                hint: Self.waitHint
            )
        }
        let bytes = try RegistryHome.read(path, countMax: SignedNote.countMax)
        let (reader, isOwn) = try reader()
        do {
            let note = try SignedNote(parsing: bytes)
            let checkpoint = try Checkpoint(parsing: note.text)
            guard checkpoint.size <= reader.size,
                try reader.root(size: checkpoint.size) == checkpoint.root
            else { throw RegistryLogError.rewritten(before: checkpoint.size) }
            return note
        } catch {
            throw RegistryFailure.log(error, isOwn: isOwn)
        }
    }
}

extension RegistryHome {
    private static let policyName = "policy"

    /// A file of the node that serves the registry of this home.
    fileprivate func nodeFile(_ name: String, _ context: Context) -> String {
        "\(context.home)/node/\(Remote.registryLogName)/\(name)"
    }

    /// By which policy a node of this home last published the log; nil if none did.
    fileprivate func served(_ log: NoteVerifier, _ context: Context) throws -> LogPolicy? {
        let path = nodeFile(Self.policyName, context)
        guard try files.exists(path) else { return nil }
        let policy = try LogPolicy(parsing: Self.read(path, countMax: LogPolicy.countMax))
        return policy.logs.contains { $0.verifier == log } ? policy : nil
    }

    /// Remembers by which policy a node publishes the log of this home.
    func serves(_ log: NoteVerifier, by policy: LogPolicy, _ context: Context) throws {
        guard let text = policy.text(for: log.name.description) else { return }
        try Self.write(nodeFile(Self.policyName, context), Array(text.utf8))
    }
}
