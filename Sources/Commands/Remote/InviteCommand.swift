// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Outside
import Server
import Storage
import TransparencyLog
import Vault

/// `resguardo invite`: who may bring new cases to a node.
struct InviteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: Text(
            en: "Invitations to bring new cases to a node.",
            es: "Invitaciones para llevar casos nuevos a un nodo."
        ).local,
        subcommands: [InviteCreateCommand.self, InviteAcceptCommand.self]
    )
}

/// `resguardo invite create`: the operator makes a code for a person.
struct InviteCreateCommand: UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: Text(
            en: "Make a code on the node's machine, to be given to a person.",
            es: "Crear un código en la máquina del nodo, para entregarlo a una persona."
        ).local,
        discussion: Text(
            en: """
                The code is good for some new cases, once. The node cannot tell which cases came \
                of which code: it signs the invitations without seeing them. Give codes to many \
                people at a time, or there is nobody to be mistaken for.
                """,
            es: """
                El código vale para algunos casos nuevos, una vez. El nodo no puede saber qué \
                casos salieron de qué código: firma las invitaciones sin verlas. Entregue códigos \
                a varias personas a la vez, o no habrá con quién confundirlas.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var route: RouteOptions

    @Option(
        help: Text(
            en: "New cases that the code is good for, 1 to 256 (default: 1).",
            es: "Casos nuevos para los que vale, de 1 a 256 (si falta: 1)."
        ).help
    )
    var count = 1

    @Option(
        help: Text(
            en: "Days until it ends, 1 to 3650 (default: 30).",
            es: "Días hasta que caduca, de 1 a 3650 (si falta: 30)."
        ).help
    )
    var days: Int64 = 30

    func run(in context: Context) throws -> Outcome {
        guard (1...InvitationCode.countMax).contains(count), (1...3650).contains(days) else {
            throw Failure(
                .usage,
                Text(
                    en: "a code is good for 1 to 256 cases, and for 1 to 3650 days",
                    es: "un código vale para 1 a 256 casos, y de 1 a 3650 días"
                )
            )
        }
        let code = InvitationCode(count: count)
        let desk = try NodeVault(context).invitations(in: store.open(ServerFile(), route))
        try desk.add(code, expiry: context.now + days * 86_400)
        return Outcome(
            json: ["code": .string(code.text), "count": .integer(Int64(count))],
            lines: [code.text]
        )
    }
}

/// `resguardo invite accept`: a person gets invitations for a code.
struct InviteAcceptCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: Text(
            en: "Get invitations from a node for the code that its operator gave you.",
            es: "Obtener invitaciones de un nodo por el código que le dio quien lo opera."
        ).local,
        discussion: Text(
            en: """
                What the node signs for the code it cannot recognise later, when “sync” shows an \
                invitation for a new case; the node proves that it used the one key that its \
                witnessed log names. Wait some time before you deposit.
                """,
            es: """
                Lo que el nodo firme por el código no podrá reconocerlo después, cuando «sync» \
                muestre una invitación para un caso nuevo; el nodo prueba que usó la única llave \
                que nombra su registro atestiguado. Espere un tiempo antes de depositar.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var route: RouteOptions

    @Argument(
        help: Text(
            en: "The node, as “remote add” named it.",
            es: "El nodo, como lo llamó «remote add»."
        )
        .help
    )
    var remote: String

    @Argument(help: Text(en: "The code.", es: "El código.").help)
    var code: String

    func run(in context: Context) throws -> Outcome {
        guard let code = InvitationCode(code) else {
            throw Failure(
                .usage,
                Text(
                    en: "that is no code of an invitation: look for a slip of the pen",
                    es: "eso no es un código de invitación: busque un error al copiarlo"
                )
            )
        }
        let home = try context.openVault()
        let remote = try RemoteBook(home.layout).require(remote)
        let node = NodeClient(url: remote.url, client: try route.isolated().client())
        let key = try key(of: remote, node)
        let purse = InvitationPurse(home, directory: remote.invitations)
        let answer = try node.invitations(for: try purse.request(for: code))
        guard try purse.keep(answer, for: code, key: key) else {
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "ALARM: the node did not use the key that its log names",
                    es: "ALARMA: el nodo no usó la llave que nombra su registro"
                ),
                word: "invitation"
            )
        }
        let free = try purse.freeCount()
        return Outcome(
            json: ["remote": .string(remote.name), "free": .integer(Int64(free))],
            lines: [
                Text(
                    en: "\(free) invitation(s) for new cases on “\(remote.name)”",
                    es: "\(free) invitación(es) para casos nuevos en «\(remote.name)»"
                ).local
            ]
        )
    }

    /// The node's key for invitations: the first entry of its witnessed log, and so the same for
    /// everybody.
    private func key(of remote: Remote, _ node: NodeClient) throws -> InvitationKey {
        let bytes = try node.invitationKey()
        guard let bytes, let proof = try? TlogProof(parsing: bytes), proof.index == 0,
            let entry = proof.extra, let key = InvitationKey(entry: entry),
            (try? proof.verify(leaf: .leaf(entry), policy: remote.policy)) != nil
        else {
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "the node does not prove a key for invitations from its log",
                    es: "el nodo no prueba con su registro una llave para invitaciones"
                ),
                word: "invitation"
            )
        }
        return key
    }
}
