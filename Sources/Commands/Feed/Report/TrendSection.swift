// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings

/// What `feed trends` found, on a page: the form of Probox's tables, with intervals.
struct TrendSection {
    /// The most topics in the table and the chart.
    private static let topicCountMax = 30

    let run: FindingsRun

    /// A topic as its row says.
    struct Topic {
        let name: String
        let cells: [String]
        let share: Double
        let interval: ClosedRange<Double>?
    }

    /// Adds the section.
    ///
    /// - Returns: Its chart, for a file beside the page; `nil` without topics.
    /// - Throws: A ``Failure`` of a table.
    func add(to page: inout ReportPage) throws -> [UInt8]? {
        let name = run.name
        page.begin(Text(en: "Trends: \(name)", es: "Tendencias: \(name)"))
        page.say(
            Text(
                en: "Inorganic are posts of accounts that were found to coordinate, and senseless "
                    + "posts that were deleted within the hour. The interval (95 %) holds the "
                    + "errors of sampling accounts, not those of the judgement: accounts that "
                    + "coordinate without being found are not in it.",
                es: "No orgánicas son las publicaciones de cuentas que se hallaron coordinadas, y "
                    + "las publicaciones sin sentido borradas en menos de una hora. El intervalo "
                    + "(95 %) abarca los errores del muestreo de cuentas, no los del juicio: las "
                    + "cuentas que se coordinan sin que se las halle no están en él."
            )
        )
        var topics: [Topic] = []
        var count = 0
        try run.rows("topics.csv") { row in
            count += 1
            if topics.count < Self.topicCountMax { topics.append(Self.topic(row)) }
            return true
        }
        page.say(
            Text(
                en: "\(count) topics; the \(topics.count) with most posts:",
                es: "\(count) temas; los \(topics.count) con más publicaciones:"
            )
        )
        page.tabulate(Self.header, topics.map(\.cells))
        let chart = topics.isEmpty ? nil : ShareChart(topics, language: page.language).svg
        if let chart {
            let says = Text(
                en: "Inorganic share of each topic, with its interval",
                es: "Proporción no orgánica de cada tema, con su intervalo"
            )
            page.draw(chart, from: "\(name)-shares.svg", says)
        }
        try addPromoters(to: &page)
        return chart
    }

    private static let header = [
        Text(en: "topic", es: "tema"), Text(en: "posts", es: "publicaciones"),
        Text(en: "accounts", es: "cuentas"), Text(en: "first promoted by", es: "promovido por"),
        Text(en: "inorganic", es: "no orgánico"), Text(en: "interval", es: "intervalo"),
        Text(en: "coordinated", es: "coordinadas"), Text(en: "ephemeral", es: "efímeras"),
        Text(en: "gone within the hour", es: "borradas en una hora"),
        Text(en: "officials' posts", es: "de autoridades"), Text(en: "bursts", es: "estallidos"),
        Text(en: "from", es: "desde"), Text(en: "to", es: "hasta"),
    ]

    private static func topic(_ row: FindingsRow) -> Topic {
        let share = Double(row["inorganic_share"]) ?? 0
        var interval: ClosedRange<Double>?
        if let low = Double(row["inorganic_low"]), let high = Double(row["inorganic_high"]),
            low <= high
        {
            interval = low...high
        }
        let span = interval.map { range in
            "\(ReportPage.percent(range.lowerBound)) – \(ReportPage.percent(range.upperBound))"
        }
        let cells = [
            "#" + row["topic"], row["posts"], row["accounts"], row["promoter"],
            ReportPage.percent(share), span ?? "", row["coordinated_posts"],
            row["ephemeral_posts"], row["gone_within_hour"], row["official_posts"], row["bursts"],
            Int64(row["from"]).map(ReportPage.moment) ?? "",
            Int64(row["to"]).map(ReportPage.moment) ?? "",
        ]
        return Topic(name: "#" + row["topic"], cells: cells, share: share, interval: interval)
    }

    private func addPromoters(to page: inout ReportPage) throws {
        var rows: [[String]] = []
        try run.rows("promoters.csv") { row in
            let nobody = Text(en: "nobody known", es: "nadie conocido")[page.language]
            let promoter = row["promoter"]
            rows.append([
                promoter.isEmpty ? nobody : promoter, row["topics"], row["posts"],
                Double(row["share_of_posts"]).map(ReportPage.percent) ?? "",
                Double(row["mean_inorganic_share"]).map(ReportPage.percent) ?? "",
            ])
            return rows.count < Self.topicCountMax
        }
        let header = [
            Text(en: "first promoted by", es: "promovidos por"), Text(en: "topics", es: "temas"),
            Text(en: "posts", es: "publicaciones"),
            Text(en: "share of all posts", es: "proporción de todas"),
            Text(en: "inorganic on average", es: "no orgánico en promedio"),
        ]
        page.tabulate(header, rows)
    }
}
