// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Escrow

/// `resguardo plumbing escrow verify-share`: checks opened shares with no secret.
struct PlumbingEscrowVerifyShareCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-share",
        abstract: Text(
            en: "Check that opened shares are what the dealing holds.",
            es: "Comprobar que las partes abiertas son las que contiene el reparto."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var files: PlumbingEscrowDealing

    @Argument(
        help: Text(en: "Opened shares (JSON).", es: "Partes abiertas (JSON).").help,
        completion: .file()
    )
    var share: [String]

    func run(in context: Context) throws -> Outcome {
        let dealing = try files.verified()
        let indices = try PlumbingEscrowFiles.shares(share, in: dealing).map(\.share.index.value)
        let list = indices.map { "\($0)" }.joined(separator: ", ")
        let text = Text(
            en: "valid: shares of trustees \(list)",
            es: "válidas: partes de los fiduciarios \(list)"
        )
        return Outcome(
            json: [
                "dealing": .string(Hex.encode(dealing.digest)),
                "indices": .array(indices.map { .integer(Int64($0)) }),
            ],
            lines: [text.local]
        )
    }
}
