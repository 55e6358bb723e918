// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import RingSignature
import Sodium
import Statements

/// `resguardo registry panel`: who was drawn, and what is asked of them.
///
/// Spec: `docs/spec/sortition.md`, sections 5 and 7.
struct RegistryPanelCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "panel",
        abstract: Text(
            en: "Whether you were drawn to look at a source, and what to look at.",
            es: "Si le tocó mirar a una fuente, y qué debe mirar."
        ).local,
        discussion: Text(
            en: """
                Without a subject, lists the panels in which a verifier of this home sits. With \
                one, prints the sheet; --posts gives the ids of the account's posts, one a \
                line, and tells which of them to read.
                """,
            es: """
                Sin fuente, muestra los paneles en que participa un verificador de este \
                directorio. Con una, muestra la hoja; --posts da los ids de las publicaciones \
                de la cuenta, uno por línea, y dice cuáles leer.
                """
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Ids of the account's posts, one a line.",
                es: "Ids de las publicaciones de la cuenta, uno por línea."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var posts: String?

    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.stateAsOf()
        let own = try desk.keys.names().map { try desk.keys.publicKey($0).id }
        let subjects =
            try subject.map { [try SubjectArgument.find($0, in: state)] }
            ?? state.subjects.values.sorted { $0.id < $1.id }
        var rows: [JSONValue] = []
        var lines: [String] = []
        for subject in subjects {
            for (epoch, panel) in state.panels.panels(of: subject) {
                // Nobody is asked to do anything in a panel that is over.
                let isOpen = panel.concurredOn == nil
                let open = panel.draw.flatMap { isOpen && context.now < $0.deadline ? $0 : nil }
                let member = open.flatMap { draw in
                    own.lazy.compactMap { state.rings.ownKey(of: $0, epoch) }.first { key in
                        draw.ring.members.contains { $0.bytes == key.bytes }
                    }
                }
                guard self.subject != nil || member != nil else { continue }
                let silent = state.panels.rounds[panel.day]?.silent ?? []
                rows.append(PanelReport.json(subject.id, epoch, panel, member, silent))
                let report = PanelReport.lines(subject.id, epoch, panel, member, silent)
                lines += report.map { $0[context.language] }
                if let member, self.subject != nil {
                    lines += try sheet(panel, member).map { $0[context.language] }
                }
            }
        }
        if lines.isEmpty {
            lines = [
                Text(en: "you were not drawn", es: "a usted no le tocó")[context.language]
            ]
        }
        return Outcome(json: ["panels": .array(rows)], lines: lines)
    }

    /// What a member reads, and what it asks itself.
    private func sheet(_ panel: Panel, _ member: RegistryID) throws -> [Text] {
        guard let draw = panel.draw else { return [] }
        var lines: [Text] = []
        if let posts {
            let text = String(decoding: try RegistryHome.read(posts), as: UTF8.self)
            let ids = text.split(separator: "\n").map(String.init)
            let chosen = PanelSeed.posts(
                AuditSheet.postCount,
                of: ids,
                seed: draw.seed,
                member: member.bytes
            )
            lines += chosen.map { Text(en: "read \($0)", es: "lea \($0)") }
        }
        return lines + AuditItem.allCases.map(PanelReport.question)
    }
}

/// Panels in a person's words.
enum PanelReport {
    static func json(
        _ subject: RegistryID,
        _ epoch: RegistryEpoch,
        _ panel: Panel,
        _ member: RegistryID?,
        _ silent: [RegistryID]
    ) -> JSONValue {
        var row: [String: JSONValue] = [
            "concurring": .integer(Int64(panel.concurrences.count)),
            "day": .integer(panel.day),
            "drawn": .boolean(member != nil),
            "epoch": .string(epoch.name), "waived": .boolean(panel.isWaived),
            "silent": .array(silent.map { .string($0.hex) }),
            "subject": .string(subject.hex),
        ]
        if let draw = panel.draw {
            row["deadline"] = .integer(draw.deadline)
            row["members"] = .array(draw.ring.members.map { .string(Hex.encode($0.bytes)) })
            row["seed"] = .string(Hex.encode(draw.seed))
            row["threshold"] = .integer(Int64(draw.rule.threshold))
        }
        return .object(row)
    }

