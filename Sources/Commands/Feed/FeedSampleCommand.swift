// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Feed

/// `resguardo feed sample`.
struct FeedSampleCommand: ResguardoCommand, ReadsAsOf {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: Text(
            en: "Write a small made-up feed to try things out on.",
            es: "Escribir un pequeño conjunto inventado para hacer pruebas."
        ).local,
        discussion: Text(
            en: "Places, accounts and networks are invented. The same seed and time give the "
                + "same file.",
            es: "Lugares, cuentas y redes son inventados. La misma semilla y el mismo momento "
                + "dan el mismo archivo."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var files: OutputOptions
    @OptionGroup var time: TimeOptions

    @Option(help: Text(en: "The CSV file.", es: "El archivo CSV.").help, completion: .file())
    var output: String

    @Option(
        help: Text(en: "Decides everything but the texts.", es: "Decide todo menos los textos.")
            .help
    )
    var seed: UInt64 = 1

    func run(in context: Context) throws -> Outcome {
        let feed = DemoFeed(seed: seed, endingAt: context.now)
        let bytes = feed.csv
        try OutputFile.write(bytes, to: output, force: files.force, mode: 0o644)
        let count = feed.kinds.count
        let text = Text(
            en: "\(output): \(count) invented posts",
            es: "\(output): \(count) publicaciones inventadas"
        )
        return Outcome(
            json: ["file": .string(output), "posts": .integer(Int64(count))],
            lines: [text[context.language]]
        )
    }
}
