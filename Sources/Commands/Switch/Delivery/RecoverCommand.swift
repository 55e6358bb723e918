// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import Encodings
import Sodium
import Statements
import Storage
import Switch
import Vault

/// `resguardo recover`: what a successor does once a switch is released.
struct RecoverCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: Text(
            en: "Recover a released case as its successor.",
            es: "Recuperar un caso liberado, como su persona sucesora."
        ).local,
        discussion: Text(
            en: """
                Writes outer.key, case.key and escrow.age into the directory. From there age \
                alone goes on: age -d -i case.key item.age | tar x. With --store, the items are \
                unpacked as well. An age that knows post-quantum keys only through age-plugin-pq \
                takes case.plugin.key.

                Where the owner's nodes had the items, they are fetched, checked and unpacked \
                below “items”; run it again to go on after a failure. Below “bags” there is a \
                court bag of the items of each depositor. What the owner wanted to be read first \
                is shown first.
                """,
            es: """
                Escribe outer.key, case.key y escrow.age en el directorio. De ahí sigue age solo: \
                age -d -i case.key objeto.age | tar x. Con --store, también desempaca los \
                objetos. Un age que conoce llaves poscuánticas solo por age-plugin-pq usa \
                case.plugin.key.

                Si los nodos de la persona dueña tenían los objetos, se traen, revisan y \
                desempacan en «items»; ejecútelo de nuevo para seguir tras una falla. En «bags» \
                queda un paquete judicial de los objetos de cada depositante. Lo que ella quiso \
                que se leyera primero se muestra primero.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions
    @OptionGroup var source: SwitchInvitationOptions
    @OptionGroup var files: OutputOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The successor's age identity file.",
                es: "El archivo de identidad de age de la persona sucesora."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var identity: String

    @Option(
        help: Text(
            en: "Directory for what is recovered.",
            es: "Directorio para lo recuperado."
        ).help,
        completion: .directory
    )
    var output: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The escrow file (default: the logs', or escrow.age beside the identity).",
                es: "El archivo depositado (si falta: el de los registros, o escrow.age junto a la"
                    + " identidad)."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var escrow: String?

    @Option(
        help: Text(
            en: "A home or copy of one that has the case's items.",
            es: "Un directorio de Resguardo, o su copia, con los objetos del caso."
        ).help,
        completion: .directory
    )
    var store: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "A share that came as a file; once for each.",
                es: "Una parte que llegó como archivo; una vez por cada una."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var share: [String] = []

    @Flag(
        help: Text(
            en: "Write the keys only: ask no node for items.",
            es: "Escribir solo las llaves: no pedir objetos a ningún nodo."
        ).help
    )
    var keysOnly = false

    @Flag(
        help: Text(
            en: "Make no court bag of the items.",
            es: "No hacer paquete judicial de los objetos."
        ).help
    )
    var noBag = false

    /// What was unpacked, and its court bags.
    private typealias Unpacked = (paths: [BytePath], bags: [BytePath])

    func run(in context: Context) throws -> Outcome {
        let (record, place) = try context.findSwitch(id, source.invitation)
        let threshold = record.arming.terms.threshold
        let gathered = try ShareGathering(record, log: place.log(), files: share)
        for line in gathered.notes { context.console.note(line) }
        // What is missing is said before anybody types a passphrase.
        guard gathered.count >= threshold else {
            throw SwitchError.tooFewShares(needed: threshold, have: gathered.count)
        }
        let successors = try SuccessorKeyFile.read(identity, context)
        try context.refuseExampleKeys(successors.compactMap { $0.recipientText })
        let escrow = try findEscrow(record.arming.statement.escrowDigest, place)
        let recovery = try Recovery(
            of: record,
            escrow: escrow,
            successors: successors,
            further: gathered.further
        )
        let identities = try IdentityFile.identities(in: recovery.caseIdentityFile)
        try write(recovery, identities.first, escrow)
        let items = try unpack(recovery, identities, context)
        return outcome(record, items, try deliver(recovery, context))
    }

    private func deliver(
        _ recovery: borrowing Recovery,
        _ context: Context
    ) throws -> CaseDelivery.Report? {
        guard !keysOnly, store == nil, let pseudonym = Self.pseudonym(recovery) else { return nil }
        return try CaseDelivery(output: output, hasBags: !noBag, context: context)
            .fetch(recovery.caseIdentityFile, pseudonym: pseudonym)
    }

    /// The escrow file, from the first place that has the right one.
    private func findEscrow(_ digest: [UInt8], _ place: any SwitchPlace) throws -> EscrowFile {
        let files = LocalFileSystem()
        if let escrow {
            let bytes = try files.read(escrow, countMax: EscrowFile.byteCountMax)
            return EscrowFile(bytes: bytes)
        }
        do {
            return try place.escrow(digest)
        } catch {
            let path = LocalFileSystem.parent(of: identity) + "/escrow.age"
            // The place's failure is the one to tell.
            guard let bytes = try? files.read(path, countMax: EscrowFile.byteCountMax),
                EscrowFile(bytes: bytes).digest == digest
            else { throw error }
            return EscrowFile(bytes: bytes)
        }
    }

    /// Writes the keys and the escrow file; nothing if one of the names is taken.
    private func write(
        _ recovery: borrowing Recovery,
        _ identity: (any AgeIdentity)?,
        _ escrow: EscrowFile
    ) throws {
        var contents = [
            ("outer.key", Self.line(recovery.outerIdentity)),
            ("case.key", Self.line(recovery.caseIdentityFile)), ("escrow.age", escrow.bytes),
        ]
        if let hybrid = identity as? HybridIdentity {
            contents.append(("case.plugin.key", Self.line(hybrid.pluginText())))
        }
        defer { for index in contents.indices { wipe(&contents[index].1) } }
        try LocalFileSystem().makeDirectory(output)
        for (name, bytes) in contents {
            _ = try OutputFile.isWritten(bytes, to: output + "/" + name, force: files.force)
        }
        for (name, bytes) in contents {
            try OutputFile.write(bytes, to: output + "/" + name, force: files.force)
        }
    }

    /// A key as a text file.
    private static func line(_ key: borrowing SecretBytes) -> [UInt8] {
        let bytes = key.reveal()
        return bytes.last == 0x0a ? bytes : bytes + [0x0a]
    }

    private func unpack(
        _ recovery: borrowing Recovery,
        _ identities: [any AgeIdentity],
        _ context: Context
    ) throws -> Unpacked? {
        guard let store else { return nil }
        guard let identity = identities.first, let pseudonym = Self.pseudonym(recovery) else {
            throw SwitchError.caseRecipientMismatch
        }
        let copy = try VaultStore(layout: HomeLayout(BytePath(store)))
        let paths = try copy.unpackAll(
            ofCase: pseudonym,
            identity: identity,
            into: BytePath(output).appending("items")
        )
        guard !noBag else { return (paths, []) }
        let bags = try RecoveredBags(output: output, context: context)
            .make(ofCase: pseudonym, identity: identity, in: copy)
        return (paths, bags)
    }

    /// The pseudonym in the comment above the identity.
    private static func pseudonym(_ recovery: borrowing Recovery) -> String? {
        var bytes = recovery.caseIdentityFile.reveal()
        defer { wipe(&bytes) }
        let line = String(decoding: bytes.prefix { $0 != 0x0a }, as: UTF8.self)
        let prefix = "# case "
        return line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : nil
    }

    private func outcome(
        _ record: SwitchRecord,
        _ items: Unpacked?,
        _ report: CaseDelivery.Report?
    ) -> Outcome {
        var members: [String: JSONValue] = [
            "switch": .string(record.id.text),
            "caseRecipient": .string(record.arming.statement.caseRecipient),
            "outerKey": .string(output + "/outer.key"), "caseKey": .string(output + "/case.key"),
            "escrow": .string(output + "/escrow.age"),
        ]
        var lines: [String] = []
        if let text = report?.instructions {
            members["instructions"] = .string(text)
            lines += text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        lines += [
            Text(
                en: "Recovered: \(output)/case.key opens every item of the case.",
                es: "Recuperado: \(output)/case.key abre todos los objetos del caso."
            ).local,
            "    age -d -i \(output)/case.key ITEM.age | tar x",
        ]
        if let (paths, bags) = items ?? report.map({ ($0.paths, $0.bags) }) {
            members["items"] = .array(paths.map { .string($0.text) })
            members["bags"] = .array(bags.map { .string($0.text) })
            lines += paths.map(\.text)
            lines += bags.map { bag in
                let path = bag.text
                return Text(en: "court bag: \(path)", es: "paquete judicial: \(path)").local
            }
        }
        if report != nil {
            let short = SwitchName.short(record.id)
            lines.append(
                Text(
                    en: "Next: resguardo successor receipt \(short)",
                    es: "Sigue: resguardo successor receipt \(short)"
                ).local
            )
        }
        return Outcome(json: .object(members), lines: lines, kind: report?.kind)
    }
}
