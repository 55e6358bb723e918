// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BulkCrypto
import Encodings
import Feed
import FeedKernels
import SnapshotFormat

/// `resguardo feed around`.
struct FeedAroundCommand: ResguardoCommand, ReadsAsOf {
    static let configuration = CommandConfiguration(
        commandName: "around",
        abstract: Text(
            en: "Who shares what known accounts share, beyond chance, and why that is said.",
            es: "Quién comparte lo que comparten cuentas conocidas, más allá del azar, y por qué."
        ).local,
        discussion: Text(
            en: """
                Known accounts are those that the registry designates (--snapshot), or those of a \
                table (--accounts). Walks over what accounts share say how near each one is; the \
                same walks from accounts drawn by lot, as active and interested in the same, say \
                how near anybody is by chance. Trusted sources are left out of everything. Writes \
                accounts.csv, clusters.csv, evidence.csv, known.csv, around.json and \
                provenance.json. Nearness is a place to look. It never says that an account \
                belongs to anybody.
                """,
            es: """
                Las cuentas conocidas son las que designa el registro (--snapshot), o las de una \
                tabla (--accounts). Caminatas por lo que las cuentas comparten dicen cuán cerca \
                está cada una; las mismas caminatas desde cuentas sorteadas, igual de activas y \
                con los mismos intereses, dicen cuán cerca está cualquiera por azar. Las fuentes \
                confiables quedan fuera de todo. Escribe accounts.csv, clusters.csv, \
                evidence.csv, known.csv, around.json y provenance.json. La cercanía es un lugar \
                donde mirar. Nunca dice que una cuenta pertenezca a nadie.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var snapshot: SnapshotOptions

    @Argument(
        help: Text(en: "A dataset.", es: "Un conjunto de datos.").help,
        completion: .file()
    )
    var input: String

    @Option(
        help: Text(
            en: "Table of account_id, and if there platform and class (designated, trusted).",
            es: "Tabla de account_id y, si los hay, platform y class (designated, trusted)."
        ).help,
        completion: .file()
    )
    var accounts: String?

    @Option(
        help: Text(
            en: "What accounts may share, layers with commas between.",
            es: "Qué pueden compartir las cuentas, capas separadas por comas."
        ).help
    )
    var by = ShareLayers(AroundRule.layers)

    @Option(
        help: Text(
            en: "Share of false findings accepted.",
            es: "Proporción de hallazgos falsos que se acepta."
        ).help
    )
    var rate = 0.05

    @Option(
        help: Text(
            en: "How many sets of accounts are drawn by lot.",
            es: "Cuántos grupos de cuentas se sortean."
        ).help
    )
    var draws = 199

    @Option(help: Text(en: "Seed of the lot.", es: "Semilla del sorteo.").help)
    var seed: UInt64 = 0

    @Option(
        help: Text(en: "Directory for the tables.", es: "Directorio para las tablas.").help,
        completion: .directory
    )
    var output: String?

    func run(in context: Context) throws -> Outcome {
        try checkOptions()
        var rule = AroundRule()
        (rule.rate, rule.drawCount, rule.seed, rule.layers) = (rate, draws, seed, by.list)
        if let time = context.asOf { rule.until = time.seconds }
        let (known, source) = try known(context)
        let (analysis, sources) = try FeedFileFailure.naming(input) {
            let dataset = try Dataset(path: input, isCreated: false)
            return (try analyse(dataset, known, rule), try dataset.sources())
        }
        guard analysis.designatedCount > 0 else { throw nobody(analysis.missing.count) }
        var data = source
        data["sources"] = .array(sources.map { .string($0) })
        var members = analysis.json.object ?? [:]
        members["command"] = .string(command(context))
        members["data"] = .object(data)
        if let output { try write(analysis, .object(members), to: output) }
        let report = AroundReport(analysis: analysis, repeatedCount: known.repeatedCount)
        return Outcome(json: .object(members), lines: report.lines(context.language))
    }

    private func analyse(
        _ dataset: Dataset,
        _ known: KnownAccounts,
        _ rule: AroundRule
    ) throws -> AroundAnalysis {
        do {
            return try AroundAnalysis(of: dataset, around: known, rule: rule, cores: .allCores)
        } catch FeedError.input(.tooManyPairs(limit: NearnessChance.scoreCountMax)) {
            throw Failure(
                .failed,
                Text(
                    en: "\(input): too many accounts for \(draws) draws",
                    es: "\(input): demasiadas cuentas para \(draws) sorteos"
                ),
                hint: Text(en: "give a smaller --draws", es: "indique un --draws menor")
            )
        }
    }

    private static let unclear = Failure(
        .usage,
        Text(
            en: "around which accounts? one of --snapshot and --accounts",
            es: "¿alrededor de qué cuentas? una de --snapshot y --accounts"
        )
    )

    private func checkOptions() throws {
        guard (snapshot.snapshot == nil) != (accounts == nil) else { throw Self.unclear }
        guard rate > 0, rate <= 0.25, AroundRule.drawCounts.contains(draws),
            rate * Double(draws + 1) >= 1
        else {
            throw Failure(
                .usage,
                Text(
                    en: "--rate is over 0 and at most 0.25, --draws from 19 to 1999, and one in so "
                        + "many draws and one more at most the rate",
                    es: "--rate es mayor que 0 y a lo más 0.25, --draws de 19 a 1999, y uno entre "
                        + "los sorteos más uno a lo más la proporción"
                )
            )
        }
    }

    /// Who is asked about, and what says so.
    private func known(_ context: Context) throws -> (KnownAccounts, [String: JSONValue]) {
        if let accounts {
            let bytes = try FeedFiles.read(accounts, byteCountMax: KnownAccounts.byteCountMax)
            let known = try FeedFileFailure.naming(accounts) { try KnownAccounts(csv: bytes) }
            return (known, ["accounts": .string(Hex.encode(SHA256.hash(bytes)))])
        }
        guard let file = try snapshot.open(in: context) else { throw Self.unclear }
        let source: JSONValue = [
            "asOf": .integer(context.now), "date": .integer(file.header.date),
            "sha256": .string(Hex.encode(file.seen.digest)),
            "version": .integer(file.header.version),
        ]
        return (KnownAccounts(snapshot: file, asOf: context.now), ["snapshot": source])
    }

    private func nobody(_ count: Int) -> Failure {
        Failure(
            .failed,
            Text(
                en: "\(input): none of the \(count) known accounts is in these data",
                es: "\(input): ninguna de las \(count) cuentas conocidas está en estos datos"
            ),
            hint: accounts == nil
                ? Text(
                    en: "a public snapshot names no designated accounts; a platform's own does",
                    es: "una instantánea pública no nombra cuentas designadas; la de una "
                        + "plataforma, sí"
                )
                : nil
        )
    }

    private func command(_ context: Context) -> String {
        var words = ["resguardo", "feed", "around", FeedProvenance.name(of: input)]
        let files = [
            ("--accounts", accounts), ("--snapshot", snapshot.snapshot),
            ("--trust", snapshot.trust), ("--identity", snapshot.identity),
        ]
        for (option, path) in files {
            if let path { words += [option, FeedProvenance.name(of: path)] }
        }
        words += ["--by", by.argument, "--rate", "\(rate)", "--draws", "\(draws)"]
        words += ["--seed", "\(seed)"]
        // What a snapshot says is true of a moment.
        if let time = context.asOf?.seconds ?? (accounts == nil ? context.now : nil) {
            words += ["--as-of", "\(time)"]
        }
        return (words + ["--output", "around"]).joined(separator: " ")
    }

    private func write(_ analysis: AroundAnalysis, _ json: JSONValue, to output: String) throws {
        try FeedFiles.makeDirectory(output)
        let files = [
            "accounts.csv": analysis.accountTable, "clusters.csv": analysis.clusterTable,
            "evidence.csv": analysis.evidenceTable, "known.csv": analysis.knownTable,
            "around.json": json.canonicalBytes + [UInt8(ascii: "\n")],
        ]
        try FeedFiles.write(files, to: output)
        try FeedProvenance.write(json, of: Set(files.keys), to: output)
    }
}

/// What a person reads of it.
private struct AroundReport {
    let analysis: AroundAnalysis
    let repeatedCount: Int

    /// Clusters and missing accounts that are shown.
    private static let countMax = 10

    func lines(_ language: Language) -> [String] {
        let trusted = analysis.accounts.count { $0.kind == .trusted }
        let head = Text(
            en: "\(analysis.accounts.count) accounts, \(analysis.connectedCount) of them share "
                + "things; \(analysis.designatedCount) known, \(analysis.startCount) of them share "
                + "things; \(trusted) trusted sources left out",
            es: "\(analysis.accounts.count) cuentas, \(analysis.connectedCount) comparten cosas; "
                + "\(analysis.designatedCount) conocidas, \(analysis.startCount) comparten cosas; "
                + "\(trusted) fuentes confiables fuera"
        )
        var lines = [head[language]]
        if repeatedCount > 0 {
            let text = Text(
                en: "\(repeatedCount) records of the table were there before",
                es: "\(repeatedCount) registros de la tabla ya estaban"
            )
            lines.append(text[language])
        }
        if !analysis.missing.isEmpty {
            let list = names(analysis.missing.map { $0.platform.isEmpty ? $0.name : qualified($0) })
            let text = Text(
                en: "not in these data: \(analysis.missing.count) known accounts: \(list)",
                es: "no están en estos datos: \(analysis.missing.count) cuentas conocidas: \(list)"
            )
            lines.append(text[language])
        }
        let near = analysis.accounts.count { $0.near != nil }
        let found = Text(
            en: "near beyond chance: \(near) accounts in \(analysis.clusters.count) clusters "
                + "(at most \(analysis.rule.rate) wrong)",
            es: "cerca más allá del azar: \(near) cuentas en \(analysis.clusters.count) grupos "
                + "(a lo más \(analysis.rule.rate) por error)"
        )
        lines.append(found[language])
        for (number, cluster) in analysis.clusters.prefix(Self.countMax).enumerated() {
            lines.append(line(number, cluster)[language])
        }
        return lines
    }

    private func line(_ number: Int, _ cluster: AroundCluster) -> Text {
        let members = names(cluster.accounts.map { analysis.accounts[$0].qualifiedName })
        let known = names(cluster.known.map { analysis.accounts[$0].qualifiedName })
        let layers = cluster.layers.map { analysis.rule.layers[$0].rawValue }
            .joined(separator: ", ")
        return Text(
            en: "  cluster \(number + 1): \(cluster.accounts.count) accounts share "
                + "\(cluster.objectCount) things (\(layers)): \(members); known accounts "
                + "that share them: \(known)",
            es: "  grupo \(number + 1): \(cluster.accounts.count) cuentas comparten "
                + "\(cluster.objectCount) cosas (\(layers)): \(members); cuentas conocidas que "
                + "las comparten: \(known)"
        )
    }

    private func qualified(_ account: (platform: String, name: String)) -> String {
        "\(account.platform):\(account.name)"
    }

    private func names(_ list: [String]) -> String {
        guard !list.isEmpty else { return "–" }
        return list.prefix(4).joined(separator: ", ") + (list.count > 4 ? ", …" : "")
    }
}
