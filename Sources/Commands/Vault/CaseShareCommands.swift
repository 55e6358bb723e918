// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import Encodings
import Sodium
import Storage
import Vault

/// `resguardo case recipient`.
struct CaseRecipientCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "recipient",
        abstract: Text(
            en: "Show the recipient that colleagues share cases with you to.",
            es: "Mostrar el destinatario al que los colegas le comparten casos."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    func run(in context: Context) throws -> Outcome {
        let recipient = try context.openVault().contactRecipient()
        return Outcome(json: ["recipient": .string(recipient)], lines: [recipient])
    }
}

/// `resguardo case share`.
struct CaseShareCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "share",
        abstract: Text(
            en: "Seal a case for colleagues, who then read it and deposit into it.",
            es: "Sellar un caso para colegas, que entonces lo leen y depositan en él."
        ).local,
        discussion: Text(
            en: """
                The file can travel in the open: only those colleagues open it, with “case \
                accept”. It is as long for one as for eight. Sharing takes the keys that read: \
                those of a write-only case come with the recovery key. Nobody can take a case \
                back: “case rotate” gives later items a key that only those have whom you share \
                it with again.
                """,
            es: """
                El archivo puede viajar a la vista: solo esos colegas lo abren, con «case accept». \
                Mide lo mismo para uno que para ocho. Para compartir hacen falta las llaves que \
                leen: las de un caso de solo escritura vienen con la llave de recuperación. Nadie \
                puede quitar un caso compartido: «case rotate» da a lo que siga una llave que solo \
                tienen aquellos con quienes lo comparta otra vez.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var recoveryKey: RecoveryKeyOptions

    @Argument(help: Text(en: "Name or pseudonym.", es: "Nombre o seudónimo.").help)
    var name: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "What “case recipient” shows a colleague, or a file with it (repeatable).",
                es: "Lo que «case recipient» muestra a un colega, o un archivo con eso (repetible)."
            ).local,
            valueName: Text(en: "recipient", es: "destinatario").local
        ),
        completion: .file()
    )
    var with: [String]

    @Option(
        help: Text(
            en: "Where to write it (default: PSEUDONYM.share here).",
            es: "Dónde escribirlo (si falta: SEUDÓNIMO.share aquí)."
        ).help,
        completion: .file()
    )
    var output: String?

    @OptionGroup var files: OutputOptions

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        var item = try home.findCase(name)
        let recipients = try with.flatMap { try Self.recipients($0) }
        try context.refuseExampleKeys(recipients)
        if !item.keys.allSatisfy(\.isReadable) {
            item = try home.unlocked(item, recoveryKey: context.recoveryKey(recoveryKey))
        }
        let box = try home.share(item, with: recipients)
        let path = output ?? "\(item.pseudonymText).share"
        try OutputFile.write(box, to: path, force: files.force)
        return Outcome(
            json: [
                "case": .string(item.pseudonymText), "share": .string(path),
                "keys": .integer(Int64(item.keys.count)),
            ],
            lines: [
                Text(
                    en: "“\(item.name)” is sealed for \(recipients.count) colleague(s) in \(path).",
                    es: "«\(item.name)» está sellado para \(recipients.count) colega(s) en \(path)."
                ).local
            ]
        )
    }

    private static func recipients(_ text: String) throws -> [String] {
        if text.hasPrefix("age1") { return [text] }
        let path = BytePath(RawArguments.bytes(of: text))
        let bytes = try Directory.contents(of: path, countMax: 1 << 20)
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map(String.init).filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !lines.isEmpty, lines.allSatisfy({ $0.hasPrefix("age1") }) else {
            throw Failure(
                .usage,
                Text(
                    en: "\(path.text) holds no recipient",
                    es: "\(path.text) no contiene ningún destinatario"
                ),
                hint: Text(
                    en: "your colleague makes one with: resguardo case recipient",
                    es: "su colega hace uno con: resguardo case recipient"
                )
            )
        }
        return lines
    }
}

/// `resguardo case accept`.
struct CaseAcceptCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: Text(
            en: "Take a case that a colleague shared, or its newer keys.",
            es: "Recibir un caso que un colega compartió, o sus llaves más nuevas."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    @Argument(
        help: Text(en: "The colleague's file.", es: "El archivo del colega.").help,
        completion: .file()
    )
    var file: String

    @Option(
        help: Text(
            en: "What to call the case here.",
            es: "Cómo llamar aquí al caso."
        ).help
    )
    var name: String?

    func run(in context: Context) throws -> Outcome {
        let path = BytePath(RawArguments.bytes(of: file))
        let box = try Directory.contents(of: path, countMax: Home.shareCountMax)
        let home = try context.openVault()
        let item = try home.accept(box, as: name)
        let count = try home.itemCounts()[item.pseudonymText] ?? 0
        let member = Hex.encode(item.memberKey.bytes)
        var members = CaseDescription.json(item, itemCount: count).object ?? [:]
        members["member"] = .string(member)
        return Outcome(
            json: .object(members),
            lines: [
                Text(
                    en: "“\(item.name)” is here. You deposit into it as \(member.prefix(8)).",
                    es: "«\(item.name)» está aquí. Usted deposita en él como \(member.prefix(8))."
                ).local
            ]
        )
    }
}
