// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BulkCrypto
import Encodings
import Feed

/// `resguardo feed trends`.
struct FeedTrendsCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "trends",
        abstract: Text(
            en: "Who made each hashtag, how much of it is inorganic, when it burst.",
            es: "Quién hizo cada etiqueta, cuánto no es orgánico, cuándo estalló."
        ).local,
        discussion: Text(
            en: """
                Inorganic are posts of accounts that `feed detect` found to coordinate \
                (--networks), and senseless posts that were deleted within the hour where a topic \
                has enough of them. --actors names officials, parties and newsrooms; the class \
                “official” is told by itself. Writes topics.csv, actors.csv, bursts.csv, \
                promoters.csv, trends.json and provenance.json.
                """,
            es: """
                No orgánicas son las publicaciones de cuentas que `feed detect` halló \
                coordinadas (--networks), y las publicaciones sin sentido borradas en menos de \
                una hora, si una etiqueta tiene bastantes. --actors nombra autoridades, partidos \
                y medios; la clase «official» se cuenta aparte. Escribe topics.csv, actors.csv, \
                bursts.csv, promoters.csv, trends.json y provenance.json.
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
            en: "Table of account_id and class.",
            es: "Tabla de account_id y class."
        ).help,
        completion: .file()
    )
    var actors: String?

    @Option(
        help: Text(
            en: "The networks.json of `feed detect`.",
            es: "El networks.json de `feed detect`."
        ).help,
        completion: .file()
    )
    var networks: String?

    @Option(
        help: Text(
            en: "Posts that a topic needs.",
            es: "Publicaciones que una etiqueta necesita."
        ).help
    )
    var minPosts = 20

    @Option(
        help: Text(
            en: "Seconds of a batch in which bursts are looked for.",
            es: "Segundos de un lote en que se buscan estallidos."
        ).help
    )
    var batchSeconds: Int64 = 3600

    @Option(
        help: Text(en: "Directory for the tables.", es: "Directorio para las tablas.").help,
        completion: .directory
    )
    var output: String?

    func run(in context: Context) throws -> Outcome {
        guard minPosts >= 1, (1...31_536_000).contains(batchSeconds) else {
            throw Failure(
                .usage,
                Text(
                    en: "--min-posts is at least 1, --batch-seconds from 1 second to a year",
                    es: "--min-posts es al menos 1, --batch-seconds de 1 segundo a un año"
                )
            )
        }
        var inputs: [String: JSONValue] = [:]
        func read(_ path: String, _ name: String, _ countMax: Int) throws -> [UInt8] {
            let bytes = try FeedFiles.read(path, byteCountMax: countMax)
            inputs[name] = .string(Hex.encode(SHA256.hash(bytes)))
            return bytes
        }
        var classes = ActorClasses()
        if let actors {
            let bytes = try read(actors, "actors", ActorClasses.byteCountMax)
            classes = try FeedFileFailure.naming(actors) { try ActorClasses(csv: bytes) }
        }
        var coordinated: Set<String> = []
        if let networks {
            let bytes = try read(networks, "networks", DetectedAccounts.byteCountMax)
            guard let found = DetectedAccounts.read(bytes) else {
                throw Failure(
                    .failed,
                    Text(
                        en: "\(networks) is no networks.json",
                        es: "\(networks) no es un networks.json"
                    )
                )
            }
            coordinated = found
        }
        var rule = TrendAnalysis.Rule()
        (rule.postCountMin, rule.batchSeconds) = (minPosts, batchSeconds)
        let (analysis, sources) = try FeedFileFailure.naming(input) {
            let dataset = try Dataset(path: input, isCreated: false)
            let analysis = try TrendAnalysis(
                of: dataset,
                classes,
                networks: coordinated,
                rule: rule
            )
            return (analysis, try dataset.sources())
        }
        inputs["sources"] = .array(sources.map { .string($0) })
        var json = analysis.json.object ?? [:]
        json["command"] = .string(commandLine)
        json["data"] = .object(inputs)
        if let output { try write(analysis, .object(json), to: output) }
        return Outcome(json: .object(json), lines: lines(analysis, context.language))
    }

    private func write(_ analysis: TrendAnalysis, _ json: JSONValue, to output: String) throws {
        try FeedFiles.makeDirectory(output)
        let files = [
            "topics.csv": analysis.topicTable, "actors.csv": analysis.actorTable,
            "bursts.csv": analysis.burstTable, "promoters.csv": analysis.promoterTable,
            "trends.json": json.canonicalBytes + [UInt8(ascii: "\n")],
        ]
        try FeedFiles.write(files, to: output)
        try FeedProvenance.write(json, of: Set(files.keys), to: output)
    }

    /// The line that makes the files again.
    private var commandLine: String {
        var words = ["resguardo", "feed", "trends", FeedProvenance.name(of: input)]
        if let actors { words += ["--actors", FeedProvenance.name(of: actors)] }
        if let networks { words += ["--networks", FeedProvenance.name(of: networks)] }
        words += ["--min-posts", "\(minPosts)", "--batch-seconds", "\(batchSeconds)"]
        return (words + ["--output", "trends"]).joined(separator: " ")
    }

    private func lines(_ analysis: TrendAnalysis, _ language: Language) -> [String] {
        let head = Text(
            en: "\(analysis.topics.count) topics, \(analysis.postCount) posts",
            es: "\(analysis.topics.count) etiquetas, \(analysis.postCount) publicaciones"
        )
        let topics = analysis.topics.prefix(10).map { topic in
            let text = Text(
                en: "#\(topic.name): \(topic.postCount) posts of \(topic.accountCount) accounts, "
                    + "inorganic \(share(topic)), bursts \(topic.bursts.count)",
                es: "#\(topic.name): \(topic.postCount) publicaciones de \(topic.accountCount) "
                    + "cuentas, no orgánico \(share(topic)), estallidos \(topic.bursts.count)"
            )
            return "  " + text[language]
        }
        let promotions = analysis.promotions.map { promotion in
            let part = percent(Double(promotion.postCount) / Double(analysis.postCount))
            let mean = percent(promotion.meanInorganicShare)
            let name = Text(
                en: promotion.promoter ?? "nobody known",
                es: promotion.promoter ?? "nadie conocido"
            )
            return Text(
                en: "promoted by \(name.en): \(promotion.topicCount) topics, \(part) of posts, "
                    + "on average \(mean) inorganic",
                es: "promovidas por \(name.es): \(promotion.topicCount) etiquetas, \(part) de las "
                    + "publicaciones, en promedio \(mean) no orgánico"
            )[language]
        }
        return [head[language]] + topics + promotions
    }

    private func share(_ topic: TopicTrend) -> String {
        let text = percent(topic.inorganic.share)
        guard let interval = topic.inorganic.interval else { return text }
        return text + " [\(percent(interval.lowerBound)), \(percent(interval.upperBound))]"
    }

    private func percent(_ share: Double) -> String {
        FeedReport.number(share * 100, digits: 1) + " %"
    }
}
