// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Feed

/// `resguardo feed accounts`.
struct FeedAccountsCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "accounts",
        abstract: Text(
            en: "What single accounts show: short lives, families, bursts, dependence.",
            es: "Qué muestra cada cuenta: vidas breves, familias, estallidos, dependencia."
        ).local,
        discussion: Text(
            en: """
                Each signal is held against chance: accounts with few posts and a short life, \
                posts that are deleted soon, many accounts made within a day, handles that differ \
                by numbers, pages that mostly pass on another one. Writes accounts.csv, \
                handles.csv, bursts.csv, dependencies.csv, indicators.json and provenance.json. A \
                signal says what was seen and how likely it is by chance; it never says that an \
                account is a machine, or lies.
                """,
            es: """
                Cada señal se compara con el azar: cuentas con pocas publicaciones y vida breve, \
                publicaciones que se borran pronto, muchas cuentas creadas en un día, nombres que \
                difieren en números, páginas que sobre todo difunden a otra. Escribe \
                accounts.csv, handles.csv, bursts.csv, dependencies.csv, indicators.json y \
                provenance.json. Una señal dice qué se vio y cuán probable es por azar; nunca dice \
                que una cuenta sea una máquina, ni que mienta.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(en: "A dataset.", es: "Un conjunto de datos.").help,
        completion: .file()
    )
    var input: String

    @Option(
        help: Text(
            en: "Share of false findings accepted, of each signal.",
            es: "Proporción de hallazgos falsos que se acepta, en cada señal."
        ).help
    )
    var rate = 0.05

    @Option(
        help: Text(
            en: "Seconds within which accounts are made together.",
            es: "Segundos en que se crean cuentas juntas."
        ).help
    )
    var burstSeconds: Int64 = 86_400

    @Option(
        help: Text(
            en: "Share of an account's posts that come from one source, 0 to 1.",
            es: "Proporción de publicaciones que vienen de una fuente, de 0 a 1."
        ).help
    )
    var minShare = 0.5

    @Option(
        help: Text(en: "Directory for the tables.", es: "Directorio para las tablas.").help,
        completion: .directory
    )
    var output: String?

    func run(in context: Context) throws -> Outcome {
        guard rate > 0, rate <= 0.5, minShare > 0, minShare <= 1,
            (1...31_536_000).contains(burstSeconds)
        else {
            throw Failure(
                .usage,
                Text(
                    en: "--rate is over 0 and at most 0.5, --min-share over 0 and at most 1, "
                        + "--burst-seconds from 1 second to a year",
                    es: "--rate es mayor que 0 y a lo más 0.5, --min-share mayor que 0 y a lo más "
                        + "1, --burst-seconds de 1 segundo a un año"
                )
            )
        }
        var rule = AccountRule()
        (rule.rate, rule.crowdSeconds, rule.shareMin) = (rate, burstSeconds, minShare)
        let (analysis, sources) = try FeedFileFailure.naming(input) {
            let dataset = try Dataset(path: input, isCreated: false)
            return (try AccountAnalysis(of: dataset, rule: rule), try dataset.sources())
        }
        let json = document(analysis, sources)
        if let output { try write(analysis, json, to: output) }
        return Outcome(json: json, lines: lines(analysis, context.language))
    }

    private func document(_ analysis: AccountAnalysis, _ sources: [String]) -> JSONValue {
        var words = ["resguardo", "feed", "accounts", FeedProvenance.name(of: input)]
        words += ["--rate", "\(rate)", "--burst-seconds", "\(burstSeconds)"]
        words += ["--min-share", "\(minShare)", "--output", "accounts"]
        var counts: [String: JSONValue] = [:]
        for (name, count) in Self.counts(analysis) { counts[name] = .integer(Int64(count)) }
        return [
            "accounts": .integer(Int64(analysis.accounts.count)),
            "command": .string(words.joined(separator: " ")),
            "data": ["sources": .array(sources.map { .string($0) })],
            "indicators": analysis.indicatorJSON,
            "posts": .integer(Int64(analysis.postCount)),
            "rule": analysis.ruleJSON,
            "signals": .object(counts),
        ]
    }

    /// Accounts by signal, in the order of their names.
    private static func counts(_ analysis: AccountAnalysis) -> [(name: String, count: Int)] {
        var counts: [String: Int] = [:]
        for account in analysis.accounts {
            for name in analysis.signals(of: account) { counts[name, default: 0] += 1 }
        }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private func write(
        _ analysis: AccountAnalysis,
        _ json: JSONValue,
        to output: String
    ) throws {
        try FeedFiles.makeDirectory(output)
        let files = [
            "accounts.csv": analysis.accountTable, "handles.csv": analysis.handleTable,
            "bursts.csv": analysis.burstTable, "dependencies.csv": analysis.dependencyTable,
            "indicators.json": json.canonicalBytes + [UInt8(ascii: "\n")],
        ]
        try FeedFiles.write(files, to: output)
        try FeedProvenance.write(json, of: Set(files.keys), to: output)
    }

    private func lines(_ analysis: AccountAnalysis, _ language: Language) -> [String] {
        let dated = analysis.accounts.count(where: \.isDated)
        let head = Text(
            en: "\(analysis.accounts.count) accounts, \(analysis.postCount) posts; of \(dated) "
                + "accounts it is known when they were made",
            es: "\(analysis.accounts.count) cuentas, \(analysis.postCount) publicaciones; de "
                + "\(dated) cuentas se sabe cuándo se crearon"
        )
        let signals = Self.counts(analysis).map { name, count in
            let text = Text(
                en: "\(name): \(count) accounts beyond chance",
                es: "\(name): \(count) cuentas más allá del azar"
            )
            return "  " + text[language]
        }
        let tables = Text(
            en: "\(analysis.crowds.count) bursts of new accounts, \(analysis.families.count) "
                + "families of handles, \(analysis.dependencies.count) dependencies",
            es: "\(analysis.crowds.count) estallidos de cuentas nuevas, "
                + "\(analysis.families.count) familias de nombres, "
                + "\(analysis.dependencies.count) dependencias"
        )
        return [head[language]] + signals + [tables[language]]
    }
}
