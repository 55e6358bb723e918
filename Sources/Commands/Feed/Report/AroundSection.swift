// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What `feed around` found, on a page.
struct AroundSection {
    /// The most clusters and accounts in the tables.
    private static let clusterCountMax = 24
    private static let accountCountMax = 50

    let run: FindingsRun

    /// Adds the section.
    ///
    /// - Throws: A ``Failure`` of a table.
    func add(to page: inout ReportPage) throws {
        let name = run.name
        page.begin(Text(en: "Around known accounts: \(name)", es: "En torno a cuentas: \(name)"))
        var near: [[String]] = []
        var (count, nearCount) = (0, 0)
        try run.rows("accounts.csv") { row in
            count += 1
            guard row["kind"] == "near" else { return true }
            nearCount += 1
            guard near.count < Self.accountCountMax else { return true }
            let sentence = Text(en: row["says_en"], es: row["says_es"])[page.language]
            near.append([
                row["platform"], row["account_id"], row["cluster"], row["confidence"], sentence,
            ])
            return true
        }
        let known = try knownCounts()
        page.say(
            Text(
                en: "\(known.inData) known accounts are in the data, \(known.missing) are not. Of "
                    + "\(count) accounts \(nearCount) are nearer to the known ones than chance "
                    + "explains; \(near.count) are shown. Near means: shares what they share. It "
                    + "does not mean that an account belongs to anybody: families, neighbours and "
                    + "reporters are near, too.",
                es: "\(known.inData) cuentas conocidas están en los datos, \(known.missing) no. De "
                    + "\(count) cuentas, \(nearCount) están más cerca de las conocidas de lo que "
                    + "el azar explica; se muestran \(near.count). Cerca quiere decir: difunde lo "
                    + "mismo. No quiere decir que una cuenta sea de alguien: también familias, "
                    + "vecinos y reporteros están cerca."
            )
        )
        page.tabulate(Self.clusterHeader, try clusters())
        page.tabulate(Self.accountHeader, near)
    }

    private static let clusterHeader = [
        Text(en: "cluster", es: "cúmulo"), Text(en: "accounts", es: "cuentas"),
        Text(en: "least confidence", es: "confianza menor"),
        Text(en: "things", es: "cosas"), Text(en: "layers", es: "capas"),
        Text(en: "from", es: "desde"), Text(en: "to", es: "hasta"),
    ]

    private static let accountHeader = [
        Text(en: "platform", es: "plataforma"), Text(en: "account", es: "cuenta"),
        Text(en: "cluster", es: "cúmulo"), Text(en: "confidence", es: "confianza"),
        Text(en: "what was seen", es: "qué se vio"),
    ]

    private func clusters() throws -> [[String]] {
        var rows: [[String]] = []
        try run.rows("clusters.csv") { row in
            rows.append([
                row["cluster"], row["accounts"], row["confidence"], row["objects"], row["layers"],
                Int64(row["first"]).map(ReportPage.moment) ?? "",
                Int64(row["last"]).map(ReportPage.moment) ?? "",
            ])
            return rows.count < Self.clusterCountMax
        }
        return rows
    }

    private func knownCounts() throws -> (inData: Int, missing: Int) {
        var (inData, missing) = (0, 0)
        try run.rows("known.csv") { row in
            if row["state"] == "missing" { missing += 1 } else { inData += 1 }
            return true
        }
        return (inData, missing)
    }
}
