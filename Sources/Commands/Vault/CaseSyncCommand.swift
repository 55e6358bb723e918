// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import Vault

/// `resguardo case sync`.
struct CaseSyncCommand: UsesPassphrase, UsesTime, UsesExchange {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: Text(
            en: "Trade the items of a case with colleagues through a shared directory.",
            es: "Intercambiar con colegas los objetos de un caso por un directorio compartido."
        ).local,
        discussion: Text(
            en: """
                Puts your sealed items and their receipts into the directory, and takes in those \
                of colleagues after checking them: an admitted member signed, the member's log \
                accepted, the object is the one that was receipted. Nothing there is ever changed, \
                so nothing conflicts, whatever keeps the directory in step.
                """,
            es: """
                Pone en el directorio sus objetos sellados y sus recibos, y toma los de los \
                colegas después de revisarlos: firmó un miembro admitido, lo aceptó el registro \
                del miembro, el objeto es el del recibo. Nada de lo que hay ahí se cambia nunca, \
                así que nada choca, sin importar qué sincronice el directorio.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions

    @Argument(help: Text(en: "Name or pseudonym.", es: "Nombre o seudónimo.").help)
    var name: String

    @Flag(
        help: Text(
            en: "Read again what was put there and taken in before; replace what was changed.",
            es: "Releer lo que se puso y se recibió antes; reponer lo que haya cambiado."
        ).help
    )
    var full = false

    func run(in context: Context) throws -> Outcome {
        let directory = BytePath(RawArguments.bytes(of: try context.requireExchange()))
        let home = try context.openVault()
        let item = try home.findCase(name)
        let report = try home.exchange(item, through: directory, isFull: full)
        let isForked = report.refused.contains { $0.reason == .ownFork }
        return Outcome(
            json: [
                "exported": .integer(Int64(report.exportedCount)),
                "imported": .integer(Int64(report.importedCount)),
                "waiting": .integer(Int64(report.waitingCount)),
                "refused": .array(
                    report.refused.map {
                        ["file": .string($0.file), "reason": .string(Self.word($0.reason))]
                    }
                ),
            ],
            lines: lines(report),
            kind: report.refused.isEmpty ? nil : isForked ? .storeDamaged : .doesNotVerify
        )
    }

    private func lines(_ report: ExchangeReport) -> [String] {
        let (out, taken) = (report.exportedCount, report.importedCount)
        var lines = report.refused.map { refused in
            let reason = Self.text(refused.reason)
            return Text(
                en: "REFUSED: \(refused.file): \(reason.en)",
                es: "RECHAZADO: \(refused.file): \(reason.es)"
            ).local
        }
        if report.waitingCount > 0 {
            lines.append(
                Text(
                    en: "\(report.waitingCount) item(s) have not arrived whole; sync again later",
                    es: "\(report.waitingCount) objeto(s) no han llegado completos; repita después"
                ).local
            )
        }
        lines.append(
            Text(
                en: "\(out) item(s) put there, \(taken) taken in",
                es: "\(out) objeto(s) puestos, \(taken) recibidos"
            ).local
        )
        return lines
    }

    static func word(_ reason: ColleagueStore.Refusal) -> String {
        switch reason {
        case .malformed: "malformed"
        case .otherCase: "other-case"
        case .unknownMember: "unknown-member"
        case .receipt: "receipt"
        case .objectChanged: "object-changed"
        case .fork: "fork"
        case .ownFork: "own-fork"
        case .blocked: "blocked"
        }
    }

    static func text(_ reason: ColleagueStore.Refusal) -> Text {
        switch reason {
        case .malformed: Text(en: "it is no receipt", es: "no es un recibo")
        case .otherCase: Text(en: "it is of another case", es: "es de otro caso")
        case .unknownMember:
            Text(
                en: "nobody admitted its depositor to this case",
                es: "nadie admitió a su depositante en este caso"
            )
        case .receipt:
            Text(en: "its receipt does not verify", es: "su recibo no se verifica")
        case .objectChanged:
            Text(
                en: "its object has other bytes than the receipt says",
                es: "su objeto tiene otros bytes que los del recibo"
            )
        case .fork:
            Text(
                en: "FORK: this colleague's log said something else before",
                es: "BIFURCACIÓN: el registro de este colega dijo antes otra cosa"
            )
        case .ownFork:
            Text(
                en: "FORK: another copy of this vault deposited it, or this one was set back",
                es: "BIFURCACIÓN: lo depositó otra copia de esta bóveda, o esta retrocedió"
            )
        case .blocked:
            Text(
                en: "something that is no file has its name",
                es: "algo que no es un archivo tiene su nombre"
            )
        }
    }
}
