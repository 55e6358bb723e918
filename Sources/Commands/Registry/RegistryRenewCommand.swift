// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Registry
import Statements

/// `resguardo registry renew`.
struct RegistryRenewCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "renew",
        abstract: Text(
            en: "Vouch again for a source, before what you said runs out.",
            es: "Volver a avalar a una fuente, antes de que venza lo que usted dijo."
        ).local,
        discussion: Text(
            en: """
                Every vouch ends 21 days after its quarter. A renewal is a fresh one, for the \
                next quarter in the last 28 days of this one, and for this quarter in its \
                first days, for the accounts that you vouched for; it needs the ring key of \
                that quarter, or --named. Vouches of two quarters are never added together.
                """,
            es: """
                Cada aval termina 21 días después de su trimestre. Renovar es dar otro, para el \
                trimestre que viene en los últimos 28 días de este, y para este en sus primeros \
                días, por las cuentas que usted avaló; hace falta la llave de anillo de ese \
                trimestre, o --named. Los avales de dos trimestres no se suman.
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

    @Option(help: RingSecretOption.help, completion: .file())
    var secret: String?

    @OptionGroup var delay: SealedDelayOptions
    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let subject = try SubjectArgument.find(subject, in: state)
        let now = RegistryEpoch(containing: context.now)
        let opens = now.end - RegistryState.renewalDays * RegistryHead.daySeconds
        let quarter = context.now >= opens ? now.next : now
        let (verifier, constituency) = try desk.constituency(state, desk.keys.choose(keys.key))
        // Nobody can tell which sealed one is whose, not even here without the old ring key.
        let accounts = subject.accounts.filter { account in
            subject.shownOn(account, at: context.now) != nil
                && state.vouches(for: subject.id, account: account, at: context.now).contains {
                    $0.epoch.next == quarter
                        && (named
                            ? $0.verifier == verifier.key.id
                            : $0.verifier == nil && $0.constituency == constituency)
                }
        }
        guard !accounts.isEmpty else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "there is no vouch that \(quarter.name) could renew",
                    es: "no hay ningún aval que se pueda renovar en \(quarter.name)"
                ),
                hint: Text(
                    en: "renewals open 28 days before a quarter; `registry vouch` gives the first",
                    es: "se renueva desde 28 días antes; `registry vouch` da el primer aval"
                )
            )
        }
        let making = VouchMaking(
            desk: desk,
            state: state,
            subject: subject,
            isNamed: named,
            secretFile: secret,
            delay: delay,
            keys: keys
        )
        return try making.make(for: Set(accounts), in: quarter)
    }
}
