// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Feed
import FeedKernels
import SnapshotFormat

/// The feed part of `resguardo demo`: a made-up feed, ranked without and with what is known.
struct FeedDemonstration {
    /// How many posts each table shows.
    private static let rowCount = 8

    /// The CSV file.
    let csvPath: String
    /// The dataset.
    let datasetPath: String
    /// The policy file.
    let policyPath: String
    /// By reactions alone, without the registry.
    let before: Ranking
    /// By the default policy and the snapshot.
    let after: Ranking
    private let kinds: [String: DemoFeed.Kind]

    /// Makes the feed and its dataset in a directory, and ranks it twice.
    ///
    /// - Parameters:
    ///   - directory: Where the files go; made if absent.
    ///   - snapshot: What the registry says, of ``DemoFeed/platform``'s accounts.
    ///   - now: The time of the last post, in seconds since 1970.
    ///   - seed: Decides the feed.
    /// - Throws: A ``Failure`` that names the file that could not be made.
    init(in directory: String, snapshot: Snapshot?, now: Int64, seed: UInt64 = 1) throws {
        csvPath = directory + "/feed.csv"
        datasetPath = directory + "/feed.sqlite"
        policyPath = directory + "/policy.yaml"
        let feed = DemoFeed(seed: seed, endingAt: now)
        kinds = feed.kinds
        try FeedFiles.makeDirectory(directory)
        let csv = feed.csv
        try FeedFiles.write(csvPath) { try $0(csv) }
        let policyText = Array(PolicyPreset.standard.text.utf8)
        try FeedFiles.write(policyPath) { try $0(policyText) }
        let path = datasetPath
        (before, after) = try FeedFileFailure.naming(path) {
            let dataset = try Dataset(path: path, isCreated: true)
            var pieces = [csv, []]
            _ = try dataset.add(
                { pieces.removeFirst() },
                format: .posts,
                platform: DemoFeed.platform,
                isLenient: false,
                time: now
            )
            let engagement = Ranker(
                policy: PolicyPreset.engagement.policy,
                snapshot: nil,
                asOf: now
            )
            let policy = Ranker(
                policy: PolicyPreset.standard.policy,
                snapshot: snapshot,
                asOf: now
            )
            return (
                try engagement.rank(dataset, cores: .allCores),
                try policy.rank(dataset, cores: .allCores)
            )
        }
    }

    /// The two tables and what changed, for people.
    func lines(_ language: Language) -> [String] {
        let titles = [
            Text(en: "By reactions alone", es: "Solo por reacciones"),
            Text(
                en: "With the registry and the default policy",
                es: "Con el registro y la política predeterminada"
            ),
        ]
        var lines: [String] = []
        for (title, ranking) in zip(titles, [before, after]) {
            lines.append(title[language] + ":")
            lines += ranking.posts.prefix(Self.rowCount).map { row($0, language) }
            lines.append("")
        }
        lines += changes(language)
        return lines
    }

    private func row(_ ranked: RankedPost, _ language: Language) -> String {
        let post = ranked.post
        return [
            FeedReport.pad("\(ranked.rank)", 4, isRight: true), FeedReport.pad(post.account, 22),
            FeedReport.mark(ranked, language), FeedReport.cut(post.text, 50),
        ].joined(separator: "  ")
    }

    /// Where the best post of each kind went.
    private func changes(_ language: Language) -> [String] {
        DemoFeed.Kind.allCases.compactMap { kind in
            guard let old = best(kind, before), let new = best(kind, after) else { return nil }
            let count = before.posts.count
            let text = Text(
                en: "\(Self.name(kind).en): best place \(old) before, \(new) after, of \(count)",
                es: "\(Self.name(kind).es): mejor lugar \(old) antes, \(new) después, de \(count)"
            )
            return text[language]
        }
    }

    private func best(_ kind: DemoFeed.Kind, _ ranking: Ranking) -> Int? {
        ranking.posts.first { kinds[$0.post.name] == kind }?.rank
    }

    private static func name(_ kind: DemoFeed.Kind) -> Text {
        switch kind {
        case .trusted: Text(en: "trusted anonymous source", es: "fuente anónima confiable")
        case .press: Text(en: "press", es: "prensa")
        case .propaganda:
            Text(en: "propaganda and recruitment", es: "propaganda y reclutamiento")
        case .campaign: Text(en: "coordinated campaign", es: "campaña coordinada")
        case .culture: Text(en: "songs, fashion, jokes", es: "corridos, moda, bromas")
        case .people: Text(en: "everybody else", es: "demás personas")
        }
    }

    /// The best place of each kind before and after, for programs.
    var json: JSONValue {
        var places: [String: JSONValue] = [:]
        for kind in DemoFeed.Kind.allCases {
            guard let old = best(kind, before), let new = best(kind, after) else { continue }
            places[kind.rawValue] = ["after": .integer(Int64(new)), "before": .integer(Int64(old))]
        }
        return [
            "bestPlaces": .object(places),
            "dataset": .string(datasetPath),
            "feed": .string(csvPath),
            "policy": .string(policyPath),
            "policySha256": .string(after.policyDigest),
            "posts": .integer(Int64(after.posts.count)),
        ]
    }
}
