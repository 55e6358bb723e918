// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Statements
import Storage

/// `resguardo registry decide-seals`.
struct RegistryDecideSealsCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "decide-seals",
        abstract: Text(
            en: "Say which sealed statements of an old quarter counted, and delete its signatures.",
            es: "Decir qué declaraciones selladas de un trimestre contaron, y borrar sus firmas."
        ).local,
        discussion: Text(
            en: """
                From 90 days after a quarter's grace on, the ring signatures may go: whoever \
                gets an old ring key then finds nothing that it made. First council seats sign \
                what counted; each one's program checks it against the signatures. When that is \
                in the registry, --delete removes the files here and in the exchange directory, \
                after it made sure that the registry says the same without them about everything.
                """,
            es: """
                Desde 90 días después de la prórroga de un trimestre, las firmas de anillo pueden \
                borrarse: quien consiga una llave vieja no halla nada que ella haya hecho. \
                Primero firma el consejo qué contó; el programa de cada quien lo compara con las \
                firmas. Cuando está en el registro, --delete borra los archivos aquí y en el \
                directorio de intercambio, tras comprobar que sin ellos el registro dice lo mismo.
                """
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(en: "The quarter, as 2026Q4.", es: "El trimestre, como 2026Q4.").local,
            valueName: Text(en: "quarter", es: "trimestre").local
        )
    )
    var quarter: String

    @Flag(
        help: Text(
            en: "Delete the ring signatures of the quarter, whose decision is in the registry.",
            es: "Borrar las firmas de anillo del trimestre, cuya decisión está en el registro."
        ).help
    )
    var delete = false

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        guard let epoch = RegistryEpoch(name: quarter) else {
            throw Failure(
                .usage,
                Text(
                    en: "“\(quarter)” is no quarter; one is written 2026Q4",
                    es: "«\(quarter)» no es un trimestre; se escribe 2026Q4"
                )
            )
        }
        let desk = RegistryDesk(context)
        if delete { return try SealRemoval(desk: desk, epoch: epoch).run() }
        let state = try desk.state()
        guard let charter = state.charter else { throw RegistryFailure.refused(.noCharter) }
        guard state.sealEnd(of: epoch, charter) <= context.now else {
            throw RegistryFailure.refused(.wrongDate)
        }
        let counted = (state.countedSeals[epoch] ?? []).sorted().map(\.bytes)
        guard !counted.isEmpty else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "no sealed statement counted in \(epoch.name)",
                    es: "ninguna declaración sellada contó en \(epoch.name)"
                )
            )
        }
        guard keys.output == nil || counted.count <= DecideSealsStatement.countMax else {
            throw Failure(
                .usage,
                Text(
                    en: "these are several statements: leave them in the exchange directory",
                    es: "son varias declaraciones: déjelas en el directorio de intercambio"
                )
            )
        }
        let names = try desk.keys.choose(keys.key)
        var last: Outcome?
        for start in stride(from: 0, to: counted.count, by: DecideSealsStatement.countMax) {
            let end = min(start + DecideSealsStatement.countMax, counted.count)
            let statement = DecideSealsStatement(
                head: desk.head(state),
                epoch: epoch,
                statements: Array(counted[start..<end])
            )
            last = try desk.send(statement, with: names, output: keys.output)
        }
        return last ?? Outcome(json: [:], lines: [])
    }
}

extension RegistryConsent {
    /// Makes sure that a decision is what the signatures here say.
    ///
    /// - Throws: `.doesNotVerify` if it names anything that did not count.
    static func check(_ decision: DecideSealsStatement, _ state: RegistryState) throws {
        let counted = state.countedSeals[decision.epoch] ?? []
        guard decision.statements.allSatisfy({ counted.contains(RegistryID($0)) }) else {
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "the decision names statements of which no right signature is here",
                    es: "la decisión nombra declaraciones de las que aquí no hay firma correcta"
                )
            )
        }
    }
}

/// Deletes the ring signatures of a quarter, once the log says what they said.
struct SealRemoval {
    let desk: RegistryDesk
    let epoch: RegistryEpoch

