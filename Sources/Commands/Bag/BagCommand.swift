// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Enclosures
import Encodings
import Storage
import TransparencyLog
import Vault

/// `resguardo bag`: evidence for an editor or a court.
struct BagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bag",
        abstract: Text(
            en: "Court bags: evidence with everything that proves it, for an editor or a judge.",
            es: "Paquetes judiciales: evidencia con todo lo que la prueba, para redacción o juez."
        ).local,
        subcommands: [BagCreateCommand.self, BagVerifyCommand.self]
    )
}

/// `resguardo bag create`.
struct BagCreateCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: Text(
            en: "Unpack items of a case into a court bag.",
            es: "Desempacar objetos de un caso en un paquete judicial."
        ).local,
        discussion: Text(
            en: """
                The bag holds the originals, readable by whoever has it, with receipts, time \
                stamps, the custody log, a report in the language of --lang, and a program that \
                checks it all without Resguardo. A write-only case needs --identity, made with \
                the recovery key.
                """,
            es: """
                El paquete contiene los originales, legibles para quien lo tenga, con recibos, \
                sellos de tiempo, la cadena de custodia, un informe en el idioma de --lang, y un \
                programa que lo revisa todo sin Resguardo. Un caso de solo escritura necesita \
                --identity, hecha con la llave de recuperación.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    @Argument(help: Text(en: "Name or pseudonym.", es: "Nombre o seudónimo.").help)
    var caseName: String

    @Argument(
        help: Text(
            en: "A directory that does not exist or is empty.",
            es: "Un directorio que no existe o está vacío."
        ).help,
        completion: .directory
    )
    var directory: String

    @Option(
        help: Text(
            en: "An item, or its first digits (repeatable; default: all).",
            es: "Un objeto, o sus primeros dígitos (repetible; si falta: todos)."
        ).help
    )
    var item: [String] = []

    @Option(
        help: Text(
            en: "A file with the age identity that reads the case, where it is not here.",
            es: "Un archivo con la identidad de age que lee el caso, si no está aquí."
        ).help,
        completion: .file()
    )
    var identity: String?

    @OptionGroup var roots: TimestampRootsOptions

    @Flag(help: Text(en: "Make no PDF of the report.", es: "No hacer PDF del informe.").help)
    var noPdf = false

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        let source = try home.findCase(caseName)
        let listings = try choose(home, source)
        guard !listings.isEmpty else {
            throw Failure(
                .notAllowed,
                Text(en: "the case has no items", es: "el caso no tiene objetos")
            )
        }
        let bar = context.console.progress(
            Text(en: "Unpacking", es: "Desempacando"),
            total: listings.reduce(0) { $0 + $1.sealedBytes }
        )
        defer { bar.finish() }
        let path = BytePath(RawArguments.bytes(of: directory))
        if FileStatus.exists(path), try !Directory.names(in: path).isEmpty {
            throw Failure(
                .notAllowed,
                Text(en: "\(path.text) exists already", es: "\(path.text) ya existe"),
                hint: Text(
                    en: "a bag is made in a directory that does not exist or is empty",
                    es: "un paquete se hace en un directorio que no existe o está vacío"
                )
            )
        }
        let contents = try Self.make(
            of: listings,
            from: source,
            home,
            at: path,
            options: Home.BagOptions(
                tool: "resguardo " + Root.version,
                identity: GetCommand.readIdentity(identity),
                timestampRoots: roots.read()
            ),
            hasPDF: !noPdf,
            bar,
            context
        )
        let made = Text(
            en: "The bag is in \(BytePath(directory).text). Whoever has it can read it.",
            es: "El paquete está en \(BytePath(directory).text). Quien lo tenga puede leerlo."
        )
        return Outcome(
            json: BagDescription.json(contents),
            lines: [made.local] + BagDescription.lines(contents)
        )
    }

    /// Makes a bag with a report in the person's language.
    static func make(
        of listings: [ItemListing],
        from source: Case,
        _ home: Home,
        at path: BytePath,
        options: Home.BagOptions,
        hasPDF: Bool,
        _ bar: ProgressBar,
        _ context: Context
    ) throws -> BagContents {
        try home.createBag(
            of: listings,
            from: source,
            at: path,
            options: options,
            now: context.now,
            enclosures: { try enclosures($0, in: $1, hasPDF: hasPDF, context) },
            progress: DepositCommand.advancing(bar)
        )
    }

    /// What goes beside the evidence: a report in the person's language, and what verifies it all.
    static func enclosures(
        _ contents: BagContents,
        in staging: BytePath,
        hasPDF: Bool,
        _ context: Context
    ) throws -> [(path: String, bytes: [UInt8])] {
        let report = BagReport(contents, language: context.language)
        var files = Enclosures.files
        files.append(("README.txt", BagReadme.bytes))
        files.append((report.name + ".html", report.html))
        if hasPDF, let pdf = try BagPDF.make(report.html, in: staging) {
            files.append((report.name + ".pdf", pdf))
        }
        return files
    }

    /// What goes into the bag: all that was named, or else everything that one log accepted.
    private func choose(_ home: Home, _ source: Case) throws -> [ItemListing] {
        let named =
            try item.isEmpty
            ? home.items(in: source)
            : Array(
                Dictionary(
                    try item.map { try home.findItem($0, in: source) }.map { ($0.item, $0) },
                    uniquingKeysWith: { first, _ in first }
                ).values
            )
        let own = named.filter { $0.member == nil }
        guard try home.byLog(named).count > 1 else { return named }
        guard item.isEmpty, !own.isEmpty else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "these items are of several logs, and a bag holds those of one",
                    es: "estos objetos son de varios registros, y un paquete lleva los de uno"
                ),
                hint: Text(
                    en: "name those of one depositor with --item",
                    es: "indique con --item los de una sola persona"
                )
            )
        }
        return own
    }
}

/// `resguardo bag verify`.
struct BagVerifyCommand: WorksWithoutHome {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: Text(
            en: "Verify a court bag, offline.",
            es: "Verificar un paquete judicial, sin conexión."
        ).local,
        discussion: Text(
            en: """
                The bag holds verify.py, another program by other means, which has to agree: \
                python3 verify.py DIR.
                """,
            es: """
                El paquete contiene verify.py, otro programa por otros medios, que debe coincidir: \
                python3 verify.py DIRECTORIO.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: Text(en: "The bag.", es: "El paquete.").help, completion: .directory)
    var directory: String

    @Option(
        help: Text(
            en: "The log's public key as you know it.",
            es: "La llave pública del registro, como usted la conoce."
        ).help
    )
    var logKey: String?

    @OptionGroup var roots: TimestampRootsOptions

    func run(in context: Context) throws -> Outcome {
        let path = BytePath(RawArguments.bytes(of: directory))
        let isFolder = try FileStatus(of: path).kind == .directory
        guard isFolder, FileStatus.exists(path.appending("bagit.txt")) else {
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "\(path.text) is no bag: it has no bagit.txt",
                    es: "\(path.text) no es un paquete: no tiene bagit.txt"
                )
            )
        }
        let bar = context.console.progress(Text(en: "Checking", es: "Revisando"), total: nil)
        defer { bar.finish() }
        let contents = try Bag.verify(
            at: path,
            log: ReceiptVerifyCommand.logKey(logKey),
            roots: roots.read(),
            progress: DepositCommand.advancing(bar)
        )
        let trust =
            logKey == nil
            ? Text(
                en: "The log's key came with the bag: compare it with the one you know.",
                es: "La llave del registro vino con el paquete: compárela con la que conoce."
            ) : Text(en: "The log is the one you named.", es: "El registro es el que indicó.")
        return Outcome(
            json: BagDescription.json(contents),
            lines: [
                Text(
                    en: "The bag verifies: nothing in it was changed, added or taken away.",
                    es: "El paquete se verifica: nada en él fue cambiado, agregado ni quitado."
                ).local, trust.local,
            ] + BagDescription.lines(contents)
        )
    }
}

