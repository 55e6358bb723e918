// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Storage
import TransparencyLog
import Vault

/// `resguardo disclose verify`.
struct DiscloseVerifyCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: Text(
            en: "Verify a package of disclosed fields and files, offline.",
            es: "Verificar un paquete de campos y archivos publicados, sin conexión."
        ).local,
        discussion: Text(
            en: """
                Needs no vault. Whose log accepted the item only you can know: compare the key \
                that is shown, or give the one you know with --log-key.
                """,
            es: """
                No necesita bóveda. De quién es el registro que aceptó el objeto solo usted lo \
                sabe: compare la llave que se muestra, o indique la que conoce con --log-key.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: Text(en: "The package.", es: "El paquete.").help, completion: .directory)
    var directory: String

    @Option(
        help: Text(
            en: "The log's public key as you know it.",
            es: "La llave pública del registro, como usted la conoce."
        ).help
    )
    var logKey: String?

    func run(in context: Context) throws -> Outcome {
        let package = BytePath(RawArguments.bytes(of: directory))
        // One that is not there is no package that does not verify.
        _ = try FileStatus(of: package)
        let verified = try DisclosurePackage.verify(
            at: package,
            log: ReceiptVerifyCommand.logKey(logKey)
        )
        return DisclosureText.outcome(
            verified,
            heading: Text(
                en: "The package verifies: what it shows belongs to the item of its receipt.",
                es: "El paquete se verifica: lo que muestra es del objeto de su recibo."
            ),
            trust: ReceiptVerifyCommand.trust(isNamed: logKey != nil)
        )
    }
}

/// What a package shows, for people and programs.
enum DisclosureText {
    static func outcome(
        _ verified: DisclosurePackage.Verified,
        heading: Text,
        trust: Text? = nil
    ) -> Outcome {
        let disclosure = verified.disclosure
        let entryCount = disclosure.fileCount
        let shownCount = disclosure.leaves.count { $0.index > 0 }
        var members = ReceiptFile.members(verified.receipt, verified.statement)
        members["verified"] = true
        members["entries"] = .integer(Int64(entryCount))
        members["entriesShown"] = .integer(Int64(shownCount))
        members["fields"] = .array(
            shown(disclosure).map { ["path": .string($0.path), "value": $0.value] }
        )
        members["withheld"] = .array(withheld(disclosure).map { .string($0) })
        members["contents"] = .array(
            verified.contents.sorted { $0.key < $1.key }.map { number, path in
                ["file": .integer(Int64(number)), "path": .string(path.text)]
            }
        )
        return Outcome(
            json: .object(members),
            lines: [heading.local] + [trust?.local].compactMap { $0 }
                + lines(verified, entryCount: entryCount, shownCount: shownCount)
                + ReceiptFile.lines(verified.receipt, verified.statement)
        )
    }

    private static func lines(
        _ verified: DisclosurePackage.Verified,
        entryCount: Int,
        shownCount: Int
    ) -> [String] {
        let disclosure = verified.disclosure
        var lines = shown(disclosure).map { "\($0.path): \(value($0.value))" }
        for (number, path) in verified.contents.sorted(by: { $0.key < $1.key }) {
            lines.append(
                Text(
                    en: "files/\(number) is in the package: \(path.text)",
                    es: "files/\(number) está en el paquete: \(path.text)"
                ).local
            )
        }
        let hidden = withheld(disclosure)
        if !hidden.isEmpty {
            let list = hidden.joined(separator: ", ")
            lines.append(Text(en: "withheld: \(list)", es: "retenido: \(list)").local)
        }
        let rest = entryCount - shownCount
        lines.append(
            Text(
                en: "The item has \(entryCount) file(s), directories included; of \(rest) nothing"
                    + " is shown.",
                es: "El objeto tiene \(entryCount) archivo(s), contando directorios; de \(rest) no"
                    + " se muestra nada."
            ).local
        )
        return lines
    }

    /// A value on one line; the console makes what is left of control characters visible.
    static func value(_ value: JSONValue) -> String {
        value.string.map { BytePath($0).text } ?? value.canonicalText
    }

    private static func shown(_ disclosure: Disclosure) -> [(path: String, value: JSONValue)] {
        disclosure.leaves.flatMap { leaf in
            leaf.shown.sorted { $0.key < $1.key }.map { (leaf.prefix + $0.key, $0.value.value) }
        }
    }

    private static func withheld(_ disclosure: Disclosure) -> [String] {
        disclosure.leaves.flatMap { leaf in
            leaf.withheld.keys.sorted().map { leaf.prefix + $0 }
        }
    }
}
