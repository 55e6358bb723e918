// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Registry
import Statements

/// A complaint in a person's words.
struct ComplaintReport {
    private let state: RegistryState
    private let complaint: Complaint
    private let context: Context

    init(_ state: RegistryState, _ complaint: Complaint, _ context: Context) {
        self.state = state
        self.complaint = complaint
        self.context = context
    }

    /// What it is about, and where it stands.
    var lines: [String] {
        let statement = complaint.statement
        let since = RegistryText.date(complaint.since)
        let grade = GradeText.text(statement.grade.rawValue)
        let target = RegistryText.short(statement.target)
        var lines = [
            complaint.id.hex,
            "  "
                + Text(
                    en: "\(statement.about.rawValue) \(target), said to be \(grade.en), \(since)",
                    es: "\(statement.about.rawValue) \(target), se dice \(grade.es), \(since)"
                )[context.language],
        ]
        lines += complaint.decisions.map { "  " + decided($0)[context.language] }
        lines += complaint.limits.map { limit, _, span in
            let actions = limit.actions.map(\.rawValue).joined(separator: ", ")
            let end = RegistryText.date(span.upperBound)
            let list = Hex.encode(Array(limit.accountList.prefix(6)))
            return "  "
                + Text(
                    en: "accounts of list \(list) until \(end): \(actions)",
                    es: "cuentas de la lista \(list) hasta \(end): \(actions)"
                )[context.language]
        }
        if let contestedAt = complaint.contestedAt {
            let day = RegistryText.date(contestedAt)
            lines.append(
                "  " + Text(en: "contested on \(day)", es: "impugnada el \(day)")[context.language]
            )
        }
        if complaint.isUndecided(at: state.clock) { lines.append("  " + awaited[context.language]) }
        if complaint.isLapsed(at: state.clock) {
            lines.append("  " + Self.lapsed[context.language])
        }
        return lines
    }

    private func decided(_ decision: Complaint.Decision) -> Text {
        let day = RegistryText.date(decision.since)
        let reason = RegistryText.reason(decision.reason)
        let file = decision.reasons.prefix(6)
        let digest = Hex.encode(Array(file))
        let grade = GradeText.text(decision.grade.rawValue)
        return switch decision.outcome {
        case .upheld:
            Text(
                en: "upheld on \(day), \(grade.en): \(reason.en); reasons \(digest)",
                es: "procede, \(day), \(grade.es): \(reason.es); razones \(digest)"
            )
        case .rejected:
            Text(
                en: "rejected on \(day): \(reason.en); reasons \(digest)",
                es: "no procede, \(day): \(reason.es); razones \(digest)"
            )
        }
    }

    private static let lapsed = Text(
        en: "no panel decided in \(Complaint.lapseDays) days: what was decided before holds",
        es: "ningún panel decidió en \(Complaint.lapseDays) días: vale lo decidido antes"
    )

    private var awaited: Text {
        if complaint.isOpenToAll {
            return Text(
                en: "no panels by lot here: any four independent verifiers decide",
                es: "aquí no hay sorteo: deciden cuatro verificadores independientes"
            )
        }
        guard complaint.awaitedDay == nil, let draw = complaint.draws.last else {
            return Text(en: "its panel is not drawn yet", es: "su panel aún no se sortea")
        }
        let names = draw.members.map { state.verifiers[$0]?.name ?? $0.hex }
            .joined(separator: ", ")
        let end = RegistryText.date(draw.deadline)
        return Text(
            en: "four of these decide before \(end): \(names)",
            es: "deciden cuatro de estas antes del \(end): \(names)"
        )
    }

    /// The same for programs.
    var json: JSONValue {
        let statement = complaint.statement
        var members: [String: JSONValue] = [
            "about": .string(statement.about.rawValue),
            "decisions": .array(
                complaint.decisions.map { decision in
                    [
                        "date": .integer(decision.since),
                        "grade": .string(decision.grade.rawValue),
                        "outcome": .string(decision.outcome.rawValue),
                        "reason": .string(decision.reason.rawValue),
                        "reasons": .string(Hex.encode(decision.reasons)),
                    ]
                }
            ),
            "grade": .string(statement.grade.rawValue),
            "id": .string(complaint.id.hex),
            "limits": .array(
                complaint.limits.map { limit, _, span in
                    [
                        "accountList": .string(Hex.encode(limit.accountList)),
                        "actions": .array(limit.actions.map { .string($0.rawValue) }),
                        "since": .integer(span.lowerBound),
                        "until": .integer(span.upperBound),
                    ]
                }
            ),
            "panels": .array(
                complaint.draws.map { draw in
                    [
                        "deadline": .integer(draw.deadline),
                        "members": .array(draw.members.map { .string($0.hex) }),
                    ]
                }
            ),
            "since": .integer(complaint.since),
            "target": .string(Hex.encode(statement.target)),
            "lapsed": .boolean(complaint.isLapsed(at: state.clock)),
            "undecided": .boolean(complaint.isUndecided(at: state.clock)),
        ]
        members["contestedAt"] = complaint.contestedAt.map { .integer($0) }
        return .object(members)
    }
}
