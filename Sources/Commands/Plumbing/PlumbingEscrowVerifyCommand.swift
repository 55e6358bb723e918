// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Escrow

/// `resguardo plumbing escrow verify`: checks a dealing with no secret.
struct PlumbingEscrowVerifyCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: Text(
            en: "Check, with no secret, that a dealing is what it claims to be.",
            es: "Comprobar, sin ningún secreto, que un reparto es lo que dice ser."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var files: PlumbingEscrowDealing

    func run(in context: Context) throws -> Outcome {
        let dealing = try files.verified()
        let threshold = dealing.context.threshold
        let trusteeCount = dealing.context.trustees.count
        let digest = Hex.encode(dealing.digest)
        let text = Text(
            en: "valid: any \(threshold) of \(trusteeCount) trustees can open dealing \(digest)",
            es: "válido: \(threshold) de \(trusteeCount) fiduciarios pueden abrir \(digest)"
        )
        return Outcome(
            json: [
                "context": .string(Hex.encode(dealing.context.digest)),
                "dealing": .string(digest),
                "threshold": .integer(Int64(threshold)),
                "trustees": .integer(Int64(trusteeCount)),
            ],
            lines: [text.local]
        )
    }
}
