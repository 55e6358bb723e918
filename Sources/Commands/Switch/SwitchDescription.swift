// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Statements
internal import Switch

/// How a switch is shown.
enum SwitchDescription {
    /// The state for people.
    static func word(_ state: SwitchState) -> Text {
        switch state {
        case .draft: Text(en: "NOT PROTECTED (draft)", es: "SIN PROTECCIÓN (borrador)")
        case .armed: Text(en: "ARMED", es: "ARMADO")
        case .due: Text(en: "DUE", es: "VENCIDO")
        case .overdue: Text(en: "OVERDUE", es: "MUY VENCIDO")
        case .suspect: Text(en: "SUSPECT", es: "EN DUDA")
        case .pending: Text(en: "PENDING", es: "PENDIENTE")
        case .releasing: Text(en: "RELEASING", es: "LIBERANDO")
        case .released: Text(en: "RELEASED", es: "LIBERADO")
        case .hold: Text(en: "ON HOLD", es: "EN PAUSA")
        case .revoked: Text(en: "REVOKED", es: "REVOCADO")
        }
    }

    /// What the state asks of people.
    static func advice(_ state: SwitchState) -> Text {
        switch state {
        case .draft:
            Text(
                en: "nothing is protected yet: the trustees' acceptances are missing",
                es: "todavía no se protege nada: faltan las aceptaciones de los custodios"
            )
        case .armed:
            Text(en: "the owner is expected again", es: "se espera de nuevo a la persona dueña")
        case .due, .overdue:
            Text(en: "the owner should check in now", es: "la persona dueña debe reportarse ya")
        case .suspect:
            Text(
                en: "trustees: find out what has become of the owner, and attest",
                es: "custodios: averigüen qué fue de la persona dueña, y den testimonio"
            )
        case .pending:
            Text(
                en: "the owner can still stop it by checking in",
                es: "la persona dueña aún puede detenerlo si se reporta"
            )
        case .releasing:
            Text(
                en: "trustees: release; a check-in stops it only before the first share",
                es: "custodios: liberen; reportarse lo detiene solo antes de la primera parte"
            )
        case .released:
            Text(
                en: "a successor can recover the case",
                es: "una persona sucesora puede recuperar el caso"
            )
        case .hold:
            Text(en: "an announced absence", es: "una ausencia anunciada")
        case .revoked:
            Text(
                en: "the owner and the trustees have ended it",
                es: "la persona dueña y los custodios le pusieron fin"
            )
        }
    }

    /// What is to be said beside the state.
    static func warning(_ flag: SwitchFlag) -> Text {
        switch flag {
        case .trusteesTooFew:
            Text(
                en: "DEGRADED: too few trustees were heard of within 60 days",
                es: "DEBILITADO: de muy pocos custodios se supo en 60 días"
            )
        case .drillsOverdue:
            Text(
                en: "DEGRADED: a trustee's drill is more than 30 days old (trustee drill)",
                es: "DEBILITADO: el simulacro de un custodio tiene más de 30 días (trustee drill)"
            )
        case .witnessesTooFew:
            Text(
                en: "DEGRADED: no more than a bare majority of the witnesses signs",
                es: "DEBILITADO: no firma más que una mayoría justa de los testigos"
            )
        case .reshare:
            Text(
                en: "a share is out: the old dealing can still be completed",
                es: "ya salió una parte: el reparto anterior aún puede completarse"
            )
        case .duress:
            Text(
                en: "the owner checks in by force",
                es: "la persona dueña se reporta a la fuerza"
            )
        }
    }

