// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import TransparencyLog

/// `resguardo plumbing log prove`: proofs from the tiles of a log.
struct PlumbingLogProveCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: Text(
            en: "Write the proof file of an entry, or a consistency proof.",
            es: "Escribir el archivo de prueba de una entrada, o una prueba de consistencia."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        help: Text(
            en: "The log's verifier key; without it the checkpoint is taken on trust.",
            es: "La clave pública del registro; sin ella se confía en el checkpoint."
        ).help
    )
    var logKey: String?

    @Option(
        help: Text(
            en: "Prove instead that the log extends its first entries, so many.",
            es: "Probar en cambio que el registro extiende sus primeras entradas, tantas."
        ).help
    )
    var from: UInt64?

    @Option(
        help: Text(
            en: "With --from: the size to prove to (default: the log's).",
            es: "Con --from: el tamaño hasta el que probar (si falta: el del registro)."
        ).help
    )
    var to: UInt64?

    @Option(
        help: Text(
            en: "Put this file into the proof as extra data, which nothing authenticates.",
            es: "Incluir este archivo en la prueba como dato extra, que nada autentica."
        ).help,
        completion: .file()
    )
    var extra: String?

    @Option(
        name: .shortAndLong,
        help: Text(
            en: "Write to this file (default: standard output).",
            es: "Escribir en este archivo (si falta: la salida)."
        ).help,
        completion: .file()
    )
    var output: String?

    @Argument(
        help: Text(en: "The log's directory.", es: "El directorio del registro.").help,
        completion: .directory
    )
    var directory: String

    @Argument(
        help: Text(
            en: "Index of the entry, from 0.",
            es: "Índice de la entrada, desde 0."
        ).help
    )
    var index: UInt64?

    func run(in context: Context) throws -> Outcome {
        let reader = try TiledLogReader(
            directory: directory,
            log: try logKey.map { key in try NoteVerifier(parsing: key) }
        )
        switch (index, from) {
        case (let index?, nil):
            let data = try extra.map { path in
                try PlumbingLogFiles.read(path, countMax: TlogProof.extraCountMax)
            }
            let proof = try reader.proof(of: index, extra: data)
            let json: JSONValue = [
                "index": PlumbingLogFiles.number(index),
                "size": PlumbingLogFiles.number(reader.size),
                "proof": .string(String(decoding: proof.encoded, as: UTF8.self)),
            ]
            return try write(proof.encoded, json, context)
        case (nil, let oldSize?):
            let hashes = try reader.consistencyProof(from: oldSize, to: to)
            let json: JSONValue = [
                "from": PlumbingLogFiles.number(oldSize),
                "to": PlumbingLogFiles.number(to ?? reader.size),
                "oldRoot": .string(try reader.root(size: oldSize).base64),
                "root": .string(try reader.root(size: to ?? reader.size).base64),
                "hashes": .array(hashes.map { .string($0.base64) }),
            ]
            let text = hashes.map { $0.base64 + "\n" }.joined()
            return try write(Array(text.utf8), json, context)
        default:
            throw Failure(
                .usage,
                Text(
                    en: "either an index or --from is needed",
                    es: "hace falta un índice o --from"
                ),
                word: "index"
            )
        }
    }

    private func write(
        _ bytes: [UInt8],
        _ json: JSONValue,
        _ context: Context
    ) throws -> Outcome {
        if output != nil || !context.console.isJSON {
            try PlumbingLogFiles.write(bytes, to: output)
        }
        return Outcome(json: json, lines: [])
    }
}
