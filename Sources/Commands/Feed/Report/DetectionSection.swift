// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings

/// What `feed detect` found, on a page.
struct DetectionSection {
    /// The most groups in the table.
    private static let groupCountMax = 24
    /// The most names of a group in its row.
    private static let nameCountMax = 12
    /// The groups whose meetings are shown, and how many of each.
    private static let shownGroupCountMax = 10
    private static let meetingCountMax = 3

    let run: FindingsRun
    private let document: JSONValue

    /// Reads the networks.
    ///
    /// - Throws: A ``Failure``.
    init(_ run: FindingsRun) throws {
        self.run = run
        document = try run.document("networks.json")
    }

    /// Adds the section.
    ///
    /// - Throws: A ``Failure`` of a table.
    func add(to page: inout ReportPage) throws {
        let name = run.name
        page.begin(Text(en: "Coordination: \(name)", es: "Coordinación: \(name)"))
        page.say(rule)
        let groups = try groups()
        page.say(counts(groups.count))
        page.tabulate(Self.header, groups.prefix(Self.groupCountMax).map(\.cells))
        if groups.count > Self.groupCountMax {
            page.say(
                Text(
                    en: "The \(Self.groupCountMax) largest are shown.",
                    es: "Se muestran los \(Self.groupCountMax) mayores."
                )
            )
        }
        guard !groups.isEmpty else { return }
        if let network = try run.picture("network.svg") {
            let says = Text(en: "The networks of \(name)", es: "Las redes de \(name)")
            page.draw(network, from: "\(name)/network.svg", says)
        }
        if let timing = try run.picture("timing.svg") {
            let says = Text(en: "When they met: \(name)", es: "Cuándo coincidieron: \(name)")
            page.draw(timing, from: "\(name)/timing.svg", says)
        }
        try addMeetings(to: &page)
    }

    // MARK: Words

    private func number(_ member: String) -> String {
        let value = document["rule"]?[member]
        return value?.integer.map(String.init) ?? value?.string ?? "?"
    }

    private var rule: Text {
        let window = number("windowSeconds")
        switch run.rule {
        case "resguardo":
            let rate = number("rate")
            return Text(
                en: "Rule “resguardo”: groups are named that chance, each account's activity and "
                    + "each thing's popularity over time do not explain; of the groups that it "
                    + "names a share of \(rate) at most may be wrong. Window \(window) s.",
                es: "Regla «resguardo»: nombra grupos que ni el azar, ni la actividad de cada "
                    + "cuenta, ni la popularidad de cada cosa en el tiempo explican; de los grupos "
                    + "que nombra puede ser falsa una proporción de \(rate) a lo más. Ventana de "
                    + "\(window) s."
            )
        case "tfidf":
            let (least, threshold) = (number("minParticipation"), number("threshold"))
            return Text(
                en: "Rule “tfidf” (Luceri et al. 2024): accounts with \(least) shares or more are "
                    + "compared by all that they share, rare things counting more; an edge counts "
                    + "whose similarity is \(threshold) or more. The rule has no rate of error, "
                    + "and says nothing of when things were shared.",
                es: "Regla «tfidf» (Luceri et al. 2024): las cuentas con \(least) o más difusiones "
                    + "se comparan por todo lo que difunden, y cuenta más lo raro; vale la arista "
                    + "cuya similitud es \(threshold) o más. La regla no tiene tasa de error, ni "
                    + "dice nada de cuándo se difundió."
            )
        case "toolkit":
            let weight = number("minWeight")
            return Text(
                en: "Rule of the QUT toolkit: an edge counts the messages of one account that "
                    + "another one met within \(window) s, \(weight) or more. The rule has no rate "
                    + "of error: who is very active meets others by chance.",
                es: "Regla del toolkit de QUT: una arista cuenta los mensajes de una cuenta con "
                    + "que otra coincidió en \(window) s, \(weight) o más. La regla no tiene tasa "
                    + "de error: quien es muy activo coincide con otros por azar."
            )
        default:
            if document["rule"]?["fastSeconds"] != nil { return fastRule }
            let (least, threshold) = (number("minParticipation"), number("threshold"))
            return Text(
                en: "Rule of CooRTweet: two accounts meet when they share one thing within "
                    + "\(window) s; each has \(least) such shares or more, and an edge counts that "
                    + "weighs more than \(threshold). The rule has no rate of error: popular "
                    + "things and very active accounts meet by chance.",
                es: "Regla de CooRTweet: dos cuentas coinciden cuando difunden una cosa en "
                    + "\(window) s; cada una tiene \(least) o más de esas difusiones, y cuenta la "
                    + "arista que pesa más de \(threshold). La regla no tiene tasa de error: lo "
                    + "popular y las cuentas muy activas coinciden por azar."
            )
        }
    }

