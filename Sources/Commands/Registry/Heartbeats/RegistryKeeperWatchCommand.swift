// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Statements
import Storage

/// `resguardo registry keeper watch`.
struct RegistryKeeperWatchCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: Text(
            en: "Who has been silent; daily, from cron.",
            es: "Quién calla; a diario, desde cron."
        ).local,
        discussion: Text(
            en: """
                Stale after 21 days. With --suspend, asks for the suspension of whoever has \
                been silent for 28 days, or was forced to speak (as a routine review); a \
                verifier of another constituency has to sign too.
                """,
            es: """
                Sin señales desde hace 21 días, lo avisa. Con --suspend, pide suspender a quien \
                calla 28 días o fue obligado a hablar (como revisión de rutina); debe firmar \
                también un verificador de otro sector.
                """
        ).local
    )

    @Flag(
        help: Text(
            en: "Sign suspensions.",
            es: "Firmar suspensiones."
        ).help
    )
    var suspend = false

    @OptionGroup var keeper: KeeperKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        var rows: [JSONValue] = []
        var lines: [String] = []
        for (id, record) in try HeartbeatBook(home: desk.home).all() {
            let liveness = record.liveness(at: context.now)
            rows.append(["liveness": .string(liveness.rawValue), "subject": .string(id.hex)])
            lines.append("\(id.hex): \(liveness.meaning[context.language])")
            if suspend, let reason = liveness.reason, let subject = state.subjects[id] {
                lines += try desk.suspendForDays(subject, reason, state, key: keeper.key)
            }
        }
        return Outcome(json: ["subjects": .array(rows)], lines: lines)
    }
}

/// What a keeper knows, in `registry/heartbeats/`.
struct HeartbeatBook {
    let home: RegistryHome

    private func path(_ subject: RegistryID) -> String {
        home.path("heartbeats/\(subject.hex).json")
    }

    /// - Throws: `.storeDamaged` for a file that is not ours.
    func load(_ subject: RegistryID) throws -> HeartbeatRecord? {
        let path = path(subject)
        guard try home.files.exists(path) else { return nil }
        guard let json = try? JSONValue(parsing: RegistryHome.read(path)),
            let record = HeartbeatRecord(json)
        else {
            throw Failure(
                .storeDamaged,
                Text(en: "\(path) is damaged", es: "\(path) está dañado")
            )
        }
        return record
    }

    func save(_ record: HeartbeatRecord, _ subject: RegistryID) throws {
        try home.makeDirectory("heartbeats")
        try RegistryHome.write(path(subject), record.json.canonicalBytes)
    }

    /// All subjects that pledged themselves, ascending.
    func all() throws -> [(RegistryID, HeartbeatRecord)] {
        try RegistryHome.list(home.path("heartbeats"), suffix: ".json").sorted()
            .compactMap { name in
                guard let id = RegistryID(hex: String(name.dropLast(5))) else { return nil }
                return try load(id).map { (id, $0) }
            }
    }
}

extension Liveness {
    /// In a person's words.
    fileprivate var meaning: Text {
        switch self {
        case .alive: Text(en: "heard from", es: "con señales")
        case .stale: Text(en: "not heard from for 3 weeks", es: "sin señales desde hace 3 semanas")
        case .silent: Text(en: "silent for 4 weeks", es: "en silencio desde hace 4 semanas")
        case .lapsed: Text(en: "silent for 60 days", es: "en silencio desde hace 60 días")
        case .forced: Text(en: "was forced to speak", es: "fue obligada a hablar")
        }
    }

    /// Why it has to be suspended; a forced heartbeat is not told to anybody.
    fileprivate var reason: RegistryReason? {
        switch self {
        case .alive, .stale: nil
        case .silent, .lapsed: .inactivity
        case .forced: .routineReview
        }
    }
}

extension HeartbeatRecord.Refusal {
    /// In a person's words.
    var meaning: Text {
        switch self {
        case .noPledge:
            Text(
                en: "this subject has not pledged itself here",
                es: "esta fuente no se ha comprometido aquí"
            )
        case .notSigned:
            Text(en: "the message is not the subject's", es: "el mensaje no es de la fuente")
        case .repeated: Text(en: "the message came before", es: "el mensaje ya había llegado")
        case .wrongDate:
            Text(
                en: "the message is of the future, or too old",
                es: "el mensaje es del futuro, o demasiado viejo"
            )
        }
    }
}
