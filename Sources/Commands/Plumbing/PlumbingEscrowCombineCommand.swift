// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Escrow
import Sodium

/// `resguardo plumbing escrow combine`: the shared identity out of k opened shares.
struct PlumbingEscrowCombineCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "combine",
        abstract: Text(
            en: "Derive the shared age identity from k opened shares.",
            es: "Derivar la identidad age repartida a partir de k partes abiertas."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var files: PlumbingEscrowDealing

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            Text(
                en: "Write the identity to this file, which must not exist.",
                es: "Escribir la identidad en este archivo, que no debe existir."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var output: String?

    @Argument(
        help: Text(en: "Opened shares (JSON).", es: "Partes abiertas (JSON).").help,
        completion: .file()
    )
    var share: [String]

    func run(in context: Context) throws -> Outcome {
        let dealing = try files.verified()
        let shares = try PlumbingEscrowFiles.shares(share, in: dealing)
        let identity = PlumbingEscrowFiles.identity(try dealing.combine(shares))
        if let output, output != "-" {
            try PlumbingFiles.writeSecret(identity, to: output)
            return Outcome(json: ["output": .string(output)], lines: [])
        }
        var line = identity.reveal()
        defer { wipe(&line) }
        let text = String(decoding: line, as: UTF8.self)
        return Outcome(json: ["identity": .string(text)], lines: [text])
    }
}
