// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BulkCrypto
import Encodings
import Feed

/// `resguardo feed report`.
struct FeedReportCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: Text(
            en: "Make a page of what was found, with all files and how to check it.",
            es: "Hacer una página de lo hallado, con todos los archivos y cómo comprobarlo."
        ).local,
        discussion: Text(
            en: """
                Takes directories that `feed detect`, `trends`, `accounts` and `around` wrote, \
                checks every file in them against its provenance.json, and writes one directory \
                to hand on: report.html (no scripts, pictures inside), report.md, report.json, and \
                the files. The page is in the language of --lang.
                """,
            es: """
                Toma directorios que `feed detect`, `trends`, `accounts` y `around` escribieron, \
                comprueba cada archivo según su provenance.json, y escribe un directorio para \
                entregar: report.html (sin scripts, con las imágenes dentro), report.md, \
                report.json, y los archivos. La página va en el idioma de --lang.
                """
        ).local
    )

    /// The most directories of one report.
    private static let runCountMax = 32

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(
            en: "Directories of findings.",
            es: "Directorios de hallazgos."
        ).help,
        completion: .directory
    )
    var runs: [String]

    @Option(
        help: Text(en: "Title of the page.", es: "Título de la página.").help
    )
    var title: String?

    @Option(
        help: Text(en: "Directory for the report.", es: "Directorio para el informe.").help,
        completion: .directory
    )
    var output: String

    func run(in context: Context) throws -> Outcome {
        guard runs.count <= Self.runCountMax else {
            throw Failure(
                .usage,
                Text(
                    en: "at most \(Self.runCountMax) directories make a report",
                    es: "un informe toma a lo más \(Self.runCountMax) directorios"
                )
            )
        }
        let found = try runs.map(FindingsRun.init)
        guard Set(found.map(\.name)).count == found.count else {
            throw Failure(
                .usage,
                Text(
                    en: "two directories have the same name",
                    es: "dos directorios tienen el mismo nombre"
                )
            )
        }
        let report = try FindingsReport(of: found, title: title, in: context.language)
        try report.write(to: output)
        let summary = Text(
            en: "\(output)/report.html: \(found.count) directories, every file as it was written",
            es: "\(output)/report.html: \(found.count) directorios, cada archivo como se escribió"
        )
        return Outcome(json: report.json, lines: [summary[context.language]])
    }
}
