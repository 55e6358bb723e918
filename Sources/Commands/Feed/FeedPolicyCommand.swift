// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Feed

/// `resguardo feed policy`.
struct FeedPolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: Text(
            en: "Check or show feed policies.",
            es: "Revisar o mostrar políticas."
        ).local,
        subcommands: [FeedPolicyCheckCommand.self, FeedPolicyShowCommand.self]
    )
}

/// `resguardo feed policy check`.
struct FeedPolicyCheckCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: Text(
            en: "Tell whether a policy file is well-formed, and its hash.",
            es: "Decir si un archivo de política está bien formado, y su huella."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(en: "A policy file.", es: "Un archivo de política.").help,
        completion: .file()
    )
    var file: String

    func run(in context: Context) throws -> Outcome {
        let policy = try PolicyOptions.read(file)
        let text = Text(
            en: "\(file): policy “\(policy.name)” is well-formed, sha256 \(policy.digest)",
            es: "\(file): la política «\(policy.name)» está bien formada, sha256 \(policy.digest)"
        )
        return Outcome(
            json: ["name": .string(policy.name), "sha256": .string(policy.digest)],
            lines: [text[context.language]]
        )
    }
}

/// `resguardo feed policy show`.
struct FeedPolicyShowCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: Text(
            en: "Print a policy that comes with the program, every key explained.",
            es: "Imprimir una política incluida, con cada clave explicada."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(
            en: "default, chronological or engagement.",
            es: "default, chronological o engagement."
        ).help
    )
    var preset = PolicyPreset.standard.rawValue

    func run(in context: Context) throws -> Outcome {
        let text = try PolicyOptions.preset(preset).text
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return Outcome(json: ["name": .string(preset), "text": .string(text)], lines: lines)
    }
}
