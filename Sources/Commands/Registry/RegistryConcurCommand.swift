// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Registry
import Statements

/// `resguardo registry concur`: a member of a panel concurs.
///
/// Spec: `docs/spec/sortition.md`, sections 5 and 7.
struct RegistryConcurCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "concur",
        abstract: Text(
            en: "Concur as a member of a source's panel, without showing who does.",
            es: "Coincidir como integrante del panel de una fuente, sin mostrar quién."
        ).local,
        discussion: Text(
            en: """
                Write the sheet of `registry panel ID` to a file and put an x into the brackets of \
                what holds. Everybody will see the numbers of posts, and that a member of the \
                panel concurs, not which one. Who does not concur says nothing: the log shows \
                nothing of it.
                """,
            es: """
                Guarde la hoja de `registry panel ID` en un archivo y ponga una x entre los \
                corchetes de lo que se cumple. Todo el mundo verá cuántas publicaciones, y que \
                alguien del panel coincide, no quién. Quien no coincide no dice nada: el registro \
                no muestra nada de ello.
                """
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @Option(
        help: ArgumentHelp(
            Text(en: "The sheet, filled in.", es: "La hoja, llenada.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var sheet: String

    @Option(help: Text(en: "Posts found sound.", es: "Publicaciones sólidas.").help)
    var sound: Int

    @Option(help: Text(en: "Posts found unsound.", es: "Publicaciones que no lo son.").help)
    var unsound: Int

    @Option(help: RingSecretOption.help, completion: .file())
    var secret: String

    @OptionGroup var delay: SealedDelayOptions
    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let subject = try SubjectArgument.find(subject, in: state)
        try requireAsked()
        let open = state.panels.panels(of: subject).last { _, panel in
            panel.concurredOn == nil && panel.draw.map { context.now < $0.deadline } == true
        }
        guard let (epoch, panel) = open, let draw = panel.draw else {
            throw RegistryFailure.refused(.noPanel)
        }
        let statement = ConcurStatement(
            head: desk.head(state),
            subject: subject.id.bytes,
            epoch: epoch,
            soundCount: sound,
            unsoundCount: unsound,
            seal: .blank(ConcurStatement.panelName)
        )
        let envelope = try desk.seal(statement, state, secretFile: secret, in: draw.ring)
        if keys.output == nil { SealedDelay.wait(delay, context) }
        return try desk.outcome(envelope, desk.submit(envelope, output: keys.output))
    }

    /// Throws unless the sheet asks its owner to concur.
    private func requireAsked() throws {
        let counts = 0...ConcurStatement.postCountMax
        guard counts.contains(sound), counts.contains(unsound) else {
            throw Failure(
                .usage,
                Text(
                    en: "posts are counted from 0 to \(ConcurStatement.postCountMax)",
                    es: "las publicaciones se cuentan de 0 a \(ConcurStatement.postCountMax)"
                )
            )
        }
        let text = String(decoding: try RegistryHome.read(sheet), as: UTF8.self)
        let audit = AuditSheet(
            passed: try Self.passed(in: text),
            soundCount: sound,
            unsoundCount: unsound
        )
        guard audit.asksToConcur else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "with this sheet (\(audit.grade) of 1000) a member does not concur",
                    es: "con esta hoja (\(audit.grade) de 1000) no se coincide"
                ),
                hint: Text(
                    en: "say nothing: the panel's silence is its no",
                    es: "no diga nada: el silencio del panel es su no"
                )
            )
        }
    }

    /// Items with an x, of a sheet that has every item once.
    private static func passed(in text: String) throws -> Set<AuditItem> {
        var answers: [AuditItem: Bool] = [:]
        for line in text.split(separator: "\n") {
            let name = line.dropFirst(4).prefix { $0 != ":" && $0 != " " }
            guard let item = AuditItem(rawValue: String(name)) else { continue }
            switch line.prefix(4) {
            case "[x] ", "[X] ": answers[item] = true
            case "[ ] ": answers[item] = false
            default: continue
            }
        }
        guard answers.count == AuditItem.allCases.count else {
            throw Failure(
                .failed,
                Text(
                    en: "the sheet does not have every item, with [x] or [ ]",
                    es: "la hoja no tiene todos los puntos, con [x] o [ ]"
                ),
                hint: Text(
                    en: "`registry panel ID > FILE` writes it",
                    es: "la escribe `registry panel ID > ARCHIVO`"
                )
            )
        }
        return Set(answers.filter(\.value).keys)
    }
}
