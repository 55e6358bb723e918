// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import Encodings

/// `resguardo plumbing age inspect`: what a file tells without a key.
struct PlumbingAgeInspectCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: Text(
            en: "Tell what can be seen of a sealed file without a key.",
            es: "Mostrar lo que se ve de un archivo sellado sin clave."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(
            en: "What to look at (default: standard input).",
            es: "Qué examinar (si falta: la entrada)."
        ).help,
        completion: .file()
    )
    var input: String?

    func run(in context: Context) throws -> Outcome {
        let file = try PlumbingAgeFiles.reading(input) { try AgeInspection(from: $0.source) }
        let stanzas = file.header.stanzas
        var json: [String: JSONValue] = [
            "armored": .boolean(file.isArmored),
            "headerBytes": .integer(Int64(file.headerCount)),
            "payloadBytes": .integer(Int64(file.payloadCount)),
            "stanzas": .array(stanzas.map(\.json)),
            "version": .string(AgeHeader.versionLine),
        ]
        if let count = file.plaintextCount { json["plaintextBytes"] = .integer(Int64(count)) }
        var lines = [
            AgeHeader.versionLine
                + (file.isArmored ? Text(en: ", armored", es: ", en texto").local : "")
        ]
        for stanza in stanzas {
            let bytes = stanza.body.count
            lines.append("-> \(stanza.type): \(bytes) B")
        }
        let plaintext = file.plaintextCount.map { "\($0) B" }
        let cut = Text(en: "not possible; cut or damaged", es: "imposible; cortado o dañado").local
        lines.append(Text(en: "header: ", es: "cabecera: ").local + "\(file.headerCount) B")
        lines.append(Text(en: "payload: ", es: "contenido: ").local + "\(file.payloadCount) B")
        lines.append(Text(en: "plaintext: ", es: "texto claro: ").local + (plaintext ?? cut))
        return Outcome(json: .object(json), lines: lines)
    }
}

extension Stanza {
    fileprivate var json: JSONValue {
        [
            "type": .string(type),
            "arguments": .array(arguments.map { .string($0) }),
            "bodyBytes": .integer(Int64(body.count)),
        ]
    }
}
