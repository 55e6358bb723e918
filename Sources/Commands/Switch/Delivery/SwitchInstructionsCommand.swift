// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import Vault

/// What an owner wants successors to read first: a text that is an item of the case like any
/// other, and comes out with it and not before.
///
/// Spec: `docs/spec/switch.md`, section 16.
enum SwitchInstructions {
    /// By this name successors find it.
    static let fileName = "resguardo-instructions.md"
    static let byteCountMax = 256 << 10

    /// Reads what was unpacked into a directory, wherever below it.
    static func read(below directory: BytePath) -> String? {
        for place in [directory, directory.appending("original")] {
            let path = place.appending(fileName)
            let bytes = try? Directory.contentsIfPresent(of: path, countMax: byteCountMax)
            if let bytes = bytes ?? nil { return String(decoding: bytes, as: UTF8.self) }
        }
        return nil
    }

    /// What to fill in.
    static let template = Text(
        en: """
            # Instructions

            ## First
            Whom to call, whom not to, what must never be published (sources, relatives).

            ## If I am alive and in prison
            Publish … Keep back … Ask my lawyer …

            ## If I am dead
            Publish … at once. After … days: …

            ## If nobody knows
            Wait … days, publish …, look for me at …

            ## Stages
            1. Within 24 hours: …
            2. Within a week: …
            3. Later: …

            ## Threats that I received
            Date, by whom, how, witnesses: …

            ## To my successors
            To the newsroom: …
            To my colleague: …

            """,
        es: """
            # Instrucciones

            ## Primero
            A quién llamar, a quién no, qué no debe publicarse nunca (fuentes, familia).

            ## Si estoy con vida y en prisión
            Publicar … Reservar … Preguntar a mi abogada …

            ## Si estoy muerta o muerto
            Publicar … enseguida. Después de … días: …

            ## Si nadie sabe
            Esperar … días, publicar …, buscarme en …

            ## Etapas
            1. En 24 horas: …
            2. En una semana: …
            3. Más adelante: …

            ## Amenazas que recibí
            Fecha, de quién, cómo, testigos: …

            ## A quienes me suceden
            A la redacción: …
            A mi colega: …

            """
    )
}

/// `resguardo switch instructions`.
struct SwitchInstructionsCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "instructions",
        abstract: Text(
            en: "Say what successors should do, for each outcome.",
            es: "Decir qué deben hacer quienes le suceden, según lo que pase."
        ).local,
        discussion: Text(
            en: """
                Without --file it prints a form to fill in. With it, the text is sealed as an \
                item of the case: nobody reads it before the case is released, and “recover” \
                shows the newest one first. Delete the file afterwards, or give “-” and type.
                """,
            es: """
                Sin --file muestra un formulario para llenar. Con él, el texto se sella como un \
                objeto del caso: nadie lo lee antes de que el caso se libere, y «recover» muestra \
                primero el más nuevo. Borre después el archivo, o dé «-» y escriba.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    @Argument(help: Text(en: "Name or pseudonym.", es: "Nombre o seudónimo.").help)
    var caseName: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The text, “-” for standard input.",
                es: "El texto, «-» para la entrada."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var file: String?

    func run(in context: Context) throws -> Outcome {
        guard let file else {
            let text = SwitchInstructions.template.local
            return Outcome(
                json: ["template": .string(text)],
                lines: text.split(separator: "\n", omittingEmptySubsequences: false)
                    .map(String.init)
            )
        }
        let home = try context.openVault()
        let item = try home.findCase(caseName)
        let source =
            file == "-"
            ? try OpenedFile.standardInput()
            : try OpenedFile.reading(BytePath(file), followingLinks: true)
        let deposit = try home.depositStream(
            source,
            name: Array(SwitchInstructions.fileName.utf8),
            in: item,
            now: context.now
        )
        _ = try home.keepReceipt(of: deposit)
        return Outcome(
            json: ["item": .string(deposit.item)],
            lines: [
                Text(
                    en: "Sealed in “\(item.name)”. Bring it to the nodes: resguardo sync.",
                    es: "Sellado en «\(item.name)». Llévelo a los nodos: resguardo sync."
                ).local
            ]
        )
    }
}
