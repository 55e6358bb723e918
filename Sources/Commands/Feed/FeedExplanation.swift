// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Feed
import SnapshotFormat

/// Why a post stands where it stands, in sentences.
struct FeedExplanation {
    private let ranked: RankedPost
    private let ranking: Ranking
    private let appeal: Text

    init(_ ranked: RankedPost, of ranking: Ranking, appeal: Policy.Appeal) {
        self.ranked = ranked
        self.ranking = ranking
        self.appeal = Text(en: appeal.en, es: appeal.es)
    }

    /// The sentences.
    func lines(_ language: Language) -> [String] {
        var lines = [place[language], product[language]]
        for factor in ranked.factors {
            for reason in factor.reasons {
                lines.append("  " + sentence(reason)[language])
            }
        }
        let isLimited = (ranked[.visibility]?.value ?? 1) < 1
        if isLimited && !appeal[language].isEmpty {
            let label = Text(en: "Appeal", es: "Apelación")
            lines.append("\(label[language]): \(appeal[language])")
        }
        let digest = ranking.policyDigest
        lines.append(
            Text(en: "Policy sha256: \(digest)", es: "Política sha256: \(digest)")[language]
        )
        return lines
    }

    private var place: Text {
        let post = ranked.post
        let time = Timestamp(seconds: ranking.asOf).minutes
        let count = ranking.posts.count
        return Text(
            en: "Post \(post.name) of \(post.account) stands at place \(ranked.rank) of \(count) "
                + "on \(time); by time alone at \(ranked.chronologicalRank), by reactions alone "
                + "at \(ranked.engagementRank).",
            es: "La publicación \(post.name) de \(post.account) ocupa el lugar \(ranked.rank) de "
                + "\(count) el \(time); solo por tiempo, el \(ranked.chronologicalRank); solo por "
                + "reacciones, el \(ranked.engagementRank)."
        )
    }

    private var product: Text {
        let values = ranked.factors.map { FeedReport.number($0.value, digits: 3) }
        let score = FeedReport.number(ranked.score, digits: 3)
        let english = zip(["prediction", "recency", "source", "quality", "visibility"], values)
        let spanish = zip(["predicción", "actualidad", "fuente", "calidad", "visibilidad"], values)
        func joined(_ pairs: Zip2Sequence<[String], [String]>) -> String {
            pairs.map { "\($0) \($1)" }.joined(separator: " × ")
        }
        return Text(
            en: "Its score is \(score) = \(joined(english)).",
            es: "Su puntaje es \(score) = \(joined(spanish))."
        )
    }

    private func sentence(_ reason: FactorReason) -> Text {
        switch reason {
        case .vouched(let standing): vouched(standing)
        case .interrupted(let standing):
            Text(
                en: "The registry knows this source, but its trust is interrupted "
                    + "(\(standing.state.rawValue)), so it is not raised.",
                es: "El registro conoce esta fuente, pero su confianza está interrumpida "
                    + "(\(standing.state.rawValue)); por eso no sube."
            )
        case .paidIsWorthNothing:
            Text(
                en: "The account pays for a badge; that is worth nothing here.",
                es: "La cuenta paga por una insignia; aquí eso no vale nada."
            )
        case .imageOnly:
            Text(
                en: "It is a picture with nearly no text.",
                es: "Es una imagen casi sin texto."
            )
        case .informative:
            Text(
                en: "It is a long text that names a place.",
                es: "Es un texto largo que nombra un lugar."
            )
        case .designated(let standing): designated(standing)
        case .designationUnsure(let standing):
            Text(
                en: "The account may belong to “\(standing.name)”, but confidence "
                    + "\(confidence(standing)) is not enough to act on: people decide.",
                es: "La cuenta podría pertenecer a «\(standing.name)», pero la confianza "
                    + "\(confidence(standing)) no basta para actuar: deciden personas."
            )
        case .limited(let limit): limited(limit)
        case .coordinated(let group, let number, let end):
            coordinated(group, number, Timestamp(seconds: end).minutes)
        case .trustedFloor(let floor):
            Text(
                en: "It is never lowered below \(FeedReport.number(floor, digits: 2)), because "
                    + "its source is attested.",
                es: "Nunca baja de \(FeedReport.number(floor, digits: 2)), porque su fuente está "
                    + "acreditada."
            )
        case .review:
            Text(
                en: "Evidence speaks against an attested source: nothing is done until people "
                    + "have decided.",
                es: "Hay evidencia contra una fuente acreditada: no se hace nada hasta que "
                    + "personas decidan."
            )
        }
    }

    private func vouched(_ standing: SourceStanding) -> Text {
        let end = standing.period.until.map { Timestamp(seconds: $0).minutes }
        let until = Text(
            en: end.map { ", until \($0)" } ?? "",
            es: end.map { ", hasta \($0)" } ?? ""
        )
        return Text(
            en: "Several constituencies vouch for this source in the registry (tier "
                + "\(standing.tier.name)\(until.en)); nobody here knows its name.",
            es: "Varios sectores avalan esta fuente en el registro (nivel "
                + "\(standing.tier.name)\(until.es)); nadie aquí conoce su nombre."
        )
    }

    private func designated(_ standing: DesignationStanding) -> Text {
        let end = Timestamp(seconds: standing.validity.upperBound).minutes
        let evidence = evidence(standing.evidence)
        let severity = GradeText.text(standing.severity.rawValue)
        return Text(
            en: "The account belongs to the designated network “\(standing.name)” (severity "
                + "\(severity.en), confidence \(confidence(standing)), rule "
                + "\(standing.rule)); evidence \(evidence); the limit ends on \(end).",
            es: "La cuenta pertenece a la red designada «\(standing.name)» (gravedad "
                + "\(severity.es), confianza \(confidence(standing)), regla "
                + "\(standing.rule)); evidencia \(evidence); el límite termina el \(end)."
        )
    }

    private func limited(_ limit: LimitRecord) -> Text {
        let end = Timestamp(seconds: limit.validity.upperBound).minutes
        let evidence = evidence(limit.evidence)
        return Text(
            en: "The registry limits the account (\(limit.reason)); evidence \(evidence); the "
                + "limit ends on \(end).",
            es: "El registro limita la cuenta (\(limit.reason)); evidencia \(evidence); el "
                + "límite termina el \(end)."
        )
    }

    private func coordinated(_ group: CoordinatedGroup, _ number: Int, _ end: String) -> Text {
        let from = Timestamp(seconds: group.times.lowerBound).minutes
        let to = Timestamp(seconds: group.times.upperBound).minutes
        return Text(
            en: "The account acted together with others: in network \(number), "
                + "\(group.accounts.count) accounts shared \(group.objectCount) things within "
                + "\(group.windowSeconds) s of each other \(group.pairCount) times between "
                + "\(from) and \(to); the limit ends on \(end).",
            es: "La cuenta actuó junto con otras: en la red \(number), "
                + "\(group.accounts.count) cuentas difundieron \(group.objectCount) cosas con "
                + "menos de \(group.windowSeconds) s entre sí \(group.pairCount) veces entre "
                + "\(from) y \(to); el límite termina el \(end)."
        )
    }

    private func confidence(_ standing: DesignationStanding) -> String {
        FeedReport.number(Double(standing.confidence) / 1000, digits: 2)
    }

    private func evidence(_ digests: [[UInt8]]) -> String {
        let names = digests.prefix(3).map { Hex.encode($0).prefix(16) + "…" }
        return names.isEmpty ? "–" : names.joined(separator: ", ")
    }
}
