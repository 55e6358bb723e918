// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Escrow
import Statements
import Switch
import Vault

/// `resguardo switch status`: reads the log, and needs no secret.
struct SwitchStatusCommand: ReadsAsOf, TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: Text(
            en: "Show where switches stand, and what comes next.",
            es: "Mostrar cómo están los interruptores, y qué sigue."
        ).local
    )

    @OptionGroup var trade: TradeOptions
    @OptionGroup var source: SwitchInvitationOptions

    @Argument(
        help: Text(
            en: "The switch, or its first 8 digits (default: all).",
            es: "El interruptor, o sus primeros 8 dígitos (si falta: todos)."
        ).help
    )
    var id: String?

    func run(in context: Context) throws -> Outcome {
        let home = try ownHome(context)
        let places =
            if let home, context.exchange == nil { try context.places(of: home) } else {
                try context.openPlaces(source.invitation)
            }
        let logs = try places.map { try $0.log() }
        let ids = logs.map { SwitchRecord.ids(in: $0) }
        let chosen = try id.map { try SwitchName.find($0, among: ids.flatMap { $0 }) }
        var documents: [JSONValue] = []
        var lines: [String] = []
        for (index, place) in places.enumerated() {
            let now =
                chosen == nil || ids[index].contains { $0 == chosen }
                ? try context.witnessedTime(in: place) : 0
            for id in ids[index] where chosen == nil || id == chosen {
                let read = Result { () throws(SwitchError) in try SwitchRecord(id, in: logs[index])
                }
                if chosen == nil, case .failure(let error) = read {
                    // Anybody can copy an arming into a log: it must not hide the others.
                    let message = error.failure.message
                    documents.append(["switch": .string(id.text), "error": .string(message.en)])
                    lines.append("\(SwitchName.short(id))  \(message.local)")
                    continue
                }
                let record = try read.get()
                let machine = record.machine(asOf: now)
                documents.append(SwitchDescription.json(record, machine))
                lines += SwitchDescription.lines(record, machine, now: now)
            }
        }
        let isProtecting = !documents.isEmpty
        if let home, chosen == nil {
            let armed = Set(ids.flatMap { $0 })
            for draft in try SwitchDraft.all(in: home, at: places, armed: armed) {
                documents.append(draft.json)
                lines += draft.lines
            }
        }
        if !isProtecting {
            lines.append(
                Text(
                    en: "Nothing here is protected: no switch is armed.",
                    es: "Aquí no se protege nada: no hay ningún interruptor armado."
                ).local
            )
        }
        let asOf = try places.first.map { try context.witnessedTime(in: $0) } ?? context.now
        let witnessed = logs.map(\.time).max() ?? 0
        return Outcome(
            json: [
                "asOf": .string(Timestamp(seconds: asOf).rfc3339),
                "witnessed": .string(Timestamp(seconds: witnessed).rfc3339),
                "switches": .array(documents),
            ],
            lines: lines,
            kind: places.contains { $0.isAlarmed } ? .doesNotVerify : nil
        )
    }

    /// The home whose beginnings are shown: an exchange alone is read without a passphrase.
    private func ownHome(_ context: Context) throws -> Home? {
        guard source.invitation == nil, context.hasHome else { return nil }
        guard context.exchange == nil || context.hasPassphraseFile else { return nil }
        return try context.openVault()
    }
}

/// `resguardo switch verify`: anyone, without a secret.
struct SwitchVerifyCommand: UsesNodes, UsesPassphrase {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: Text(
            en: "Check that a switch can be released: anyone can, without a secret.",
            es: "Comprobar que un interruptor puede liberarse: cualquiera, sin secretos."
        ).local,
        discussion: Text(
            en: """
                Checks the log and every checkpoint in it, the owner's signature, each trustee's \
                proof of possession, and the proof that any k shares give the one secret; and \
                that the escrow file is the one that was armed. It cannot see that the file was \
                sealed to that secret: the owner's client rehearsed it, and recovery checks it.
                """,
            es: """
                Revisa la bitácora y cada punto de control, la firma de la persona dueña, la \
                prueba de posesión de cada custodio, y la prueba de que k partes cualesquiera \
                dan el mismo secreto; y que el archivo depositado es el que se armó. No puede \
                ver que el archivo se selló con ese secreto: lo ensayó el programa de la dueña, \
                y se revisa al recuperar.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var source: SwitchInvitationOptions

    @Argument(
        help: Text(
            en: "The switch, or its first 8 digits; or a file with a badge.",
            es: "El interruptor, o sus primeros 8 dígitos; o un archivo con un distintivo."
        ).help
    )
    var id: String

    func run(in context: Context) throws -> Outcome {
        if SwitchID(id) == nil, let badge = try BadgeFile.read(id) { return badge.outcome }
        let (record, place) = try context.findSwitch(id, source.invitation)
        let arming = record.arming.statement
        _ = try place.escrow(arming.escrowDigest)
        let (n, k) = (arming.trustees.count, arming.threshold)
        return Outcome(
            json: [
                "switch": .string(record.id.text), "verified": true,
                "trustees": .integer(Int64(n)), "threshold": .integer(Int64(k)),
                "dealing": .string(Hex.encode(record.arming.dealing.digest)),
                "escrow": .string(Hex.encode(arming.escrowDigest)),
                "refusedEntries": .integer(Int64(record.refused.count)),
            ],
            lines: [
                Text(
                    en: "Verified: any \(k) of \(n) trustees, with a successor, can open it.",
                    es: "Verificado: \(k) de los \(n) custodios, con una persona sucesora, pueden"
                        + " abrirlo."
                ).local,
                Text(
                    en: "dealing: \(Hex.encode(record.arming.dealing.digest))",
                    es: "reparto: \(Hex.encode(record.arming.dealing.digest))"
                ).local,
            ]
        )
    }
}
