// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Statements
import Storage

/// `resguardo registry collect`: the operator's daily round.
struct RegistryCollectCommand: UsesPassphrase, UsesTime, UsesExchange {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: Text(
            en: "Append what is complete to the registry, and publish it (operator).",
            es: "Incorporar al registro lo que está completo, y publicarlo (operador)."
        ).local
    )

    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        guard try desk.home.hasLog() else { throw RegistryFailure.noRegistry }
        let directories = [desk.exchange?.pending, desk.home.path("pending")].compactMap { $0 }
        let pending = try directories.flatMap { try RegistryExchange.waiting(in: $0) }
        let state = try desk.state()
        let batch = RegistryBatch(
            state: state,
            opening: try desk.opening(state),
            pending: pending.map(\.envelope)
        )
        if !batch.entries.isEmpty {
            _ = try desk.append(batch.entries)
        } else {
            try desk.publish(try desk.reader().reader)
        }
        var waiting: [JSONValue] = []
        var dropped: [JSONValue] = []
        var lines: [String] = []
        for (place, reason) in batch.refused {
            let why = RegistryText.refusal(reason)
            let path = pending[place].path
            let value: JSONValue = ["file": .string(path), "reason": .string(reason.rawValue)]
            if RegistryDesk.curable.contains(reason) {
                waiting.append(value)
            } else {
                dropped.append(value)
                try remove(path)
            }
            lines.append("\(path): \(why[context.language])")
        }
        for place in batch.accepted { try remove(pending[place].path) }
        let told = Text(
            en:
                """
                appended \(batch.accepted.count), waiting \(waiting.count), refused \
                \(dropped.count)
                """,
            es:
                """
                incorporadas \(batch.accepted.count), en espera \(waiting.count), rechazadas \
                \(dropped.count)
                """
        )
        return Outcome(
            json: [
                "appended": .integer(Int64(batch.accepted.count)), "refused": .array(dropped),
                "waiting": .array(waiting),
            ],
            lines: lines + [told[context.language]]
        )
    }

    private func remove(_ path: String) throws {
        do {
            try LocalFileSystem().remove(path)
        } catch {
            throw RegistryFailure.file(path, error)
        }
    }
}
