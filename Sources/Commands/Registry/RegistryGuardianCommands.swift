// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Sodium
import Statements

/// `resguardo registry source guardian`.
struct RegistrySourceGuardianCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "guardian",
        abstract: Text(
            en: "Name the guardians who may act for you when you cannot.",
            es: "Nombrar a quienes pueden actuar por usted cuando usted no pueda."
        ).local,
        discussion: Text(
            en: """
                One of them can freeze your accounts for a day; two together can say that \
                somebody else has them, that you died, or give you a new key. Everybody sees \
                their keys, nobody who they are: let each make a key for this alone. The first \
                ones hold at once, others after 14 days.
                """,
            es: """
                Una de esas personas puede congelar sus cuentas por un día; dos juntas pueden \
                decir que alguien más las tiene o que usted murió, o darle una llave nueva. Todo \
                el mundo ve sus llaves, nadie quiénes son: que cada una cree una llave solo para \
                esto. Las primeras valen de inmediato; otras, a los 14 días.
                """
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(en: "Their keys, two to five.", es: "Sus llaves, de dos a cinco.").local,
            valueName: Text(en: "key", es: "llave").local
        )
    )
    var guardians: [String]

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let own = try RegistrySubjectStore(home: desk.home).load()
        let given = try guardians.map { try desk.keys.resolve($0).key.bytes }
        let statement = GuardiansStatement(
            head: desk.head(state),
            subject: own.id.bytes,
            guardians: given.sorted { $0.lexicographicallyPrecedes($1) }
        )
        do {
            _ = try GuardiansStatement(payload: statement.payload)
        } catch {
            throw RegistryFailure.invalid(error)
        }
        return try desk.send(statement, with: [own.key], output: keys.output)
    }
}

/// `resguardo registry guard`.
struct RegistryGuardCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "guard",
        abstract: Text(
            en: "Act for a source whose guardian you are.",
            es: "Actuar por una fuente a la que usted cuida."
        ).local,
        discussion: Text(
            en: """
                freeze: alone, for a day, once a quarter. taken-over: two guardians; nothing \
                counts until the source shows its next key, its accounts and a new vouch, and in \
                14 days it is revoked.
                """,
            es: """
                freeze: por un día, una vez por trimestre, sin nadie más. taken-over: dos \
                personas; nada cuenta hasta que la fuente muestre su siguiente llave, sus cuentas \
                y un aval nuevo, y a los 14 días se revoca.
                """
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @Argument(
        help: ArgumentHelp(
            Text(en: "freeze or taken-over.", es: "freeze o taken-over.").local,
            valueName: Text(en: "act", es: "acto").local
        )
    )
    var act: GuardianAct

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The last moment at which the account was the source's.",
                es: "El último momento en que la cuenta fue de la fuente."
            ).local,
            valueName: Text(en: "time", es: "momento").local
        )
    )
    var lastTrusted: Timestamp?

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let subject = try SubjectArgument.find(subject, in: state)
        let statement = GuardStatement(
            head: desk.head(state),
            subject: subject.id.bytes,
            act: act,
            lastTrustedAt: lastTrusted?.seconds
        )
        return try desk.send(statement, with: desk.keys.choose(keys.key), output: keys.output)
    }
}

/// `resguardo registry alive`.
struct RegistryAliveCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "alive",
        abstract: Text(
            en: "Contradict your death, in 7 days: with your next key, a guardian, verifiers.",
            es: "Desmentir su muerte, en 7 días: con su siguiente llave, quien le cuida y avales."
        ).local
    )

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let own = try RegistrySubjectStore(home: desk.home).load()
        let statement = CancelMemorialStatement(head: desk.head(state), subject: own.id.bytes)
        return try desk.send(statement, with: [own.key], output: keys.output)
    }
}

extension GuardianAct: ExpressibleByArgument {}
extension AppealOutcome: ExpressibleByArgument {}