    private var fastRule: Text {
        let (window, fast) = (number("windowSeconds"), number("fastSeconds"))
        let (least, threshold) = (number("minParticipation"), number("fastThreshold"))
        return Text(
            en: "Rule of CooRTweet, fast network: two accounts meet when they share one thing "
                + "within \(window) s; groups are of those that meet within \(fast) s, each with "
                + "\(least) such shares or more, in edges that weigh more than \(threshold). The "
                + "rule has no rate of error: popular things and very active accounts meet by "
                + "chance.",
            es: "Regla de CooRTweet, red rápida: dos cuentas coinciden cuando difunden una cosa "
                + "en \(window) s; los grupos son de las que coinciden en \(fast) s, cada una con "
                + "\(least) o más de esas difusiones, en aristas que pesan más de \(threshold). La "
                + "regla no tiene tasa de error: lo popular y las cuentas muy activas coinciden "
                + "por azar."
        )
    }

    private func counts(_ groupCount: Int) -> Text {
        let shares = document["data"]?["shares"]?.integer ?? 0
        let skipped = document["data"]?["skipped"]?.integer ?? 0
        return Text(
            en: "\(shares) shares read, \(skipped) malformed ones left out; \(groupCount) groups.",
            es: "\(shares) difusiones leídas, \(skipped) mal formadas sin contar; "
                + "\(groupCount) grupos."
        )
    }

    // MARK: Tables

    private static let header = [
        Text(en: "group", es: "grupo"), Text(en: "accounts", es: "cuentas"),
        Text(en: "edges", es: "aristas"), Text(en: "weight", es: "peso"),
        Text(en: "who", es: "quiénes"),
    ]

    /// A group as a row.
    private struct Group {
        var number: String
        var accountCount: String
        var edges: String
        var weight: String
        var names: [String]

        var cells: [String] {
            let more = (Int(accountCount) ?? 0) - min(names.count, nameCountMax)
            let shown = names.prefix(nameCountMax).joined(separator: ", ")
            return [number, accountCount, edges, weight, more > 0 ? "\(shown) + \(more)" : shown]
        }
    }

    /// The groups as the rule's document has them; where it has none, those of the table.
    private func groups() throws -> [Group] {
        if let networks = document["networks"]?.array {
            return networks.map { network in
                let names = network["accounts"]?.array?.compactMap(\.string) ?? []
                return Group(
                    number: network["network"]?.integer.map(String.init) ?? "",
                    accountCount: String(names.count),
                    edges: network["edges"]?.integer.map(String.init) ?? "",
                    weight: network["weight"]?.integer.map(String.init) ?? "",
                    names: names
                )
            }
        }
        var names: [String: [String]] = [:]
        try run.rows("accounts.csv") { row in
            let group = row["community"]
            if !group.isEmpty, names[group, default: []].count <= Self.nameCountMax {
                names[group, default: []].append(row["account_id"])
            }
            return true
        }
        var groups: [Group] = []
        try run.rows("groups.csv") { row in
            groups.append(
                Group(
                    number: row["community"],
                    accountCount: row["accounts"],
                    edges: row["edges"],
                    weight: row["weight"],
                    names: names[row["community"]] ?? []
                )
            )
            return true
        }
        return groups
    }

    /// A meeting of each of the first edges of the first groups.
    private func addMeetings(to page: inout ReportPage) throws {
        var counts: [Int: Int] = [:]
        var pairs: Set<[String]> = []
        var rows: [(group: Int, cells: [String])] = []
        try run.rows("evidence.csv") { row in
            guard let group = Int(row["community"]), group <= Self.shownGroupCountMax,
                counts[group, default: 0] < Self.meetingCountMax,
                let time = Int64(row["time"]), let other = Int64(row["time_y"]),
                pairs.insert([row["from"], row["to"]]).inserted
            else { return true }
            counts[group, default: 0] += 1
            let (delay, isOverflow) = other.subtractingReportingOverflow(time)
            let cells = [
                row["community"], row["from"], row["to"], row["object_id"],
                ReportPage.moment(min(time, other)),
                isOverflow ? "" : "\(delay.magnitude)",
            ]
            rows.append((group, cells))
            return true
        }
        guard !rows.isEmpty else { return }
        rows.sort { $0.group < $1.group }
        page.say(
            Text(
                en: "Examples of meetings, with the seconds between both; all of them are in "
                    + "\(run.name)/evidence.csv.",
                es: "Ejemplos de coincidencias, con los segundos entre ambas; todas están en "
                    + "\(run.name)/evidence.csv."
            )
        )
        let header = [
            Text(en: "group", es: "grupo"), Text(en: "account", es: "cuenta"),
            Text(en: "account", es: "cuenta"), Text(en: "thing", es: "cosa"),
            Text(en: "time", es: "momento"), Text(en: "delay", es: "demora"),
        ]
        page.tabulate(header, rows.map(\.cells))
    }
}
