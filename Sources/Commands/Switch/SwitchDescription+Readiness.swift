// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Statements
internal import Switch

/// What is still missing before people may rely on a switch, and who has to act.
extension SwitchDescription {
    /// As a list for programs: `briefing 3`, `trustee 3`, `successor`.
    static func missing(_ readiness: SwitchReadiness) -> JSONValue {
        .array(
            readiness.unbriefed.map { .string("briefing \($0.value)") }
                + readiness.unconfirmed.map { .string("trustee \($0.value)") }
                + (readiness.hasSuccessor ? [] : ["successor"])
        )
    }

    /// As sentences; none if nothing is missing.
    static func lines(_ readiness: SwitchReadiness) -> [String] {
        guard !readiness.isComplete else { return [] }
        var lines = [
            Text(
                en: "NOT PROTECTED yet; still missing:",
                es: "TODAVÍA SIN PROTECCIÓN; aún falta:"
            )
        ]
        func numbers(_ trustees: [TrusteeNumber]) -> String {
            trustees.map { String($0.value) }.joined(separator: ", ")
        }
        if !readiness.unbriefed.isEmpty {
            let list = numbers(readiness.unbriefed)
            lines.append(
                Text(
                    en: "  the owner's word to trustee \(list): the owner runs “switch reshare”",
                    es:
                        "  el informe al custodio \(list): su dueña ejecuta «switch reshare»"
                )
            )
        }
        if !readiness.unconfirmed.isEmpty {
            let list = numbers(readiness.unconfirmed)
            lines.append(
                Text(
                    en: "  trustee \(list): each runs “trustee confirm”",
                    es: "  custodio \(list): cada uno ejecuta «trustee confirm»"
                )
            )
        }
        if !readiness.hasSuccessor {
            lines.append(
                Text(
                    en: "  a successor: one runs “successor accept”",
                    es: "  una persona sucesora: una ejecuta «successor accept»"
                )
            )
        }
        return lines.map { "  " + $0.local }
    }
}
