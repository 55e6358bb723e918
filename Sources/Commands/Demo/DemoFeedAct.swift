// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Feed

/// Fourth act: the same feed, ranked without and with what the registry knows.
struct DemoFeedAct {
    /// How many posts each ranking shows.
    private static let rowCount = "8"

    let stage: DemoStage

    /// Plays the act.
    ///
    /// - Returns: The best place of each kind of post, before and after.
    func play() throws -> [DemoPlace] {
        stage.act(Text(en: "The feed", es: "El muro"))
        stage.tell(
            Text(
                en: "A day in the valley, invented: warnings, songs, propaganda, a paid campaign.",
                es:
                    "Un día en el valle, inventado: avisos, corridos, propaganda, una campaña "
                    + "pagada."
            )
        )
        let moment = ["--as-of", DemoDay.feed]
        try stage.type(["feed", "sample", "--output", "feed.csv"] + moment)
        try stage.type(
            ["feed", "import", "feed.csv", "--output", "feed.sqlite"]
        )
        try stage.type(["feed", "detect", "feed.sqlite", "--output", "networks"])
        stage.tell(
            Text(
                en: "By reactions alone, whoever shouts together is on top.",
                es: "Solo por reacciones, arriba queda quien grita en coro."
            )
        )
        let before = ["feed", "rank", "feed.sqlite", "--policy", "preset:engagement"] + moment
        try stage.type(before + ["--limit", Self.rowCount])
        stage.tell(
            Text(
                en: "With the registry's snapshot and the default policy:",
                es: "Con la instantánea del registro y la política predeterminada:"
            )
        )
        let known =
            ["--snapshot", "snapshot.age", "--trust", "trust.json"]
            + ["--identity", "platform.key"]
        let after = ["feed", "rank", "feed.sqlite"] + known + moment
        try stage.type(after + ["--limit", Self.rowCount])
        let rankedBefore = try ranks(stage.ask(before + ["--limit", "0"]))
        let rankedAfter = try ranks(stage.ask(after + ["--limit", "0"]))
        try explain(rankedAfter, known + moment)
        let kinds = DemoFeed(seed: 1, endingAt: try endOfFeed()).kinds
        return DemoFeed.Kind.allCases.compactMap { kind in
            let posts = kinds.filter { $0.value == kind }.map(\.key)
            guard let old = posts.compactMap({ rankedBefore[$0] }).min(),
                let new = posts.compactMap({ rankedAfter[$0] }).min()
            else { return nil }
            return DemoPlace(kind: kind, before: old, after: new)
        }
    }

    private func endOfFeed() throws -> Int64 {
        guard let end = Timestamp(parsing: DemoDay.feed) else {
            throw DemoStage.missing(DemoDay.feed)
        }
        return end.seconds
    }

    /// Why the best post of the network stands where it stands.
    private func explain(_ ranks: [String: Int], _ options: [String]) throws {
        let kinds = DemoFeed(seed: 1, endingAt: try endOfFeed()).kinds
        let demoted = ranks.filter { kinds[$0.key] == .propaganda }.min { $0.value < $1.value }
        guard let demoted else { return }
        stage.tell(
            Text(
                en: "Every demotion says its rule, its evidence, its end, and who hears appeals.",
                es: "Cada descenso dice su regla, su evidencia, su fin y quién oye apelaciones."
            )
        )
        try stage.type(["feed", "explain", "feed.sqlite", demoted.key] + options)
    }

    private func ranks(_ document: JSONValue) throws -> [String: Int] {
        var ranks: [String: Int] = [:]
        for post in document["posts"]?.array ?? [] {
            guard let name = post["post"]?.string, let rank = post["places"]?["policy"]?.integer
            else {
                throw DemoStage.missing("posts.places")
            }
            ranks[name] = Int(rank)
        }
        return ranks
    }
}

/// Where the best post of a kind stands, before and after.
struct DemoPlace {
    let kind: DemoFeed.Kind
    let before: Int
    let after: Int

    /// What the kind is called.
    var name: Text {
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
}
