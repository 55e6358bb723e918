// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import TransparencyLog

/// `resguardo plumbing log append`: entries into a log, durably.
struct PlumbingLogAppendCommand: UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "append",
        abstract: Text(
            en: "Append entries to a log; each line printed is durable.",
            es: "Agregar entradas a un registro; cada línea escrita es duradera."
        ).local,
        discussion: Text(
            en: """
                Prints for each batch the index of its first entry, its entries and the size of \
                the log after it. Without files, entries come from standard input.
                """,
            es: """
                Escribe por cada lote el índice de su primera entrada, sus entradas y el tamaño \
                del registro tras él. Sin archivos, las entradas vienen de la entrada estándar.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var time: TimeOptions

    @Option(
        help: Text(
            en: "File with the log's signing key.",
            es: "Archivo con la clave de firma del registro."
        ).help,
        completion: .file()
    )
    var key: String

    @Option(
        help: Text(
            en: "File with the signing key of a witness that cosigns; may be repeated.",
            es: "Archivo con la clave de un testigo que cofirma; se puede repetir."
        ).help,
        completion: .file()
    )
    var cosigner: [String] = []

    @Flag(
        help: Text(
            en: "Make the log first if the directory holds none.",
            es: "Crear antes el registro si el directorio no lo tiene."
        ).help
    )
    var create = false

    @Flag(
        help: Text(
            en: "With --create: keep hashes only, no entries.",
            es: "Con --create: guardar solo los resúmenes, no las entradas."
        ).help
    )
    var hashesOnly = false

    @Flag(
        help: Text(
            en: "Entries on standard input have their length before them, in two bytes.",
            es: "Las entradas llevan antes su longitud, en dos bytes (si falta: una por línea)."
        ).help
    )
    var framed = false

    @Option(
        help: Text(
            en: "Entries that become durable together (1 to \(TiledLog.batchCountMax)).",
            es: "Entradas que se hacen duraderas juntas (1 a \(TiledLog.batchCountMax))."
        ).help
    )
    var batch = 4096

    @Argument(
        help: Text(en: "The log's directory.", es: "El directorio del registro.").help,
        completion: .directory
    )
    var directory: String

    @Argument(
        help: Text(
            en: "Files that each are one entry.",
            es: "Archivos que son una entrada cada uno."
        ).help,
        completion: .file()
    )
    var files: [String] = []

    func run(in context: Context) throws -> Outcome {
        guard (1...TiledLog.batchCountMax).contains(batch) else {
            throw Failure(
                .usage,
                Text(
                    en: "a batch has 1 to \(TiledLog.batchCountMax) entries",
                    es: "un lote tiene de 1 a \(TiledLog.batchCountMax) entradas"
                ),
                word: "batch"
            )
        }
        let log = try openLog(context)
        let first = log.size
        var source = PlumbingLogEntries(files: files, isFramed: framed)
        while true {
            let entries = try source.next(batch)
            guard !entries.isEmpty else { break }
            let appended = try log.append(entries, time: context.now)
            // Whoever cannot learn what is durable should not go on.
            let line = "\(appended.firstIndex) \(entries.count) \(log.size)"
            guard context.console.line(line) else { throw Console.unwritten }
        }
        let checkpoint = log.reader.checkpoint
        return Outcome(
            json: [
                "first": PlumbingLogFiles.number(first),
                "count": PlumbingLogFiles.number(log.size - first),
                "size": PlumbingLogFiles.number(log.size),
                "root": .string(checkpoint.root.base64),
                "checkpoint": .string(String(decoding: log.reader.note.encoded, as: UTF8.self)),
            ],
            lines: []
        )
    }

    private func openLog(_ context: Context) throws -> TiledLog {
        let signer = try NoteSigner(parsing: try PlumbingLogFiles.secret(key))
        let cosigners = try cosigner.map { path in
            try Cosigner(parsing: try PlumbingLogFiles.secret(path))
        }
        do {
            return try TiledLog.open(directory: directory, signer: signer, cosigners: cosigners)
        } catch TiledLogError.notFound where create {
            return try TiledLog.create(
                directory: directory,
                signer: signer,
                cosigners: cosigners,
                keepsEntries: !hashesOnly,
                time: context.now
            )
        }
    }
}
