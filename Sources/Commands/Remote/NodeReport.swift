// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Vault

/// What came of trading with one node.
struct NodeReport {
    let remote: String
    /// Own items that the node took, and those that wait for its receipt.
    var sentCount = 0
    var waitingCount = 0
    /// Receipts that the node gave.
    var receiptCount = 0
    /// Items of colleagues that were taken in.
    var takenCount = 0
    /// Objects of this vault that were missing or damaged, and came back from the node.
    var repaired: [String] = []
    /// The same, which the node could not give.
    var broken: [String] = []
    /// Objects of which the node gave other bytes.
    var changed: [String] = []
    /// Items that the node gave a receipt for and does not have any more.
    var lost: [String] = []
    /// What colleagues put there, or seem to, and is not right.
    var refused: [ExchangeReport.Refused] = []
    /// Why the rest did not happen.
    var failure: Failure?

    init(remote: String) {
        self.remote = remote
    }

    /// What the exit code says.
    var kind: FailureClass? {
        if let failure { return failure.kind }
        guard lost.isEmpty, changed.isEmpty, refused.isEmpty else { return .doesNotVerify }
        return broken.isEmpty ? nil : .storeDamaged
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "remote": .string(remote), "sent": .integer(Int64(sentCount)),
            "receipts": .integer(Int64(receiptCount)), "taken": .integer(Int64(takenCount)),
            "waiting": .integer(Int64(waitingCount)), "lost": .array(lost.map { .string($0) }),
            "changed": .array(changed.map { .string($0) }),
            "repaired": .array(repaired.map { .string($0) }),
            "broken": .array(broken.map { .string($0) }),
            "refused": .array(
                refused.map {
                    [
                        "file": .string($0.file),
                        "reason": .string(CaseSyncCommand.word($0.reason)),
                    ]
                }
            ),
        ]
        if let failure { members["failure"] = .string(failure.message.en) }
        return .object(members)
    }

    /// What is said of a node that gives other bytes than it gave its receipt for.
    static func changedText(_ remote: String, _ name: String) -> Text {
        Text(
            en: "CHANGED: \(remote) gives other bytes for \(name)",
            es: "CAMBIADO: \(remote) da otros bytes por \(name)"
        )
    }

    var lines: [String] {
        var lines = lost.map { name in
            Text(
                en: "LOST: \(remote) gave a receipt for \(name) and does not have it; sent again",
                es: "PERDIDO: \(remote) dio recibo de \(name) y no lo tiene; enviado otra vez"
            ).local
        }
        lines += changed.map { Self.changedText(remote, $0).local }
        lines += repaired.map { name in
            Text(
                en: "REPAIRED: \(name) was missing or damaged here; taken back from \(remote)",
                es: "REPARADO: \(name) faltaba o estaba dañado aquí; recuperado de \(remote)"
            ).local
        }
        lines += broken.map { name in
            Text(
                en: "DAMAGED: \(name) is missing or damaged here, and \(remote) cannot give it",
                es: "DAÑADO: \(name) falta o está dañado aquí, y \(remote) no puede darlo"
            ).local
        }
        lines += refused.map { refused in
            let reason = CaseSyncCommand.text(refused.reason)
            return Text(
                en: "REFUSED: \(refused.file): \(reason.en)",
                es: "RECHAZADO: \(refused.file): \(reason.es)"
            ).local
        }
        if waitingCount > 0 {
            lines.append(
                Text(
                    en:
                        "\(remote): \(waitingCount) receipt(s) wait for witnesses;"
                        + " sync again later",
                    es: "\(remote): \(waitingCount) recibo(s) esperan testigos; repita después"
                ).local
            )
        }
        lines.append(
            Text(
                en: "\(remote): \(sentCount) item(s) sent, \(receiptCount) receipt(s),"
                    + " \(takenCount) taken in",
                es: "\(remote): \(sentCount) objeto(s) enviados, \(receiptCount) recibo(s),"
                    + " \(takenCount) recibidos"
            ).local
        )
        if let failure {
            lines.append("\(remote): \(failure.message.local)")
            if let hint = failure.hint { lines.append(hint.local) }
        }
        return lines
    }
}
