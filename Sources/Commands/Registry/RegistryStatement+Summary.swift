// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Registry
package import Statements

/// A statement that can be told to a person in one sentence, which every type of the registry is.
package protocol Summarised {
    /// What somebody who signs it agrees to.
    var summary: Text { get }
}

extension CharterStatement: Summarised {
    package var summary: Text {
        Text(
            en: "charter number \(number) of the registry “\(origin)”",
            es: "carta número \(number) del registro «\(origin)»"
        )
    }
}

extension BatchStatement: Summarised {
    package var summary: Text {
        Text(
            en: "the day \(RegistryText.date(head.date))",
            es: "el día \(RegistryText.date(head.date))"
        )
    }
}

extension AccreditVerifierStatement: Summarised {
    package var summary: Text {
        Text(
            en: """
                \(name) (\(kind.rawValue)) may vouch for \
                “\(constituency)” until \(RegistryText.date(until))
                """,
            es: """
                \(name) (\(kind.rawValue)) puede avalar por \
                «\(constituency)» hasta \(RegistryText.date(until))
                """
        )
    }
}

extension RemoveVerifierStatement: Summarised {
    package var summary: Text {
        Text(
            en: "verifier \(RegistryText.short(verifier)) may vouch no more",
            es: "el verificador \(RegistryText.short(verifier)) ya no puede avalar"
        )
    }
}

extension RegisterStatement: Summarised {
    package var summary: Text {
        Text(
            en: "a new subject, \(RegistryText.short(subject))",
            es: "una nueva fuente, \(RegistryText.short(subject))"
        )
    }
}

extension RotateKeyStatement: Summarised {
    package var summary: Text {
        Text(
            en: "subject \(RegistryText.short(subject)) goes over to its next key",
            es: "la fuente \(RegistryText.short(subject)) pasa a su siguiente llave"
        )
    }
}

extension ProveControlStatement: Summarised {
    package var summary: Text {
        Text(
            en:
                """
                subject \(RegistryText.short(subject)) controls an account; you saw its code \
                there
                """,
            es:
                """
                la fuente \(RegistryText.short(subject)) controla una cuenta; usted vio ahí el \
                código
                """
        )
    }
}

extension RingKeyStatement: Summarised {
    package var summary: Text {
        let name = RegistryText.short(verifier)
        return Text(
            en: "verifier \(name) has a ring key for \(epoch.name)",
            es: "el verificador \(name) tiene llave de anillo en \(epoch.name)"
        )
    }
}

extension RingSnapshotStatement: Summarised {
    package var summary: Text {
        Text(
            en: """
                the ring of “\(constituency)” for \(epoch.name) has \(keys.count) members, and \
                nobody joins it
                """,
            es: """
                el anillo de «\(constituency)» para \(epoch.name) tiene \(keys.count) integrantes, \
                y nadie más entra
                """
        )
    }
}

extension SealedActStatement: Summarised {
    package var summary: Text {
        switch act {
        case .object:
            Text(
                en: """
                    a sealed objection to subject \(RegistryText.short(subject)): \
                    \(RegistryText.reason(reason).en)
                    """,
                es: """
                    una objeción sellada a la fuente \(RegistryText.short(subject)): \
                    \(RegistryText.reason(reason).es)
                    """
            )
        case .suspend:
            Text(
                en: """
                    a sealed alarm about subject \(RegistryText.short(subject)): \
                    \(RegistryText.reason(reason).en)
                    """,
                es: """
                    una alarma sellada sobre la fuente \(RegistryText.short(subject)): \
                    \(RegistryText.reason(reason).es)
                    """
            )
        }
    }
}

extension DecideSealsStatement: Summarised {
    package var summary: Text {
        Text(
            en: """
                \(statements.count) sealed statements counted in \(epoch.name); their signatures \
                may be deleted
                """,
            es: """
                \(statements.count) declaraciones selladas contaron en \(epoch.name); sus firmas \
                pueden borrarse
                """
        )
    }
}

extension VouchStatement: Summarised {
    package var summary: Text {
        Text(
            en: "a vouch for subject \(RegistryText.short(subject)) in \(epoch.name)",
            es: "un aval para la fuente \(RegistryText.short(subject)) en \(epoch.name)"
        )
    }
}

extension WithdrawVouchStatement: Summarised {
    package var summary: Text {
        Text(
            en: "a vouch for subject \(RegistryText.short(subject)) is taken back",
            es: "se retira un aval para la fuente \(RegistryText.short(subject))"
        )
    }
}

extension SuspendStatement: Summarised {
    package var summary: Text {
        Text(
            en: """
                subject \(RegistryText.short(subject)) is suspended until \
                \(RegistryText.date(until)): \(RegistryText.reason(reason).en)
                """,
            es: """
                la fuente \(RegistryText.short(subject)) queda suspendida hasta \
                \(RegistryText.date(until)): \(RegistryText.reason(reason).es)
                """
        )
    }
}

extension RevokeStatement: Summarised {
    package var summary: Text {
        Text(
            en:
                """
                subject \(RegistryText.short(subject)) is revoked: \(RegistryText.reason(reason).en)
                """,
            es:
                """
                se revoca la fuente \(RegistryText.short(subject)): \
                \(RegistryText.reason(reason).es)
                """
        )
    }
}

extension MemorialStatement: Summarised {
    package var summary: Text {
        Text(
            en:
                """
                subject \(RegistryText.short(subject)) died; trusted until \
                \(RegistryText.date(lastTrustedAt))
                """,
            es:
                """
                la fuente \(RegistryText.short(subject)) murió; confiable hasta \
                \(RegistryText.date(lastTrustedAt))
                """
        )
    }
}

extension DesignateNetworkStatement: Summarised {
    package var summary: Text {
        Text(
            en: """
                “\(name)” is a coordinated harmful network with \
                \(accountCount) accounts, until \(RegistryText.date(until))
                """,
            es: """
                «\(name)» es una red coordinada y dañina con \
                \(accountCount) cuentas, hasta \(RegistryText.date(until))
                """
        )
    }
}

extension WithdrawDesignationStatement: Summarised {
    package var summary: Text {
        Text(
            en: "the designation of network \(RegistryText.short(network)) ends",
            es: "termina la designación de la red \(RegistryText.short(network))"
        )
    }
}

extension CorrectStatement: Summarised {
    package var summary: Text {
        Text(
            en:
                """
                a correction of content \(RegistryText.short(content)): \
                \(finding.rawValue)
                """,
            es:
                """
                una corrección del contenido \(RegistryText.short(content)): \
                \(finding.rawValue)
                """
        )
    }
}
