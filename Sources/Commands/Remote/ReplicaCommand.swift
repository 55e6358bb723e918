// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Outside
import Storage
import Vault

/// `resguardo replica`: what nodes keep.
struct ReplicaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replica",
        abstract: Text(
            en: "Hold nodes to what they said they keep.",
            es: "Exigir a los nodos lo que dijeron guardar."
        ).local,
        subcommands: [ReplicaChallengeCommand.self]
    )
}

/// `resguardo replica challenge`: ask nodes for random pieces of what they gave receipts for.
struct ReplicaChallengeCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "challenge",
        abstract: Text(
            en: "Ask nodes for random pieces of the items that they gave receipts for.",
            es: "Pedir a los nodos piezas al azar de los objetos de los que dieron recibo."
        ).local,
        discussion: Text(
            en: """
                Each piece is compared with the Merkle root in the receipt; what is kept here is \
                not needed. A node that lost or changed anything that was asked for is named \
                (code 3); “sync” sends it again.
                """,
            es: """
                Cada pieza se compara con la raíz de Merkle del recibo; lo guardado aquí no hace \
                falta. Se nombra al nodo que haya perdido o cambiado algo de lo pedido (código 3); \
                «sync» se lo envía otra vez.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var route: RouteOptions

    @OptionGroup var choice: CasesOnNodes

    @Option(
        help: Text(
            en: "Pieces to ask for of each item (default: 1).",
            es: "Piezas que se piden de cada objeto (si falta: 1)."
        ).help
    )
    var pieces: Int = 1

    func run(in context: Context) throws -> Outcome {
        guard (1...1000).contains(pieces) else {
            throw Failure(
                .usage,
                Text(en: "--pieces is 1 to 1000", es: "--pieces va de 1 a 1000")
            )
        }
        let home = try context.openVault()
        let (remotes, cases) = try choice.find(in: home)
        var findings: [Finding] = []
        for remote in remotes {
            for item in cases.shuffled() {
                let node = NodeClient(url: remote.url, client: try route.isolated().client())
                findings += try challenge(remote, node, item, home)
            }
        }
        return Self.outcome(findings)
    }

    /// What a node did with one item.
    private struct Finding {
        enum Kind: String {
            case right, lost, changed
        }

        let remote: String
        let item: String
        let kind: Kind
    }

    private func challenge(
        _ remote: Remote,
        _ node: NodeClient,
        _ item: Case,
        _ home: Home
    ) throws -> [Finding] {
        let token = item.nodeToken()
        return try home.store.index().items(of: item.pseudonymText).compactMap { _, row in
            guard FileStatus.exists(remote.receipt(of: row.object)) else { return nil }
            let kind = try ask(node, token, row.object, row.sizeBytes)
            if kind == .changed { try remote.mark(row.object, home.layout.files) }
            return Finding(remote: remote.name, item: row.object, kind: kind)
        }
    }

    private func ask(
        _ node: NodeClient,
        _ token: [UInt8],
        _ object: String,
        _ size: Int64
    ) throws -> Finding.Kind {
        let list = try node.file(token, "\(object).pieces", countMax: DepositOffer.byteCountMax)
        guard let list else { return .lost }
        guard let hashes = PieceHashes(list, object: object, sizeBytes: size) else {
            return .changed
        }
        for _ in 0..<pieces {
            let index = Int.random(in: 0..<hashes.count)
            let range = hashes.range(index)
            let bytes = try node.part(
                token,
                "\(object).age",
                from: range.lowerBound,
                count: range.count
            )
            guard let bytes else { return .lost }
            guard hashes.isRight(bytes, index) else { return .changed }
        }
        return .right
    }

    private static func outcome(_ findings: [Finding]) -> Outcome {
        let wrong = findings.filter { $0.kind != .right }
        var lines = wrong.map { finding in
            finding.kind == .lost
                ? Text(
                    en: "LOST: \(finding.remote) does not give \(finding.item)",
                    es: "PERDIDO: \(finding.remote) no da \(finding.item)"
                ).local
                : NodeReport.changedText(finding.remote, finding.item).local
        }
        lines.append(
            Text(
                en: "\(findings.count - wrong.count) of \(findings.count) item(s) are there as"
                    + " receipted, as far as was asked",
                es: "\(findings.count - wrong.count) de \(findings.count) objeto(s) están como dice"
                    + " su recibo, hasta donde se preguntó"
            ).local
        )
        return Outcome(
            json: [
                "findings": .array(
                    findings.map {
                        [
                            "remote": .string($0.remote), "item": .string($0.item),
                            "state": .string($0.kind.rawValue),
                        ]
                    }
                )
            ],
            lines: lines,
            kind: wrong.isEmpty ? nil : .doesNotVerify
        )
    }
}
