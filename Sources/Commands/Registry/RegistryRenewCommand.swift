// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import RingSignature
import Sodium
import Statements

/// Makes a vouch, for the commands that vouch and renew.
struct VouchMaking {
    let desk: RegistryDesk
    let state: RegistryState
    let subject: Subject
    let isNamed: Bool
    let secretFile: String?
    let delay: SealedDelayOptions
    let keys: RegistryKeyOptions

    /// Makes it and hands it in.
    ///
    /// - Parameters:
    ///   - accounts: Commitments.
    ///   - quarter: For which quarter.
    /// - Returns: What became of it.
    /// - Throws: `.notAllowed` without a ring key that it needs, and as ``RegistryDesk`` does.
    func make(for accounts: Set<RegistryID>, in quarter: RegistryEpoch) throws -> Outcome {
        let names = try desk.keys.choose(keys.key)
        let (verifier, constituency) = try desk.constituency(state, names)
        let own = isNamed ? state.rings.ownRing(of: verifier.key.id, quarter) : nil
        let needsSeal = !isNamed || own != nil
        guard let secret = needsSeal ? secretFile : "" else { throw missingSecret(quarter) }
        let statement = VouchStatement(
            head: desk.head(state),
            subject: subject.id.bytes,
            accounts: accounts.sorted().map(\.bytes),
            epoch: quarter,
            verifier: isNamed ? verifier.key.id.bytes : nil,
            seal: needsSeal ? .blank(constituency) : nil
        )
        let envelope =
            needsSeal
            ? try desk.seal(
                statement,
                state,
                secretFile: secret,
                in: own,
                names: isNamed ? names : []
            )
            : try desk.sign(statement, with: names)
        if !isNamed, keys.output == nil { SealedDelay.wait(delay, desk.context) }
        let place = try desk.submit(envelope, output: keys.output)
        let until = end(statement, state)
        let told =
            isNamed
            ? Text(
                en: "everybody will see that your organisation vouches, until \(until)",
                es: "todo el mundo verá que su organización avala, hasta \(until)"
            )
            : Text(
                en: "everybody will see that somebody of “\(constituency)” vouches, until \(until)",
                es: "todo el mundo verá que alguien de «\(constituency)» avala, hasta \(until)"
            )
        return try desk.outcome(
            envelope,
            place,
            ["epoch": .string(statement.epoch.name), "subject": .string(subject.id.hex)],
            lines: [told[desk.context.language]]
        )
    }

    private func missingSecret(_ epoch: RegistryEpoch) -> Failure {
        Failure(
            .notAllowed,
            Text(
                en: "vouching needs the ring key of \(epoch.name): give --secret",
                es: "para avalar hace falta la llave de anillo de \(epoch.name): indique --secret"
            ),
            hint: Text(
                en: "`registry ring new` makes one; --named vouches in the open, if that is safe"
                    + " for you",
                es: "`registry ring new` crea una; --named avala en público, si eso es seguro para"
                    + " usted"
            )
        )
    }

    private func end(_ statement: VouchStatement, _ state: RegistryState) -> String {
        let grace = Int64(state.charter?.rules.graceDays ?? 0) * RegistryHead.daySeconds
        return RegistryText.date(statement.epoch.end + grace)
    }
}

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
