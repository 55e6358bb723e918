// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Registry
import SnapshotFormat
import Statements

/// How a subject stands, for status and explain.
struct RegistryReport {
    private let state: RegistryState
    private let subject: Subject
    private let context: Context
    private let links: [RegistryID: AccountLink]

    init(_ state: RegistryState, _ subject: Subject, _ desk: RegistryDesk) throws {
        self.state = state
        self.subject = subject
        context = desk.context
        let known = try desk.home.links()
        links = Dictionary(known.map { ($0.commitment, $0) }) { first, _ in first }
    }

    /// The accounts of the subject, each with its standing and, if asked for, the reasons.
    func outcome(isLong: Bool) -> Outcome {
        let records = isLong ? state.trackRecords(at: context.now) : nil
        var accounts: [JSONValue] = []
        var lines: [String] = [subject.id.hex]
        if subject.accounts.isEmpty {
            lines.append(
                say("no account was proven yet", "aún no se demostró ninguna cuenta")
            )
        }
        for account in subject.accounts {
            let period = state.standing(of: subject.id, account: account, at: context.now)
            let vouches = state.vouches(for: subject.id, account: account, at: context.now)
            let told = records.map { score(account, period, $0) }
            accounts.append(json(account, period, vouches, told))
            lines.append(headline(account, period))
            if let told {
                lines += reasons(account, period, vouches).map { "  " + $0 }
                lines += told.lines.map { "  " + $0 }
                lines += history(account).map { "  " + $0 }
            }
        }
        let complaints = state.complaints(about: subject.id)
            .map { ComplaintReport(state, $0, context) }
        if isLong { lines += complaints.flatMap(\.lines).map { "  " + $0 } }
        return Outcome(
            json: [
                "accounts": .array(accounts), "asOf": .integer(context.now),
                "complaints": .array(complaints.map(\.json)),
                "subject": .string(subject.id.hex),
            ],
            lines: lines
        )
    }

    private func score(
        _ account: RegistryID,
        _ period: StandingPeriod?,
        _ records: TrackRecords
    ) -> ScoreReport {
        let inputs = state.scoreInputs(
            of: subject.id,
            account: account,
            standing: period?.state ?? .registered,
            records,
            at: context.now
        )
        return ScoreReport(inputs, context.language)
    }

    private func say(_ en: String, _ es: String) -> String {
        Text(en: en, es: es)[context.language]
    }

    private func name(_ account: RegistryID) -> String {
        guard let link = links[account] else { return String(account.hex.prefix(12)) }
        return "\(link.account.platform) \(link.account.stableID)"
    }

    private func headline(_ account: RegistryID, _ period: StandingPeriod?) -> String {
        guard let period else {
            return "\(name(account)): " + say("nothing yet", "nada todavía")
        }
        var text = "\(name(account)): " + RegistryText.state(period.state)[context.language]
        if period.tier == .strong { text += say(" (strong)", " (reforzada)") }
        let since = RegistryText.date(period.since)
        text += say(", since \(since)", ", desde \(since)")
        if let until = period.until {
            text += say(
                ", until \(RegistryText.date(until)) if nothing new happens",
                ", hasta \(RegistryText.date(until)) si no pasa nada nuevo"
            )
        }
        if let reason = period.reason {
            text += ": " + RegistryText.reason(reason)[context.language]
        }
        return text
    }