/// What a bag says, for people and programs.
enum BagDescription {
    static func json(_ contents: BagContents) -> JSONValue {
        [
            "verified": true, "case": .string(contents.casePseudonym),
            "member": .string(contents.member), "log": .string(contents.log.encoded),
            "created": .string(Timestamp(seconds: contents.createdAt).rfc3339),
            "byDepositor": .boolean(contents.isByDepositor),
            "items": .array(contents.items.map(json)),
        ]
    }

    private static func json(_ item: BagContents.Item) -> JSONValue {
        var members: [String: JSONValue] = [
            "item": .string(item.name), "entry": .integer(Int64(item.receipt.proof.index)),
            "claimedDate": .string(item.bracket.claimedDate),
            "files": .integer(Int64(item.paths.count)),
        ]
        if let bound = item.bracket.earliest { members["earliest"] = json(bound) }
        if let bound = item.bracket.latest { members["latest"] = json(bound) }
        return .object(members)
    }

    private static func json(_ bound: TimeBracket.Bound) -> JSONValue {
        [
            "time": .string(Timestamp(seconds: bound.seconds).rfc3339),
            "authority": .string(bound.authority), "token": .string(Hex.encode(bound.token)),
        ]
    }

    static func lines(_ contents: BagContents) -> [String] {
        let key = contents.log.encoded
        var lines = [
            Text(en: "log: \(key)", es: "registro: \(key)").local,
            Text(
                en: "case: \(contents.casePseudonym)",
                es: "caso: \(contents.casePseudonym)"
            ).local,
            Text(en: "made by: \(contents.member)", es: "hecho por: \(contents.member)").local,
        ]
        if !contents.isByDepositor {
            lines.append(
                Text(
                    en: "Whoever made the bag deposited none of these items: compare the key.",
                    es: "Quien hizo el paquete no depositó ninguno de estos objetos: compare la"
                        + " llave."
                ).local
            )
        }
        for item in contents.items {
            let (count, short) = (item.paths.count, item.name.prefix(12))
            lines.append(
                Text(
                    en: "item \(short): \(count) file(s); \(between(item.bracket).en)",
                    es: "objeto \(short): \(count) archivo(s); \(between(item.bracket).es)"
                ).local
            )
        }
        return lines
    }

    /// Both ends of a bracket, as a sentence.
    static func between(_ bracket: TimeBracket) -> Text {
        let after = bracket.earliest.map { Timestamp(seconds: $0.seconds).rfc3339 }
        let before = bracket.latest.map { Timestamp(seconds: $0.seconds).rfc3339 }
        let date = bracket.claimedDate
        switch (after, before) {
        case (let after?, let before?):
            return Text(
                en: "deposited after \(after) and before \(before)",
                es: "depositado después de \(after) y antes de \(before)"
            )
        case (let after?, nil):
            return Text(
                en: "deposited after \(after); before when is not proven (the device says \(date))",
                es: "depositado después de \(after); antes de cuándo no está probado"
                    + " (el dispositivo dice \(date))"
            )
        case (nil, let before?):
            return Text(
                en:
                    "deposited before \(before); after when is not proven"
                    + " (the device says \(date))",
                es: "depositado antes de \(before); después de cuándo no está probado"
                    + " (el dispositivo dice \(date))"
            )
        case (nil, nil):
            return Text(
                en: "when is not proven (the device says \(date))",
                es: "cuándo no está probado (el dispositivo dice \(date))"
            )
        }
    }
}
