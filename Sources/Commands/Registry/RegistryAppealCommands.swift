// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BulkCrypto
import Encodings
import Registry
import Statements

/// `resguardo registry appeal`.
struct RegistryAppealCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "appeal",
        abstract: Text(
            en: "Appeal a suspension or revocation of yours.",
            es: "Apelar una suspensión o revocación de su fuente."
        ).local,
        discussion: Text(
            en: """
                Others than those who decided judge it. A suspension that nobody judges in 14 \
                days lapses. The log shows that you appeal; your grounds stay with you, and with \
                whom you give the file.
                """,
            es: """
                La resuelven otras personas que las que decidieron. Una suspensión que nadie \
                resuelve en 14 días caduca. El registro muestra que usted apela; sus razones \
                quedan con usted y con quien reciba el archivo.
                """
        ).local
    )

    @Argument(help: StatementDigestArgument.help)
    var decision: String

    @Option(help: StatementDigestArgument.file, completion: .file())
    var grounds: String

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let own = try RegistrySubjectStore(home: desk.home).load()
        let statement = AppealStatement(
            head: desk.head(state),
            subject: own.id.bytes,
            decision: try StatementDigestArgument.read(decision),
            grounds: SHA256.hash(try RegistryHome.read(grounds))
        )
        return try desk.send(statement, with: [own.key], output: keys.output)
    }
}

/// `resguardo registry decide`.
struct RegistryDecideCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "decide",
        abstract: Text(
            en: "Decide an appeal: five verifiers of three constituencies, none who decided first.",
            es: "Resolver una apelación: cinco de tres sectores, sin quienes decidieron primero."
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @Argument(help: StatementDigestArgument.help)
    var appeal: String

    @Argument(
        help: ArgumentHelp(
            Text(en: "upheld or rejected.", es: "upheld o rejected.").local,
            valueName: Text(en: "outcome", es: "resultado").local
        )
    )
    var outcome: AppealOutcome

    @Option(help: StatementDigestArgument.file, completion: .file())
    var reasons: String

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let subject = try SubjectArgument.find(subject, in: state)
        let statement = AppealDecisionStatement(
            head: desk.head(state),
            subject: subject.id.bytes,
            appeal: try StatementDigestArgument.read(appeal),
            outcome: outcome,
            reasons: SHA256.hash(try RegistryHome.read(reasons))
        )
        return try desk.send(statement, with: desk.keys.choose(keys.key), output: keys.output)
    }
}

/// `resguardo registry reopen`.
struct RegistryReopenCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "reopen",
        abstract: Text(
            en: "Start again 180 days after a revocation, with new evidence, from nothing.",
            es: "Empezar de nuevo 180 días después de una revocación, con pruebas, desde cero."
        ).local
    )

    @Option(help: StatementDigestArgument.file, completion: .file())
    var dossier: String

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let own = try RegistrySubjectStore(home: desk.home).load()
        let statement = ReopenStatement(
            head: desk.head(state),
            subject: own.id.bytes,
            dossier: SHA256.hash(try RegistryHome.read(dossier))
        )
        return try desk.send(statement, with: [own.key], output: keys.output)
    }
}

/// A statement as people name it: 64 digits, as every command prints them.
enum StatementDigestArgument {
    static let help = ArgumentHelp(
        Text(
            en: "The digest of the statement, 64 digits.",
            es: "La huella de la declaración, 64 dígitos."
        ).local,
        valueName: Text(en: "digest", es: "huella").local
    )
    static let file = ArgumentHelp(
        Text(
            en: "The file with it; the log shows its SHA-256 only.",
            es: "El archivo que lo contiene; el registro muestra solo su SHA-256."
        ).local,
        valueName: Text(en: "file", es: "archivo").local
    )

    static func read(_ text: String) throws -> [UInt8] {
        guard let id = RegistryID(hex: text) else {
            throw Failure(
                .usage,
                Text(
                    en: "“\(text)” is no digest: 64 hexadecimal digits",
                    es: "«\(text)» no es una huella: 64 dígitos hexadecimales"
                )
            )
        }
        return id.bytes
    }
}