    /// A length of time in its two largest units.
    static func duration(_ seconds: Int64) -> Text {
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60)
        if days > 0 { return Text(en: "\(days) d \(hours) h", es: "\(days) d \(hours) h") }
        if hours > 0 {
            return Text(en: "\(hours) h \(minutes) min", es: "\(hours) h \(minutes) min")
        }
        return Text(en: "\(minutes) min", es: "\(minutes) min")
    }

    /// A switch as a document.
    static func json(_ record: SwitchRecord, _ machine: SwitchMachine) -> JSONValue {
        let terms = record.arming.terms
        var members: [String: JSONValue] = [
            "switch": .string(record.id.text), "state": .string(machine.state.rawValue),
            "protected": .boolean(record.readiness.isComplete),
            "missing": missing(record.readiness), "epoch": .integer(record.epochInForce),
            "since": .string(Timestamp(seconds: machine.since).rfc3339),
            "profile": .string(terms.profile.rawValue),
            "trustees": .integer(Int64(terms.trusteeCount)),
            "threshold": .integer(Int64(terms.threshold)),
            "shares": .integer(Int64(record.shares.count)),
            "sharesAllowed": .boolean(machine.allowsShares),
            "refusedEntries": .integer(Int64(record.refused.count)),
        ]
        if let facts = machine.facts {
            members["lastCheckIn"] = .string(Timestamp(seconds: facts.cycleStart).rfc3339)
            members["due"] = .string(Timestamp(seconds: facts.dueAt).rfc3339)
            members["suspect"] = .string(Timestamp(seconds: facts.suspectAt).rfc3339)
            members["intents"] = .integer(Int64(facts.intents.count))
            members["needsReshare"] = .boolean(facts.needsReshare)
            if let time = facts.sharesAllowedAt() {
                members["sharesAllowedAt"] = .string(Timestamp(seconds: time).rfc3339)
            }
        }
        if let next = machine.outlook {
            members["next"] = [
                "state": .string(next.state.rawValue), "rule": .string(next.rule.rawValue),
                "time": .string(Timestamp(seconds: next.time).rfc3339),
            ]
        }
        let flags = SwitchFlag.allCases.filter(machine.flags().contains)
        members["flags"] = .array(flags.map { .string($0.rawValue) })
        members["history"] = .array(
            machine.steps.map { step in
                [
                    "rule": .string(step.rule.rawValue), "from": .string(step.from.rawValue),
                    "to": .string(step.to.rawValue), "leaf": .integer(Int64(step.leaf)),
                    "time": .string(Timestamp(seconds: step.time).rfc3339),
                ]
            }
        )
        return .object(members)
    }

    /// A switch in a few lines.
    static func lines(_ record: SwitchRecord, _ machine: SwitchMachine, now: Int64) -> [String] {
        let (n, k) = (record.arming.terms.trusteeCount, record.arming.terms.threshold)
        var lines = [
            "\(SwitchName.short(record.id))  \(word(machine.state).local)",
            "  " + advice(machine.state).local,
            "  "
                + Text(
                    en: "\(k) of \(n) trustees, profile \(record.arming.terms.profile.rawValue)",
                    es: "\(k) de \(n) custodios, perfil \(record.arming.terms.profile.rawValue)"
                ).local,
        ]
        if !machine.state.isFinal { lines += self.lines(record.readiness) }
        if let facts = machine.facts, !machine.state.isFinal {
            let time = Timestamp(seconds: facts.cycleStart).minutes
            lines.append(
                "  " + Text(en: "last check-in: \(time)", es: "último reporte: \(time)").local
            )
        }
        if machine.state == .releasing {
            let (shares, intents) = (record.shares.count, machine.facts?.intents.count ?? 0)
            lines.append(
                "  "
                    + Text(
                        en: "intents: \(intents) of \(k), shares: \(shares) of \(k)",
                        es: "avisos: \(intents) de \(k), partes: \(shares) de \(k)"
                    ).local
            )
        }
        if let next = machine.outlook {
            let (word, time) = (word(next.state), Timestamp(seconds: next.time).minutes)
            let left = duration(max(next.time - now, 0))
            let wall = Timestamp(seconds: next.time).localMinutes
            let (en, es) = (
                wall.map { " (\($0) here)" } ?? "", wall.map { " (aquí \($0))" } ?? ""
            )
            lines.append(
                "  "
                    + Text(
                        en: "next, if nothing happens: \(word.en) at \(time)\(en), in \(left.en)",
                        es: "después, si no pasa nada: \(word.es) el \(time)\(es), en \(left.es)"
                    ).local
            )
        }
        for flag in SwitchFlag.allCases where machine.flags().contains(flag) {
            lines.append("  " + warning(flag).local)
        }
        return lines
    }
}
