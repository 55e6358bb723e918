// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import TransparencyLog
import Vault

/// `resguardo sync`: trade the items of cases with nodes.
struct SyncCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: Text(
            en: "Send your items to the nodes, and take in those of colleagues.",
            es: "Enviar sus objetos a los nodos, y recibir los de colegas."
        ).local,
        discussion: Text(
            en: """
                Sealed items only; the node cannot read them, and its receipt proves that it took \
                them. What was interrupted goes on where it stopped. Every checkpoint that a node \
                ever showed is compared with the next: a node that shows two histories, or takes \
                back what it gave a receipt for, is an alarm (code 3), and the evidence is kept. \
                What is missing or damaged here is taken back from a node.
                """,
            es: """
                Solo objetos sellados; el nodo no puede leerlos, y su recibo prueba que los \
                recibió. Lo interrumpido sigue donde se detuvo. Cada checkpoint que un nodo haya \
                mostrado se compara con el siguiente: un nodo que muestre dos historias, o retire \
                aquello de lo que dio recibo, es una alarma (código 3), y la evidencia queda. Lo \
                que falte o esté dañado aquí se recupera de un nodo.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var route: RouteOptions

    @OptionGroup var choice: CasesOnNodes

    @Flag(
        help: Text(
            en: "Read every object here, and take back from a node what has rotted.",
            es: "Leer cada objeto de aquí, y recuperar de un nodo lo que se haya dañado."
        ).help
    )
    var full = false

    @Option(
        help: ArgumentHelp(
            Text(
                en: "How many items of a case to send at a time, 1 to 16 (default: 4).",
                es: "Cuántos objetos de un caso enviar a la vez, de 1 a 16 (si falta: 4)."
            ).local,
            valueName: Text(en: "count", es: "cantidad").local
        )
    )
    var parallel = NodeSync.transferCountUsual

    func validate() throws {
        guard (1...16).contains(parallel) else {
            throw ValidationError(Text(en: "Give 1 to 16.", es: "Indique de 1 a 16.").local)
        }
    }

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        let (remotes, cases) = try choice.find(in: home)
        var reports: [NodeReport] = []
        for remote in remotes {
            let sync = NodeSync(
                home: home,
                remote: remote,
                route: route,
                context: context,
                isFull: full,
                transferCountMax: parallel
            )
            reports.append(try sync.run(cases))
        }
        // What one node could not give, a later one may have given.
        let repaired = Set(reports.flatMap(\.repaired))
        for index in reports.indices { reports[index].broken.removeAll(where: repaired.contains) }
        return Self.outcome(reports)
    }

    private static func outcome(_ reports: [NodeReport]) -> Outcome {
        Outcome(
            json: ["remotes": .array(reports.map(\.json))],
            lines: reports.flatMap(\.lines),
            kind: reports.compactMap(\.kind).max { $0.gravity < $1.gravity }
        )
    }
}

extension FailureClass {
    /// Which of several failures is the one to report: an alarm before anything else.
    fileprivate var gravity: Int {
        switch self {
        case .doesNotVerify: 3
        case .storeDamaged: 2
        default: 1
        }
    }
}
