// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Fetchers
import Registry
import SnapshotFormat
import Statements
import Storage

/// `resguardo registry source check`: looks at accounts again, once; cron does the rest.
///
/// Spec: `docs/spec/fetchers.md`, section 4.
struct RegistrySourceCheckCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: Text(
            en: "Look whether accounts are still their sources'; weekly, from cron.",
            es: "Mirar si las cuentas siguen siendo de sus fuentes; cada semana, desde cron."
        ).local,
        discussion: Text(
            en: """
                Looks at the accounts whose files this home has: the code, the name, and whether \
                it is there. With --key, one that was renamed, or that was not there twice a day \
                apart, is suspended for days; a verifier of another constituency has to sign too.
                """,
            es: """
                Mira las cuentas cuyos archivos tiene este directorio: el código, el nombre, y si \
                están. Con --key, suspende por días la que cambió de nombre o no estuvo dos veces \
                con un día de diferencia; debe firmar también un verificador de otro sector.
                """
        ).local
    )

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Suspend with this key what is not as it was.",
                es: "Suspender con esta llave lo que no está como estaba."
            ).local,
            valueName: Text(en: "name", es: "nombre").local
        )
    )
    var key: String?

    @OptionGroup var look: LookOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let network = try look.network(route)
        let book = AccountWatchBook(home: desk.home)
        var rows: [JSONValue] = []
        var lines: [String] = []
        var isBad = false
        for link in try desk.home.links() {
            let subject = state.subjects.values.first { $0.accounts.contains(link.commitment) }
            // What nobody looks at, or is not controlled any more, is not looked after.
            guard let subject, AccountFetchers.fetcher(of: link.account.platform) != nil,
                let shownOn = subject.shownOn(link.commitment, at: context.now)
            else { continue }
            var watch = try book.load(link.commitment)
            let verdict = watch.note(
                try AccountLook.look(at: link.account, network),
                codes: link.codes(for: subject.id, loggedOn: shownOn),
                at: context.now
            )
            try book.save(watch, link.commitment)
            rows.append([
                "account": link.account.json, "subject": .string(subject.id.hex),
                "verdict": .string(verdict.word),
            ])
            let name = "\(link.account.platform) \(link.account.stableID)"
            lines.append("\(name): \(verdict.text[context.language])")
            if let reason = verdict.reason {
                isBad = true
                if let key {
                    lines += try desk.suspendForDays(subject, reason, state, key: key)
                }
            }
        }
        return Outcome(
            json: ["checked": .array(rows)],
            lines: lines,
            kind: isBad ? .doesNotVerify : nil
        )
    }
}

/// What earlier checks saw, in `registry/checks/`.
struct AccountWatchBook {
    let home: RegistryHome

    private func path(_ commitment: RegistryID) -> String {
        home.path("checks/\(commitment.hex).json")
    }

    /// - Throws: `.storeDamaged` for a file that is not ours.
    func load(_ commitment: RegistryID) throws -> AccountWatch {
        let path = path(commitment)
        guard try home.files.exists(path) else { return AccountWatch() }
        guard let json = try? JSONValue(parsing: RegistryHome.read(path)),
            let watch = AccountWatch(json)
        else {
            throw Failure(
                .storeDamaged,
                Text(en: "\(path) is damaged", es: "\(path) está dañado")
            )
        }
        return watch
    }

    func save(_ watch: AccountWatch, _ commitment: RegistryID) throws {
        try home.makeDirectory("checks")
        try RegistryHome.write(path(commitment), watch.json.canonicalBytes)
    }
}

extension AccountWatch.Verdict {
    /// For programs.
    fileprivate var word: String {
        switch self {
        case .seen: "seen"
        case .notShown: "not-shown"
        case .failing(let failure, _): "failing/\(failure.rawValue)"
        case .lost(let failure): "lost/\(failure.rawValue)"
        case .renamed: "renamed"
        }
    }

    fileprivate var text: Text {
        switch self {
        case .seen: Text(en: "as it was", es: "como estaba")
        case .notShown:
            Text(en: "the code is not there", es: "el código no está")
        case .failing(let failure, let since):
            Text(
                en: "not as it was since \(RegistryText.date(since)): \(failure.meaning.en)",
                es: "no está como estaba desde \(RegistryText.date(since)): \(failure.meaning.es)"
            )
        case .lost(let failure):
            Text(en: "lost: \(failure.meaning.en)", es: "perdida: \(failure.meaning.es)")
        case .renamed(let old, let new):
            Text(
                en: "renamed from “\(old)” to “\(new ?? "")”",
                es: "cambió de nombre, de «\(old)» a «\(new ?? "")»"
            )
        }
    }

    /// Why it has to be suspended; `nil` when it has not.
    fileprivate var reason: RegistryReason? {
        switch self {
        case .seen, .notShown, .failing: nil
        case .lost: .routineReview
        case .renamed: .handleChanged
        }
    }
}
