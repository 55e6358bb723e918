// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import TransparencyLog
import Vault

/// `resguardo log verify-proof`: what `log prove` printed, or evidence against a log, offline.
struct LogVerifyProofCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-proof",
        abstract: Text(
            en: "Verify what “log prove” printed, or evidence of two histories, offline.",
            es: "Verificar sin conexión lo que escribió «log prove», o evidencia de dos historias."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        help: Text(
            en: "The log's public key (default: that of this vault).",
            es: "La llave pública del registro (si falta: la de esta bóveda)."
        ).help
    )
    var logKey: String?

    @Argument(
        help: Text(en: "The proof or the evidence.", es: "La prueba o la evidencia.").help,
        completion: .file()
    )
    var file: String

    func run(in context: Context) throws -> Outcome {
        let key = try logKey.map { text in try NoteVerifier(parsing: text) }
        let bytes = try Directory.contents(
            of: BytePath(RawArguments.bytes(of: file)),
            countMax: max(TlogProof.countMax, LogFork.countMax)
        )
        let log = try key ?? context.openStore().logKey
        // Evidence is JSON; a proof begins with its name.
        if bytes.first == UInt8(ascii: "{") {
            return try ForkReport.outcome(of: bytes, logs: [log])
        }
        return try Self.outcome(of: TlogProof(parsing: bytes), log: log)
    }

    private static func outcome(of proof: TlogProof, log: NoteVerifier) throws -> Outcome {
        guard let extra = proof.extra else {
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "the proof does not say of which leaf it is",
                    es: "la prueba no dice de qué hoja es"
                )
            )
        }
        let leaf = try LogHash(extra)
        let verified = try proof.verify(leaf: leaf, policy: LogPolicy(log: log))
        let size = verified.checkpoint.size
        return Outcome(
            json: [
                "entry": .integer(Int64(clamping: proof.index)),
                "leaf": .string(Hex.encode(leaf.bytes)),
                "size": .integer(Int64(clamping: size)), "verified": true,
            ],
            lines: [
                Text(
                    en: "The proof verifies: entry \(proof.index) is in the log of \(size)"
                        + " entries.",
                    es: "La prueba se verifica: la entrada \(proof.index) está en el registro de"
                        + " \(size) entradas."
                ).local,
                "leaf \(Hex.encode(leaf.bytes))",
            ]
        )
    }
}

/// What evidence of a fork says.
enum ForkReport {
    /// Verifies evidence.
    static func outcome(of bytes: [UInt8], logs: [NoteVerifier]) throws -> Outcome {
        let fork = try LogFork(parsing: bytes).verify(logs: logs)
        let (older, newer) = (fork.older, fork.newer)
        return Outcome(
            json: [
                "fork": true, "origin": .string(older.origin),
                "olderSize": PlumbingLogFiles.number(older.size),
                "olderRoot": .string(older.root.base64),
                "newerSize": PlumbingLogFiles.number(newer.size),
                "newerRoot": .string(newer.root.base64),
            ],
            lines: [
                Text(
                    en: "The evidence verifies: \(older.origin) signed two histories.",
                    es: "La evidencia se verifica: \(older.origin) firmó dos historias."
                ).local,
                "\(older.size) \(older.root.base64)", "\(newer.size) \(newer.root.base64)",
            ]
        )
    }
}
