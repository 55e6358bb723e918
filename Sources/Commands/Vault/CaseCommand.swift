// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Vault

/// `resguardo case`: what evidence is gathered under.
struct CaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "case",
        abstract: Text(
            en: "Cases: what evidence is gathered under.",
            es: "Casos: bajo los que se reúne la evidencia."
        ).local,
        subcommands: [
            CaseCreateCommand.self, CaseListCommand.self, CaseShowCommand.self,
            CaseRotateCommand.self, CaseRecipientCommand.self, CaseShareCommand.self,
            CaseAcceptCommand.self, CaseSyncCommand.self, CaseExportKeyCommand.self,
        ]
    )
}

extension Case.Profile: ExpressibleByArgument {}

/// `resguardo case create`.
struct CaseCreateCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: Text(en: "Open a new case.", es: "Abrir un caso nuevo.").local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    @Argument(help: Text(en: "What to call it.", es: "Cómo llamarlo.").help)
    var name: String

    @Option(
        help: Text(
            en: "How patient its switch is: field, standard or long.",
            es: "Qué tan paciente es su interruptor: field, standard o long."
        ).help
    )
    var profile: Case.Profile = .standard

    @Flag(
        help: Text(
            en: "Keep no key here that reads it: only the recovery key opens it.",
            es: "No guardar aquí ninguna llave que lo lea: solo lo abre la de recuperación."
        ).help
    )
    var writeOnly = false

    @Flag(
        help: Text(
            en: "Seal for age before 1.3 (X25519 alone, not safe against quantum computers).",
            es: "Sellar para age anterior a 1.3 (solo X25519, no resiste computadoras cuánticas)."
        ).help
    )
    var classic = false

    func run(in context: Context) throws -> Outcome {
        let item = try context.openVault().createCase(
            named: name,
            profile: profile,
            isWriteOnly: writeOnly,
            isClassic: classic,
            now: context.now
        )
        return Outcome(
            json: CaseDescription.json(item, itemCount: 0),
            lines: [
                Text(
                    en: "Case “\(item.name)” is open. Its pseudonym is \(item.pseudonymText).",
                    es: "El caso «\(item.name)» está abierto. Su seudónimo es"
                        + " \(item.pseudonymText)."
                ).local
            ]
        )
    }
}

/// `resguardo case list`.
struct CaseListCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: Text(en: "List the cases.", es: "Listar los casos.").local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        let counts = try home.itemCounts()
        let (cases, damaged) = try home.allCases()
        for pseudonym in damaged {
            context.console.note(
                Text(
                    en: "the record of case \(pseudonym) is damaged",
                    es: "el registro del caso \(pseudonym) está dañado"
                )
            )
        }
        return Outcome(
            json: [
                "cases": .array(
                    cases.map {
                        CaseDescription.json($0, itemCount: counts[$0.pseudonymText] ?? 0)
                    }
                )
            ],
            lines: cases.map {
                CaseDescription.line($0, itemCount: counts[$0.pseudonymText] ?? 0)
            }
        )
    }
}

/// `resguardo case show`.
struct CaseShowCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: Text(en: "Show what a case is.", es: "Mostrar qué es un caso.").local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    @Argument(help: Text(en: "Name or pseudonym.", es: "Nombre o seudónimo.").help)
    var name: String

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        let item = try home.findCase(name)
        let count = try home.itemCounts()[item.pseudonymText] ?? 0
        return Outcome(
            json: CaseDescription.json(item, itemCount: count),
            lines: CaseDescription.lines(item, itemCount: count)
        )
    }
}

/// `resguardo case export-key`.
struct CaseExportKeyCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "export-key",
        abstract: Text(
            en: "Print the age identity that reads a case.",
            es: "Escribir la identidad de age que lee un caso."
        ).local,
        discussion: Text(
            en: """
                With it and stock age, an item opens without Resguardo: age -d -i case.key \
                item.age | tar x. Whoever holds it reads everything in the case.
                """,
            es: """
                Con ella y el age de siempre, un objeto abre sin Resguardo: age -d -i caso.key \
                objeto.age | tar x. Quien la tenga lee todo el caso.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    @Argument(help: Text(en: "Name or pseudonym.", es: "Nombre o seudónimo.").help)
    var name: String

    func run(in context: Context) throws -> Outcome {
        let item = try context.openVault().findCase(name)
        guard let identity = try item.identityText() else {
            throw VaultError.noReadKey(item.name)
        }
        let text = String(decoding: identity.reveal(), as: UTF8.self)
        return Outcome(
            json: ["identity": .string(text), "recipient": .string(item.recipient)],
            lines: ["# public key: \(item.recipient)", text]
        )
    }
}

/// How a case is shown.
enum CaseDescription {
    static func json(_ item: Case, itemCount: Int) -> JSONValue {
        [
            "name": .string(item.name), "pseudonym": .string(item.pseudonymText),
            "profile": .string(item.profile.rawValue),
            "writeOnly": .boolean(item.isWriteOnly), "classic": .boolean(item.isClassic),
            "readable": .boolean(item.hasReadKey), "items": .integer(Int64(itemCount)),
            "created": .string(Timestamp(seconds: item.createdAt).rfc3339),
            "key": .integer(Int64(item.key.number)),
            "recipient": .string(item.recipient),
        ]
    }

    static func line(_ item: Case, itemCount: Int) -> String {
        let marks = [
            item.isWriteOnly ? Text(en: "write-only", es: "solo escritura").local : nil,
            item.isClassic ? Text(en: "classic", es: "clásico").local : nil,
        ].compactMap { $0 }
        return ([item.name, Self.count(itemCount)] + marks).joined(separator: "  ")
    }

    static func lines(_ item: Case, itemCount: Int) -> [String] {
        let created = Timestamp(seconds: item.createdAt).minutes
        return [
            line(item, itemCount: itemCount),
            Text(
                en: "pseudonym: \(item.pseudonymText)",
                es: "seudónimo: \(item.pseudonymText)"
            ).local,
            Text(en: "opened: \(created)", es: "abierto: \(created)").local,
            Text(
                en: "profile: \(item.profile.rawValue)",
                es: "perfil: \(item.profile.rawValue)"
            ).local,
            Text(
                en: "key \(item.key.number) of \(item.keys.count)",
                es: "llave \(item.key.number) de \(item.keys.count)"
            ).local,
            reading(item),
            Text(en: "recipient: \(item.recipient)", es: "destinatario: \(item.recipient)").local,
        ]
    }

    private static func reading(_ item: Case) -> String {
        if item.keys.allSatisfy(\.isReadable) {
            return Text(en: "can be read here", es: "se puede leer aquí").local
        }
        if item.hasReadKey {
            return Text(
                en: "can be read here in part: not the items of every key",
                es: "se puede leer aquí en parte: no los objetos de todas sus llaves"
            ).local
        }
        return Text(en: "cannot be read here", es: "no se puede leer aquí").local
    }

    private static func count(_ count: Int) -> String {
        Text(
            en: count == 1 ? "1 item" : "\(count) items",
            es: count == 1 ? "1 objeto" : "\(count) objetos"
        ).local
    }
}
