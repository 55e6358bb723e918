// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BulkCrypto
import Encodings
import Registry
import Statements

/// `resguardo registry designate`.
struct RegistryDesignateCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "designate",
        abstract: Text(
            en: "Designate a coordinated harmful network; the council signs.",
            es: "Designar una red coordinada y dañina; firma el consejo."
        ).local,
        discussion: Text(
            en: """
                The finding is a JSON object: name, identifiableGroup, unifiedPurpose, \
                coordination, activities (description, harm, grade, evidence), terms (term, form, \
                regions, source), dossiers, rightsImpact, reasons (one of each reviewer), actions; \
                network to renew one, splitFrom if it left another. Evidence is named by SHA-256. \
                The accounts are JSON lines of account, confidence (0 to \
                1000) and method.
                """,
            es: """
                El dictamen es un objeto JSON: name, identifiableGroup, unifiedPurpose, \
                coordination, activities (description, harm, grade, evidence), terms (term, form, \
                regions, source), dossiers, rightsImpact, reasons (una de cada quien revisa), \
                actions; network para renovar, splitFrom si se separó de otra. Las pruebas se \
                nombran por SHA-256. Las cuentas son líneas JSON con account, \
                confidence (0 a 1000) y method.
                """
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(en: "The council's finding.", es: "El dictamen del consejo.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var finding: String

    @Option(
        help: ArgumentHelp(
            Text(en: "The network's accounts.", es: "Las cuentas de la red.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var accounts: String?

    @Option(
        help: Text(
            en: "Days, at most 90; it ends by itself.",
            es: "Días, máximo 90; termina sola."
        ).help
    )
    var days: Int64 = 90

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let names = try desk.keys.choose(keys.key)
        let list = try accounts.map { try desk.accountList($0) } ?? AccountList([])
        let statement = try statement(desk.head(try desk.state()), list)
        let test = TwoPartTest(of: statement)
        guard let rule = test.rule else { throw RegistryFailure.refused(.testNotMet) }
        try desk.keep(list)
        let envelope = try desk.sign(statement, with: names)
        let place = try desk.submit(envelope, output: keys.output)
        func text(_ holds: Bool) -> Text { Text(en: holds ? "yes" : "no", es: holds ? "sí" : "no") }
        let (kinds, activities) = (
            text(test.hasTwoModerateKinds), text(test.hasTwoModerateActivities)
        )
        let severity = GradeText.text(test.severity.rawValue)
        let told = Text(
            en: """
                the test is met (\(rule)); severity \(severity.en); read as kinds of harm: \
                \(kinds.en), as activities: \(activities.en)
                """,
            es: """
                se cumple el examen (\(rule)); gravedad \(severity.es); leído como tipos de daño: \
                \(kinds.es), como actividades: \(activities.es)
                """
        )
        return try desk.outcome(
            envelope,
            place,
            [
                "rule": .string(rule), "severity": .string(test.severity.rawValue),
                "twoModerateActivities": .boolean(test.hasTwoModerateActivities),
                "twoModerateKinds": .boolean(test.hasTwoModerateKinds),
            ],
            lines: [told[context.language]]
        )
    }

    /// The finding of the file with what the file cannot know.
    private func statement(
        _ head: RegistryHead,
        _ list: AccountList
    ) throws -> DesignateNetworkStatement {
        let bytes = try RegistryHome.read(finding, countMax: Envelope.byteCountMax)
        guard let value = try? JSONValue(parsing: bytes), var members = value.object else {
            throw Failure(
                .failed,
                Text(en: "\(finding) is no JSON object", es: "\(finding) no es un objeto JSON")
            )
        }
        // Statements have their sets in order; people write them as they come.
        for name in ["actions", "coordination", "dossiers"] {
            members[name] = members[name].map(Self.sorted)
        }
        members["activities"] =
            members["activities"]?.array.map { activities in
                .array(
                    activities.map { activity in
                        guard var fields = activity.object else { return activity }
                        fields["evidence"] = fields["evidence"].map(Self.sorted)
                        return .object(fields)
                    }
                )
            } ?? members["activities"]
        let daysMax = DesignateNetworkStatement.daysMax
        members["context"] = .string(Hex.encode(head.context))
        members["date"] = .integer(head.date)
        members["until"] = .integer(
            head.date + min(max(days, 0), daysMax + 1) * RegistryHead.daySeconds
        )
        members["accountList"] = .string(list.digest.hex)
        members["accountCount"] = .integer(Int64(list.accounts.count))
        members["type"] = .string(DesignateNetworkStatement.type)
        members["v"] = .integer(DesignateNetworkStatement.version)
        do {
            return try DesignateNetworkStatement(
                payload: JSONValue.object(members).canonicalBytes
            )
        } catch {
            throw RegistryFailure.invalid(error)
        }
    }

    /// A list of texts in ascending order, each once; anything else as it is.
    private static func sorted(_ list: JSONValue) -> JSONValue {
        guard let texts = list.array?.map(\.string), !texts.contains(nil) else { return list }
        return .array(Set(texts.compactMap { $0 }).sorted().map { .string($0) })
    }
}

/// `resguardo registry correct`.
struct RegistryCorrectCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "correct",
        abstract: Text(
            en: "Attach a finding to a piece of content (fact-checkers).",
            es: "Adjuntar un hallazgo a un contenido (verificadores de datos)."
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(
                en: "The content: a file, or the SHA-256 of it.",
                es: "El contenido: un archivo, o su SHA-256."
            ).local,
            valueName: Text(en: "content", es: "contenido").local
        ),
        completion: .file()
    )
    var content: String

    @Option(help: Text(en: "What was found.", es: "Qué se encontró.").help)
    var finding: CorrectionFinding

    @Option(
        help: ArgumentHelp(
            Text(en: "Where it is explained.", es: "Dónde se explica.").local,
            valueName: "url"
        )
    )
    var link: String

    @Option(
        help: Text(en: "Days for which it holds.", es: "Días durante los que vale.").help
    )
    var days: Int64 = 365

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let names = try desk.keys.choose(keys.key)
        let head = desk.head(try desk.state())
        let digest =
            try RegistryID(hex: content)?.bytes ?? SHA256.hash(RegistryHome.read(content))
        let statement = CorrectStatement(
            head: head,
            content: digest,
            finding: finding,
            link: link,
            until: head.date + min(max(days, 0), 100_000) * RegistryHead.daySeconds,
            verifier: try desk.onlyKey(names).id.bytes
        )
        do {
            _ = try CorrectStatement(payload: statement.payload)
        } catch {
            throw RegistryFailure.invalid(error)
        }
        let envelope = try desk.sign(statement, with: names)
        return try desk.outcome(
            envelope,
            desk.submit(envelope, output: keys.output),
            ["content": .string(Hex.encode(digest))]
        )
    }
}
