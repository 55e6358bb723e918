// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Statements
import Storage
import Switch

/// `resguardo switch words`: the paper for those who lose their device.
struct SwitchWordsCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "words",
        abstract: Text(
            en: "Write a sheet of one-time words, to check in by voice without a device.",
            es: "Escribir una hoja de palabras de un solo uso, para reportarse de voz sin equipo."
        ).local,
        discussion: Text(
            en: """
                Each row is for one cycle and has two sets. Read one of them to any trustee, who \
                runs “trustee words”. Give the sheet to “switch arm” or “switch reshare” with \
                --words, and say with --clean-column which side you read when you are free: keep \
                that in your head alone. The other side looks the same to whoever forces you, and \
                the trustees will know. --page writes the same for a printer, and says nothing \
                on it of what the words are for; print it, and destroy both files once it is armed.
                """,
            es: """
                Cada fila es de un ciclo y tiene dos series. Lea una a cualquier custodio, quien \
                ejecuta «trustee words». Dé la hoja a «switch arm» o «switch reshare» con --words, \
                y diga con --clean-column qué lado lee cuando está libre: guárdelo solo en la \
                memoria. El otro lado se ve igual para quien le obligue, y los custodios lo \
                sabrán. --page la escribe además para imprimir, sin decir en ella para qué son las \
                palabras; imprímala, y destruya los dos archivos una vez armado.
                """
        ).local
    )

    private static let rowsDefault = 26

    @OptionGroup var global: GlobalOptions
    @OptionGroup var files: OutputOptions

    @Option(
        help: ArgumentHelp(
            Text(
                en: "How many cycles, 1 to 64 (default: 26).",
                es: "Cuántos ciclos, de 1 a 64 (si falta: 26)."
            ).local,
            valueName: Text(en: "number", es: "número").local
        )
    )
    var rows = rowsDefault

    @Option(help: Text(en: "The file.", es: "El archivo.").help, completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Write a page to print too (HTML, for A4 and Letter).",
                es: "Escribir también una página para imprimir (HTML, A4 y carta)."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var page: String?

    @Flag(
        help: Text(
            en: "Draw the words as QR codes on the page too.",
            es: "Dibujar en la página las palabras también como códigos QR."
        ).help
    )
    var qr = false

    func validate() throws {
        guard (1...WordsRow.countMax).contains(rows) else {
            throw ValidationError(
                Text(en: "Give 1 to 64 rows.", es: "Indique de 1 a 64 filas.").local
            )
        }
        guard !qr || page != nil else {
            throw ValidationError(
                Text(en: "QR codes need --page.", es: "Los códigos QR necesitan --page.").local
            )
        }
    }

    func run(in context: Context) throws -> Outcome {
        let sheet = WordsSheet(rowCount: rows)
        let printed = try page.map { ($0, try WordsPage(sheet, drawsCodes: qr).html) }
        if let (path, html) = printed {
            try OutputFile.write(Array(html.utf8), to: path, force: files.force)
        }
        try OutputFile.write(Array(sheet.text.utf8), to: output, force: files.force)
        var members: [String: JSONValue] = [
            "output": .string(output), "rows": .integer(Int64(rows)),
        ]
        members["page"] = page.map { .string($0) }
        return Outcome(
            json: .object(members),
            lines: [
                Text(
                    en: "\(page ?? output): \(rows) rows; print it, and destroy what was written"
                        + " once it is armed",
                    es: "\(page ?? output): \(rows) filas; imprímala, y destruya lo escrito una"
                        + " vez armado"
                ).local
            ]
        )
    }
}
