// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import Encodings
import Registry
import Sodium
import Statements

/// `resguardo registry keeper`: watches over subjects who say that they live.
///
/// Spec: `docs/spec/heartbeats.md`.
struct RegistryKeeperCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keeper",
        abstract: Text(
            en: "Keep watch: who has been silent, who was forced to speak.",
            es: "Velar: quién calla, a quién obligaron a hablar."
        ).local,
        subcommands: [
            RegistryKeeperKeyCommand.self, RegistryKeeperTakeCommand.self,
            RegistryKeeperWatchCommand.self,
        ]
    )
}

/// The key of a verifier that keeps watch.
struct KeeperKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "The verifier's key in this home.",
                es: "La llave de la organización verificadora en este directorio."
            ).local,
            valueName: Text(en: "name", es: "nombre").local
        )
    )
    var key: String

    private static let label = Array("resguardo-registry/keeper/v1".utf8)

    /// What opens messages: it follows from the verifier's key.
    func identity(_ desk: RegistryDesk) throws -> X25519Identity {
        let seed = try desk.withPassphrase { try desk.keys.seed(key, passphrase: $0) }
        return try X25519Identity(
            secret: HKDFSHA256.derive(secret: seed, salt: [], info: Self.label, count: 32)
        )
    }
}

/// `resguardo registry keeper key`.
struct RegistryKeeperKeyCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: Text(
            en: "The key to which subjects seal their heartbeats.",
            es: "La llave con que las fuentes sellan sus latidos."
        ).local
    )

    @OptionGroup var keeper: KeeperKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let text = try keeper.identity(RegistryDesk(context)).recipient.text
        return Outcome(json: ["recipient": .string(text)], lines: [text])
    }
}

/// `resguardo registry keeper take`.
struct RegistryKeeperTakeCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "take",
        abstract: Text(
            en: "Take in what subjects sent.",
            es: "Recibir lo que enviaron las fuentes."
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(en: "Their messages.", es: "Sus mensajes.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var files: [String]

    @OptionGroup var keeper: KeeperKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let identity = try keeper.identity(desk)
        let state = try desk.state()
        let book = HeartbeatBook(home: desk.home)
        for file in files {
            guard let message = Self.message(try RegistryHome.read(file, countMax: 4096), identity)
            else {
                throw Failure(
                    .doesNotVerify,
                    Text(
                        en: "\(file) is no message to this keeper",
                        es: "\(file) no es un mensaje para quien vela aquí"
                    )
                )
            }
            do {
                try take(message, state, book, context.now)
            } catch let refusal as HeartbeatRecord.Refusal {
                throw Failure(.doesNotVerify, refusal.meaning)
            }
        }
        let told = Text(en: "taken: \(files.count)", es: "recibidos: \(files.count)")
        return Outcome(
            json: ["taken": .integer(Int64(files.count))],
            lines: [told[context.language]]
        )
    }

    private static func message(
        _ bytes: [UInt8],
        _ identity: X25519Identity
    ) -> HeartbeatMessage? {
        // Why a box does not open does not matter.
        guard let plain = try? AgeDecryptor(identities: [identity]).open(bytes) else { return nil }
        return HeartbeatMessage(plain)
    }

    private func take(
        _ message: HeartbeatMessage,
        _ state: RegistryState,
        _ book: HeartbeatBook,
        _ time: Int64
    ) throws {
        switch message {
        case .pledge(let pledge):
            guard let subject = state.subjects[pledge.subject] else {
                throw HeartbeatRecord.Refusal.noPledge
            }
            let record = try HeartbeatRecord(pledge, signedBy: subject.key, at: time)
            try book.save(record, pledge.subject)
        case .heartbeat(let heartbeat):
            guard var record = try book.load(heartbeat.subject) else {
                throw HeartbeatRecord.Refusal.noPledge
            }
            try record.take(heartbeat, at: time)
            try book.save(record, heartbeat.subject)
        }
    }
}
