// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Feed
import SnapshotFormat

/// A ranking as a table and as a document.
enum FeedReport {
    private static let accountColumns = 22
    private static let textColumns = 48

    /// The table for people.
    static func table(_ ranking: Ranking, _ shown: [RankedPost], _ language: Language) -> [String] {
        let time = Timestamp(seconds: ranking.asOf).minutes
        let head = Text(
            en: "\(ranking.posts.count) posts as of \(time), policy sha256 "
                + "\(ranking.policyDigest.prefix(16))…",
            es: "\(ranking.posts.count) publicaciones al \(time), política sha256 "
                + "\(ranking.policyDigest.prefix(16))…"
        )
        let columns = Text(
            en: row("place", "score", "time", "reactions", "account", "what decided"),
            es: row("lugar", "puntaje", "tiempo", "reacciones", "cuenta", "qué decidió")
        )
        let rows = shown.map { ranked in
            row(
                "\(ranked.rank)",
                number(ranked.score, digits: 3),
                "\(ranked.chronologicalRank)",
                "\(ranked.engagementRank)",
                ranked.post.account,
                mark(ranked, language) + " " + ranked.post.text
            )
        }
        return [head[language], columns[language]] + rows
    }

    private static func row(
        _ rank: String,
        _ score: String,
        _ time: String,
        _ engagement: String,
        _ account: String,
        _ text: String
    ) -> String {
        [
            pad(rank, 5, isRight: true), pad(score, 7, isRight: true),
            pad(time, 6, isRight: true), pad(engagement, 10, isRight: true),
            pad(account, accountColumns), cut(text, textColumns),
        ].joined(separator: "  ")
    }

    /// One sign for what the rules did.
    static func mark(_ ranked: RankedPost, _ language: Language) -> String {
        if ranked.needsReview { return Text(en: "[review]", es: "[revisar]")[language] }
        let value = ranked[.visibility]?.value ?? 1
        if value < 1 { return Text(en: "[limited]", es: "[limitada]")[language] }
        let source = ranked[.source]?.reasons.contains { reason in
            if case .vouched = reason { true } else { false }
        }
        return source == true ? Text(en: "[vouched]", es: "[avalada]")[language] : "·"
    }

    /// A text in so many columns, cut or filled.
    static func pad(_ text: String, _ width: Int, isRight: Bool = false) -> String {
        let short = cut(text, width)
        let filling = String(repeating: " ", count: max(0, width - short.count))
        return isRight ? filling + short : short + filling
    }

    /// A text in at most so many columns, on one line.
    static func cut(_ text: String, _ width: Int) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count <= width ? line : line.prefix(width - 1) + "…"
    }

    /// A number with a fixed count of decimals.
    static func number(_ value: Double, digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (value * scale).rounded()
        guard scaled < 1e15 else { return "\(value)" }
        let whole = Int64(scaled)
        let unit = Int64(scale)
        let fraction = String(whole % unit)
        let zeros = String(repeating: "0", count: max(0, digits - fraction.count))
        return "\(whole / unit).\(zeros)\(fraction)"
    }

    /// The document for programs.
    ///
    /// Numbers with a fraction are texts that read back exactly.
    static func json(_ ranking: Ranking, _ shown: [RankedPost]) -> JSONValue {
        [
            "asOf": .integer(ranking.asOf),
            "coordinatedNetworks": .array(ranking.groups.map(json)),
            "policySha256": .string(ranking.policyDigest),
            "postCount": .integer(Int64(ranking.posts.count)),
            "posts": .array(shown.map(json)),
        ]
    }

    private static func json(_ group: CoordinatedGroup) -> JSONValue {
        [
            "accounts": .array(group.accounts.map { .string($0) }),
            "edges": .integer(Int64(group.edgeCount)),
            "from": .integer(group.times.lowerBound),
            "objects": .integer(Int64(group.objectCount)),
            "pairs": .integer(Int64(group.pairCount)),
            "to": .integer(group.times.upperBound),
            "windowSeconds": .integer(group.windowSeconds),
        ]
    }

    private static func json(_ ranked: RankedPost) -> JSONValue {
        var factors: [String: JSONValue] = [:]
        for factor in ranked.factors {
            factors[factor.kind.rawValue] = [
                "reasons": .array(factor.reasons.map(json)),
                "value": .string("\(factor.value)"),
            ]
        }
        return [
            "account": .string(ranked.post.account),
            "factors": .object(factors),
            "needsReview": .boolean(ranked.needsReview),
            "places": [
                "chronological": .integer(Int64(ranked.chronologicalRank)),
                "engagement": .integer(Int64(ranked.engagementRank)),
                "policy": .integer(Int64(ranked.rank)),
            ],
            "platform": .string(ranked.post.platform),
            "post": .string(ranked.post.name),
            "score": .string("\(ranked.score)"),
            "time": .integer(ranked.post.time),
        ]
    }

    /// A reason with its evidence and its end.
    private static func json(_ reason: FactorReason) -> JSONValue {
        switch reason {
        case .vouched(let standing): return json(standing, rule: "source/vouched")
        case .interrupted(let standing): return json(standing, rule: "source/interrupted")
        case .paidIsWorthNothing: return ["rule": "source/paid"]
        case .imageOnly: return ["rule": "quality/image-only"]
        case .informative: return ["rule": "quality/informative"]
        case .designated(let standing): return json(standing, rule: "visibility/designated")
        case .designationUnsure(let standing):
            return json(standing, rule: "visibility/designation-unsure")
        case .limited(let limit):
            return [
                "evidence": .array(limit.evidence.map { .string(Hex.encode($0)) }),
                "reason": .string(limit.reason),
                "rule": "visibility/limited",
                "until": .integer(limit.validity.upperBound),
            ]
        case .coordinated(let group, let number, let end):
            return [
                "network": .integer(Int64(number)),
                "objects": .integer(Int64(group.objectCount)),
                "pairs": .integer(Int64(group.pairCount)),
                "rule": "visibility/coordinated",
                "until": .integer(end),
            ]
        case .trustedFloor: return ["rule": "floors/trusted"]
        case .review: return ["rule": "review"]
        }
    }

    private static func json(_ standing: SourceStanding, rule: String) -> JSONValue {
        var members: [String: JSONValue] = [
            "rule": .string(rule),
            "state": .string(standing.state.rawValue),
            "subject": .string(Hex.encode(standing.subject)),
            "tier": .string(standing.tier.name),
        ]
        members["until"] = standing.period.until.map { .integer($0) }
        return .object(members)
    }

    private static func json(_ standing: DesignationStanding, rule: String) -> JSONValue {
        [
            "confidence": .integer(Int64(standing.confidence)),
            "evidence": .array(standing.evidence.map { .string(Hex.encode($0)) }),
            "network": .string(standing.name),
            "passed": .string(standing.rule),
            "rule": .string(rule),
            "severity": .string(standing.severity.rawValue),
            "until": .integer(standing.validity.upperBound),
        ]
    }
}
