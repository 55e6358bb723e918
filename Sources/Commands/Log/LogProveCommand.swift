// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import TransparencyLog
import Vault

/// `resguardo log prove`: that an entry is in the log as it is now.
struct LogProveCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: Text(
            en: "Prove that an entry is in the vault's log as it is now.",
            es: "Probar que una entrada está en el registro de la bóveda tal como está ahora."
        ).local,
        discussion: Text(
            en: """
                Prints a C2SP tlog-proof whose extra data is the hash of the entry's leaf: unlike \
                a receipt, it tells nothing about the item.
                """,
            es: """
                Escribe una prueba C2SP tlog-proof cuyo dato extra es el resumen de la hoja: a \
                diferencia de un recibo, no dice nada del objeto.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(
            en: "Number of the entry, or the item's whole name.",
            es: "Número de la entrada, o el nombre completo del objeto."
        ).help
    )
    var id: String

    func run(in context: Context) throws -> Outcome {
        let store = try context.openStore()
        let log = try store.log()
        let index: UInt64
        if let number = UInt64(id) {
            index = number
        } else {
            guard let found = try store.entry(ofObject: id) else {
                throw VaultError.itemMissing(id)
            }
            index = found
        }
        guard index < log.size else { throw VaultError.itemMissing(id) }
        let text = try String(decoding: log.proofWithLeaf(of: index).encoded, as: UTF8.self)
        return Outcome(
            json: ["entry": .integer(Int64(clamping: index)), "proof": .string(text)],
            lines: text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
                .map(String.init)
        )
    }
}

/// `resguardo log verify-proof`: what `log prove` printed, or a receipt's proof.
struct LogVerifyProofCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-proof",
        abstract: Text(
            en: "Verify what “log prove” printed, offline.",
            es: "Verificar lo que escribió «log prove», sin conexión."
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

    @Argument(help: Text(en: "The proof.", es: "La prueba.").help, completion: .file())
    var file: String

    func run(in context: Context) throws -> Outcome {
        let key = try logKey.map { text in try NoteVerifier(parsing: text) }
        let bytes = try Directory.contents(
            of: BytePath(RawArguments.bytes(of: file)),
            countMax: TlogProof.countMax
        )
        let proof = try TlogProof(parsing: bytes)
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
        let policy = LogPolicy(log: try key ?? context.openStore().logKey)
        let verified = try proof.verify(leaf: leaf, policy: policy)
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
