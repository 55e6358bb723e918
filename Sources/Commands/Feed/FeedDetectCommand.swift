// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Feed
import FeedKernels

/// `resguardo feed detect`.
struct FeedDetectCommand: ResguardoCommand {
    /// What accounts may have in common.
    enum Signal: String, ExpressibleByArgument, CaseIterable {
        case coShare = "co-share"
    }

    /// Whose rule decides.
    enum Rule: String, ExpressibleByArgument, CaseIterable {
        case coortweet, resguardo, tfidf, toolkit
    }

    /// What does the work.
    enum Engine: String, ExpressibleByArgument, CaseIterable {
        case local, spark
    }

    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: Text(
            en: "Find accounts that share the same things at the same time.",
            es: "Encontrar cuentas que difunden lo mismo al mismo tiempo."
        ).local,
        discussion: Text(
            en: """
                The rule “coortweet” is that of CooRTweet 2.1.3, and so are the tables: pairs.csv, \
                edges.csv, account_stats.csv and group_stats.csv; networks.json holds the \
                connected components of the edges over the threshold. The rule “resguardo” finds \
                groups that chance does not explain, tells them from shared sources, gives each \
                edge its probability by chance, and writes edges.csv, accounts.csv and \
                networks.json. The rule “toolkit” is that of the coordination-network-toolkit \
                1.5.2; edges_directed.csv is its table. The rule “tfidf” compares accounts by all \
                that they share, whenever that was, as Luceri et al. 2024 do: edges.csv, \
                accounts.csv and networks.json.
                """,
            es: """
                La regla «coortweet» es la de CooRTweet 2.1.3, y también las tablas: pairs.csv, \
                edges.csv, account_stats.csv y group_stats.csv; networks.json contiene los \
                componentes conexos de las aristas sobre el umbral. La regla «resguardo» halla \
                grupos que el azar no explica, los distingue de las fuentes comunes, da a cada \
                arista su probabilidad por azar, y escribe edges.csv, accounts.csv y \
                networks.json. La regla «toolkit» es la de coordination-network-toolkit 1.5.2, y \
                edges_directed.csv su tabla. La regla «tfidf» compara cuentas por todo lo que \
                difunden, cuando sea, como Luceri et al. 2024: edges.csv, accounts.csv y \
                networks.json.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(
            en: "A dataset, or a CSV file of shares.",
            es: "Un conjunto de datos, o un archivo CSV de difusiones."
        ).help,
        completion: .file()
    )
    var input: String

    @Option(help: Text(en: "What to compare.", es: "Qué comparar.").help)
    var signal = Signal.coShare

    @Option(
        help: Text(
            en: "What accounts share, in a dataset; several with commas, together and each.",
            es: "Qué difunden las cuentas, en un conjunto; con comas, varias cosas juntas."
        ).help
    )
    var by = ShareLayers(.object)

    @Option(help: Text(en: "Whose rule decides.", es: "De quién es la regla.").help)
    var rule = Rule.coortweet

    @Option(
        help: Text(
            en: "Seconds between two shares of a pair; 10 for “coortweet”, else 60.",
            es: "Segundos entre las dos difusiones de un par; 10 en «coortweet», si no 60."
        ).help
    )
    var window: Int64?

    @Option(
        help: Text(
            en: "Seconds of a shorter window whose network is told apart, for “coortweet”.",
            es: "Segundos de una ventana menor cuya red se distingue, para «coortweet»."
        ).help
    )
    var fast: Int64?

    @Option(
        help: Text(
            en: "Shares an account needs to take part; 2, “resguardo” 3, “tfidf” 20.",
            es: "Difusiones que una cuenta necesita; 2, «resguardo» 3, «tfidf» 20."
        ).help
    )
    var minParticipation: Int?

    @Option(
        help: Text(
            en: "Quantile of edge weights that a strong edge exceeds, 0 to 1; 0.5, “tfidf” 0.995.",
            es: "Cuantil de pesos que supera una arista fuerte, de 0 a 1; 0.5, «tfidf» 0.995."
        ).help
    )
    var edgeWeight: Double?

    @Option(
        help: Text(
            en: "The least similarity of an edge, 0 to 1, for “tfidf”.",
            es: "La menor similitud de una arista, de 0 a 1, para «tfidf»."
        ).help
    )
    var minSimilarity: Double?

    @Option(
        help: Text(
            en: "Leave out what more accounts than these share, for “tfidf”.",
            es: "Omitir lo que difunden más cuentas que estas, para «tfidf»."
        ).help
    )
    var maxSharers: Int?

    @Option(
        help: Text(
            en: "Percentile of centrality under which accounts are pruned, for “tfidf”.",
            es: "Percentil de centralidad bajo el que se podan cuentas, para «tfidf»."
        ).help
    )
    var pruneBelow: Double?

    @Option(
        help: Text(
            en: "The least weight of an edge, for “toolkit”.",
            es: "El menor peso de una arista, para «toolkit»."
        ).help
    )
    var minWeight = 1

    @Option(
        help: Text(
            en: "Seconds after which a meeting counts anew, for “resguardo”.",
            es: "Segundos tras los que un encuentro cuenta de nuevo, para «resguardo»."
        ).help
    )
    var gap: Int64 = 1800

    @Option(
        help: Text(
            en: "Seconds after a thing's first share that say nothing of a group, for “resguardo”.",
            es: "Segundos tras la primera difusión que no hablan de un grupo, para «resguardo»."
        ).help
    )
    var launch: Int64 = 600

    @Option(
        help: Text(
            en: "Share of false groups and members accepted, for “resguardo”.",
            es: "Proporción de grupos y miembros falsos que se acepta, para «resguardo»."
        ).help
    )
    var rate = 0.05

    @Option(
        help: Text(
            en: "Table of kind (account, domain, object) and value that may be shared together.",
            es: "Tabla de kind (account, domain, object) y value que se pueden difundir a la vez."
        ).help,
        completion: .file()
    )
    var allow: String?

    @Option(
        help: Text(
            en: "Directory for the tables.",
            es: "Directorio para las tablas."
        ).help,
        completion: .directory
    )
    var output: String?

    @Option(
        help: Text(
            en: "Further files: csv, json, svg, stix, case, or all (with commas).",
            es: "Más archivos: csv, json, svg, stix, case, o all (con comas)."
        ).help
    )
    var format = DetectionFormats()

    @Option(
        help: Text(
            en: "What does the work: this machine, or Apache Spark.",
            es: "Quién hace el trabajo: esta máquina, o Apache Spark."
        ).help
    )
    var engine = Engine.local

    @Option(
        help: Text(
            en: "Spark's master, such as local[2] or spark://HOST:7077.",
            es: "El maestro de Spark, como local[2] o spark://HOST:7077."
        ).help
    )
    var master: String?

    @Flag(
        help: Text(
            en: "Write edges.csv and networks.json only.",
            es: "Escribir solo edges.csv y networks.json."
        ).help
    )
    var edgesOnly = false

    @Flag(
        help: Text(
            en: "Skip and count malformed records.",
            es: "Omitir y contar registros mal formados."
        ).help
    )
    var lenient = false

    func run(in context: Context) throws -> Outcome {
        guard output != nil || format.names.isEmpty else {
            throw Failure(
                .usage,
                Text(en: "--format needs --output", es: "--format necesita --output")
            )
        }
        guard fast == nil || rule == .coortweet else {
            throw Failure(
                .usage,
                Text(
                    en: "--fast is of the rule “coortweet”",
                    es: "--fast es de la regla «coortweet»"
                )
            )
        }
        guard minSimilarity == nil && maxSharers == nil && pruneBelow == nil || rule == .tfidf
        else {
            throw Failure(
                .usage,
                Text(
                    en: "--min-similarity, --max-sharers and --prune-below are of the rule “tfidf”",
                    es: "--min-similarity, --max-sharers y --prune-below son de la regla «tfidf»"
                )
            )
        }
        try checkEngine()
        // Said before the work, not after it.
        if format.contains(.svg) { _ = try NetworkLayout() }
        return try by.list.count > 1 ? detectInLayers(context) : found(context).outcome
    }

    /// Detects in one layer.
    func found(_ context: Context) throws -> Found {
        switch rule {
        case .coortweet: break
        case .resguardo: return try detectByTiming(context)
        case .tfidf: return try detectByCosine(context)
        case .toolkit: return try detectByToolkit(context)
        }
        let spark = try sparkDetection(context)
        let detection = try FeedFileFailure.naming(input) {
            let rule = try CoShareRule(
                windowSeconds: windowSeconds,
                minimumParticipation: participation,
                edgeWeightQuantile: edgeWeight ?? 0.5
            )
            if let spark { return try spark.detection(by: rule) }
            return try CoShareDetection(
                in: read(context),
                by: rule,
                fastSeconds: fast,
                cores: .allCores
            )
        }
        let json = provenance(detection.json)
        if let output { try write(detection, json, to: output) }
        let outcome = Outcome(json: json, lines: lines(detection, context.language))
        return Found(outcome: outcome) { detection.networks }
    }

    /// The window of the rule, unless another was asked for.
    var windowSeconds: Int64 { window ?? (rule == .coortweet ? 10 : 60) }

    /// The least shares of an account, the same.
    var participation: Int {
        minParticipation ?? (rule == .coortweet ? 2 : rule == .tfidf ? 20 : 3)
    }

    /// The shares of one layer, without those that `--allow` takes out.
    func read(_ context: Context) throws -> ShareInput {
        try ShareSource(path: input, layer: by.first, allow: allow, isLenient: lenient)
            .read(context)
    }

    private func write(
        _ detection: CoShareDetection,
        _ json: JSONValue,
        to directory: String
    ) throws {
        try FeedFiles.makeDirectory(directory)
        let tables = detection.tables
        func write(_ name: String, _ content: (([UInt8]) throws -> Void) throws -> Void) throws {
            try FeedFiles.write("\(directory)/\(name)", content)
        }
        try write("edges.csv") { try tables.writeEdges(to: $0) }
        if !edgesOnly {
            try write("pairs.csv") { try tables.writePairs(to: $0) }
            try write("account_stats.csv") { try tables.writeAccountStatistics(to: $0) }
            try write("group_stats.csv") { try tables.writeObjectStatistics(to: $0) }
            if let fast = detection.fast {
                try write("context.csv") { try tables.writeContext(of: fast, to: $0) }
            }
        }
        try self.write(json, detection.graph, to: directory) { detection.networks }
    }

    private func lines(_ detection: CoShareDetection, _ language: Language) -> [String] {
        let shares = detection.found.shares
        let window = detection.found.rule.windowSeconds
        let summary = Text(
            en: "\(detection.shareCount) shares, \(detection.pairCount) pairs within "
                + "\(window) s, \(detection.network.edges.count) edges, "
                + "\(detection.strongEdgeCount) over the threshold, "
                + "\(detection.components.count) networks",
            es: "\(detection.shareCount) difusiones, \(detection.pairCount) pares en "
                + "\(window) s, \(detection.network.edges.count) aristas, "
                + "\(detection.strongEdgeCount) sobre el umbral, "
                + "\(detection.components.count) redes"
        )
        let largest = detection.components.prefix(10).enumerated().map { index, network in
            let names = network.accounts.prefix(4).map { shares.accounts.text($0) }
            let rest = network.accounts.count > 4 ? ", …" : ""
            let text = Text(
                en: "network \(index + 1): \(network.accounts.count) accounts, "
                    + "\(network.edgeCount) edges, weight \(network.weight): ",
                es: "red \(index + 1): \(network.accounts.count) cuentas, "
                    + "\(network.edgeCount) aristas, peso \(network.weight): "
            )
            return "  " + text[language] + names.joined(separator: ", ") + rest
        }
        return [summary[language]] + largest
    }
}