    /// Why it stands so, and what it would take.
    private func reasons(
        _ account: RegistryID,
        _ period: StandingPeriod?,
        _ vouches: [CountedVouch]
    ) -> [String] {
        let someone = say("somebody", "alguien")
        var lines = vouches.map { vouch in
            let name = vouch.verifier.flatMap { state.verifiers[$0]?.name } ?? someone
            let until = RegistryText.date(vouch.until)
            return say(
                "\(name) (\(vouch.constituency)) vouches in \(vouch.epoch.name), until \(until)",
                "\(name) (\(vouch.constituency)) avala en \(vouch.epoch.name), hasta \(until)"
            )
        }
        lines += panels()
        guard let rules = state.charter(at: context.now)?.rules, let period else { return lines }
        if let trusted = subject.lastTrustedAt(at: context.now) {
            let date = Timestamp(seconds: trusted).minutes
            lines.append(
                say(
                    "what it said after \(date) is not the subject's",
                    "lo que dijo después de \(date) no es de la fuente"
                )
            )
        }
        switch period.state {
        case .registered:
            lines.append(
                say(
                    "control of the account has to be shown (again)",
                    "falta demostrar (de nuevo) el control de la cuenta"
                )
            )
        case .controlled, .provisional, .lapsed:
            lines.append(missing(rules, vouches))
        case .pending:
            lines.append(
                say(
                    "enough vouches; \(rules.objectionDays) days have to pass without objection",
                    "avales suficientes; deben pasar \(rules.objectionDays) días sin objeción"
                )
            )
        case .stale:
            lines.append(
                say(
                    "it promised a word that did not come; the word brings it back",
                    "prometió una palabra que no llegó; con ella vuelve"
                )
            )
        case .takenOver:
            lines.append(
                say(
                    "it needs its next key, control shown again and a new vouch, within 14 days",
                    "hace falta su siguiente llave, demostrar el control y un aval, en 14 días"
                )
            )
        case .memorialPending:
            lines.append(
                say(
                    "who says otherwise has 7 days",
                    "quien diga lo contrario tiene 7 días"
                )
            )
        case .attested, .suspended, .revoked, .memorial, .withdrawn: break
        }
        return lines
    }

    /// What the panels of the quarters say.
    private func panels() -> [String] {
        state.panels.panels(of: subject).map { epoch, panel in
            let count = panel.concurrences.count { $0.since <= context.now }
            if panel.isWaived {
                return say(
                    "no panel in \(epoch.name): the charter named no beacon holders",
                    "sin panel en \(epoch.name): la carta no nombraba quién da el azar"
                )
            }
            guard panel.draw != nil else {
                return say(
                    "the panel of \(epoch.name) is not drawn yet",
                    "el panel de \(epoch.name) aún no se sortea"
                )
            }
            return say(
                "\(count) members of the panel concur in \(epoch.name)",
                "\(count) integrantes del panel coinciden en \(epoch.name)"
            )
        }
    }

    private func missing(_ rules: RegistryRules, _ vouches: [CountedVouch]) -> String {
        let best =
            Dictionary(grouping: vouches, by: \.epoch).values
            .max { $0.count < $1.count } ?? []
        let constituencies = Set(best.map(\.constituency)).count
        let needed = rules.attested
        return say(
            """
            the badge needs \(needed.count) vouches of \(needed.constituencies) constituencies \
            in one quarter; there are \(best.count) of \(constituencies)
            """,
            """
            el distintivo necesita \(needed.count) avales de \(needed.constituencies) sectores \
            en un mismo trimestre; hay \(best.count) de \(constituencies)
            """
        )
    }

    private func history(_ account: RegistryID) -> [String] {
        state.history(of: subject.id, account: account)
            .filter { $0.since <= context.now }
            .map { period in
                let since = RegistryText.date(period.since)
                return "\(since) " + RegistryText.state(period.state)[context.language]
            }
    }

    private func json(
        _ account: RegistryID,
        _ period: StandingPeriod?,
        _ vouches: [CountedVouch],
        _ score: ScoreReport?
    ) -> JSONValue {
        var members: [String: JSONValue] = [
            "account": .string(account.hex),
            "constituencies": .integer(Int64(Set(vouches.map(\.constituency)).count)),
            "vouches": .integer(Int64(vouches.count)),
        ]
        if let period {
            members["state"] = .string(period.state.rawValue)
            members["tier"] = .integer(Int64(period.tier.rawValue))
            members["since"] = .integer(period.since)
            members["until"] = period.until.map { .integer($0) }
            members["reason"] = period.reason.map { .string($0.rawValue) }
        }
        members["lastTrustedAt"] = subject.lastTrustedAt(at: context.now).map { .integer($0) }
        if let link = links[account] {
            members["link"] = [
                "id": .string(link.account.stableID),
                "platform": .string(link.account.platform),
            ]
        }
        if let score {
            members["score"] = score.json
            members["history"] = .array(
                state.history(of: subject.id, account: account)
                    .filter { $0.since <= context.now }
                    .map { ["since": .integer($0.since), "state": .string($0.state.rawValue)] }
            )
            members["verifiers"] = .array(
                vouches.map { vouch in
                    [
                        "constituency": .string(vouch.constituency),
                        "epoch": .string(vouch.epoch.name), "until": .integer(vouch.until),
                        "verifier": .string(vouch.verifier?.hex ?? "sealed"),
                    ]
                }
            )
        }
        return .object(members)
    }
}
