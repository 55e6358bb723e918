// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Statements
import Storage
import Switch
import Vault

/// `resguardo trustee paper`: a trustee's keys as a sheet, and back.
struct TrusteePaperCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "paper",
        abstract: Text(
            en: "Write your keys of a switch on paper, or bring them back from it.",
            es: "Pasar a papel sus claves de un interruptor, o recuperarlas del papel."
        ).local,
        discussion: Text(
            en: """
                Whoever has the sheet holds your share: keep it as you would keep the key of a \
                safe, apart from the invitation, which is needed with it. With --restore, name \
                the invitation, and give the text in a file or on standard input.
                """,
            es: """
                Quien tenga la hoja tiene su parte: guárdela como la llave de una caja fuerte, \
                aparte de la invitación, que hace falta con ella. Con --restore, indique la \
                invitación, y dé el texto en un archivo o por la entrada estándar.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var files: OutputOptions

    @Argument(
        help: Text(
            en: "The switch, or its first 8 digits; with --restore, the invitation.",
            es: "El interruptor, o sus primeros 8 dígitos; con --restore, la invitación."
        ).help
    )
    var id: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Bring the keys back from this text, “-” for standard input.",
                es: "Recuperar las claves de este texto, «-» para la entrada."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var restore: String?

    @Option(
        help: ArgumentHelp(
            Text(en: "Draw the QR code as PNG.", es: "Dibujar el código QR como PNG.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var png: String?

    @Option(
        help: ArgumentHelp(
            Text(en: "Draw the QR code as SVG.", es: "Dibujar el código QR como SVG.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var svg: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Write a page to print (HTML, for A4 and Letter).",
                es: "Escribir una página para imprimir (HTML, A4 y carta)."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var page: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Of this arming: 2 is the first reshare (default: the newest).",
                es: "De este armado: 2 es el primer reparto nuevo (si falta: el último)."
            ).local,
            valueName: Text(en: "number", es: "número").local
        )
    )
    var epoch: Int64?

    private static let groupCount = 6
    private static let lineCount = 8
    private static let typedCountMax = 4096

    func run(in context: Context) throws -> Outcome {
        try restore.map { try bringBack($0, context) } ?? show(context)
    }

    private func show(_ context: Context) throws -> Outcome {
        let home = try context.openVault()
        let all = try TrusteeKeys.all(in: home)
        let id = try SwitchName.find(id, among: all.map(\.id))
        let ofSwitch = all.filter {
            $0.id == id && (epoch ?? $0.asked.epoch.number) == $0.asked.epoch.number
        }
        let newest = ofSwitch.max { $0.asked.epoch.number < $1.asked.epoch.number }
        guard let keys = newest else { throw SwitchError.notATrustee }
        let sheet = try TrusteePaper(
            signer: keys.signer,
            secret: keys.secret,
            country: keys.acceptance.read(TrusteeAcceptance.self).jurisdiction,
            invitation: keys.invitation
        )
        let text = sheet.text()
        try QRCode.write(text, png: png, svg: svg, force: files.force)
        let letters = String(decoding: text.reveal(), as: UTF8.self)
        if let page {
            let html = try Self.printed(text, Self.groups(letters)).html
            try OutputFile.write(Array(html.utf8), to: page, force: files.force)
        }
        var lines = [
            Text(
                en: "Resguardo: share of switch \(SwitchName.short(id)). Keep it like a key.",
                es: "Resguardo: parte del interruptor \(SwitchName.short(id)). Guárdela como una"
                    + " llave."
            ).local,
            "",
        ]
        lines += Self.groups(letters).map { "    " + $0 }
        lines.append("")
        if let drawn = QRCode.draw(text, as: .terminal) {
            lines += String(decoding: drawn, as: UTF8.self).split(separator: "\n").map(String.init)
        }
        lines.append(
            Text(
                en: "Back from paper: resguardo trustee paper INVITATION --restore FILE",
                es: "Para recuperarla: resguardo trustee paper INVITACIÓN --restore ARCHIVO"
            ).local
        )
        return Outcome(
            json: ["switch": .string(id.text), "paper": .string(letters)],
            lines: lines
        )
    }

    /// The page says nothing that the text itself does not say.
    private static func printed(
        _ text: borrowing SecretBytes,
        _ groups: [String]
    ) throws -> PrintedPage {
        var printed = PrintedPage(Text(en: "Text and code", es: "Texto y código"))
        printed.show(groups)
        try printed.draw(text)
        return printed
    }

    /// Groups of six, eight on a line: what is read aloud and typed.
    private static func groups(_ letters: String) -> [String] {
        let all = Array(letters)
        let groups = stride(from: 0, to: all.count, by: groupCount).map { start in
            String(all[start..<min(start + groupCount, all.count)])
        }
        return stride(from: 0, to: groups.count, by: lineCount).map { start in
            groups[start..<min(start + lineCount, groups.count)].joined(separator: " ")
        }
    }

    private func bringBack(_ file: String, _ context: Context) throws -> Outcome {
        let (invitation, asked) = try Invitation.read(id)
        var typed =
            file == "-"
            ? try OpenedFile.standardInput().read(Self.typedCountMax)
            : try LocalFileSystem().read(file, countMax: Self.typedCountMax)
        defer { wipe(&typed) }
        let sheet = try TrusteePaper(reading: typed)
        guard sheet.isFor(invitation) else { throw TrusteePaper.Flaw.otherInvitation }
        let home = try context.openVault()
        let lock = try LocalFileSystem().lock(home.layout.lock, waiting: true)
        defer { withExtendedLifetime(lock) {} }
        // Each epoch has keys of its own.
        let known = try TrusteeKeys.all(in: home).first { $0.asked.epoch == asked.epoch }
        if let known {
            guard known.signer.publicKey == sheet.signer.publicKey else { throw Self.other }
        } else {
            let acceptance = try TrusteeAcceptance.answer(
                invitation,
                from: sheet.country,
                signer: sheet.signer,
                secret: sheet.secret
            )
            try TrusteeKeys.keep(
                sheet.signer,
                sheet.secret,
                invitation: invitation,
                acceptance: acceptance,
                in: home
            )
        }
        let short = SwitchName.short(asked.epoch.id)
        return Outcome(
            json: ["switch": .string(asked.epoch.id.text), "restored": true],
            lines: [
                Text(
                    en: "This home holds your share of switch \(short) again.",
                    es: "Este directorio vuelve a tener su parte del interruptor \(short)."
                ).local
            ]
        )
    }

    private static let other = Failure(
        .notAllowed,
        Text(
            en: "this home holds another share of that switch",
            es: "este directorio tiene otra parte de ese interruptor"
        )
    )
}
