// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BulkCrypto
import Registry
import Statements

extension NetworkTermForm: ExpressibleByArgument {}

/// `resguardo registry alias`: another name, emblem or splinter of a designated network.
///
/// Spec: `docs/spec/registry.md`, section 3.8.
struct RegistryAliasCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "alias",
        abstract: Text(
            en: "Add a name or an emblem of a designated network; the council signs.",
            es: "Añadir un nombre o emblema de una red designada; firma el consejo."
        ).local,
        discussion: Text(
            en: """
                The designation in force is said again with this term besides, from today on, and \
                ends on the day on which it would have ended anyway. The term goes into the \
                lexicon of snapshots with its date and its source.
                """,
            es: """
                Se repite la designación vigente con este término, desde hoy, y termina el día en \
                que habría terminado de todos modos. El término entra en el léxico de las \
                instantáneas con su fecha y su fuente.
                """
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(
                en: "The network: its id, or the beginning of it.",
                es: "La red: su identificador, o el comienzo de él."
            ).local,
            valueName: Text(en: "network", es: "red").local
        )
    )
    var network: String

    @Argument(
        help: ArgumentHelp(
            Text(en: "As posts have it.", es: "Como aparece en publicaciones.").local,
            valueName: Text(en: "term", es: "término").local
        )
    )
    var term: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "What it is: alias, emoji, hashtag, name (of a splinter group, too) or phrase.",
                es: "Qué es: alias, emoji, hashtag, name (también de una escisión) o phrase."
            ).local,
            valueName: Text(en: "kind", es: "tipo").local
        )
    )
    var form = NetworkTermForm.alias

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Where it is used (several); everywhere without it.",
                es: "Dónde se usa (varias veces); si falta, en todas partes."
            ).local,
            valueName: Text(en: "region", es: "región").local
        )
    )
    var region: [String] = []

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The dossier that shows it; the log gets its SHA-256.",
                es: "El expediente que lo muestra; el registro recibe su SHA-256."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var source: String

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let found = state.networks.values.filter { $0.id.hex.hasPrefix(network) }
        guard let network = found.first, found.count == 1 else {
            throw RegistryFailure.refused(.unknownNetwork)
        }
        let head = desk.head(state)
        guard let designation = network.designation(at: head.date) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "no designation of this network is in force",
                    es: "no hay ninguna designación vigente de esta red"
                )
            )
        }
        let known = designation.statement
        guard !known.terms.contains(where: { $0.term == term && $0.form == form }) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "the designation has this term already",
                    es: "la designación ya tiene este término"
                )
            )
        }
        let added = NetworkTerm(
            term: term,
            form: form,
            regions: Set(region).sorted(),
            source: SHA256.hash(try RegistryHome.read(source))
        )
        return try desk.send(
            again(known, of: network.id, head, with: added),
            with: desk.keys.choose(keys.key),
            output: keys.output
        )
    }

    /// The same designation with one term more, until the same day.
    private func again(
        _ known: DesignateNetworkStatement,
        of network: RegistryID,
        _ head: RegistryHead,
        with term: NetworkTerm
    ) throws -> DesignateNetworkStatement {
        do {
            let statement = try DesignateNetworkStatement(
                head: head,
                network: network.bytes,
                splitFrom: known.splitFrom,
                name: known.name,
                isIdentifiableGroup: known.isIdentifiableGroup,
                hasUnifiedPurpose: known.hasUnifiedPurpose,
                coordination: known.coordination,
                activities: known.activities,
                terms: known.terms + [term],
                dossiers: known.dossiers,
                rightsImpact: known.rightsImpact,
                reasons: known.reasons,
                actions: known.actions,
                accountList: known.accountList,
                accountCount: known.accountCount,
                until: known.until
            )
            // What cannot be read back must not be signed.
            return try DesignateNetworkStatement(payload: statement.payload)
        } catch {
            throw RegistryFailure.invalid(error)
        }
    }
}
