// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What `feed accounts` found, on a page.
struct AccountSection {
    /// The most accounts in the table.
    private static let accountCountMax = 50

    let run: FindingsRun

    /// Adds the section.
    ///
    /// - Throws: A ``Failure`` of a table.
    func add(to page: inout ReportPage) throws {
        let name = run.name
        page.begin(Text(en: "Signals of accounts: \(name)", es: "Señales de cuentas: \(name)"))
        var rows: [[String]] = []
        var (count, signalCount) = (0, 0)
        try run.rows("accounts.csv") { row in
            count += 1
            guard !row["signals"].isEmpty else { return true }
            signalCount += 1
            guard rows.count < Self.accountCountMax else { return true }
            let sentence = Text(en: row["says_en"], es: row["says_es"])[page.language]
            rows.append([row["platform"], row["account_id"], row["signals"], sentence])
            return true
        }
        page.say(
            Text(
                en: "\(count) accounts, \(signalCount) of them with signals beyond chance; "
                    + "\(rows.count) are shown. A signal says what was seen and how likely it is "
                    + "by chance. It does not say that an account is a machine, or lies.",
                es: "\(count) cuentas, \(signalCount) de ellas con señales más allá del azar; se "
                    + "muestran \(rows.count). Una señal dice qué se vio y cuán probable es por "
                    + "azar. No dice que una cuenta sea una máquina, ni que mienta."
            )
        )
        let header = [
            Text(en: "platform", es: "plataforma"), Text(en: "account", es: "cuenta"),
            Text(en: "signals", es: "señales"), Text(en: "what was seen", es: "qué se vio"),
        ]
        page.tabulate(header, rows)
    }
}
