// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import SnapshotFormat

/// `resguardo registry snapshot prove`: one row of a snapshot, for who must not see the others.
struct RegistrySnapshotProveCommand: ReadsRegistry, AsksConsent {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: Text(
            en: "Write one row of a snapshot with a proof, without the other rows.",
            es: "Escribir una fila de una instantánea con su prueba, sin las demás filas."
        ).local,
        discussion: Text(
            en: """
                A court, another platform or the person concerned checks the file offline with \
                `registry snapshot verify-row` and the trust file. It says what the snapshot says \
                of one account, and nothing of any other; whoever gets it sees all of that row.
                """,
            es: """
                Un tribunal, otra plataforma o la persona afectada revisa el archivo sin red con \
                `registry snapshot verify-row` y el archivo de confianza. Dice lo que la \
                instantánea dice de una cuenta y nada de otras; quien lo recibe ve toda esa fila.
                """
        ).local
    )

    @OptionGroup var snapshot: SnapshotFileArgument
    @OptionGroup var account: SnapshotAccountOptions

    @Option(
        help: ArgumentHelp(
            Text(en: "Where to write it.", es: "Dónde escribirlo.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var output: String

    @OptionGroup var audience: RegistryAudienceOptions
    @OptionGroup var files: OutputOptions
    @OptionGroup var consent: ConsentOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        try OutputFile.requireNew([output], force: files.force)
        let account = try account.read()
        let (file, opened) = try snapshot.openFile(audience.audience(), at: RegistryDesk(context))
        guard let proof = try SnapshotRowProof.about(account, in: file) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "the snapshot has no row of this account",
                    es: "la instantánea no tiene ninguna fila de esta cuenta"
                ),
                hint: Text(
                    en: "that it has none cannot be proven: it says nothing about the account",
                    es: "que no tenga ninguna no se puede probar: no dice nada de la cuenta"
                )
            )
        }
        if opened.header.audience != .everyone { try requireConsent(proof, context) }
        try OutputFile.write(proof.bytes, to: output, force: files.force)
        let told = Text(
            en: "\(output): row \(proof.index + 1) of \(proof.header.recordCount)",
            es: "\(output): fila \(proof.index + 1) de \(proof.header.recordCount)"
        )
        return Outcome(
            json: ["file": .string(output), "index": .integer(Int64(proof.index))],
            lines: [told[context.language]]
        )
    }

    /// What a platform alone may see leaves its envelope here.
    private func requireConsent(_ proof: SnapshotRowProof, _ context: Context) throws {
        let audience = proof.header.audience.name
        let row = proof.record.json.canonicalText
        try RegistryConsent.require(
            [
                Text(
                    en: "this row was sealed to \(audience): \(row)",
                    es: "esta fila iba cifrada a \(audience): \(row)"
                ),
                Text(
                    en: """
                        who will see it: everybody who gets the file, for ever; it ties the \
                        account to a source of the registry
                        """,
                    es: """
                        quién lo verá: quien tenga el archivo, para siempre; une la cuenta a \
                        una fuente del registro
                        """
                ),
            ],
            question: Text(en: "Write it? Write “yes”", es: "¿Escribirla? Escriba «sí»"),
            refusal: Text(en: "nothing was written", es: "no se escribió nada"),
            context
        )
    }
}

/// `resguardo registry snapshot verify-row`.
struct RegistrySnapshotVerifyRowCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "verify-row",
        abstract: Text(
            en: "Verify one row that `snapshot prove` wrote, without a network.",
            es: "Verificar una fila que escribió `snapshot prove`, sin red."
        ).local,
        discussion: Text(
            en: """
                It holds for the week of its snapshot. With --as-of it is asked about that time: \
                what a court wants to know. There may be news in a later snapshot.
                """,
            es: """
                Vale la semana de su instantánea. Con --as-of se pregunta por ese momento: lo que \
                quiere saber un tribunal. En una posterior puede haber novedades.
                """
        ).local
    )

    @OptionGroup var snapshot: SnapshotFileArgument
    @OptionGroup var audience: RegistryAudienceOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let proof = try snapshot.openRow(audience.audience(), at: RegistryDesk(context))
        let header = proof.header
        let told = Text(
            en: """
                \(snapshot.file) is genuine: a row of version \(header.version) for \
                \(header.audience.name), of \(RegistryText.date(header.date)), until \
                \(RegistryText.date(header.expires))
                """,
            es: """
                \(snapshot.file) es auténtico: una fila de la versión \(header.version) para \
                \(header.audience.name), del \(RegistryText.date(header.date)), hasta \
                \(RegistryText.date(header.expires))
                """
        )
        return Outcome(
            json: [
                "audience": .string(header.audience.name), "date": .integer(header.date),
                "expires": .integer(header.expires), "row": proof.record.json,
                "version": .integer(header.version),
            ],
            lines: [told[context.language]] + Self.lines(of: proof.record, context.language)
        )
    }

    private static func lines(of record: SnapshotRecord, _ language: Language) -> [String] {
        switch record {
        case .source(let source):
            let name = "\(source.account.platform) \(source.account.stableID)"
            return source.history.map { period in
                let since = RegistryText.date(period.since)
                let until = period.until.map { " – \(RegistryText.date($0))" } ?? ""
                let reason = period.reason.map { " (\($0))" } ?? ""
                return "\(name): \(period.state.rawValue), \(since)\(until)\(reason)"
            }
        case .limit(let limit):
            let name = "\(limit.account.platform) \(limit.account.stableID)"
            return ["\(name): \(limit.action.rawValue) (\(limit.reason))"]
        default:
            return [record.json.canonicalText]
        }
    }
}

/// An account, as a person names it.
struct SnapshotAccountOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(en: "The platform, in lower case.", es: "La plataforma, en minúsculas.").local,
            valueName: Text(en: "platform", es: "plataforma").local
        )
    )
    var platform: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The platform's stable identifier of the account.",
                es: "El identificador estable de la cuenta en la plataforma."
            ).local,
            valueName: Text(en: "id", es: "identificador").local
        )
    )
    var account: String

    /// - Throws: `.usage` where it is none.
    func read() throws -> PlatformAccount {
        if let account = PlatformAccount(platform: platform, stableID: account) { return account }
        throw Failure(
            .usage,
            Text(en: "this is no account", es: "esto no es una cuenta"),
            hint: Text(
                en: "--platform in lower case, --account without spaces",
                es: "--platform en minúsculas, --account sin espacios"
            )
        )
    }
}
