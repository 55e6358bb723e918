// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Registry
import SnapshotFormat
import Statements

/// Whether a person wants to be asked.
struct ConsentOptions: ParsableArguments {
    @Flag(
        name: .long,
        help: Text(
            en: "Sign without asking; what it means is told all the same.",
            es: "Firmar sin preguntar; de todos modos se dice qué significa."
        ).help
    )
    var yes = false
}

/// A command that tells what a signature means before it signs.
protocol AsksConsent: ResguardoCommand {
    /// Whether to ask.
    var consent: ConsentOptions { get }
}

extension SignsForRegistry {
    var consent: ConsentOptions { keys.consent }
}

/// What a person is told before a signature: what is asked, what follows, who will see what.
///
/// Spec: `docs/spec/registry.md`, section 3.17.
struct RegistryConsent {
    let statement: any RegistryStatement

    /// The three answers, a line each.
    var texts: [Text] {
        let asked = RegistryText.summary(statement)
        let known = statement as? any Foretold
        let effect = known?.effect ?? Self.effect
        let audience = known?.audience ?? Self.audience
        return [
            Text(en: "you are asked to sign: \(asked.en)", es: "se le pide firmar: \(asked.es)"),
            Text(en: "if you sign: \(effect.en)", es: "si firma: \(effect.es)"),
            Text(en: "who will see it: \(audience.en)", es: "quién lo verá: \(audience.es)"),
        ]
    }

    private static let effect = Text(
        en: "it counts once all who have to sign did, on the day on which the operator appends it",
        es: "vale cuando hayan firmado todos los que deben, el día en que el operador lo agregue"
    )

    static let audience = Text(
        en: "everybody, for ever, with the key that signs; the registry's log forgets nothing",
        es: "todo el mundo, para siempre, con la llave que firma; el registro no olvida nada"
    )

    /// Tells, and asks where somebody is there to answer.
    ///
    /// - Throws: `.notAllowed` unless the answer is yes.
    func require(_ context: Context) throws {
        try Self.require(
            texts,
            question: Text(en: "Sign? Write “yes”", es: "¿Firmar? Escriba «sí»"),
            refusal: Text(en: "nothing was signed", es: "no se firmó nada"),
            context
        )
    }

    /// Tells what follows, and asks where somebody is there to answer.
    ///
    /// - Parameters:
    ///   - texts: What follows.
    ///   - question: What is asked then.
    ///   - refusal: What is said to who does not want it.
    ///   - context: Where somebody sits.
    /// - Throws: `.notAllowed` unless the answer is yes.
    static func require(
        _ texts: [Text],
        question: Text,
        refusal: Text,
        _ context: Context
    ) throws {
        for text in texts { context.console.note(text) }
        guard !context.agreesBeforehand, Terminal.isInputTerminal else { return }
        let answer = Terminal.ask(question[context.language])
        guard ["yes", "y", "sí", "si", "s"].contains(answer?.lowercased() ?? "") else {
            throw Failure(
                .notAllowed,
                refusal,
                hint: Text(
                    en: "--yes does it without asking",
                    es: "--yes lo hace sin preguntar"
                )
            )
        }
    }
}

extension RegistryConsent {
    /// The account behind a proof of control.
    ///
    /// Nobody attests to a code without knowing where it has to be.
    static func link(of proof: ProveControlStatement, in links: [AccountLink]) throws -> AccountLink
    {
        if let link = links.first(where: { $0.commitment.bytes == proof.account }) { return link }
        throw Failure(
            .notAllowed,
            Text(
                en: "the account behind this proof is not known here",
                es: "aquí no se conoce la cuenta de esta prueba"
            ),
            hint: Text(
                en: "ask the subject for the account's file, and give it with --link",
                es: "pida a la fuente el archivo de la cuenta, e indíquelo con --link"
            )
        )
    }

    /// Says which code on which account somebody attests to.
    static func tell(_ proof: ProveControlStatement, _ link: AccountLink, _ context: Context) {
        let code = link.code(for: RegistryID(proof.subject), on: proof.head.date)
        let account = "\(link.account.platform) \(link.account.stableID)"
        context.console.note(
            Text(
                en: "you say that you saw \(code) on the account \(account)",
                es: "usted dice que vio \(code) en la cuenta \(account)"
            )
        )
    }
}

