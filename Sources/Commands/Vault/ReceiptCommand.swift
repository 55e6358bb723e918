// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Statements
import Storage
import TransparencyLog
import Vault

/// `resguardo receipt`: proofs that a deposit was accepted.
struct ReceiptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: Text(
            en: "Receipts: proof that a deposit was accepted.",
            es: "Recibos: la prueba de que un depósito fue aceptado."
        ).local,
        subcommands: [
            ReceiptShowCommand.self, ReceiptVerifyCommand.self, ReceiptRenewCommand.self,
        ]
    )
}

/// `resguardo receipt show`.
struct ReceiptShowCommand: WorksWithoutHome {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: Text(
            en: "Show what a receipt says. Nothing is verified.",
            es: "Mostrar lo que dice un recibo. No se verifica nada."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: Text(en: "The receipt.", es: "El recibo.").help, completion: .file())
    var file: String

    func run(in context: Context) throws -> Outcome {
        let receipt = try ReceiptFile.read(file)
        let statement = try receipt.statement()
        return Outcome(
            json: .object(ReceiptFile.members(receipt, statement)),
            lines: ReceiptFile.lines(receipt, statement)
        )
    }
}

/// `resguardo receipt verify`.
struct ReceiptVerifyCommand: WorksWithoutHome {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: Text(
            en: "Verify a receipt, offline.",
            es: "Verificar un recibo, sin conexión."
        ).local,
        discussion: Text(
            en: """
                Checks the depositor's signature, the log's signature and the proof that the log \
                has the deposit. Whose log it is only you can know: compare the key that is shown, \
                or give the one you know with --log-key. With --object, the sealed object is \
                checked against the receipt too.
                """,
            es: """
                Revisa la firma del depositante, la firma del registro y la prueba de que el \
                registro tiene el depósito. De quién es el registro solo usted lo sabe: compare la \
                llave que se muestra, o indique la que conoce con --log-key. Con --object se \
                revisa también el objeto sellado.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: Text(en: "The receipt.", es: "El recibo.").help, completion: .file())
    var file: String

    @Option(
        help: Text(
            en: "The log's public key as you know it.",
            es: "La llave pública del registro, como usted la conoce."
        ).help
    )
    var logKey: String?

    @Option(
        help: Text(
            en: "The sealed object that the receipt is for.",
            es: "El objeto sellado al que corresponde el recibo."
        ).help,
        completion: .file()
    )
    var object: String?

    @Option(
        help: Text(
            en: "A tlog-policy file: the log, its witnesses, and how many have to have signed.",
            es: "Un archivo tlog-policy: el registro, sus testigos y cuántos deben firmar."
        ).help,
        completion: .file()
    )
    var policy: String?

    func run(in context: Context) throws -> Outcome {
        let receipt = try ReceiptFile.read(file)
        let (statement, checkpoint) = try receipt.verify(
            log: Self.logKey(logKey)
        )
        if let object { try check(object, statement) }
        let witnesses = try policy.map { try witnessed(receipt, by: $0) }
        var members = ReceiptFile.members(receipt, statement)
        members["verified"] = true
        members["checkpointSize"] = .integer(Int64(clamping: checkpoint.size))
        members["objectVerified"] = .boolean(object != nil)
        if let witnesses {
            members["witnesses"] = .array(witnesses.names.map { .string($0) })
            members["existedBy"] = .string(Timestamp(seconds: witnesses.time).rfc3339)
        }
        return Outcome(
            json: .object(members),
            lines: [
                Text(
                    en: "The receipt verifies: the log accepted this deposit.",
                    es: "El recibo se verifica: el registro aceptó este depósito."
                ).local, Self.trust(isNamed: logKey != nil || policy != nil).local,
            ] + [witnesses].compactMap { $0?.text.local } + ReceiptFile.lines(receipt, statement)
        )
    }

    /// Since when what the receipt is for existed, by whose word.
    private struct Witnessed {
        let time: Int64
        let names: [String]

        var text: Text {
            let (moment, list) = (Timestamp(seconds: time).rfc3339, names.joined(separator: ", "))
            return Text(
                en: "It existed no later than \(moment), say its witnesses: \(list)",
                es: "Existía a más tardar el \(moment), según sus testigos: \(list)"
            )
        }
    }

    private func witnessed(_ receipt: Receipt, by path: String) throws -> Witnessed {
        let policy = try LogPolicy(
            parsing: LocalFileSystem().read(path, countMax: LogPolicy.countMax)
        )
        guard policy.logs.contains(where: { $0.verifier == receipt.log }) else {
            throw VaultError.invalidReceipt(.otherLog)
        }
        let verified: TlogProof.Verified
        do {
            verified = try receipt.proof.verify(leaf: receipt.leaf, policy: policy)
        } catch {
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "too few witnesses of the policy signed, or one of them did not",
                    es: "firmaron muy pocos testigos de la política, o uno de ellos no lo hizo"
                ),
                word: "witnesses"
            )
        }
        guard let time = policy.existedBy(verified) else {
            throw Failure(
                .usage,
                Text(
                    en: "the policy names no witnesses: nobody else says when",
                    es: "la política no nombra testigos: nadie más dice cuándo"
                )
            )
        }
        let names = policy.witnesses.filter { witness in
            verified.cosignatures.contains { $0.verifier == witness.verifier }
        }
        return Witnessed(time: time, names: names.map { $0.verifier.name.description })
    }

    /// The log that a person named, if one was named.
    static func logKey(_ text: String?) throws -> NoteVerifier? {
        guard let text else { return nil }
        do {
            return try NoteVerifier(parsing: text)
        } catch {
            throw Failure(
                .usage,
                Text(
                    en: "--log-key is not the public key of a log",
                    es: "--log-key no es la llave pública de un registro"
                )
            )
        }
    }

    /// Whose word it is that the log is the right one.
    static func trust(isNamed: Bool) -> Text {
        isNamed
            ? Text(en: "The log is the one you named.", es: "El registro es el que indicó.")
            : Text(
                en: "The log's key came with the receipt: compare it with the one you know.",
                es: "La llave del registro vino con el recibo: compárela con la que conoce."
            )
    }

    private func check(_ path: String, _ statement: DepositStatement) throws {
        let file = try OpenedFile.reading(BytePath(path))
        var root = CiphertextRoot()
        var sizeBytes: Int64 = 0
        while true {
            let bytes = try file.read(CiphertextRoot.pieceCount)
            if bytes.isEmpty { break }
            root.update(bytes.span)
            sizeBytes += Int64(bytes.count)
        }
        guard sizeBytes == statement.sizeBytes, root.finish() == statement.ciphertextRoot else {
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "\(path) is not the object that the receipt is for",
                    es: "\(path) no es el objeto al que corresponde el recibo"
                )
            )
        }
    }
}

/// Receipts as files.
enum ReceiptFile {
    /// Reads something that the log has to agree with.
    static func readAnchor(_ path: String) throws -> Anchor {
        try Anchor(
            parsing: Directory.contents(
                of: BytePath(RawArguments.bytes(of: path)),
                countMax: Receipt.byteCountMax
            )
        )
    }

    static func read(_ path: String) throws -> Receipt {
        let path = BytePath(RawArguments.bytes(of: path))
        do {
            return try Receipt(
                parsing: Directory.contents(of: path, countMax: Receipt.byteCountMax)
            )
        } catch let failure as FileFailure where failure.isTooLarge {
            // No receipt is as long as that.
            throw VaultError.malformedReceipt(line: 1)
        }
    }

    static func members(
        _ receipt: Receipt,
        _ statement: DepositStatement
    ) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "item": .string(Hex.encode(statement.ciphertextRoot)),
            "case": .string(Hex.encode(statement.casePseudonym)),
            "member": .string(Hex.encode(statement.member)),
            "date": .string(statement.date), "sealedBytes": .integer(statement.sizeBytes),
            "evidence": .string(Hex.encode(statement.evidence)),
            "entry": .integer(Int64(clamping: receipt.proof.index)),
            "log": .string(receipt.log.encoded),
        ]
        if let digest = statement.afterCheckpoint {
            members["afterCheckpoint"] = .string(Hex.encode(digest))
        }
        if let digest = statement.afterToken {
            members["afterToken"] = .string(Hex.encode(digest))
        }
        return members
    }

    /// What the statement binds, which shows that it was made later.
    private static func after(_ statement: DepositStatement) -> Text {
        if let digest = statement.afterToken.map(Hex.encode) {
            return Text(en: "time stamp \(digest)", es: "sello de tiempo \(digest)")
        }
        if let digest = statement.afterCheckpoint.map(Hex.encode) {
            return Text(
                en: "checkpoint \(digest) (no outside evidence of time)",
                es: "punto de control \(digest) (sin evidencia externa de tiempo)"
            )
        }
        return Text(en: "nothing that is bound to it", es: "nada que esté ligado a él")
    }

    static func lines(_ receipt: Receipt, _ statement: DepositStatement) -> [String] {
        let (item, size) = (Hex.encode(statement.ciphertextRoot), statement.sizeBytes)
        let after = after(statement)
        let (pseudonym, member) = (
            Hex.encode(statement.casePseudonym), Hex.encode(statement.member)
        )
        return [
            Text(en: "item: \(item)", es: "objeto: \(item)").local,
            Text(en: "case: \(pseudonym)", es: "caso: \(pseudonym)").local,
            Text(en: "depositor: \(member)", es: "depositante: \(member)").local,
            Text(en: "date: \(statement.date)", es: "fecha: \(statement.date)").local,
            Text(en: "sealed size: \(size) bytes", es: "tamaño sellado: \(size) bytes").local,
            Text(
                en: "entry: \(receipt.proof.index)",
                es: "entrada: \(receipt.proof.index)"
            ).local,
            Text(en: "log: \(receipt.log.encoded)", es: "registro: \(receipt.log.encoded)").local,
            Text(
                en: "made after: \(after.en)",
                es: "posterior a: \(after.es)"
            ).local,
        ]
    }
}
