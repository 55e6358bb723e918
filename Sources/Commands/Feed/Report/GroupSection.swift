// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FeedKernels

/// What `feed groups` found, on a page: the life of each group.
struct GroupSection {
    /// The most groups in the table, and events in a row.
    private static let groupCountMax = 50
    private static let eventCountMax = 20

    let run: FindingsRun

    /// Adds the section.
    ///
    /// - Throws: A ``Failure`` of a table.
    func add(to page: inout ReportPage) throws {
        page.begin(
            Text(en: "Groups over time: \(run.name)", es: "Grupos en el tiempo: \(run.name)")
        )
        var lives: [Int: [String]] = [:]
        var begins: [Int: String] = [:]
        try run.rows("lives.csv") { row in
            guard let group = Int(row["group"]) else { return true }
            lives[group, default: []].append(event(row, page.language))
            if begins[group] == nil { begins[group] = Int64(row["from"]).map(ReportPage.moment) }
            return true
        }
        page.say(
            Text(
                en: "\(lives.count) groups, each period by itself; the same number stands for as "
                    + "many of the same accounts as the command asks for. Whether two groups are "
                    + "the same is a name, not a finding.",
                es: "\(lives.count) grupos, cada período por sí mismo; el mismo número quiere "
                    + "decir tantas cuentas iguales como pide la orden. Si dos grupos son el mismo "
                    + "es un nombre, no un hallazgo."
            )
        )
        let rows = lives.sorted { $0.key < $1.key }.prefix(Self.groupCountMax).map {
            group,
            events in
            let shown = events.prefix(Self.eventCountMax).joined(separator: ", ")
            let rest = events.count > Self.eventCountMax ? ", …" : ""
            return ["\(group)", begins[group] ?? "", shown + rest]
        }
        let header = [
            Text(en: "group", es: "grupo"), Text(en: "from", es: "desde"),
            Text(en: "period, what became of it, accounts", es: "período, qué fue de él, cuentas"),
        ]
        page.tabulate(header, Array(rows))
    }

    private func event(_ row: FindingsRow, _ language: Language) -> String {
        let name = GroupLives.Event(rawValue: row["event"])?.says[language] ?? row["event"]
        let other = row["other"].isEmpty ? "" : " → \(row["other"])"
        let count = row["accounts"].isEmpty ? "" : " (\(row["accounts"]))"
        return "\(row["period"]) \(name)\(other)\(count)"
    }
}

extension GroupLives.Event {
    /// The event in words.
    var says: Text {
        switch self {
        case .born: Text(en: "born", es: "nace")
        case .continued: Text(en: "goes on", es: "sigue")
        case .split: Text(en: "splits off", es: "se separa")
        case .back: Text(en: "is back", es: "vuelve")
        case .merged: Text(en: "merges", es: "se une")
        case .dormant: Text(en: "pauses", es: "para")
        case .ended: Text(en: "has ended", es: "terminó")
        }
    }
}
