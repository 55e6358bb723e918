// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Statements
import Storage
import Switch

/// `resguardo switch export`: everything that is known of a switch, to be carried by hand.
struct SwitchExportCommand: UsesPassphrase, UsesNodes {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: Text(
            en: "Write all that is known of a switch, with its proofs, into a file.",
            es: "Escribir en un archivo todo lo que se sabe de un interruptor, con sus pruebas."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var source: SwitchInvitationOptions
    @OptionGroup var files: OutputOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    @Option(help: Text(en: "The file.", es: "El archivo.").help, completion: .file())
    var output: String

    func run(in context: Context) throws -> Outcome {
        let (record, place) = try context.findSwitch(id, source.invitation)
        let bytes = TextPage.join(try place.export(record.id).map(\.bytes))
        try OutputFile.write(bytes, to: output, force: files.force)
        return Outcome(
            json: ["switch": .string(record.id.text), "output": .string(output)],
            lines: [output]
        )
    }
}

/// `resguardo trustee import`: a text that came by another way than a node.
struct TrusteeImportCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: Text(
            en: "Take in what was carried by hand, and hand it to every log.",
            es: "Recibir lo que se trajo a mano, y entregarlo a todos los registros."
        ).local,
        discussion: Text(
            en: """
                The file is what “switch export” wrote, or one signed statement, as the check-in \
                of “switch check-in --output” that somebody sent you.
                """,
            es: """
                El archivo es el que escribió «switch export», o una sola declaración firmada, \
                como el reporte de «switch check-in --output» que alguien le envió.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    @Argument(help: Text(en: "The file.", es: "El archivo.").help, completion: .file())
    var file: String

    private static let fileCountMax = 256 << 20
    private static let nothing = Failure(
        .doesNotVerify,
        Text(
            en: "the file holds nothing of this switch that verifies",
            es: "el archivo no tiene nada de este interruptor que se verifique"
        )
    )

    func run(in context: Context) throws -> Outcome {
        let bytes = try LocalFileSystem().read(file, countMax: Self.fileCountMax)
        let trustee = try SeatedTrustee.find(id, context)
        let line = bytes.last == 0x0a ? Array(bytes.dropLast()) : bytes
        if let envelope = try? Envelope(canonical: line) {
            // A log takes what the owner or a trustee signed; who reads it judges it again.
            let count = try context.publish(envelope, in: trustee.place)
            return try trustee.report(receipts: count, context)
        }
        let texts = (TextPage.split(bytes) ?? []).compactMap { SwitchText(parsing: $0) }
        let count = try context.patiently {
            try trustee.place.takeIn(texts, of: trustee.keys.id, asOf: context.now)
        }
        guard count > 0 else { throw Self.nothing }
        return try trustee.report(receipts: context.republish(in: trustee.place), context)
    }
}
