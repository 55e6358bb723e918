// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Escrow
import Server
import Statements
import Switch
import Vault

/// `resguardo switch badge`: shows that a releasable escrow exists.
struct SwitchBadgeCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "badge",
        abstract: Text(
            en: "Show in public that your work comes out if you are silenced.",
            es: "Mostrar en público que su trabajo sale si le callan."
        ).local,
        discussion: Text(
            en: """
                Writes a signed text that anybody can check with “switch verify FILE”, with \
                --svg a picture and with --html a page around it. It shows how many trustees of \
                how many can release, and proves it; not who they are, to whom, what, or whether \
                you are late. Its id is not the switch's. With --publish, the nodes show a page, \
                a picture and the text to everybody.
                """,
            es: """
                Escribe un texto firmado que cualquiera comprueba con «switch verify ARCHIVO», \
                con --svg una imagen y con --html una página. Muestra cuántos custodios de \
                cuántos pueden liberar, y lo prueba; no quiénes son, a quién, qué, ni si usted va \
                tarde. Su identificador no es el del interruptor. Con --publish, los nodos \
                muestran a todos una página, una imagen y el texto.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions
    @OptionGroup var files: OutputOptions

    @Argument(help: SwitchNameHelp.owned)
    var name: String?

    @Option(help: Text(en: "The badge.", es: "El distintivo.").help, completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            Text(en: "A picture of it.", es: "Una imagen.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var svg: String?

    @Option(
        help: ArgumentHelp(
            Text(en: "A page with it.", es: "Una página con él.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var html: String?

    @Flag(
        help: Text(
            en: "Have the switch's nodes show it, at an address that is printed.",
            es: "Hacer que los nodos del interruptor lo muestren; se imprime la dirección."
        ).help
    )
    var publish = false

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        let owned = try OwnedSwitch.find(name, in: home, context)
        let arming = owned.record.arming
        let commitments = arming.dealing.dealing.commitments
        let badges = try KeptBadge.all(of: arming.statement.epoch, in: home)
            .map { try BadgeFile($0) }
        // Arming that was begun twice has dealt twice: the one in the log counts.
        let badge = badges.first { $0.checked.dealing.dealing.commitments == commitments }
        guard let badge else { throw Self.none }
        try OutputFile.requireNew([output, svg, html].compactMap(\.self), force: files.force)
        let bytes = badge.envelope.bytes + [0x0a]
        try OutputFile.write(bytes, to: output, force: files.force, mode: 0o644)
        for (path, text) in [
            (svg, BadgePicture.svg(badge.checked)), (html, BadgePage.html(badge)),
        ] {
            guard let path else { continue }
            try OutputFile.write(Array(text.utf8), to: path, force: files.force, mode: 0o644)
        }
        guard publish else { return badge.outcome }
        guard let nodes = owned.place as? SwitchNodes else { throw Self.noNodes }
        let shown = try nodes.show(badge)
        return Outcome(
            json: badge.json.adding(["urls": .array(shown.urls.map { .string($0) })]),
            lines: badge.lines + shown.urls,
            kind: shown.failure?.kind
        )
    }

    private static let noNodes = Failure(
        .notAllowed,
        Text(
            en: "this switch is in a directory, not on nodes that could show a badge",
            es: "este interruptor está en un directorio, no en nodos que muestren un distintivo"
        )
    )

    private static let none = Failure(
        .notAllowed,
        Text(
            en: "this home has no badge of that switch: it was armed elsewhere, or before there"
                + " were any",
            es: "aquí no hay distintivo de ese interruptor: se armó en otra parte, o antes de que"
                + " los hubiera"
        )
    )
}
