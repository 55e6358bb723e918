// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Registry
import Statements

/// `resguardo registry dispute`: a complaint about a source of the registry.
///
/// Spec: `docs/spec/complaints.md`, section 2.
struct RegistryDisputeCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "dispute",
        abstract: Text(
            en: "Complain of a source: while it is open the score of its accounts is capped.",
            es: "Quejarse de una fuente: mientras no se resuelva, baja el tope de su puntuación."
        ).local,
        discussion: Text(
            en: """
                The same as `registry complain subject`. Five independent verifiers are drawn and \
                decide in 14 days; `registry complaints` shows what becomes of it. A verifier \
                that does not want to be seen uses `registry object` or `registry alarm`.
                """,
            es: """
                Lo mismo que `registry complain subject`. Se sortean cinco verificadores \
                independientes, que deciden en 14 días; `registry complaints` muestra qué pasa. \
                Un verificador que no quiera ser visto usa `registry object` o `registry alarm`.
                """
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "information, physical or psychological.",
                es: "information, physical o psychological."
            ).local,
            valueName: Text(en: "harm", es: "daño").local
        )
    )
    var harm: NetworkHarm

    @Option(
        help: ArgumentHelp(
            Text(en: "low, moderate or high.", es: "low, moderate o high.").local,
            valueName: Text(en: "grade", es: "gravedad").local
        )
    )
    var grade: NetworkHarmGrade

    @Option(
        help: ArgumentHelp(
            Text(en: "A piece of evidence, one or more.", es: "Una prueba, una o más.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var evidence: [String]

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let complaint = ComplaintMaking(
            about: .subject,
            target: try SubjectArgument.find(subject, in: desk.state()).id.bytes,
            harm: harm,
            grade: grade,
            evidence: evidence
        )
        return try complaint.send(from: desk, keys)
    }
}
