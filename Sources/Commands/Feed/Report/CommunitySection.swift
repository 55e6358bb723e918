// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What `feed communities` found, on a page.
struct CommunitySection {
    /// The most communities and thresholds in the tables, and names in a row.
    private static let communityCountMax = 24
    private static let stepCountMax = 50
    private static let nameCountMax = 12

    let run: FindingsRun

    /// A community: how many accounts, how many of each degree, and the first names.
    private struct Community {
        var accountCount = 0
        var degreeMax = 0.0
        var names: [String] = []
    }

    /// Adds the section.
    ///
    /// - Throws: A ``Failure`` of a table.
    func add(to page: inout ReportPage) throws {
        page.begin(Text(en: "Communities: \(run.name)", es: "Comunidades: \(run.name)"))
        let communities = try communities()
        page.say(
            Text(
                en: "\(communities.count) communities, accounts that hang together more closely "
                    + "than with the rest of the network. A community is a way to look at a "
                    + "network, and no evidence. The degree is the greatest weight of edges up to "
                    + "which an account is still in one.",
                es: "\(communities.count) comunidades: cuentas más unidas entre sí que con el "
                    + "resto de la red. Una comunidad es una manera de mirar una red, y no una "
                    + "prueba. El grado es el mayor peso de aristas hasta el que una cuenta sigue "
                    + "en una."
            )
        )
        let rows = communities.prefix(Self.communityCountMax).enumerated().map { index, each in
            let more = each.accountCount - min(each.names.count, Self.nameCountMax)
            let names = each.names.prefix(Self.nameCountMax).joined(separator: ", ")
            return [
                "\(index + 1)", "\(each.accountCount)",
                FeedReport.number(each.degreeMax, digits: 3),
                more > 0 ? "\(names) + \(more)" : names,
            ]
        }
        page.tabulate(Self.communityHeader, Array(rows))
        page.tabulate(Self.stepHeader, try steps())
    }

    private static let communityHeader = [
        Text(en: "community", es: "comunidad"), Text(en: "accounts", es: "cuentas"),
        Text(en: "greatest degree", es: "grado mayor"), Text(en: "who", es: "quiénes"),
    ]

    private static let stepHeader = [
        Text(en: "edges of weight", es: "aristas de peso"), Text(en: "edges", es: "aristas"),
        Text(en: "accounts", es: "cuentas"), Text(en: "communities", es: "comunidades"),
        Text(en: "accounts in them", es: "cuentas en ellas"),
        Text(en: "modularity", es: "modularidad"),
    ]

    /// The communities in the order of their numbers.
    private func communities() throws -> [Community] {
        var communities: [Int: Community] = [:]
        try run.rows("communities.csv") { row in
            guard let number = Int(row["community"]) else { return true }
            var community = communities[number] ?? Community()
            community.accountCount += 1
            community.degreeMax = max(community.degreeMax, Double(row["degree"]) ?? 0)
            if community.names.count < Self.nameCountMax {
                community.names.append(row["account_id"])
            }
            communities[number] = community
            return true
        }
        return communities.sorted { $0.key < $1.key }.map(\.value)
    }

    private func steps() throws -> [[String]] {
        var rows: [[String]] = []
        try run.rows("sweep.csv") { row in
            rows.append([
                "≥ " + row["threshold"], row["edges"], row["accounts"], row["communities"],
                row["grouped_accounts"],
                Double(row["modularity"]).map { FeedReport.number($0, digits: 3) } ?? "",
            ])
            return rows.count < Self.stepCountMax
        }
        return rows
    }
}
