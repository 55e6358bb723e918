// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Feed
import Glibc

/// `resguardo demo`: the whole story on this machine, with real cryptography and real files.
struct DemoCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: Text(
            en: "Tell the whole story on this machine, in under a minute.",
            es: "Contar toda la historia en esta máquina, en menos de un minuto."
        ).local,
        discussion: Text(
            en: """
                Evidence goes in, its author falls silent, trustees release it, the newsroom opens \
                it with stock age; an anonymous source is vouched for; a feed is ranked with and \
                without that knowledge. People, places and posts are invented. Every line that \
                starts with $ is a command that you can type yourself.
                """,
            es: """
                Entra evidencia, su autora calla, los fiduciarios la liberan, la redacción la abre \
                con el age de siempre; se avala a una fuente anónima; se ordena un muro con y sin \
                ese conocimiento. Personas, lugares y publicaciones son inventados. Cada línea que \
                empieza con $ es una orden que puede escribir usted.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let directory =
            try global.home.map { $0.hasPrefix("/") ? $0 : try absolute($0) }
            ?? makeTemporary()
        let stage = try DemoStage(directory: directory, console: context.console)
        try DemoVaultAct(stage: stage).play()
        try DemoSwitchAct(stage: stage).play()
        try DemoRegistryAct(stage: stage).play()
        let places = try DemoFeedAct(stage: stage).play()
        stage.act(Text(en: "Before and after", es: "Antes y después"))
        return Outcome(
            json: [
                "directory": .string(directory),
                "places": .array(places.map(Self.json)),
            ],
            lines: Self.table(places, context.language) + [
                "",
                Text(
                    en: "Everything is in \(directory); the homes hold demo keys only.",
                    es: "Todo está en \(directory); sus claves son solo de prueba."
                )[context.language],
            ]
        )
    }

    private static func json(_ place: DemoPlace) -> JSONValue {
        [
            "kind": .string(place.kind.rawValue),
            "before": .integer(Int64(place.before)),
            "after": .integer(Int64(place.after)),
        ]
    }

    /// The table that the story ends with: the best place of each kind of post.
    private static func table(_ places: [DemoPlace], _ language: Language) -> [String] {
        let title = Text(en: "best place of", es: "mejor lugar de")[language]
        let before = Text(en: "before", es: "antes")[language]
        let after = Text(en: "after", es: "después")[language]
        let names = places.map { $0.name[language] } + [title]
        let width = names.map(\.count).max() ?? 0
        func row(_ name: String, _ cells: [String]) -> String {
            name + String(repeating: " ", count: width - name.count)
                + cells.map { String(repeating: " ", count: max(2, 10 - $0.count)) + $0 }.joined()
        }
        return [row(title, [before, after])]
            + places.map { row($0.name[language], ["\($0.before)", "\($0.after)"]) }
    }

    private func absolute(_ path: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let isKnown = unsafe getcwd(&buffer, buffer.count) != nil
        guard isKnown else {
            throw Failure(
                .failed,
                Text(
                    en: "the current directory is gone",
                    es: "el directorio actual ya no existe"
                )
            )
        }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self) + "/" + path
    }

    private func makeTemporary() throws -> String {
        let base = Environment.nonEmpty("TMPDIR") ?? "/tmp"
        var template =
            Array("\(base)/resguardo-demo-XXXXXX".utf8.map { CChar(bitPattern: $0) }) + [0]
        let isMade = unsafe mkdtemp(&template) != nil
        guard isMade else {
            throw Failure(
                .failed,
                Text(
                    en: "no directory can be made in \(base)",
                    es: "no se puede crear un directorio en \(base)"
                ),
                hint: Text(en: "give --home DIR", es: "indique --home DIRECTORIO")
            )
        }
        let bytes = template.dropLast().map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
