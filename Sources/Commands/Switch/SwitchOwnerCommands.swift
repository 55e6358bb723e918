// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Statements
import Switch
import TransparencyLog
import Vault

/// Which of an owner's switches a command is about.
struct OwnedSwitch {
    let keys: OwnerKeys
    let record: SwitchRecord
    let place: any SwitchPlace

    /// The switches of a home that are armed.
    static func all(in home: Home, _ context: Context) throws -> [OwnedSwitch] {
        let kept = try OwnerKeys.all(in: home)
        let shared: Exchange?
        if let directory = context.exchange {
            shared = try Exchange.open(directory)
        } else {
            shared = nil
        }
        let sharedLog = try shared?.log()
        // There is an invitation for each epoch.
        var known: Set<SwitchID> = []
        return try kept.filter { known.insert($0.id).inserted }.compactMap { keys in
            let asked = try keys.invitation.read(SwitchInvitation.self)
            let place: any SwitchPlace
            if let shared {
                place = shared
            } else if asked.access != nil {
                place = try context.openPlace(of: asked)
            } else {
                return nil
            }
            let log = try sharedLog ?? place.log()
            guard SwitchRecord.ids(in: log).contains(keys.id) else { return nil }
            return OwnedSwitch(keys: keys, record: try SwitchRecord(keys.id, in: log), place: place)
        }
    }

    /// The one that a person named by its case or by its id; the only one where nothing was named.
    static func find(_ name: String?, in home: Home, _ context: Context) throws -> OwnedSwitch {
        let all = try all(in: home, context)
        guard let name else {
            guard let only = all.first, all.count == 1 else {
                if all.isEmpty { try refuseDraft(nil, of: all, in: home, context) }
                throw Failure(
                    .usage,
                    Text(
                        en: "you have \(all.count) armed switches here",
                        es: "tiene aquí \(all.count) interruptores armados"
                    ),
                    hint: Text(
                        en: "name the case or the switch, and --exchange DIR if it is there",
                        es: "nombre el caso o el interruptor, y --exchange DIRECTORIO si está ahí"
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
        try refuseDraft(name, of: all, in: home, context)
        let id = try SwitchName.find(name, among: all.map(\.keys.id))
        guard let found = all.first(where: { $0.keys.id == id }) else {
            throw SwitchError.unknownSwitch
        }
        return found
    }

    /// Says what is missing where a person means a switch that was begun and not armed.
    fileprivate static func refuseDraft(
        _ name: String?,
        of armed: [OwnedSwitch],
        in home: Home,
        _ context: Context
    ) throws {
        let ids = Set(armed.map(\.keys.id))
        guard let draft = try SwitchDraft.find(name, in: home, armed: ids, context) else { return }
        throw draft.refusal
    }

    /// Where the owner sits to say something.
    func desk() throws -> OwnerDesk { try OwnerDesk(record, owner: keys.key.publicKey) }

    /// The newest checkpoint, cosigned now.
    func checkpoint(_ context: Context) throws -> SignedNote {
        try context.requireHonestClock(in: place)
        return try context.patiently { try place.refresh(asOf: context.now) }
    }
}

/// `resguardo switch check-in`.
struct SwitchCheckInCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "check-in",
        abstract: Text(
            en: "Say that you are alive and free.",
            es: "Decir que está con vida y en libertad."
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.owned)
    var name: String?

    @Flag(
        help: Text(en: "Check in for all your switches.", es: "Reportarse en todos.").help
    )
    var all = false

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Write it to this file for a trustee to import, and hand it to no log.",
                es: "Escribirlo en este archivo para que lo importe un custodio, sin entregarlo."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var output: String?
    @OptionGroup var files: OutputOptions

    func validate() throws {
        guard !all || output == nil else {
            throw ValidationError(
                Text(en: "One file holds one check-in.", es: "Un archivo lleva un reporte.").local
            )
        }
    }

    func run(in context: Context) throws -> Outcome {
        try CheckInRun(name: name, all: all, output: output, force: files.force).run(in: context)
    }
}

/// `resguardo switch veto`: a check-in under the name by which people look for it.
struct SwitchVetoCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "veto",
        abstract: Text(
            en: "Stop a release that is under way (a check-in).",
            es: "Detener una liberación en curso (es un reporte)."
        ).local
    )

    @OptionGroup var trade: TradeOptions

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
    var output: String?
    var force = false

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        let owned =
            all
            ? try OwnedSwitch.all(in: home, context)
            : [try OwnedSwitch.find(name, in: home, context)]
        guard !owned.isEmpty else {
            try OwnedSwitch.refuseDraft(nil, of: owned, in: home, context)
            throw Failure(
                .notAllowed,
                Text(en: "you have no armed switch here", es: "no tiene aquí interruptores armados")
            )
        }
        var documents: [JSONValue] = []
        var lines: [String] = []
        var kind: FailureClass?
        for item in owned {
            try KeptEscrow.settle(item.record.arming, in: home, item.place)
            let checkpoint = try item.checkpoint(context)
            let checkIn = try item.desk().checkIn(
                checkpoint: checkpoint,
                token: home.checkInToken(for: item.keys.id.bytes),
                asOf: context.witnessedTime(in: item.place)
            )
            let envelope = try checkIn.signed(by: item.keys.key)
            if let output {
                try EnvelopeFile.write(envelope, to: output, force: force)
                return Self.written(output, item.keys.id)
            }
            let count = try context.publish(envelope, in: item.place)
            let report = try SwitchReport(item.keys.id, item.place, receipts: count, context)
            documents.append(report.json)
            lines += report.lines
            kind = kind ?? report.kind
        }
        return Outcome(json: ["switches": .array(documents)], lines: lines, kind: kind)
    }

