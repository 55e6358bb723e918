// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import TransparencyLog

/// `resguardo registry follow`: a registry on a node.
struct RegistryFollowCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: Text(
            en: "Follow a registry on a node, and hand statements in there.",
            es: "Seguir un registro en un nodo, y entregar ahí las declaraciones."
        ).local,
        discussion: Text(
            en: """
                From then on commands of the registry read the node's log, hold it to everything \
                that they ever saw of it, and leave statements there. Get the key, or better a \
                policy with witnesses, by another way than the node itself.
                """,
            es: """
                Desde entonces las órdenes del registro leen el registro del nodo, lo comparan con \
                todo lo que han visto de él, y dejan ahí las declaraciones. Obtenga la llave, o \
                mejor una política con testigos, por otra vía que el nodo mismo.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: LogWatchOptions

    @Argument(help: Text(en: "The node's URL.", es: "La URL del nodo.").help)
    var url: String

    func run(in context: Context) throws -> Outcome {
        let home = RegistryHome(context)
        let url = url.hasSuffix("/") ? String(url.dropLast()) : url
        let policy = try options.readPolicy()
        let watch = LogWatch(
            url: "\(url)/\(Remote.registryLogName)",
            policy: policy,
            client: try options.route.client(),
            seen: SeenCheckpoints(directory: context.home + "/seen")
        )
        let origin = try watch.look(isFull: false).verified.checkpoint.origin
        let keys = policy.logs.map(\.verifier).filter { $0.name.isEqual(to: origin) }
        guard let key = keys.first else { throw TransparencyLogError.unknownLog }
        if let known = try home.verifier(), known != key {
            throw Failure(
                .notAllowed,
                Text(
                    en: "this home follows another registry: \(known.encoded)",
                    es: "este directorio sigue otro registro: \(known.encoded)"
                )
            )
        }
        try home.remember(key)
        try home.follow(url, policy: try options.policyText())
        return Outcome(
            json: ["url": .string(url), "log": .string(key.encoded)],
            lines: [
                Text(
                    en: "from now on following the registry \(key.encoded) on \(url)",
                    es: "desde ahora se sigue el registro \(key.encoded) en \(url)"
                )[context.language]
            ]
        )
    }
}
