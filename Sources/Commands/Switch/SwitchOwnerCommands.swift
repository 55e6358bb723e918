// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Statements
import Switch
import Vault

/// Which of an owner's switches a command is about.
struct OwnedSwitch {
    let keys: OwnerKeys
    let record: SwitchRecord

    /// The switches of a home that are armed in an exchange.
    static func all(in home: Home, _ exchange: Exchange) throws -> [OwnedSwitch] {
        let log = try exchange.log()
        let armed = Set(SwitchRecord.ids(in: log))
        return try OwnerKeys.all(in: home).filter { armed.contains($0.id) }
            .map { OwnedSwitch(keys: $0, record: try SwitchRecord($0.id, in: log)) }
    }

    /// The one that a person named by its case or by its id; the only one where nothing was named.
    static func find(
        _ name: String?,
        in home: Home,
        _ exchange: Exchange
    ) throws -> OwnedSwitch {
        let all = try all(in: home, exchange)
        guard let name else {
            guard let only = all.first, all.count == 1 else {
                throw Failure(
                    .usage,
                    Text(
                        en: "you have \(all.count) armed switches here",
                        es: "tiene aquí \(all.count) interruptores armados"
                    ),
                    hint: Text(
                        en: "name the case or the switch",
                        es: "nombre el caso o el interruptor"
                    )
                )
            }
            return only
        }
        let pseudonyms = try home.cases().filter { $0.name == name || $0.pseudonymText == name }
            .map(\.pseudonym)
        if let ofCase = all.first(where: { pseudonyms.contains($0.keys.pseudonym) }) {
            return ofCase
        }
        let id = try SwitchName.find(name, among: all.map(\.keys.id))
        guard let found = all.first(where: { $0.keys.id == id }) else {
            throw SwitchError.unknownSwitch
        }
        return found
    }
}

/// `resguardo switch check-in`.
struct SwitchCheckInCommand: UsesPassphrase, UsesTime, UsesExchange {
    static let configuration = CommandConfiguration(
        commandName: "check-in",
        abstract: Text(
            en: "Say that you are alive and free.",
            es: "Decir que está con vida y en libertad."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions

    @Argument(help: SwitchNameHelp.owned)
    var name: String?

    @Flag(
        help: Text(en: "Check in for all your switches.", es: "Reportarse en todos.").help
    )
    var all = false

    func run(in context: Context) throws -> Outcome {
        try CheckInRun(name: name, all: all).run(in: context)
    }
}

/// `resguardo switch veto`: a check-in under the name by which people look for it.
struct SwitchVetoCommand: UsesPassphrase, UsesTime, UsesExchange {
    static let configuration = CommandConfiguration(
        commandName: "veto",
        abstract: Text(
            en: "Stop a release that is under way (a check-in).",
            es: "Detener una liberación en curso (es un reporte)."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions

    @Argument(help: SwitchNameHelp.owned)
    var name: String?

    func run(in context: Context) throws -> Outcome {
        try CheckInRun(name: name, all: false).run(in: context)
    }
}

/// Help of arguments that name a switch.
enum SwitchNameHelp {
    static let owned = Text(
        en: "The case, or the switch (default: your only one).",
        es: "El caso, o el interruptor (si falta: el único)."
    ).help
    static let any = Text(
        en: "The switch, or its first 8 digits.",
        es: "El interruptor, o sus primeros 8 dígitos."
    ).help
}

/// What check-in and veto do.
private struct CheckInRun {
    let name: String?
    let all: Bool

    func run(in context: Context) throws -> Outcome {
        let exchange = try context.openExchangeToSign()
        let home = try context.openVault()
        let owned =
            all
            ? try OwnedSwitch.all(in: home, exchange)
            : [try OwnedSwitch.find(name, in: home, exchange)]
        guard !owned.isEmpty else {
            throw Failure(
                .notAllowed,
                Text(en: "you have no armed switch here", es: "no tiene aquí interruptores armados")
            )
        }
        var documents: [JSONValue] = []
        var lines: [String] = []
        for item in owned {
            try KeptEscrow.settle(item.record.arming, in: home, exchange)
            let note = try context.patiently { try exchange.refresh(asOf: context.now) }
            let desk = try OwnerDesk(item.record, owner: item.keys.key.publicKey)
            let checkIn = try desk.checkIn(
                checkpoint: note,
                token: home.checkInToken(for: item.keys.id.bytes),
                asOf: context.now
            )
            try context.publish(checkIn.signed(by: item.keys.key), in: exchange)
            let record = try context.record(of: item.keys.id.text, in: exchange)
            let machine = record.machine(asOf: context.now)
            documents.append(SwitchDescription.json(record, machine))
            lines += SwitchDescription.lines(record, machine, now: context.now)
        }
        return Outcome(json: ["switches": .array(documents)], lines: lines)
    }
}

/// `resguardo switch hold`.
struct SwitchHoldCommand: UsesPassphrase, UsesTime, UsesExchange {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: Text(
            en: "Announce an absence of at most 30 days.",
            es: "Anunciar una ausencia de 30 días como máximo."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions

    @Argument(help: SwitchNameHelp.owned)
    var name: String?

    @Option(help: Text(en: "When you will be back.", es: "Cuándo estará de vuelta.").help)
    var until: Timestamp

    func run(in context: Context) throws -> Outcome {
        let exchange = try context.openExchangeToSign()
        let home = try context.openVault()
        let owned = try OwnedSwitch.find(name, in: home, exchange)
        let desk = try OwnerDesk(owned.record, owner: owned.keys.key.publicKey)
        let note = try context.patiently { try exchange.refresh(asOf: context.now) }
        let hold = try desk.hold(until: until.seconds, checkpoint: note, asOf: context.now)
        try context.publish(hold.signed(by: owned.keys.key), in: exchange)
        return try SwitchReport.outcome(owned.keys.id, exchange, context)
    }
}

/// `resguardo switch revoke`.
struct SwitchRevokeCommand: UsesPassphrase, UsesTime, UsesExchange {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: Text(
            en: "Ask for the end of a switch; trustees must agree, and 72 hours pass.",
            es: "Pedir el fin de un interruptor; los custodios deben aceptar, y pasar 72 horas."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions

    @Argument(help: SwitchNameHelp.owned)
    var name: String?

    func run(in context: Context) throws -> Outcome {
        let exchange = try context.openExchangeToSign()
        let home = try context.openVault()
        let owned = try OwnedSwitch.find(name, in: home, exchange)
        let desk = try OwnerDesk(owned.record, owner: owned.keys.key.publicKey)
        let note = try context.patiently { try exchange.refresh(asOf: context.now) }
        let revocation = try desk.revocation(checkpoint: note, asOf: context.now)
        try context.publish(revocation.signed(by: owned.keys.key), in: exchange)
        return try SwitchReport.outcome(owned.keys.id, exchange, context)
    }
}

/// What commands say once they have changed something.
enum SwitchReport {
    static func outcome(
        _ id: SwitchID,
        _ exchange: Exchange,
        _ context: Context
    ) throws -> Outcome {
        let record = try context.record(of: id.text, in: exchange)
        let machine = record.machine(asOf: context.now)
        return Outcome(
            json: SwitchDescription.json(record, machine),
            lines: SwitchDescription.lines(record, machine, now: context.now)
        )
    }
}
