// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Statements
import Storage

/// `resguardo registry collect`: the operator's daily round.
struct RegistryCollectCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: Text(
            en: "Append what is complete to the registry, and publish it (operator).",
            es: "Incorporar al registro lo que está completo, y publicarlo (operador)."
        ).local
    )

    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let round = try RegistryRound(RegistryDesk(context))
        let told = Text(
            en:
                """
                appended \(round.appendedCount), waiting \(round.waiting.count), refused \
                \(round.dropped.count)
                """,
            es:
                """
                incorporadas \(round.appendedCount), en espera \(round.waiting.count), rechazadas \
                \(round.dropped.count)
                """
        )
        let lines = (round.waiting + round.dropped).map { item in
            "\(item.path): \(RegistryText.refusal(item.reason)[context.language])"
        }
        let values = { (items: [RegistryRound.Item]) in
            JSONValue.array(
                items.map {
                    ["file": .string($0.path), "reason": .string($0.reason.rawValue)]
                }
            )
        }
        return Outcome(
            json: [
                "appended": .integer(Int64(round.appendedCount)),
                "refused": values(round.dropped), "waiting": values(round.waiting),
            ],
            lines: lines + [told[context.language]]
        )
    }
}

/// One batch: appends at once what is complete, and publishes it.
struct RegistryRound {
    /// A statement that was not appended.
    struct Item {
        let path: String
        let reason: Refusal
    }

    let appendedCount: Int
    /// What others can still complete.
    let waiting: [Item]
    /// What nothing can, and is gone.
    let dropped: [Item]

    /// Makes a round at the desk of an operator.
    ///
    /// - Throws: A ``Failure`` where there is no log, or it cannot be written.
    init(_ desk: RegistryDesk) throws {
        guard try desk.home.hasLog() else { throw RegistryFailure.noRegistry }
        let directories = [desk.exchange?.pending, desk.home.path("pending")].compactMap { $0 }
        let pending = try directories.flatMap { try RegistryExchange.waiting(in: $0) }
        let state = try desk.state()
        let batch = RegistryBatch(
            state: state,
            opening: try desk.opening(state),
            pending: pending.map(\.envelope),
            seals: desk.seals
        )
        if !batch.entries.isEmpty {
            _ = try desk.append(batch.entries)
        } else {
            try desk.publish(try desk.reader().reader)
        }
        let items = batch.refused.map { Item(path: pending[$0.place].path, reason: $0.reason) }
        waiting = items.filter { RegistryDesk.curable.contains($0.reason) }
        dropped = items.filter { !RegistryDesk.curable.contains($0.reason) }
        for path in dropped.map(\.path) + batch.accepted.map({ pending[$0].path }) {
            try Self.remove(path)
        }
        appendedCount = batch.accepted.count
    }

    private static func remove(_ path: String) throws {
        do {
            try LocalFileSystem().remove(path)
        } catch {
            throw RegistryFailure.file(path, error)
        }
    }
}
