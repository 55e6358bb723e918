// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import TransparencyLog

/// `resguardo plumbing log verify`: a proof file, or a whole log.
struct PlumbingLogVerifyCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: Text(
            en: "Verify a proof file, or audit a whole log.",
            es: "Verificar un archivo de prueba, o auditar un registro entero."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        help: Text(
            en: "The log's verifier key.",
            es: "La clave pública del registro."
        ).help
    )
    var logKey: String?

    @Option(
        help: Text(
            en: "Verifier key of a witness; may be repeated.",
            es: "Clave pública de un testigo; se puede repetir."
        ).help
    )
    var witness: [String] = []

    @Option(
        help: Text(
            en: "How many of the witnesses have to have cosigned (default: all).",
            es: "Cuántos de los testigos deben haber cofirmado (si falta: todos)."
        ).help
    )
    var quorum: Int?

    @Option(
        help: Text(
            en: "A tlog-policy file, instead of keys.",
            es: "Un archivo tlog-policy, en vez de claves."
        ).help,
        completion: .file()
    )
    var policy: String?

    @Option(
        help: Text(
            en: "For a proof: the file with the entry.",
            es: "Para una prueba: el archivo con la entrada."
        ).help,
        completion: .file()
    )
    var entry: String?

    @Option(
        help: Text(
            en: "For a proof: the hash of the leaf, in hexadecimal, instead of the entry.",
            es: "Para una prueba: el resumen de la hoja, en hexadecimal, en vez de la entrada."
        ).help
    )
    var leafHash: String?

    @Option(
        help: Text(
            en: "For a log: an older signed checkpoint that it has to extend.",
            es: "Para un registro: un checkpoint firmado anterior que debe extender."
        ).help,
        completion: .file()
    )
    var old: String?

    @Argument(
        help: Text(
            en: "A proof file, or a log's directory.",
            es: "Un archivo de prueba, o el directorio de un registro."
        ).help,
        completion: .file()
    )
    var path: String

    func run(in context: Context) throws -> Outcome {
        let policy = try readPolicy()
        if path != "-", (try? LocalFileSystem().list(path)) != nil {
            return try audit(policy)
        }
        let bytes = try PlumbingLogFiles.read(path, countMax: TlogProof.countMax)
        let proof = try TlogProof(parsing: bytes)
        let verified = try proof.verify(leaf: try readLeaf(), policy: policy)
        return outcome(
            verified,
            ["index": PlumbingLogFiles.number(proof.index)],
            first: "index \(proof.index)"
        )
    }

    private func audit(_ policy: LogPolicy) throws -> Outcome {
        let reader = try TiledLogReader(directory: path, log: nil)
        let verified = try policy.verify(reader.note)
        let count = try reader.audit()
        if let old {
            let bytes = try PlumbingLogFiles.read(old, countMax: SignedNote.countMax)
            let older = try policy.verify(try SignedNote(parsing: bytes)).checkpoint
            guard older.origin.utf8.elementsEqual(reader.checkpoint.origin.utf8) else {
                throw TransparencyLogError.unknownLog
            }
            guard older.size <= reader.size, try reader.root(size: older.size) == older.root else {
                throw TransparencyLogError.consistencyNotProven
            }
        }
        return outcome(
            verified,
            ["files": .integer(Int64(count))],
            first: "files \(count)"
        )
    }

    private func outcome(
        _ verified: TlogProof.Verified,
        _ json: JSONValue,
        first: String
    ) -> Outcome {
        let checkpoint = verified.checkpoint
        var members = json.object ?? [:]
        members["origin"] = .string(checkpoint.origin)
        members["size"] = PlumbingLogFiles.number(checkpoint.size)
        members["root"] = .string(checkpoint.root.base64)
        members["cosignatures"] = .array(
            verified.cosignatures.map { cosignature in
                [
                    "name": .string(cosignature.verifier.name.description),
                    "time": .integer(min(cosignature.time, JSONValue.integerMax)),
                ]
            }
        )
        let lines = verified.cosignatures.map { cosignature in
            "cosignature \(cosignature.verifier.name) \(cosignature.time)"
        }
        return Outcome(
            json: .object(members),
            lines: [
                first, "origin \(checkpoint.origin)", "size \(checkpoint.size)",
                "root \(checkpoint.root.base64)",
            ] + lines
        )
    }

    private func readPolicy() throws -> LogPolicy {
        if let policy {
            let bytes = try PlumbingLogFiles.read(policy, countMax: LogPolicy.countMax)
            return try LogPolicy(parsing: bytes)
        }
        guard let logKey else {
            throw usage(
                Text(
                    en: "nothing says which log to believe",
                    es: "nada dice en qué registro confiar"
                ),
                hint: Text(
                    en: "give --log-key KEY or --policy FILE",
                    es: "indique --log-key CLAVE o --policy ARCHIVO"
                ),
                word: "policy"
            )
        }
        let witnesses = try witness.map { text in try NoteVerifier(parsing: text) }
        guard Set(witnesses).count == witnesses.count,
            (0...witnesses.count).contains(quorum ?? 0)
        else {
            throw usage(
                Text(
                    en: "the quorum is above the number of different witnesses",
                    es: "el quórum supera el número de testigos distintos"
                ),
                word: "policy"
            )
        }
        return LogPolicy(
            log: try NoteVerifier(parsing: logKey),
            witnesses: witnesses,
            threshold: quorum ?? witnesses.count
        )
    }

    private func readLeaf() throws -> LogHash {
        switch (entry, leafHash) {
        case (let entry?, nil):
            let limit = EntryBundle.entryCountMax
            return .leaf(try PlumbingLogFiles.read(entry, countMax: limit))
        case (nil, let text?):
            guard let bytes = try? Hex.decode(text) else {
                // Only that it is no hash is worth saying.
                throw TransparencyLogError.malformedHash
            }
            return try LogHash(bytes)
        default:
            throw usage(
                Text(
                    en: "a proof is verified against --entry FILE or --leaf-hash HEX",
                    es: "una prueba se verifica contra --entry ARCHIVO o --leaf-hash HEX"
                ),
                word: "entry"
            )
        }
    }

    private func usage(_ message: Text, hint: Text? = nil, word: String) -> Failure {
        Failure(.usage, message, hint: hint, word: word)
    }
}
