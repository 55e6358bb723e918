// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Feed
import FeedKernels
import Storage

/// `resguardo feed rank`.
struct FeedRankCommand: ResguardoCommand, ReadsAsOf {
    static let configuration = CommandConfiguration(
        commandName: "rank",
        abstract: Text(
            en: "Order the posts of a dataset by a policy.",
            es: "Ordenar las publicaciones de un conjunto según una política."
        ).local,
        discussion: Text(
            en: """
                score = engagement prediction × recency × source × quality × visibility. Beside \
                each post stand its places by time alone and by engagement alone.
                """,
            es: """
                puntaje = predicción × actualidad × fuente × calidad × visibilidad. Junto a cada \
                publicación están sus lugares por tiempo y por interacción solamente.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var policy: PolicyOptions
    @OptionGroup var snapshot: SnapshotOptions

    @Argument(
        help: Text(en: "A dataset.", es: "Un conjunto de datos.").help,
        completion: .file()
    )
    var dataset: String

    @Option(
        help: Text(
            en: "How many posts to show; 0 for all.",
            es: "Cuántas publicaciones mostrar; 0 para todas."
        ).help
    )
    var limit = 20

    func run(in context: Context) throws -> Outcome {
        guard limit >= 0 else {
            throw Failure(
                .usage,
                Text(en: "--limit is 0 or more", es: "--limit es 0 o más")
            )
        }
        let ranking = try FeedRanking.make(
            dataset: dataset,
            policy: policy,
            snapshot: snapshot,
            in: context
        )
        let count = limit == 0 ? ranking.posts.count : limit
        let shown = Array(ranking.posts.prefix(count))
        return Outcome(
            json: FeedReport.json(ranking, shown),
            lines: FeedReport.table(ranking, shown, context.language)
        )
    }
}

/// `resguardo feed explain`.
struct FeedExplainCommand: ResguardoCommand, ReadsAsOf {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: Text(
            en: "Say why a post stands where it stands.",
            es: "Decir por qué una publicación está donde está."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var policy: PolicyOptions
    @OptionGroup var snapshot: SnapshotOptions

    @Argument(
        help: Text(en: "A dataset.", es: "Un conjunto de datos.").help,
        completion: .file()
    )
    var dataset: String

    @Argument(help: Text(en: "The post's identifier.", es: "El identificador.").help)
    var post: String

    func run(in context: Context) throws -> Outcome {
        let ranking = try FeedRanking.make(
            dataset: dataset,
            policy: policy,
            snapshot: snapshot,
            in: context
        )
        guard let ranked = ranking.posts.first(where: { $0.post.name == post }) else {
            throw FeedFileFailure(path: dataset, error: .postUnknown(post))
        }
        let appeal = try policy.read().appeal
        return Outcome(
            json: FeedReport.json(ranking, [ranked]),
            lines: FeedExplanation(ranked, of: ranking, appeal: appeal).lines(context.language)
        )
    }
}

/// What `rank` and `explain` have in common.
enum FeedRanking {
    static func make(
        dataset path: String,
        policy: PolicyOptions,
        snapshot: SnapshotOptions,
        in context: Context
    ) throws -> Ranking {
        let ranker = Ranker(
            policy: try policy.read(),
            snapshot: try snapshot.open(in: context),
            asOf: context.now
        )
        // Opened as any file first, for the clearer message when it cannot be.
        guard try FeedInput(path).isDatabase() else {
            throw FeedFileFailure(path: path, error: .dataset(.notADatabase))
        }
        return try FeedFileFailure.naming(path) {
            let dataset = try Dataset(path: path, isCreated: false)
            return try ranker.rank(dataset, cores: .allCores)
        }
    }
}
