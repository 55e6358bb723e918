// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BulkCrypto
import Encodings
import Registry
import Sodium
import Statements

extension ComplaintAbout: ExpressibleByArgument {}
extension NetworkHarm: ExpressibleByArgument {}
extension NetworkHarmGrade: ExpressibleByArgument {}

/// Words that people give as they stand, with a name for help in their language.
private func named(_ text: Text, _ name: Text) -> ArgumentHelp {
    ArgumentHelp(text.local, valueName: name.local)
}

/// `resguardo registry complain`.
struct RegistryComplainCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "complain",
        abstract: Text(
            en: "Complain of a post, an account, a network or a source, with evidence.",
            es: "Quejarse de una publicación, cuenta, red o fuente, con pruebas."
        ).local,
        discussion: Text(
            en: """
                Anybody can; your key shows that several complaints are of one person. Five \
                independent verifiers are drawn and decide in 14 days, with published reasons. \
                The log shows SHA-256 of files only: give the evidence to the panel yourself. \
                With `listing` a panel says whether an attested account stays in the designation \
                of --network; until then neither label is exported.
                """,
            es: """
                Cualquiera puede; su llave muestra que varias quejas son de una misma persona. Se \
                sortean cinco verificadores independientes, que deciden en 14 días y publican \
                sus razones. El registro muestra solo el SHA-256 de los archivos: entregue usted \
                las pruebas al panel. Con `listing` un panel dice si una cuenta atestiguada sigue \
                en la designación de --network; hasta entonces no se exporta ninguna etiqueta.
                """
        ).local
    )

    @Argument(
        help: named(
            Text(
                en: "What it is about: account, listing, network, post, subject.",
                es: "De qué trata: account, listing, network, post, subject."
            ),
            Text(en: "about", es: "asunto")
        )
    )
    var about: ComplaintAbout

    @Argument(
        help: named(
            Text(
                en: "Which one: its 64 digits, or a file that is it or names it.",
                es: "Cuál: sus 64 dígitos, o un archivo que lo es o lo nombra."
            ),
            Text(en: "target", es: "objeto")
        )
    )
    var target: String

    @Option(
        help: named(
            Text(
                en: "information, physical or psychological.",
                es: "information, physical o psychological."
            ),
            Text(en: "harm", es: "daño")
        )
    )
    var harm: NetworkHarm

    @Option(
        help: named(
            Text(en: "low, moderate or high.", es: "low, moderate o high."),
            Text(en: "grade", es: "gravedad")
        )
    )
    var grade: NetworkHarmGrade

    @Option(
        help: named(
            Text(en: "A piece of evidence, one or more.", es: "Una prueba, una o más."),
            Text(en: "file", es: "archivo")
        ),
        completion: .file()
    )
    var evidence: [String]

    @Option(
        help: named(
            Text(en: "The network, for a listing.", es: "La red, para listing."),
            Text(en: "digest", es: "huella")
        )
    )
    var network: String?

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let complaint = ComplaintMaking(
            about: about,
            target: try RegistryID(hex: target)?.bytes ?? SHA256.hash(RegistryHome.read(target)),
            network: try network.map { try StatementDigestArgument.read($0) },
            harm: harm,
            grade: grade,
            evidence: evidence
        )
        return try complaint.send(from: desk, keys)
    }
}

/// What somebody complains of.
struct ComplaintMaking {
    let about: ComplaintAbout
    let target: [UInt8]
    var network: [UInt8]?
    let harm: NetworkHarm
    let grade: NetworkHarmGrade
    /// Files.
    let evidence: [String]

    /// Signs it, and hands it in.
    ///
    /// - Parameters:
    ///   - desk: Where somebody sits.
    ///   - keys: With which key.
    /// - Returns: What became of it.
    /// - Throws: `.usage` for several keys; as ``RegistryDesk/send(_:with:output:)`` does.
    func send(from desk: RegistryDesk, _ keys: RegistryKeyOptions) throws -> Outcome {
        let names = try desk.keys.choose(keys.key)
        let digests = try Set(evidence.map { RegistryID(SHA256.hash(try RegistryHome.read($0))) })
        let statement = ComplaintStatement(
            head: desk.head(try desk.state()),
            about: about,
            target: target,
            network: network,
            harm: harm,
            grade: grade,
            evidence: digests.sorted().map(\.bytes),
            key: try desk.onlyKey(names).key.bytes
        )
        do {
            _ = try ComplaintStatement(payload: statement.payload)
        } catch {
            throw RegistryFailure.invalid(error)
        }
        return try desk.send(statement, with: names, output: keys.output)
    }
}

/// `resguardo registry complaints`.
struct RegistryComplaintsCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "complaints",
        abstract: Text(
            en: "Complaints, who judges them, and what was decided.",
            es: "Las quejas, quién las juzga y qué se decidió."
        ).local
    )

    @Argument(
        help: named(
            Text(
                en: "Those about this: 64 digits.",
                es: "Solo las que tratan de esto: 64 dígitos."
            ),
            Text(en: "target", es: "objeto")
        )
    )
    var target: String?

    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let state = try RegistryDesk(context).stateAsOf()
        let target = try target.map { RegistryID(try StatementDigestArgument.read($0)) }
        let found = state.complaints(about: target)
        var lines = found.flatMap { ComplaintReport(state, $0, context).lines }
        if lines.isEmpty {
            lines = [Text(en: "no complaints", es: "no hay quejas")[context.language]]
        }
        return Outcome(
            json: [
                "complaints": .array(found.map { ComplaintReport(state, $0, context).json })
            ],
            lines: lines
        )
    }
}
