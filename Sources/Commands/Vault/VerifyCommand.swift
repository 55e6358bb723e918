// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import Vault

/// `resguardo verify`: audits the store.
struct VerifyCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: Text(
            en: "Audit the store against its log.",
            es: "Auditar el almacén contra su registro."
        ).local,
        discussion: Text(
            en: """
                Needs no passphrase unless a case is named. Without --full, objects are checked \
                for presence and length; with it, every byte is read. A log that was set back as a \
                whole shows only against something kept elsewhere: give receipts, what \
                “log checkpoint” printed, and time stamps (.tsr) with --anchor. A time stamp \
                names its checkpoint by a digest: give the checkpoint too, if the vault may have \
                lost it.
                """,
            es: """
                No necesita contraseña salvo que se nombre un caso. Sin --full, se revisa la \
                presencia y el tamaño de los objetos; con --full se lee cada byte. Un registro \
                devuelto por completo a un estado anterior solo se nota contra algo guardado en \
                otra parte: indique con --anchor recibos, lo que escribió «log checkpoint» y \
                sellos de tiempo (.tsr). Un sello nombra su punto de control por un resumen: \
                indique también el punto de control, si la bóveda pudo haberlo perdido.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    @Argument(
        help: Text(
            en: "Name or pseudonym of a case (default: all).",
            es: "Nombre o seudónimo de un caso (si falta: todos)."
        ).help
    )
    var caseName: String?

    @Flag(help: Text(en: "Read and hash every object.", es: "Leer y comprobar cada objeto.").help)
    var full = false

    @Option(
        help: Text(
            en: "A receipt kept elsewhere that the log has to agree with (repeatable).",
            es: "Un recibo de otra parte con el que el registro debe concordar (repetible)."
        ).help,
        completion: .file()
    )
    var receipt: [String] = []

    @Option(
        help: Text(
            en: "A receipt, checkpoint or time stamp kept elsewhere, to agree with (repeatable).",
            es: "Un recibo, punto de control o sello de otra parte, que concuerde (repetible)."
        ).help,
        completion: .file()
    )
    var anchor: [String] = []

    @OptionGroup var roots: TimestampRootsOptions

    func run(in context: Context) throws -> Outcome {
        let anchors = try (receipt + anchor).map { try ReceiptFile.readAnchor($0) }
        let roots = try roots.read()
        do {
            return try audit(anchors, roots: roots, in: context)
        } catch let failure as FileFailure where failure.isDamage {
            // Something of the vault is no file any more, and nothing else can be told without it.
            throw Failure(.storeDamaged, failure.failure.message)
        }
    }

    private func audit(
        _ anchors: [Anchor],
        roots: [UInt8]?,
        in context: Context
    ) throws -> Outcome {
        let store = try context.openStore()
        var pseudonym: [UInt8]?
        if let caseName { pseudonym = try context.openVault().findCase(caseName).pseudonym }
        let bar = context.console.progress(Text(en: "Checking", es: "Revisando"), total: nil)
        defer { bar.finish() }
        let report = try store.audit(
            casePseudonym: pseudonym,
            isFull: full,
            anchors: anchors,
            timestampRoots: roots,
            progress: DepositCommand.advancing(bar)
        )
        return Outcome(
            json: json(report),
            lines: lines(report, anchors),
            kind: report.problems.isEmpty ? nil : .storeDamaged
        )
    }

    private func json(_ report: AuditReport) -> JSONValue {
        [
            "clean": .boolean(report.problems.isEmpty),
            "entries": .integer(Int64(report.entryCount)),
            "audited": .integer(Int64(report.auditedCount)),
            "bytes": .integer(Int64(report.readBytes)),
            "interrupted": .integer(Int64(report.interruptedCount)),
            "receiptsMissing": .integer(Int64(report.receiptsMissingCount)),
            "anchors": .integer(Int64(report.anchorCount)),
            "timestamps": .integer(Int64(report.timestampCount)),
            "problems": .array(report.problems.map { .object(AuditProblemText.members($0)) }),
        ]
    }

    private func lines(_ report: AuditReport, _ anchors: [Anchor]) -> [String] {
        var lines = report.problems.map {
            AuditProblemText.text($0, anchors: receipt + anchor).local
        }
        if report.interruptedCount > 0 {
            lines.append(
                Text(
                    en: "\(report.interruptedCount) interrupted run(s): no evidence, removed by the"
                        + " next deposit",
                    es: "\(report.interruptedCount) depósito(s) interrumpido(s): no son evidencia,"
                        + " el siguiente depósito los elimina"
                ).local
            )
        }
        if report.receiptsMissingCount > 0 {
            let count = report.receiptsMissingCount
            lines.append(
                Text(
                    en: "\(count) item(s) without receipt here: `receipt renew` writes them",
                    es: "\(count) objeto(s) sin recibo aquí: `receipt renew` los escribe"
                ).local
            )
        }
        if report.timestampCount > 0 {
            let count = report.timestampCount
            lines.append(
                Text(
                    en: "time stamps of outside authorities: \(count)",
                    es: "sellos de tiempo de autoridades externas: \(count)"
                ).local
            )
        }
        let (audited, entries) = (report.auditedCount, report.entryCount)
        lines.append(
            Text(
                en: "checked \(audited) of \(entries) entries\(full ? ", every byte" : "")",
                es: "revisadas \(audited) de \(entries) entradas\(full ? ", cada byte" : "")"
            ).local
        )
        lines.append(
            report.anchorCount == 0
                ? Text(
                    en: "anchors: none (a store set back as a whole would not show)",
                    es: "anclas: ninguna (un almacén devuelto a un estado anterior no se notaría)"
                ).local
                : Self.text(of: anchors).local
        )
        if report.problems.isEmpty {
            lines.append(Text(en: "The store is clean.", es: "El almacén está íntegro.").local)
        }
        return lines
    }
}

extension VerifyCommand {
    /// Which anchors there were.
    private static func text(of anchors: [Anchor]) -> Text {
        let receipts = anchors.count { if case .receipt = $0 { true } else { false } }
        let stamps = anchors.count { if case .timestamp = $0 { true } else { false } }
        let others = anchors.count - receipts - stamps
        let anchors = Text(
            en: "anchors: \(receipts) receipt(s), \(others) checkpoint(s)",
            es: "anclas: \(receipts) recibo(s), \(others) punto(s) de control"
        )
        guard stamps > 0 else { return anchors }
        return Text(
            en: "\(anchors.en), \(stamps) time stamp(s)",
            es: "\(anchors.es), \(stamps) sello(s) de tiempo"
        )
    }
}

/// What an audit found, for people and programs.
enum AuditProblemText {
    static func text(_ problem: AuditReport.Problem, anchors: [String]) -> Text {
        switch problem {
        case .log(let path):
            let name = path.map { " (\($0.text))" } ?? ""
            return Text(
                en: "DAMAGED: the log is cut, changed or incomplete\(name)",
                es: "DAÑADO: el registro está cortado, cambiado o incompleto\(name)"
            )
        case .statement(let index):
            return Text(
                en: "DAMAGED: the statement of entry \(index) is missing or changed",
                es: "DAÑADO: falta o cambió la declaración de la entrada \(index)"
            )
        case .objectMissing(let index, let object):
            return Text(
                en: "MISSING: object \(object) of entry \(index)",
                es: "FALTA: el objeto \(object) de la entrada \(index)"
            )
        case .objectChanged(let index, let object):
            return Text(
                en: "CHANGED: object \(object) of entry \(index) has other bytes",
                es: "CAMBIADO: el objeto \(object) de la entrada \(index) tiene otros bytes"
            )
        case .objectUnknown(let object):
            return Text(
                en: "UNKNOWN: \(object) belongs to no entry: put there, or the log was set back",
                es: "DESCONOCIDO: \(object) no es de ninguna entrada: lo pusieron, o el registro"
                    + " volvió a un estado anterior"
            )
        case .logSetBack(let index):
            return Text(
                en: "SET BACK: there is a statement of entry \(index), and the log has none",
                es: "RETROCEDIDO: hay declaración de la entrada \(index), que el registro no tiene"
            )
        case .index(let index):
            return Text(
                en: "INDEX: index.sqlite is wrong about entry \(index); delete it, it is rebuilt",
                es: "ÍNDICE: index.sqlite yerra en la entrada \(index); bórrelo, se reconstruye"
            )
        case .checkpoint, .checkpointContradicted, .timestamp, .boundMissing:
            return timeText(problem)
        case .indexAltered:
            return Text(
                en: "INDEX: index.sqlite is damaged, or its tables or triggers were changed; delete"
                    + " it, it is rebuilt",
                es: "ÍNDICE: index.sqlite está dañado, o cambiaron sus tablas o disparadores;"
                    + " bórrelo, se reconstruye"
            )
        case .keyring:
            return Text(
                en: "DAMAGED: the keyring; put back a copy of it, or recover",
                es: "DAÑADO: el llavero; reponga una copia, o recupere"
            )
        case .file(let place): return fileText(place)
        case .stranger(let place):
            return Text(
                en: "UNKNOWN: \(place) is no part of a vault: somebody put it there",
                es: "DESCONOCIDO: \(place) no es parte de una bóveda: alguien lo puso ahí"
            )
        case .receiptAhead(let place): return anchorText(.anchor(0), place)
        case .receiptFork(let place): return anchorText(.anchorFork(0), place)
        case .nodeReceiptAbsent(let place): return anchorText(.anchorAbsent(0), place)
        case .anchor(let number), .anchorFork(let number), .anchorForeign(let number),
            .anchorUnknown(let number), .anchorAbsent(let number):
            let name = anchors.indices.contains(number) ? anchors[number] : String(number)
            return anchorText(problem, name)
        }
    }

    private static func fileText(_ place: String) -> Text {
        if place.hasPrefix("receipts/") {
            return Text(
                en: "DAMAGED: \(place) proves nothing; `receipt renew` writes it again",
                es: "DAÑADO: \(place) no prueba nada; `receipt renew` lo escribe de nuevo"
            )
        }
        let damage = Text(
            en: "DAMAGED: \(place) is missing or changed",
            es: "DAÑADO: falta o cambió \(place)"
        )
        guard place.hasPrefix("colleagues/objects/") else { return damage }
        return Text(
            en: damage.en + "; `sync --full` or `case sync --full` takes it in again",
            es: damage.es + "; `sync --full` o `case sync --full` lo recibe de nuevo"
        )
    }

    private static func anchorText(_ problem: AuditReport.Problem, _ name: String) -> Text {
        switch problem {
        case .anchor:
            Text(
                en: "SET BACK: the log has fewer entries than the anchor \(name) saw (whether it"
                    + " went another way since then cannot be told)",
                es: "RETROCEDIDO: el registro tiene menos entradas de las que vio el ancla \(name)"
                    + " (si desde entonces tomó otro camino, no se puede saber)"
            )
        case .anchorAbsent:
            Text(
                en: "SET BACK: \(name) is a node's receipt for an entry that the log does not have"
                    + " (or it is of another vault)",
                es: "RETROCEDIDO: \(name) es el recibo de un nodo por una entrada que el registro"
                    + " no tiene (o es de otra bóveda)"
            )
        case .anchorFork:
            Text(
                en: "FORK: the log and the anchor \(name) are two histories of one log: it was set"
                    + " back, or copied, and used again",
                es: "BIFURCADO: el registro y el ancla \(name) son dos historias de un mismo"
                    + " registro: retrocedió, o se copió, y se volvió a usar"
            )
        case .anchorForeign:
            Text(
                en: "FOREIGN: the anchor \(name) is of another log, or does not verify",
                es: "AJENO: el ancla \(name) es de otro registro, o no se verifica"
            )
        case .anchorUnknown:
            Text(
                en: "NOT KEPT: the time stamp \(name) is about a checkpoint that this vault does"
                    + " not have: it was set back, or the stamp is of something else; with that"
                    + " checkpoint as another --anchor it is told",
                es: "NO GUARDADO: el sello de tiempo \(name) es de un punto de control que esta"
                    + " bóveda no tiene: retrocedió, o el sello es de otra cosa; con ese punto de"
                    + " control como otro --anchor se sabe"
            )
        default: preconditionFailure("a problem about an anchor")
        }
    }

    private static func timeText(_ problem: AuditReport.Problem) -> Text {
        switch problem {
        case .checkpoint(let name):
            Text(
                en: "DAMAGED: checkpoints/\(name) is missing or changed",
                es: "DAÑADO: falta o cambió checkpoints/\(name)"
            )
        case .checkpointContradicted(let size):
            Text(
                en: "SET BACK: the log contradicts its own kept checkpoint of \(size) entries",
                es: "RETROCEDIDO: el registro contradice su propio punto de control de \(size)"
                    + " entradas"
            )
        case .timestamp(let size):
            Text(
                en: "TIME STAMP: the one over \(size) entries does not verify",
                es: "SELLO DE TIEMPO: el de \(size) entradas no se verifica"
            )
        case .boundMissing(let index):
            Text(
                en: "MISSING: the checkpoint or time stamp that entry \(index) was made after",
                es: "FALTA: el punto de control o sello de tiempo anterior a la entrada \(index)"
            )
        default: preconditionFailure("a problem about time")
        }
    }

    static func members(_ problem: AuditReport.Problem) -> [String: JSONValue] {
        switch problem {
        case .log(let path):
            var members: [String: JSONValue] = ["problem": "log"]
            if let path { members["path"] = .string(path.text) }
            return members
        case .statement(let index):
            return ["problem": "statement", "entry": .integer(Int64(index))]
        case .objectMissing(let index, let object):
            return [
                "problem": "object-missing", "entry": .integer(Int64(index)),
                "object": .string(object),
            ]
        case .objectChanged(let index, let object):
            return [
                "problem": "object-changed", "entry": .integer(Int64(index)),
                "object": .string(object),
            ]
        case .objectUnknown(let object):
            return ["problem": "object-unknown", "object": .string(object)]
        case .logSetBack(let index):
            return ["problem": "log-set-back", "entry": .integer(Int64(index))]
        case .index(let index):
            return ["problem": "index", "entry": .integer(Int64(index))]
        case .indexAltered:
            return ["problem": "index-altered"]
        case .keyring:
            return ["problem": "keyring"]
        case .checkpoint(let name):
            return ["problem": "checkpoint", "path": .string(name)]
        case .checkpointContradicted(let size):
            return ["problem": "checkpoint-contradicted", "entries": .integer(Int64(size))]
        case .timestamp(let size):
            return ["problem": "timestamp", "entries": .integer(Int64(size))]
        case .boundMissing(let index):
            return ["problem": "bound-missing", "entry": .integer(Int64(index))]
        case .anchor(let number):
            return ["problem": "anchor", "anchor": .integer(Int64(number))]
        case .anchorFork(let number):
            return ["problem": "anchor-fork", "anchor": .integer(Int64(number))]
        case .anchorForeign(let number):
            return ["problem": "anchor-foreign", "anchor": .integer(Int64(number))]
        case .anchorUnknown(let number):
            return ["problem": "anchor-unknown", "anchor": .integer(Int64(number))]
        case .anchorAbsent(let number):
            return ["problem": "anchor-absent", "anchor": .integer(Int64(number))]
        case .nodeReceiptAbsent(let place):
            return ["problem": "node-receipt-absent", "path": .string(place)]
        case .file(let place):
            return ["problem": "file", "path": .string(place)]
        case .stranger(let place):
            return ["problem": "stranger", "path": .string(place)]
        case .receiptAhead(let place):
            return ["problem": "receipt-ahead", "path": .string(place)]
        case .receiptFork(let place):
            return ["problem": "receipt-fork", "path": .string(place)]
        }
    }
}