    /// Deletes them.
    ///
    /// - Returns: How many were deleted.
    /// - Throws: `.notAllowed` unless the log replays the same without them.
    func run() throws -> Outcome {
        let log = try desk.log(asOf: .max, fromScratch: true)
        guard isDecided(epoch, log) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "the registry holds no decision about all of \(epoch.name)",
                    es: "el registro no tiene una decisión sobre todo \(epoch.name)"
                ),
                hint: Text(
                    en: "council seats decide with `registry decide-seals \(epoch.name)`",
                    es: "el consejo decide con `registry decide-seals \(epoch.name)`"
                )
            )
        }
        let (names, keptCount) = try seals(log)
        let (reader, isOwn) = try desk.reader()
        let kept = desk.seals
        let after: RegistryState
        do {
            after = try RegistryLog(
                reader,
                asOf: .max,
                known: nil,
                seals: { names.contains($0) ? nil : kept($0) }
            ).state
        } catch {
            throw RegistryFailure.log(error, isOwn: isOwn)
        }
        guard log.state.saysTheSame(as: after) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "without them the registry would say something else: nothing was deleted",
                    es: "sin ellas el registro diría otra cosa: no se borró nada"
                )
            )
        }
        return outcome(deletedCount: try remove(names), keptCount)
    }

    /// Removes files here and in the exchange directory.
    ///
    /// - Returns: How many there were.
    private func remove(_ names: Set<RegistryID>) throws -> Int {
        var count = 0
        for name in names {
            let places = [
                desk.home.path("seals/\(name.hex)"),
                desk.exchange.map { "\($0.seals)/\(name.hex)" },
            ]
            for place in places.compactMap({ $0 }) where try desk.home.files.exists(place) {
                do {
                    try LocalFileSystem().remove(place)
                } catch {
                    throw RegistryFailure.file(place, error)
                }
                count += 1
            }
        }
        return count
    }

    private func outcome(deletedCount: Int, _ keptCount: Int) -> Outcome {
        let told = Text(
            en: "deleted \(deletedCount) files; whoever has a copy still has it",
            es: "archivos borrados: \(deletedCount); quien tenga una copia la conserva"
        )
        var lines = [told[desk.context.language]]
        if keptCount > 0 {
            let kept = Text(
                en: "kept \(keptCount): statements of a quarter that is not decided name them",
                es: "conservadas: \(keptCount); las nombran declaraciones de otro trimestre"
            )
            lines.append(kept[desk.context.language])
        }
        return Outcome(
            json: [
                "deleted": .integer(Int64(deletedCount)), "kept": .integer(Int64(keptCount)),
                "quarter": .string(epoch.name),
            ],
            lines: lines
        )
    }

    /// Names of the ring signatures of the quarter, right or wrong, that nothing else needs.
    ///
    /// What an entry claims is not believed alone: one that names somebody's signature of today
    /// would have it deleted. A signature that a statement of a quarter without a decision names,
    /// in the log or waiting for it, stays.
    ///
    /// - Parameter log: All of it.
    /// - Returns: The names, and how many of the quarter's stay.
    /// - Throws: A ``Failure`` where the log or what waits for it cannot be read.
    private func seals(_ log: RegistryLog) throws -> (names: Set<RegistryID>, keptCount: Int) {
        let (reader, isOwn) = try desk.reader()
        var (mine, needed): (Set<RegistryID>, Set<RegistryID>) = ([], [])
        func note(_ statement: (any RegistryStatement)?) {
            guard let sealed = statement as? any SealableRegistryStatement, let seal = sealed.seal
            else { return }
            let name = RegistryID(seal.signature)
            if sealed.epoch == epoch { mine.insert(name) }
            if !isDecided(sealed.epoch, log) { needed.insert(name) }
        }
        do {
            var number: UInt64 = 0
            var size: UInt64 = 0
            while size < reader.size {
                let bundle = try reader.entries(inBundle: number)
                for bytes in bundle { note(RegistryEntry(index: 0, bytes: bytes).statement) }
                guard !bundle.isEmpty else { break }
                size += UInt64(bundle.count)
                number += 1
            }
        } catch {
            throw RegistryFailure.log(error, isOwn: isOwn)
        }
        for folder in [desk.exchange?.pending, desk.home.path("pending")].compactMap({ $0 }) {
            for waiting in try RegistryExchange.waiting(in: folder) {
                // What cannot be read is no statement that could need one.
                note(try? waiting.envelope.registryStatement())
            }
        }
        return (mine.subtracting(needed), mine.intersection(needed).count)
    }

    /// Whether the council's word stands for everything that counted in a quarter.
    private func isDecided(_ epoch: RegistryEpoch, _ log: RegistryLog) -> Bool {
        guard let decided = log.decisions[epoch] else { return false }
        return (log.state.countedSeals[epoch] ?? []).isSubset(of: decided)
    }
}