/// A statement that says what follows from it, and who sees what.
protocol Foretold {
    /// What happens if one signs.
    var effect: Text { get }
    /// Who will see what.
    var audience: Text { get }
}

extension Foretold {
    var audience: Text { RegistryConsent.audience }
}

extension VouchStatement: Foretold {
    var effect: Text {
        Text(
            en: """
                your word counts for \(epoch.name) and its grace, and can be taken back; with \
                enough others' it makes a badge that platforms act on
                """,
            es: """
                su palabra vale en \(epoch.name) y su prórroga, y se puede retirar; con \
                suficientes otras da un distintivo al que las plataformas hacen caso
                """
        )
    }

    var audience: Text {
        verifier == nil
            ? SealedAudience.text
            : Text(
                en: "everybody, for ever: that your organisation vouches for this source",
                es: "todo el mundo, para siempre: que su organización avala a esta fuente"
            )
    }
}

/// Who sees what of a sealed statement.
enum SealedAudience {
    static let text = Text(
        en: """
            everybody: that somebody of your constituency did this to this source; not who. \
            Whoever gets your ring key, or the file that opens it, can tell
            """,
        es: """
            todo el mundo: que alguien de su sector hizo esto con esta fuente; no quién. Quien \
            consiga su llave de anillo, o el archivo que la abre, puede saberlo
            """
    )
}

extension SealedActStatement: Foretold {
    var effect: Text {
        switch act {
        case .object:
            Text(
                en: """
                    with a second objection before the badge is there, all vouches so far count \
                    no more; it cannot be taken back
                    """,
                es: """
                    con una segunda objeción antes de que haya distintivo, los avales hasta \
                    entonces ya no cuentan; no se puede retirar
                    """
            )
        case .suspend:
            Text(
                en: """
                    with alarms of others the source is suspended for days; you have two alarms \
                    a quarter
                    """,
                es: """
                    con alarmas de otros la fuente queda suspendida por días; usted tiene dos \
                    alarmas por trimestre
                    """
            )
        }
    }

    var audience: Text { SealedAudience.text }
}

extension ProveControlStatement: Foretold {
    var effect: Text {
        Text(
            en: "the source may be vouched for; if the code was not there, you vouch for a lie",
            es: "la fuente puede recibir avales; si el código no estaba, usted avala una mentira"
        )
    }

    var audience: Text {
        Text(
            en: """
                everybody: that your organisation looked at an account of this source; not which \
                account
                """,
            es: """
                todo el mundo: que su organización miró una cuenta de esta fuente; no cuál
                """
        )
    }
}

extension SuspendStatement: Foretold {
    var effect: Text {
        Text(
            en: """
                with enough others the source shows no badge until \(RegistryText.date(until)); \
                it can appeal, and you will not judge the appeal
                """,
            es: """
                con suficientes otros la fuente queda sin distintivo hasta \
                \(RegistryText.date(until)); puede apelar, y usted no juzgará la apelación
                """
        )
    }
}

extension RevokeStatement: Foretold {
    var effect: Text {
        reason == .subjectRequest
            ? Text(
                en: "you leave the registry for good; nothing brings this name back",
                es: "usted deja el registro para siempre; nada devuelve este nombre"
            )
            : Text(
                en: "the source loses its badge; it can appeal, or start again after 180 days",
                es:
                    "la fuente pierde su distintivo; puede apelar, o volver a los 180 días"
            )
    }
}

extension MemorialStatement: Foretold {
    var effect: Text {
        Text(
            en: "after 7 days without contradiction the source is dead to the registry, for good",
            es: "tras 7 días sin que nadie lo contradiga, la fuente está muerta, para siempre"
        )
    }
}

extension AccreditVerifierStatement: Foretold {
    var effect: Text {
        Text(
            en: "the organisation may vouch, observe, suspend and judge until then",
            es: "la organización podrá avalar, observar, suspender y juzgar hasta entonces"
        )
    }
}

extension DesignateNetworkStatement: Foretold {
    var effect: Text {
        Text(
            en: """
                with enough seats, platforms are told to act on \(accountCount) accounts until \
                \(RegistryText.date(until)), in the council's name
                """,
            es: """
                con suficientes asientos, se pide a las plataformas actuar sobre \(accountCount) \
                cuentas hasta \(RegistryText.date(until)), en nombre del consejo
                """
        )
    }
}
