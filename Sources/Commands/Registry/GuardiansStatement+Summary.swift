// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Registry
package import Statements

extension GuardiansStatement: Summarised {
    package var summary: Text {
        let name = RegistryText.short(subject)
        return Text(
            en: """
                subject \(name) names \(guardians.count) guardians
                """,
            es: """
                la fuente \(name) nombra a \(guardians.count) guardianes
                """
        )
    }
}

extension GuardStatement: Summarised {
    package var summary: Text {
        let subject = RegistryText.short(subject)
        return switch act {
        case .freeze:
            Text(
                en: "a guardian freezes subject \(subject) for a day",
                es: "alguien que la cuida congela la fuente \(subject) por un día"
            )
        case .takenOver:
            Text(
                en: "somebody else has the accounts of subject \(subject)",
                es: "alguien más tiene las cuentas de la fuente \(subject)"
            )
        }
    }
}

extension RecoverKeyStatement: Summarised {
    package var summary: Text {
        let name = RegistryText.short(subject)
        return Text(
            en: """
                guardians give subject \(name) a new key, which holds after 14 \
                days
                """,
            es: """
                sus guardianes dan a la fuente \(name) una llave nueva, que vale a los 14 días
                """
        )
    }
}

extension CancelMemorialStatement: Summarised {
    package var summary: Text {
        let name = RegistryText.short(subject)
        return Text(
            en: """
                subject \(name) is alive
                """,
            es: """
                la fuente \(name) vive
                """
        )
    }
}

extension AppealStatement: Summarised {
    package var summary: Text {
        let name = RegistryText.short(subject)
        return Text(
            en: """
                subject \(name) appeals decision \(RegistryText.short(decision))
                """,
            es: """
                la fuente \(name) apela la decisión \(RegistryText.short(decision))
                """
        )
    }
}

extension AppealDecisionStatement: Summarised {
    package var summary: Text {
        let name = RegistryText.short(subject)
        return Text(
            en: """
                the appeal of subject \(name) is \(outcome.rawValue); you did not \
                take part in the decision
                """,
            es: """
                la apelación de la fuente \(name) \
                \(outcome == .upheld ? "se acepta" : "se rechaza"); usted no participó en la \
                decisión
                """
        )
    }
}

extension ReopenStatement: Summarised {
    package var summary: Text {
        let name = RegistryText.short(subject)
        return Text(
            en: """
                subject \(name) may start again, with new evidence, from nothing
                """,
            es: """
                la fuente \(name) puede empezar de nuevo, con pruebas nuevas, desde cero
                """
        )
    }
}
