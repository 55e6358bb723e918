// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import Vault

/// `resguardo disclose`: shows part of an item, and proves that it belongs to the whole.
struct DiscloseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disclose",
        abstract: Text(
            en: "Publish part of an item, with the proof that it belongs to a receipted whole.",
            es: "Publicar parte de un objeto, con la prueba de que es de un todo con recibo."
        ).local,
        subcommands: [
            DisclosePackageCommand.self, DiscloseFieldsCommand.self, DiscloseVerifyCommand.self,
        ],
        defaultSubcommand: DisclosePackageCommand.self
    )
}

/// Which item, for the commands that open one.
struct DisclosedItemOptions: ParsableArguments {
    @Argument(
        help: Text(
            en: "The item, or its first digits.",
            es: "El objeto, o sus primeros dígitos."
        ).help
    )
    var item: String

    @Option(
        name: .customLong("case"),
        help: Text(
            en: "Name or pseudonym of the item's case (default: any).",
            es: "Nombre o seudónimo del caso del objeto (si falta: cualquiera)."
        ).help
    )
    var caseName: String?

    @Option(
        help: Text(
            en: "A file with the age identity that reads the case, where it is not here.",
            es: "Un archivo con la identidad de age que lee el caso, si no está aquí."
        ).help,
        completion: .file()
    )
    var identity: String?

    func find(in home: Home) throws -> (Case, ItemListing) {
        guard let caseName else { return try home.findItem(item) }
        let source = try home.findCase(caseName)
        return (source, try home.findItem(item, in: source))
    }
}

/// `resguardo disclose ITEM … OUT`: the package.
struct DisclosePackageCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "package",
        abstract: Text(
            en: "Write a package with the fields and files that are named, and no others.",
            es: "Escribir un paquete con los campos y archivos indicados, y ningún otro."
        ).local,
        discussion: Text(
            en: """
                Whoever gets the package verifies it offline. It tells how many files the item \
                has, and which fields the shown ones have; of a withheld field it tells no more. \
                It also carries the receipt: the pseudonyms of case and depositor, the day, the \
                sealed size. A published file is published whole, with whatever its camera wrote \
                into it.
                """,
            es: """
                Quien recibe el paquete lo verifica sin conexión. Dice cuántos archivos tiene el \
                objeto, y qué campos tienen los que se muestran; de un campo retenido no dice más. \
                Lleva también el recibo: los seudónimos del caso y de quien depositó, el día, el \
                tamaño sellado. Un archivo publicado se publica entero, con lo que su cámara \
                escribió en él.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var source: DisclosedItemOptions

    @Argument(
        help: Text(
            en: "The directory to make.",
            es: "El directorio que se crea."
        ).help,
        completion: .directory
    )
    var output: String

    @Option(
        help: Text(
            en: "Fields to show, with commas: note,files/0/name,files/*/sha256 (repeatable).",
            es: "Campos que mostrar, con comas: note,files/0/name,files/*/sha256 (repetible)."
        ).help
    )
    var fields: [String] = []

    @Option(
        help: Text(
            en: "A file to publish, by its number or name (repeatable). Its name stays withheld"
                + " unless --fields shows it.",
            es: "Un archivo que publicar, por número o nombre (repetible). Su nombre no se muestra"
                + " salvo con --fields."
        ).help
    )
    var file: [String] = []

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        let (item, listing) = try source.find(in: home)
        let identity = try GetCommand.readIdentity(source.identity)
        let bar = context.console.progress(
            Text(en: "Opening", es: "Abriendo"),
            total: listing.sealedBytes * (file.isEmpty ? 1 : 2)
        )
        defer { bar.finish() }
        let evidence = try home.evidence(
            of: listing,
            in: item,
            identity: identity,
            progress: DepositCommand.advancing(bar)
        )
        let choice = try DisclosureChoice(
            fields: fields.flatMap { $0.split(separator: ",").map(String.init) },
            files: file,
            of: evidence
        )
        let verified = try home.disclose(
            choice,
            of: evidence,
            listing,
            in: item,
            identity: identity,
            to: BytePath(RawArguments.bytes(of: output)),
            progress: DepositCommand.advancing(bar)
        )
        bar.finish()
        if choice.contents.contains(where: { evidence.entries[$0].capture != nil }) {
            context.console.note(
                Text(
                    en: "a published file still carries what its camera wrote into it, its position"
                        + " perhaps",
                    es: "un archivo publicado lleva todavía lo que su cámara escribió en él, quizá"
                        + " la posición"
                )
            )
        }
        return DisclosureText.outcome(
            verified,
            heading: Text(
                en: "Written to \(output); `resguardo disclose verify` checks it anywhere.",
                es: "Escrito en \(output); `resguardo disclose verify` lo revisa donde sea."
            )
        )
    }
}

/// `resguardo disclose fields`: what there is to choose from.
struct DiscloseFieldsCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "fields",
        abstract: Text(
            en: "Show the fields of an item, as --fields names them.",
            es: "Mostrar los campos de un objeto, como los nombra --fields."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var source: DisclosedItemOptions

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        let (item, listing) = try source.find(in: home)
        let bar = context.console.progress(
            Text(en: "Opening", es: "Abriendo"),
            total: listing.sealedBytes
        )
        defer { bar.finish() }
        let fields = try home.evidence(
            of: listing,
            in: item,
            identity: GetCommand.readIdentity(source.identity),
            progress: DepositCommand.advancing(bar)
        ).fieldsByPath
        return Outcome(
            json: [
                "item": .string(listing.item),
                "fields": .array(
                    fields.map { ["path": .string($0.path), "value": $0.value] }
                ),
            ],
            lines: fields.map { "\($0.path): \(DisclosureText.value($0.value))" }
        )
    }
}
