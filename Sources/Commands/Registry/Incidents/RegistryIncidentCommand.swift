// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import Encodings
import Registry
import Sodium
import Statements

extension IncidentBasis: ExpressibleByArgument {}

/// `resguardo registry incident`: tell some organisations what happened, and nobody else.
///
/// Spec: `docs/spec/incidents.md`.
struct RegistryIncidentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incident",
        abstract: Text(
            en: "Incidents that some organisations share, and nobody else reads.",
            es: "Incidentes que comparten algunas organizaciones, y nadie más lee."
        ).local,
        subcommands: [
            RegistryIncidentCardCommand.self, RegistryIncidentGroupCommand.self,
            RegistryIncidentShareCommand.self, RegistryIncidentListCommand.self,
            RegistryIncidentOpenCommand.self,
        ]
    )
}

/// What incidents are read with.
enum IncidentKey {
    private static let label = Array("resguardo-registry/incidents/v1".utf8)

    /// What opens incidents: it follows from the verifier's key.
    static func identity(_ name: String, _ desk: RegistryDesk) throws -> HybridIdentity {
        let seed = try desk.withPassphrase { try desk.keys.seed(name, passphrase: $0) }
        return try HybridIdentity(
            seed: HKDFSHA256.derive(
                secret: seed,
                salt: [],
                info: label,
                count: HybridIdentity.seedCount
            )
        )
    }

    /// The one key that is used, for an organisation by itself.
    static func name(_ given: [String], _ desk: RegistryDesk) throws -> String {
        let names = try desk.keys.choose(given)
        _ = try desk.onlyKey(names)
        return names[0]
    }
}

/// `resguardo registry incident card`.
struct RegistryIncidentCardCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "card",
        abstract: Text(
            en: "Write the card that lets others share incidents with you.",
            es: "Escribir la tarjeta para que otras organizaciones le compartan incidentes."
        ).local,
        discussion: Text(
            en: """
                It says to which key your organisation reads, and is signed by it. Give it to \
                those with whom you form groups; it stays out of the log. Whoever gets your \
                organisation's key reads what was shared with it.
                """,
            es: """
                Dice con qué llave lee su organización, y va firmada. Désela a las organizaciones \
                con que forma grupos; no entra al registro. Quien obtenga la llave de su \
                organización lee lo que se compartió con ella.
                """
        ).local
    )

    @Option(help: IncidentArgument.output, completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Read with a key kept elsewhere: its age1pq… (else the home's).",
                es: "Leer con una llave guardada aparte: su age1pq… (si no, la de aquí)."
            ).local,
            valueName: Text(en: "recipient", es: "llave").local
        )
    )
    var recipient: String?

    @Option(help: SigningKeyOption.help)
    var key: [String] = []

    @OptionGroup var files: OutputOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        try OutputFile.requireNew([output], force: files.force)
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let name = try IncidentKey.name(key, desk)
        if let recipient { _ = try IncidentArgument.recipients([recipient]) }
        let card = IncidentCard(
            head: desk.head(state),
            verifier: try desk.keys.publicKey(name).id.bytes,
            recipient: try recipient ?? IncidentKey.identity(name, desk).recipient.text
        )
        let envelope = try card.signed(by: try desk.secretKey(name))
        try OutputFile.write(envelope.bytes, to: output, force: files.force)
        return Outcome(
            json: ["recipient": .string(card.recipient)],
            lines: [
                Text(
                    en: "give \(output) to those with whom you form groups",
                    es: "entregue \(output) a las organizaciones con que forma grupos"
                )[context.language]
            ]
        )
    }
}

/// `resguardo registry incident group`.
struct RegistryIncidentGroupCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: Text(
            en: "Make a group of organisations from their cards.",
            es: "Formar un grupo de organizaciones con sus tarjetas."
        ).local,
        discussion: Text(
            en: """
                By event, by substance, or by kind of organisation; an organisation can be in \
                several. Give the file to all members: who has it can share with the group. The \
                log knows neither group nor members.
                """,
            es: """
                Por evento (event), por materia (substance) o por tipo de organización (kind); \
                una puede estar en varios. Entregue el archivo a todas: quien lo tiene puede \
                compartir con el grupo. El registro no conoce ni al grupo ni a sus integrantes.
                """
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(
                en: "Its name: lower-case letters, digits, hyphens; of a kind: newsroom, …",
                es: "Su nombre: minúsculas, dígitos, guiones; si es por tipo: newsroom, …"
            ).local,
            valueName: Text(en: "name", es: "nombre").local
        )
    )
    var name: String

    @Option(
        help: Text(
            en: "What they have in common.",
            es: "Qué tienen en común."
        ).help
    )
    var basis: IncidentBasis

    @Option(
        help: ArgumentHelp(
            Text(en: "A member's card (several).", es: "La tarjeta de cada una (varias).").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var card: [String]

    @Option(help: IncidentArgument.output, completion: .file())
    var output: String

    @OptionGroup var files: OutputOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        try OutputFile.requireNew([output], force: files.force)
        let state = try RegistryDesk(context).state()
        do {
            let group = try IncidentGroup(
                name: name,
                basis: basis,
                cards: card.map { try RegistryExchange.read($0) }
            )
            try group.verify(in: state, at: context.now)
            try IncidentArgument.requireReadable(group)
            try OutputFile.write(group.bytes, to: output, force: files.force)
            let names = IncidentArgument.members(of: group, state)
            return Outcome(
                json: [
                    "digest": .string(group.digest.hex),
                    "members": .array(names.map { .string($0) }),
                ],
                lines: ["\(group.name): " + names.joined(separator: ", ")]
            )
        } catch let error as IncidentError {
            throw IncidentArgument.failure(error)
        }
    }
}