    /// A check-in that somebody else has to bring to the logs.
    private static func written(_ path: String, _ id: SwitchID) -> Outcome {
        Outcome(
            json: [
                "switch": .string(id.text), "output": .string(path), "counted": false,
            ],
            lines: [
                Text(
                    en: "NOT COUNTED yet: a trustee has to import \(path) soon",
                    es: "todavía NO CUENTA: un custodio debe importar \(path) pronto"
                ).local
            ]
        )
    }
}

/// `resguardo switch hold`.
struct SwitchHoldCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: Text(
            en: "Announce an absence of at most 30 days.",
            es: "Anunciar una ausencia de 30 días como máximo."
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.owned)
    var name: String?

    @Option(help: Text(en: "When you will be back.", es: "Cuándo estará de vuelta.").help)
    var until: Timestamp

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        let owned = try OwnedSwitch.find(name, in: home, context)
        let hold = try owned.desk().hold(
            until: until.seconds,
            checkpoint: owned.checkpoint(context),
            token: home.checkInToken(for: owned.keys.id.bytes),
            asOf: context.witnessedTime(in: owned.place)
        )
        let count = try context.publish(hold.signed(by: owned.keys.key), in: owned.place)
        return try SwitchReport(owned.keys.id, owned.place, receipts: count, context).outcome
    }
}

/// `resguardo switch revoke`.
struct SwitchRevokeCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: Text(
            en: "Ask for the end of a switch; trustees must agree, and 72 hours pass.",
            es: "Pedir el fin de un interruptor; los custodios deben aceptar, y pasar 72 horas."
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.owned)
    var name: String?

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        let owned = try OwnedSwitch.find(name, in: home, context)
        let revocation = try owned.desk().revocation(
            checkpoint: owned.checkpoint(context),
            token: home.checkInToken(for: owned.keys.id.bytes),
            asOf: context.witnessedTime(in: owned.place)
        )
        let count = try context.publish(revocation.signed(by: owned.keys.key), in: owned.place)
        return try SwitchReport(owned.keys.id, owned.place, receipts: count, context).outcome
    }
}

/// What commands say once they have changed something.
struct SwitchReport {
    let json: JSONValue
    let lines: [String]
    /// Set when the logs do not have it as they should.
    let kind: FailureClass?

    /// What is to be said of a switch after a statement.
    ///
    /// - Parameters:
    ///   - id: The switch.
    ///   - place: Where it is.
    ///   - receipts: How many logs have the statement.
    ///   - isOwners: Whether the owner said it: that one log could hide.
    ///   - keys: Of the trustee who is told.
    ///   - context: Of the command.
    /// - Throws: What reading the logs throws.
    init(
        _ id: SwitchID,
        _ place: any SwitchPlace,
        receipts: Int,
        isOwners: Bool = true,
        as keys: [BriefingKey] = [],
        _ context: Context
    ) throws {
        let record = try context.record(of: id, in: place, as: keys)
        let now = try context.witnessedTime(in: place)
        let machine = record.machine(asOf: now)
        let isCounted = receipts >= (isOwners ? place.receiptCountMin : 1)
        var lines = SwitchDescription.lines(record, machine, now: now)
        if !isCounted {
            let needed = place.receiptCountMin
            lines.insert(
                Text(
                    en: "NOT COUNTED: \(receipts) of the \(needed) logs that it takes have it; run"
                        + " it again soon",
                    es: "NO CUENTA: la tienen \(receipts) de los \(needed) registros necesarios;"
                        + " repítalo pronto"
                ).local,
                at: 0
            )
        }
        json = SwitchDescription.json(record, machine).adding([
            "receipts": .integer(Int64(receipts)), "counted": .boolean(isCounted),
        ])
        self.lines = lines
        kind = place.isAlarmed ? .doesNotVerify : isCounted ? nil : .cannotReachServer
    }

    /// The same as the end of a command.
    var outcome: Outcome { Outcome(json: json, lines: lines, kind: kind) }
}

extension JSONValue {
    /// An object with more members.
    func adding(_ more: [String: JSONValue]) -> JSONValue {
        guard case .object(let members) = self else { preconditionFailure("an object") }
        return .object(members.merging(more) { $1 })
    }
}
