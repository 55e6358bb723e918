// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Statements

/// `resguardo registry vouch`.
struct RegistryVouchCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "vouch",
        abstract: Text(
            en: "Say that the accounts of a source are a real reporter's.",
            es: "Declarar que las cuentas de una fuente son de quien informa de verdad."
        ).local,
        discussion: Text(
            en: """
                A vouch with --named shows your organisation's name to everybody, for ever. It \
                counts for one quarter and 21 days. Nothing may be given or taken for it.
                """,
            es: """
                Un aval con --named muestra el nombre de su organización a todo el mundo, para \
                siempre. Vale un trimestre y 21 días. No se puede dar ni recibir nada a cambio.
                """
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @Flag(
        help: Text(
            en: "Vouch in the open, under your organisation's name.",
            es: "Avalar en público, con el nombre de su organización."
        ).help
    )
    var named = false

    @Option(
        help: ArgumentHelp(
            Text(
                en: "An account that you know to be theirs, as the source gave it to you.",
                es: "Una cuenta que usted sabe que es suya, como se la dio la fuente."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var link: [String] = []

    @Flag(
        help: Text(
            en: "Vouch for the coming quarter, in its last 28 days before it starts.",
            es: "Avalar para el trimestre que viene, en los 28 días antes de que empiece."
        ).help
    )
    var next = false

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        guard named else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "vouching without showing who vouches is not possible yet",
                    es: "todavía no es posible avalar sin mostrar quién avala"
                ),
                hint: Text(
                    en: "--named vouches in the open, if that is safe for you",
                    es: "--named avala en público, si eso es seguro para usted"
                )
            )
        }
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let subject = try SubjectArgument.find(subject, in: state)
        let links = try link.map { try RegistryLink.read($0) }
        let commitments = Set(links.map(\.commitment))
        guard !commitments.isEmpty, commitments.isSubset(of: subject.accounts) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "the source has not shown control of the accounts you vouch for",
                    es: "la fuente no ha demostrado el control de las cuentas que usted avala"
                ),
                hint: Text(
                    en: "give the accounts' files, as the source gave them to you, with --link",
                    es: "indique con --link los archivos de las cuentas que le dio la fuente"
                )
            )
        }
        let epoch = RegistryEpoch(containing: context.now)
        let names = try desk.keys.choose(keys.key)
        let statement = VouchStatement(
            head: desk.head(state),
            subject: subject.id.bytes,
            accounts: commitments.sorted().map(\.bytes),
            epoch: next ? epoch.next : epoch,
            mode: .named,
            verifier: try desk.onlyKey(names).id.bytes
        )
        let envelope = try desk.sign(statement, with: names)
        let place = try desk.submit(envelope, output: keys.output)
        let told = Text(
            en: "everybody will see that your organisation vouches, until \(end(statement, state))",
            es: "todo el mundo verá que su organización avala, hasta \(end(statement, state))"
        )
        return try desk.outcome(
            envelope,
            place,
            ["epoch": .string(statement.epoch.name), "subject": .string(subject.id.hex)],
            lines: [told[context.language]]
        )
    }

    private func end(_ statement: VouchStatement, _ state: RegistryState) -> String {
        let grace = Int64(state.charter?.rules.graceDays ?? 0) * RegistryHead.daySeconds
        return RegistryText.date(statement.epoch.end + grace)
    }
}

/// `resguardo registry withdraw`.
struct RegistryWithdrawCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: Text(
            en: "Take your vouches for a source back.",
            es: "Retirar sus avales para una fuente."
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let subject = try SubjectArgument.find(subject, in: state)
        let names = try desk.keys.choose(keys.key)
        let own = try Set(names.map { try desk.keys.publicKey($0).id })
        let vouch = subject.accounts
            .flatMap { state.vouches(for: subject.id, account: $0, at: context.now) }
            .last { own.contains($0.verifier) }
        guard let vouch else { throw RegistryFailure.refused(.unknownVouch) }
        let statement = WithdrawVouchStatement(
            head: desk.head(state),
            subject: subject.id.bytes,
            vouch: vouch.entry.bytes
        )
        let envelope = try desk.sign(statement, with: names)
        return try desk.outcome(envelope, desk.submit(envelope, output: keys.output))
    }
}
