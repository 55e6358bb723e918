// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BulkCrypto
import Registry
import Sodium
import Statements

extension NetworkAction: ExpressibleByArgument {}

/// Words that people give as they stand, with a name for help in their language.
private func named(_ text: Text, _ name: Text) -> ArgumentHelp {
    ArgumentHelp(text.local, valueName: name.local)
}

/// `resguardo registry review`.
struct RegistryReviewCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: Text(
            en: "Decide a complaint: four of the five verifiers that were drawn sign.",
            es: "Resolver una queja: firman cuatro de los cinco verificadores sorteados."
        ).local,
        discussion: Text(
            en: """
                Everybody sees the outcome, the grade, the reason, and which organisations \
                signed. A dispute about a source that is upheld as high suspends it for 30 days. \
                Of a complaint about an account, --limit asks platforms to do something about \
                those in --accounts (JSON lines as for designate), and ends by itself; an \
                attested account is not limited so.
                """,
            es: """
                Todo el mundo ve el resultado, la gravedad, el motivo y qué organizaciones \
                firmaron. Una disputa sobre una fuente que procede como high la suspende por 30 \
                días. En una queja sobre una cuenta, --limit pide algo a las plataformas sobre \
                las de --accounts (líneas JSON como en designate) y termina solo; una cuenta \
                atestiguada no se limita así.
                """
        ).local
    )

    @Argument(help: StatementDigestArgument.help)
    var complaint: String

    @Argument(
        help: named(
            Text(en: "upheld or rejected.", es: "upheld o rejected."),
            Text(en: "outcome", es: "resultado")
        )
    )
    var outcome: AppealOutcome

    @Option(
        help: named(
            Text(
                en: "How grave the panel finds it: at most, and without it, as said.",
                es: "Qué tan grave lo ve el panel: a lo más, y si falta, lo que se dijo."
            ),
            Text(en: "grade", es: "gravedad")
        )
    )
    var grade: NetworkHarmGrade?

    @Option(
        help: named(
            Text(
                en: "What platforms are asked to do about accounts (several).",
                es: "Qué se pide a las plataformas sobre cuentas (varias veces)."
            ),
            Text(en: "action", es: "acción")
        )
    )
    var limit: [NetworkAction] = []

    @Option(
        help: named(
            Text(en: "The accounts to limit.", es: "Las cuentas por limitar."),
            Text(en: "file", es: "archivo")
        ),
        completion: .file()
    )
    var accounts: String?

    @Option(
        help: Text(
            en: "Days of the limit, at most 90.",
            es: "Días del límite, máximo 90."
        ).help
    )
    var days: Int64 = 30

    @Option(help: Text(en: "Why.", es: "Por qué.").help)
    var reason: RegistryReason

    @Option(help: StatementDigestArgument.file, completion: .file())
    var reasons: String

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        guard limit.isEmpty == (accounts == nil) else {
            throw Failure(
                .usage,
                Text(
                    en: "--limit and --accounts go together",
                    es: "--limit y --accounts van juntas"
                )
            )
        }
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let head = desk.head(state)
        let id = try StatementDigestArgument.read(complaint)
        let list = try accounts.map { try desk.accountList($0) }
        let claimed = state.complaints[RegistryID(id)]?.statement.grade ?? .low
        let end = min(max(days, 0), ReviewLimit.daysMax + 1) * RegistryHead.daySeconds
        let statement = ReviewStatement(
            head: head,
            complaint: id,
            outcome: outcome,
            grade: grade ?? (outcome == .upheld ? claimed : .none),
            limit: list.map { list in
                ReviewLimit(
                    accountList: list.digest.bytes,
                    actions: Set(limit).sorted { $0.rawValue < $1.rawValue },
                    until: head.date + end
                )
            },
            reason: reason,
            reasons: SHA256.hash(try RegistryHome.read(reasons))
        )
        do {
            _ = try ReviewStatement(payload: statement.payload)
        } catch {
            throw RegistryFailure.invalid(error)
        }
        if let list { try desk.keep(list) }
        return try desk.send(statement, with: desk.keys.choose(keys.key), output: keys.output)
    }
}

/// `resguardo registry contest`.
struct RegistryContestCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "contest",
        abstract: Text(
            en: "Contest what a panel decided of a complaint, once, within 14 days.",
            es: "Impugnar lo que un panel decidió de una queja, una vez, en 14 días."
        ).local,
        discussion: Text(
            en: """
                Who complained can, and the source concerned; of an account that is no source's, \
                anybody with a key, since nobody here knows whose it is. Five others decide for \
                good. A limit goes on until they do.
                """,
            es: """
                Puede quien se quejó, y la fuente afectada; si la cuenta no es de ninguna fuente, \
                cualquiera con una llave, pues aquí nadie sabe de quién es. Otros cinco deciden \
                en definitiva; hasta entonces el límite sigue.
                """
        ).local
    )

    @Argument(help: StatementDigestArgument.help)
    var complaint: String

    @Option(help: StatementDigestArgument.file, completion: .file())
    var grounds: String

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let names = try desk.keys.choose(keys.key)
        let id = try StatementDigestArgument.read(complaint)
        let said = state.complaints[RegistryID(id)]?.statement
        let statement = ContestStatement(
            head: desk.head(state),
            complaint: id,
            grounds: SHA256.hash(try RegistryHome.read(grounds)),
            key: said?.about == .account ? try desk.onlyKey(names).key.bytes : nil
        )
        return try desk.send(statement, with: names, output: keys.output)
    }
}
