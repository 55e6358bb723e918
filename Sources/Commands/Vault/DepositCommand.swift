// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import Vault

/// `resguardo deposit`: seals files into a case.
struct DepositCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "deposit",
        abstract: Text(
            en: "Seal files and directories into a case, and get a receipt.",
            es: "Sellar archivos y directorios en un caso, y recibir un comprobante."
        ).local,
        discussion: Text(
            en: """
                Directories are taken whole. A symbolic link inside one is described and not \
                followed. A file that changes meanwhile stops the deposit: nothing is kept then.
                """,
            es: """
                Los directorios se toman completos. Un enlace simbólico dentro de uno se describe \
                y no se sigue. Un archivo que cambia entretanto detiene el depósito: no queda nada.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    @Argument(help: Text(en: "Name or pseudonym.", es: "Nombre o seudónimo.").help)
    var caseName: String

    @Argument(
        help: Text(en: "Files and directories.", es: "Archivos y directorios.").help,
        completion: .file()
    )
    var path: [String] = []

    @Option(
        help: Text(
            en: "Words to keep with them, sealed.",
            es: "Palabras que guardar con ellos, selladas."
        ).help
    )
    var note: String?

    @Option(
        help: Text(
            en: "When the scene was captured, as you say.",
            es: "Cuándo se captó la escena, según usted."
        ).help
    )
    var capturedAt: Timestamp?

    @Option(help: CustodyOption.help)
    var custody: [CustodyOption] = []

    @Flag(
        help: Text(
            en: "Do not read what cameras wrote into photographs and videos.",
            es: "No leer lo que las cámaras escribieron en fotos y videos."
        ).help
    )
    var noMetadata = false

    @Option(
        help: Text(
            en: "Take standard input under this name.",
            es: "Tomar la entrada estándar con este nombre."
        ).help
    )
    var stdin: String?

    @Option(
        help: Text(
            en: "Write the receipt to this file too.",
            es: "Escribir el recibo también en este archivo."
        ).help,
        completion: .file()
    )
    var receipt: String?

    @OptionGroup var files: OutputOptions

    func validate() throws {
        guard path.isEmpty == (stdin == nil) else { return }
        throw ValidationError(
            Text(
                en: "Give files and directories, or --stdin NAME.",
                es: "Indique archivos y directorios, o --stdin NOMBRE."
            ).local
        )
    }

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        let item = try home.findCase(caseName)
        let tool = "resguardo " + Root.version
        // An older receipt may be the only anchor that somebody keeps.
        if let receipt { try OutputFile.requireNew([receipt], force: files.force) }
        let options = DepositOptions(
            note: note,
            capturedAt: capturedAt?.seconds,
            custody: CustodyOption.events(custody, tool: tool),
            tool: tool
        )
        context.tellClockDoubt(of: home.store)
        let deposit = try deposit(into: item, of: home, options, context)
        let receiptPath = try home.keepReceipt(of: deposit)
        if let receipt {
            try OutputFile.write(deposit.receipt.bytes, to: receipt, force: files.force)
        }
        for entry in deposit.evidence.entries where entry.kind == .link || entry.kind == .skipped {
            let name = BytePath(entry.name).text
            context.console.note(
                Text(
                    en: "\(name) is no file: it was described and not taken",
                    es: "\(name) no es un archivo: se describió y no se tomó"
                )
            )
        }
        return outcome(deposit, item, receiptPath)
    }

    private func deposit(
        into item: Case,
        of home: Home,
        _ options: DepositOptions,
        _ context: Context
    ) throws -> Deposit {
        let label = Text(en: "Sealing", es: "Sellando")
        if let stdin {
            let bar = context.console.progress(label, total: nil)
            defer { bar.finish() }
            return try home.depositStream(
                OpenedFile.standardInput(),
                name: RawArguments.bytes(of: stdin),
                in: item,
                options: options,
                now: context.now,
                progress: Self.advancing(bar)
            )
        }
        let paths = path.map { BytePath(RawArguments.bytes(of: $0)) }
        let originals = try Original.find(paths, home: context.vaultPath)
        let capture = noMetadata ? [:] : try context.readCapture(originals)
        let total = originals.reduce(Int64(0)) {
            $0 + ($1.kind == .file ? $1.status.sizeBytes : 0)
        }
        let bar = context.console.progress(label, total: total)
        defer { bar.finish() }
        return try home.deposit(
            originals,
            in: item,
            options: options,
            capture: capture,
            now: context.now,
            progress: Self.advancing(bar)
        )
    }

    /// A callback that is told totals, for a bar that is told steps.
    static func advancing(_ bar: ProgressBar) -> (UInt64) -> Void {
        var last: UInt64 = 0
        return { done in
            bar.advance(by: Int64(done - last))
            last = done
        }
    }

    private func outcome(_ deposit: Deposit, _ item: Case, _ receiptPath: BytePath) -> Outcome {
        let files = deposit.evidence.entries.filter { $0.kind == .file }
        let bytes = files.reduce(UInt64(0)) { $0 + $1.sizeBytes }
        let amount = ProgressBar.amount(Int64(bytes), .current)
        return Outcome(
            json: [
                "item": .string(deposit.item), "entry": .integer(Int64(deposit.index)),
                "case": .string(item.pseudonymText), "files": .integer(Int64(files.count)),
                "bytes": .integer(Int64(bytes)), "receipt": .string(receiptPath.text),
            ],
            lines: [
                Text(
                    en: "Accepted as entry \(deposit.index): \(files.count) file(s), \(amount).",
                    es: "Aceptado como entrada \(deposit.index): \(files.count) archivo(s),"
                        + " \(amount)."
                ).local,
                Text(en: "item: \(deposit.item)", es: "objeto: \(deposit.item)").local,
                Text(
                    en: "receipt: \(receiptPath.text)",
                    es: "recibo: \(receiptPath.text)"
                ).local,
                Text(
                    en:
                        "Keep a copy elsewhere; `resguardo receipt verify` checks it anywhere.",
                    es: "Guarde una copia en otra parte; `resguardo receipt verify` lo revisa donde"
                        + " sea."
                ).local,
            ]
        )
    }
}