    static func lines(
        _ subject: RegistryID,
        _ epoch: RegistryEpoch,
        _ panel: Panel,
        _ member: RegistryID?,
        _ silent: [RegistryID]
    ) -> [Text] {
        guard let draw = panel.draw else { return [notDrawn(subject, epoch, panel)] }
        let end = RegistryText.date(draw.deadline)
        let count = panel.concurrences.count
        var lines = [
            Text(
                en: """
                    \(subject.hex) \(epoch.name): \(count) of \(draw.rule.size) concur, \
                    \(draw.rule.threshold) needed before \(end)
                    """,
                es: """
                    \(subject.hex) \(epoch.name): \(count) de \(draw.rule.size) coinciden, se \
                    necesitan \(draw.rule.threshold) antes del \(end)
                    """
            )
        ]
        lines += silent.map {
            Text(en: "silent holder: \($0.hex)", es: "participante en silencio: \($0.hex)")
        }
        if member != nil {
            lines.append(
                Text(
                    en: """
                        you were drawn. Look at what the account published, not at who it is; \
                        nobody will know that it was you. Do nothing if you do not concur.
                        """,
                    es: """
                        a usted le tocó. Mire lo que publicó la cuenta, no quién es; nadie sabrá \
                        que fue usted. Si no coincide, no haga nada.
                        """
                )
            )
        }
        return lines
    }

    private static func notDrawn(
        _ subject: RegistryID,
        _ epoch: RegistryEpoch,
        _ panel: Panel
    ) -> Text {
        if panel.isWaived {
            return Text(
                en: "\(subject.hex) \(epoch.name): no panel, the charter names no beacon holders",
                es: "\(subject.hex) \(epoch.name): sin panel, la carta no nombra quién da el azar"
            )
        }
        let day = RegistryText.date(panel.day)
        return Text(
            en: "\(subject.hex) \(epoch.name): not drawn yet, waits for the outputs of \(day)",
            es: "\(subject.hex) \(epoch.name): aún sin sorteo, espera el azar del \(day)"
        )
    }

    /// An item of the sheet, as a question.
    static func question(_ item: AuditItem) -> Text {
        let text =
            switch item {
            case .noFalseContent:
                Text(
                    en: "does it not repeatedly publish false content?",
                    es: "¿evita publicar repetidamente contenido falso?"
                )
            case .responsibleGathering:
                Text(
                    en: "does it gather and present information responsibly?",
                    es: "¿reúne y presenta la información con responsabilidad?"
                )
            case .correctsErrors:
                Text(en: "does it correct its errors?", es: "¿corrige sus errores?")
            case .newsApartFromOpinion:
                Text(
                    en: "does it keep news and opinion apart?",
                    es: "¿separa noticia y opinión?"
                )
            case .honestHeadlines:
                Text(
                    en: "do its headlines and images not deceive?",
                    es: "¿sus titulares e imágenes no engañan?"
                )
            case .labelsAdvertising:
                Text(en: "does it label advertising?", es: "¿señala la publicidad?")
            case .accuracy:
                Text(en: "does it check before it publishes?", es: "¿verifica antes de publicar?")
            case .contentOfOthers:
                Text(
                    en: "does it say which content is of others, and check it?",
                    es: "¿dice qué contenido es ajeno, y lo verifica?"
                )
            case .sources:
                Text(
                    en: "does it say how it knows, as far as that endangers nobody?",
                    es: "¿dice cómo lo sabe, mientras no ponga a nadie en peligro?"
                )
            case .corrections:
                Text(
                    en: "are its corrections seen where the error was?",
                    es: "¿sus correcciones se ven donde estuvo el error?"
                )
            case .glorifiesNobody:
                Text(
                    en: "does it glorify no armed group? (must hold)",
                    es: "¿no glorifica a ningún grupo armado? (indispensable)"
                )
            case .endangersNobody:
                Text(
                    en: "does it publish nothing that endangers third parties? (must hold)",
                    es: "¿no publica nada que ponga en peligro a terceros? (indispensable)"
                )
            }
        let weight = item.weight == 0 ? "" : " (\(item.weight)/\(AuditSheet.weightSum))"
        return Text(
            en: "[ ] \(item.rawValue)\(weight): \(text.en)",
            es: "[ ] \(item.rawValue)\(weight): \(text.es)"
        )
    }
}
