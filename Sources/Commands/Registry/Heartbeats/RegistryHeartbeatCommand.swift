// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import BulkCrypto
import Encodings
import Registry
import Sodium
import Storage

/// `resguardo registry source heartbeat`: says now and then that one lives.
///
/// Spec: `docs/spec/heartbeats.md`.
struct RegistryHeartbeatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heartbeat",
        abstract: Text(
            en: "Tell a keeper now and then that you live, or that somebody forces you to.",
            es: "Decir a quien vela que usted vive, o que alguien le obliga a decirlo."
        ).local,
        subcommands: [RegistryHeartbeatBeginCommand.self, RegistryHeartbeatSendCommand.self]
    )
}

/// The heartbeat keys of a home: which of two is which, nothing in the home tells.
struct HeartbeatKeys {
    static let names = ["beat-a", "beat-b"]

    let home: RegistryHome

    private var path: String { home.path("heartbeat.json") }

    /// The number of the last heartbeat.
    func number() throws -> UInt64? {
        guard try home.files.exists(path) else { return nil }
        let value = try? JSONValue(parsing: RegistryHome.read(path))
        guard let number = value?["number"]?.integer, number >= 0 else {
            throw Failure(
                .storeDamaged,
                Text(en: "\(path) is damaged", es: "\(path) está dañado")
            )
        }
        return UInt64(number)
    }

    func save(_ number: UInt64) throws {
        let value: JSONValue = ["number": .integer(Int64(number))]
        try RegistryHome.write(path, value.canonicalBytes)
    }

    /// Seals a message to its keeper: all have one size.
    static func seal(_ message: HeartbeatMessage, to keeper: X25519Recipient) throws -> [UInt8] {
        try AgeEncryptor(recipients: [keeper]).seal(message.bytes)
    }
}

/// Who gets heartbeats, and where they are written.
struct HeartbeatOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "The keeper's key, as `registry keeper key` shows it.",
                es: "La llave de quien vela, como la muestra `registry keeper key`."
            ).local,
            valueName: Text(en: "recipient", es: "destinatario").local
        )
    )
    var keeper: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Write the message to this file, to be sent by any way.",
                es: "Escribir el mensaje en este archivo, para enviarlo como sea."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var output: String

    func recipient() throws -> X25519Recipient {
        do {
            return try X25519Recipient(parsing: keeper)
        } catch {
            throw Failure(
                .usage,
                Text(en: "this is no keeper's key", es: "esta no es la llave de quien vela")
            )
        }
    }
}

/// `resguardo registry source heartbeat begin`.
struct RegistryHeartbeatBeginCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "begin",
        abstract: Text(
            en: "Make two keys, for heartbeats that are free and that are forced.",
            es: "Crear dos llaves, para latidos libres y para latidos forzados."
        ).local,
        discussion: Text(
            en: """
                Each key is under a passphrase of its own. Whichever you type later, a message \
                of the same form comes of it; with the second, the keeper learns that you are \
                not free.
                """,
            es: """
                Cada llave tiene su propia contraseña. Escriba la que escriba después, sale un \
                mensaje de la misma forma; con la segunda, quien vela sabe que no es libre.
                """
        ).local
    )

    @Option(
        help: ArgumentHelp(
            Text(
                en: "File with the passphrase for when somebody forces you.",
                es: "Archivo con la contraseña para cuando alguien le obligue."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var duressPassphraseFile: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Hours from a forced heartbeat to the suspension.",
                es: "Horas desde un latido forzado hasta la suspensión."
            ).local,
            valueName: Text(en: "hours", es: "horas").local
        )
    )
    var delayHours = 24

    @OptionGroup var options: HeartbeatOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let keys = HeartbeatKeys(home: desk.home)
        let subject = try RegistrySubjectStore(home: desk.home).load()
        guard (0...Int(HeartbeatPledge.delayHoursMax)).contains(delayHours) else {
            throw Failure(
                .usage,
                Text(en: "0 to 720 hours", es: "de 0 a 720 horas")
            )
        }
        guard try keys.number() == nil else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "this home has heartbeat keys already",
                    es: "este directorio ya tiene llaves de latidos"
                )
            )
        }
        let duressPassphrase = try PassphrasePrompt.read(file: duressPassphraseFile)
        // Which of the two is which must not show.
        let names = HeartbeatKeys.names.shuffled()
        let device = try desk.withPassphrase { passphrase in
            guard !passphrase.constantTimeEquals(duressPassphrase) else {
                throw Failure(
                    .usage,
                    Text(
                        en: "the two passphrases have to differ",
                        es: "las dos contraseñas deben ser distintas"
                    )
                )
            }
            return try desk.keys.create(names[0], passphrase: passphrase)
        }
        let duress = try desk.keys.create(names[1], passphrase: duressPassphrase)
        let pledge = HeartbeatPledge(
            subject: subject.id,
            device: RegistryID(device.key.bytes),
            duress: RegistryID(duress.key.bytes),
            delayHours: UInt64(delayHours),
            key: try desk.secretKey(subject.key)
        )
        let sealed = try HeartbeatKeys.seal(.pledge(pledge), to: options.recipient())
        try RegistryHome.write(options.output, sealed)
        try keys.save(0)
        let told = Text(
            en: "send \(options.output) to the keeper",
            es: "envíe \(options.output) a quien vela"
        )
        return Outcome(
            json: ["file": .string(options.output)],
            lines: [told[context.language]]
        )
    }
}

/// `resguardo registry source heartbeat send`.
struct RegistryHeartbeatSendCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: Text(
            en: "Write a heartbeat, every week or so.",
            es: "Escribir un latido, más o menos cada semana."
        ).local
    )

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The id of your newest post.",
                es: "El identificador de su publicación más reciente."
            ).local,
            valueName: "id"
        )
    )
    var newest = ""

    @OptionGroup var options: HeartbeatOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let keys = HeartbeatKeys(home: desk.home)
        let subject = try RegistrySubjectStore(home: desk.home).load()
        guard let last = try keys.number() else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "this home has no heartbeat keys",
                    es: "este directorio no tiene llaves de latidos"
                ),
                hint: Text(
                    en: "make them with `registry source heartbeat begin`",
                    es: "créelas con `registry source heartbeat begin`"
                )
            )
        }
        let seed = try self.seed(desk)
        let heartbeat = Heartbeat(
            subject: subject.id,
            number: last + 1,
            date: context.now - context.now % 86_400,
            newestPost: RegistryID(SHA256.hash(Array(newest.utf8))),
            key: try Ed25519.SecretKey(seed: seed)
        )
        let sealed = try HeartbeatKeys.seal(.heartbeat(heartbeat), to: options.recipient())
        try RegistryHome.write(options.output, sealed)
        try keys.save(last + 1)
        let told = Text(
            en: "send \(options.output) to the keeper",
            es: "envíe \(options.output) a quien vela"
        )
        return Outcome(
            json: ["file": .string(options.output)],
            lines: [told[context.language]]
        )
    }

    /// The seed of the key that the passphrase opens; both are always tried.
    private func seed(_ desk: RegistryDesk) throws -> SecretBytes {
        try desk.withPassphrase { passphrase in
            var found: SecretBytes?
            var failure: (any Error)?
            for name in HeartbeatKeys.names {
                do {
                    found = try desk.keys.seed(name, passphrase: passphrase)
                } catch {
                    failure = error
                }
            }
            guard let seed = found.take() else {
                throw failure ?? RegistryFailure.noRegistry
            }
            return seed
        }
    }
}
