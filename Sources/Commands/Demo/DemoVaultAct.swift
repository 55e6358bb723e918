// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// First act: evidence goes in, and nobody who stores it can read it.
struct DemoVaultAct {
    /// The journalist's case.
    static let caseName = "Puente Seco"
    /// Her evidence, as it lies on her disk.
    static let evidence = "evidence"

    let stage: DemoStage

    /// Ana's own options: her home, her passphrase, and the day of the story.
    static func ana(_ time: String) -> [String] {
        ["--home", "ana", "--passphrase-file", "ana.pass", "--demo", "--as-of", time]
    }

    func play() throws {
        stage.act(Text(en: "The vault", es: "La bóveda"))
        try stage.write(Array("correct horse battery staple\n".utf8), to: "ana.pass")
        try writeEvidence()
        stage.tell(
            Text(
                en: "Ana reports on who pays whom in Puente Seco. She opens a vault and a case.",
                es: "Ana investiga quién le paga a quién en Puente Seco. Abre una bóveda y un caso."
            )
        )
        try stage.type(["init"] + Self.ana(DemoDay.deposit))
        try stage.type(["case", "create", Self.caseName] + Self.ana(DemoDay.deposit))
        stage.tell(
            Text(
                en: "She deposits what she has. The receipt proves that it was accepted, and when.",
                es: "Deposita lo que tiene. El recibo prueba que fue aceptado, y cuándo."
            )
        )
        try stage.type(
            ["deposit", Self.caseName, Self.evidence, "--note", note, "--receipt", "receipt.txt"]
                + Self.ana(DemoDay.deposit)
        )
        try stage.type(["list", Self.caseName] + Self.ana(DemoDay.deposit))
        try stage.type(["receipt", "verify", "receipt.txt", "--home", "ana"])
        try stage.type(["verify", "--full"] + Self.ana(DemoDay.deposit))
    }

    private var note: String {
        Text(
            en: "If you read this, I could not publish it myself.",
            es: "Si lees esto, no pude publicarlo yo."
        )[stage.language]
    }

    private func writeEvidence() throws {
        try stage.makeDirectory(Self.evidence)
        let notes = Text(
            en: """
                Puente Seco, notes. The invoices of the bridge were paid twice.
                The second time to a company that has no office, no phone and no bridge.

                """,
            es: """
                Puente Seco, notas. Las facturas del puente se pagaron dos veces.
                La segunda vez a una empresa sin oficina, sin teléfono y sin puente.

                """
        )
        try stage.write(Array(notes[stage.language].utf8), to: "\(Self.evidence)/notes.txt")
        var ledger = "date,payee,amount\n"
        for day in 1...28 {
            ledger +=
                "2026-09-\(day < 10 ? "0" : "")\(day),Constructora Llano Largo,\(day * 41_700)\n"
        }
        try stage.write(Array(ledger.utf8), to: "\(Self.evidence)/ledger.csv")
        // A picture as large as a telephone takes them; a counter makes it different everywhere.
        var scan: [UInt8] = Array("P5 1024 1024 255\n".utf8)
        for pixel in 0..<(1024 * 1024) {
            scan.append(UInt8(truncatingIfNeeded: pixel &* 2_654_435_761 >> 13))
        }
        try stage.write(scan, to: "\(Self.evidence)/scan.pgm")
    }
}
