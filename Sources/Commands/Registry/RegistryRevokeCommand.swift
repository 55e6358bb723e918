// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Statements

/// `resguardo registry revoke`.
struct RegistryRevokeCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: Text(
            en: "End trust in a source: the council, or the source itself.",
            es: "Terminar la confianza en una fuente: el consejo, o ella misma."
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @Option(
        help: Text(
            en: "Why; subject-request is for the source itself, and final.",
            es: "Por qué; subject-request es para la fuente misma, y es definitivo."
        ).help
    )
    var reason: RegistryReason

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
        let statement = RevokeStatement(
            head: desk.head(state),
            subject: subject.id.bytes,
            reason: reason,
            lastTrustedAt: lastTrusted?.seconds
        )
        let isOwn = reason == .subjectRequest && keys.key.isEmpty
        let names =
            isOwn
            ? [try RegistrySubjectStore(home: desk.home).load().key]
            : try desk.keys.choose(keys.key)
        return try desk.send(statement, with: names, output: keys.output)
    }
}

/// `resguardo registry suspend`.
struct RegistrySuspendCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: Text(
            en: "Interrupt trust in a source: two verifiers for days, the council for weeks.",
            es: "Interrumpir la confianza: dos verificadores por días, el consejo por semanas."
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @Option(help: Text(en: "Why.", es: "Por qué.").help)
    var reason: RegistryReason

    @Option(
        help: Text(
            en: "Days; it ends by itself.",
            es: "Días; termina sola."
        ).help
    )
    var days: Int64 = 3

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        guard (1...RegistryState.suspensionDaysMax).contains(days) else {
            throw RegistryFailure.refused(.tooLong)
        }
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let subject = try SubjectArgument.find(subject, in: state)
        let head = desk.head(state)
        let statement = SuspendStatement(
            head: head,
            subject: subject.id.bytes,
            until: head.date + days * RegistryHead.daySeconds,
            reason: reason
        )
        return try desk.send(statement, with: desk.keys.choose(keys.key), output: keys.output)
    }
}
