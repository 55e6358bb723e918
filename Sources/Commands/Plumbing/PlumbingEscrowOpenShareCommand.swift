// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Escrow

/// `resguardo plumbing escrow open-share`: one trustee's share, with its proof.
struct PlumbingEscrowOpenShareCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "open-share",
        abstract: Text(
            en: "Open a trustee's share of a dealing that verifies.",
            es: "Abrir la parte de un fiduciario de un reparto que se verifica."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var target: PlumbingOutput
    @OptionGroup var random: PlumbingEntropy

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The file of the trustee's secret key.",
                es: "El archivo de la clave secreta del fiduciario."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var key: String

    @OptionGroup var files: PlumbingEscrowDealing

    func run(in context: Context) throws -> Outcome {
        let dealing = try files.verified()
        let entropy = try PlumbingEscrowFiles.entropy(random.entropy)
        let share = try TrusteeSecret(text: PlumbingAgeFiles.secret(key))
            .open(dealing, entropy: entropy)
        return try PlumbingFiles.outcome(of: share.json, output: target.output)
    }
}
