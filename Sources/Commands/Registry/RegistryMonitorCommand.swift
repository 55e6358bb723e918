// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Sodium
import Statements
import Storage
import TransparencyLog

/// `resguardo registry monitor`: one look, for cron.
struct RegistryMonitorCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "monitor",
        abstract: Text(
            en: "Look once for news of your own ids, forks and signs of a take-over.",
            es: "Mirar una vez: novedades de sus identidades, bifurcaciones y señales de captura."
        ).local,
        discussion: Text(
            en: """
                For cron: it says nothing when there is nothing new. It looks at everything that \
                came since the last time, and exits with 1 when a statement concerns the source or \
                the keys of this home, or an id that is named; with 4 when one constituency or one \
                quarter has too much; with 3 when the log was set back, rewritten, or differs \
                from a copy that somebody else holds; with 5 when a node cannot be reached.
                """,
            es: """
                Para cron: no dice nada si no hay novedades. Mira todo lo que llegó desde la \
                última vez, y termina con 1 si una declaración toca a la fuente o las llaves de \
                este directorio, o a un identificador indicado; con 4 si un sector o un trimestre \
                tiene demasiado; con 3 si el registro retrocedió, se reescribió o difiere de \
                la copia de otra persona; con 5 si no se alcanza un nodo.
                """
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(
                en: "More ids to watch: subjects, verifiers or networks, 64 digits each.",
                es: "Más identificadores: fuentes, verificadores o redes, de 64 dígitos."
            ).local,
            valueName: Text(en: "id", es: "identificador").local
        )
    )
    var id: [String] = []

    @Option(
        help: ArgumentHelp(
            Text(
                en: "A copy of the log that somebody else got: its directory (several).",
                es: "Una copia del registro que obtuvo otra persona: su directorio (varias)."
            ).local,
            valueName: Text(en: "directory", es: "directorio").local
        ),
        completion: .directory
    )
    var compare: [String] = []

    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let log = try desk.log(asOf: .max)
        let watched = try watched(desk, log.state)
        let (reader, isOwn) = try desk.reader()
        var news: [Sighting] = []
        let memory = RegistryMonitorMemory(desk.home)
        let known = try memory.load()
        do {
            for directory in compare { try requireSame(reader, directory, log, desk) }
            for index in min(known.size, log.size)..<log.size {
                let entry = RegistryEntry(
                    index: Int64(index),
                    bytes: try reader.entry(at: index)
                )
                if let sighting = Sighting(entry, watched, log.state) { news.append(sighting) }
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw RegistryFailure.log(error, isOwn: isOwn)
        }
        let breaches = log.state.capBreaches(at: context.now)
        let fresh = breaches.filter { !known.breaches.contains(Self.word($0)) }
        try memory.save(.init(size: log.size, breaches: Set(breaches.map(Self.word))))
        return outcome(news, fresh, log.size, context)
    }

    /// A statement that concerns somebody who is watched.
    private struct Sighting {
        let index: Int64
        let statement: any RegistryStatement
        let id: String

        /// - Returns: `nil` if it concerns nobody.
        init?(_ entry: RegistryEntry, _ watched: Set<String>, _ state: RegistryState) {
            guard let statement = entry.statement else { return nil }
            let members = ["subject", "verifier", "network", "key", "decision", "target"]
            var named = members.compactMap { statement.json[$0]?.string }
            // What is decided of a complaint concerns whom the complaint does.
            if let text = statement.json["complaint"]?.string, let id = RegistryID(hex: text),
                let complaint = state.complaints[id]?.statement
            {
                named += [text, Hex.encode(complaint.target), Hex.encode(complaint.key)]
                named += complaint.network.map { [Hex.encode($0)] } ?? []
            }
            if let first = statement as? RegisterStatement {
                named.append(Hex.encode(first.subject))
            }
            guard let id = named.first(where: watched.contains) else { return nil }
            index = entry.index
            self.statement = statement
            self.id = id
        }
    }

    /// What this home is, and what was asked for.
    private func watched(_ desk: RegistryDesk, _ state: RegistryState) throws -> Set<String> {
        var watched: Set<String> = []
        for text in id {
            guard let id = RegistryID(hex: text) else {
                throw Failure(
                    .usage,
                    Text(
                        en: "“\(text)” is no id: 64 hexadecimal digits",
                        es: "«\(text)» no es un identificador: 64 dígitos hexadecimales"
                    )
                )
            }
            watched.insert(id.hex)
        }
        let subject = RegistrySubjectStore(home: desk.home)
        if try subject.exists() { watched.insert(try subject.load().id.hex) }
        for name in try desk.keys.names() {
            let key = try desk.keys.publicKey(name)
            watched.formUnion([key.id.hex, Hex.encode(key.key.bytes)])
        }
        // Complaints name accounts, by what the log knows of them.
        for id in watched.compactMap({ RegistryID(hex: $0) }) {
            watched.formUnion(state.subjects[id]?.accounts.map(\.hex) ?? [])
        }
        return watched
    }

    /// Two copies of one log that differ prove that its operator lies to somebody.
    private func requireSame(
        _ reader: TiledLogReader,
        _ directory: String,
        _ log: RegistryLog,
        _ desk: RegistryDesk
    ) throws {
        guard let verifier = try desk.home.verifier() else { throw RegistryFailure.noRegistry }
        let other = try TiledLogReader(directory: directory, log: verifier)
        let size = min(other.size, log.size)
        guard try other.root(size: size) == reader.root(size: size) else {
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "FORK: the copy in \(directory) and the log here were signed by one key, "
                        + "and differ in their first \(size) entries",
                    es: "BIFURCACIÓN: la copia en \(directory) y el registro de aquí los firmó una "
                        + "misma llave, y difieren en sus primeras \(size) entradas"
                ),
                hint: Text(
                    en: "keep both copies and show them to others: together they are the proof",
                    es: "guarde ambas copias y muéstrelas: juntas son la prueba"
                )
            )
        }
    }

    private func outcome(
        _ news: [Sighting],
        _ fresh: [CapBreach],
        _ size: UInt64,
        _ context: Context
    ) -> Outcome {
        var lines = news.map { sighting in
            let summary = RegistryText.summary(sighting.statement)
            let who = sighting.id.prefix(12)
            return Text(
                en: "entry \(sighting.index) concerns \(who): \(summary.en)",
                es: "la entrada \(sighting.index) toca a \(who): \(summary.es)"
            )[context.language]
        }
        lines += fresh.map { Self.text($0)[context.language] }
        return Outcome(
            json: [
                "breaches": .array(fresh.map { .string(Self.word($0)) }),
                "news": .array(
                    news.map { sighting in
                        [
                            "id": .string(sighting.id), "index": .integer(sighting.index),
                            "type": .string(type(of: sighting.statement).type),
                        ]
                    }
                ),
                "size": .integer(Int64(size)),
            ],
            lines: lines,
            kind: fresh.isEmpty ? (news.isEmpty ? nil : .failed) : .notAllowed
        )
    }

    private static func word(_ breach: CapBreach) -> String {
        switch breach {
        case .council(let constituency, _, _): "council/\(constituency)"
        case .verifiers(let constituency, _, _): "verifiers/\(constituency)"
        case .growth: "growth"
        }
    }

    private static func text(_ breach: CapBreach) -> Text {
        switch breach {
        case .council(let constituency, let count, let all):
            Text(
                en: "\(constituency) has \(count) of \(all) seats of the council",
                es: "\(constituency) tiene \(count) de \(all) lugares del consejo"
            )
        case .verifiers(let constituency, let count, let all):
            Text(
                en: "\(constituency) has \(count) of \(all) organisations that may vouch",
                es: "\(constituency) tiene \(count) de \(all) organizaciones que pueden avalar"
            )
        case .growth(let count, let before):
            Text(
                en: "\(count) organisations came in this quarter, to \(before) that were there",
                es: "este trimestre llegaron \(count) organizaciones, y había \(before)"
            )
        }
    }
}

/// What a monitor saw the last time.
struct RegistryMonitorMemory {
    /// Entries it looked at, and breaches it told of.
    struct Seen {
        var size: UInt64 = 0
        var breaches: Set<String> = []
    }

    private let home: RegistryHome
    private var path: String { home.path("monitor.json") }

    init(_ home: RegistryHome) {
        self.home = home
    }

    func load() throws -> Seen {
        guard try home.files.exists(path) else { return Seen() }
        // Who cannot read it any more looks at everything again.
        let value = try? JSONValue(parsing: RegistryHome.read(path))
        guard let size = value?["size"]?.integer, size >= 0 else { return Seen() }
        let breaches = value?["breaches"]?.array?.compactMap(\.string) ?? []
        return Seen(size: UInt64(size), breaches: Set(breaches))
    }

    func save(_ seen: Seen) throws {
        try home.makeDirectory("")
        let value: JSONValue = [
            "breaches": .array(seen.breaches.sorted().map { .string($0) }),
            "size": .integer(Int64(seen.size)),
        ]
        try RegistryHome.write(path, value.canonicalBytes)
    }
}
