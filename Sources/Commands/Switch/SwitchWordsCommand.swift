// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
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
                the trustees will know. Print the sheet, and destroy the file.
                """,
            es: """
                Cada fila es de un ciclo y tiene dos series. Lea una a cualquier custodio, quien \
                ejecuta «trustee words». Dé la hoja a «switch arm» o «switch reshare» con --words, \
                y diga con --clean-column qué lado lee cuando está libre: guárdelo solo en la \
                memoria. El otro lado se ve igual para quien le obligue, y los custodios lo \
                sabrán. Imprima la hoja, y destruya el archivo.
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

    func validate() throws {
        guard (1...WordsRow.countMax).contains(rows) else {
            throw ValidationError(
                Text(en: "Give 1 to 64 rows.", es: "Indique de 1 a 64 filas.").local
            )
        }
    }

    func run(in context: Context) throws -> Outcome {
        let sheet = WordsSheet(rowCount: rows)
        try OutputFile.write(Array(sheet.text.utf8), to: output, force: files.force)
        return Outcome(
            json: ["output": .string(output), "rows": .integer(Int64(rows))],
            lines: [
                Text(
                    en: "\(output): \(rows) rows; print it, and destroy the file once it is armed",
                    es: "\(output): \(rows) filas; imprímala, y destruya el archivo ya armado"
                ).local
            ]
        )
    }
}
