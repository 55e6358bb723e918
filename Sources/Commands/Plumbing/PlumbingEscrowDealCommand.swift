// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Escrow

/// `resguardo plumbing escrow deal`: a fresh secret, shared.
struct PlumbingEscrowDealCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "deal",
        abstract: Text(
            en: "Share a fresh age identity among the trustees of a context.",
            es: "Repartir una identidad age nueva entre los fiduciarios de un contexto."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var target: PlumbingOutput
    @OptionGroup var random: PlumbingEntropy

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Write the shared identity to this file, which must not exist.",
                es: "Escribir la identidad repartida en este archivo, que no debe existir."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var identity: String

    @Argument(
        help: Text(
            en: "The context: who may open, and for what (JSON).",
            es: "El contexto: quién puede abrir, y para qué (JSON)."
        ).help,
        completion: .file()
    )
    var context: String

    func run(in context: Context) throws -> Outcome {
        let dealt = try Dealer.deal(
            in: PlumbingEscrowFiles.context(self.context),
            entropy: PlumbingEscrowFiles.entropy(random.entropy)
        )
        try PlumbingFiles.writeSecret(
            PlumbingEscrowFiles.identity(dealt.seed),
            to: identity
        )
        let json = dealt.dealing.dealing.json
        return try PlumbingFiles.outcome(of: json, output: target.output)
    }
}
