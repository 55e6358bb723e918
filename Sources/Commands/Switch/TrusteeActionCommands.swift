// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BulkCrypto
import Encodings
import Sodium
import Statements
import Storage
import Switch
import Vault

/// The four things that can be said of an owner.
enum VerdictFlag: String, EnumerableFlag {
    case alive, taken, dead, unknown

    static func help(for value: VerdictFlag) -> ArgumentHelp? {
        switch value {
        case .alive: Text(en: "Spoken with, and free.", es: "Hablé con ella, y está libre.").help
        case .taken:
            Text(
                en: "Arrested, abducted, or missing by force.",
                es: "Detenida, secuestrada o desaparecida por la fuerza."
            ).help
        case .dead: Text(en: "Dead.", es: "Muerta.").help
        case .unknown:
            Text(en: "Asked for, and not found out.", es: "Pregunté, y no se sabe.").help
        }
    }

    var verdict: Attestation.Verdict {
        switch self {
        case .alive: .alive
        case .taken: .taken
        case .dead: .dead
        case .unknown: .unknown
        }
    }
}

/// `resguardo trustee attest`.
struct TrusteeAttestCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "attest",
        abstract: Text(
            en: "Say what has become of the owner.",
            es: "Decir qué fue de la persona dueña."
        ).local,
        discussion: Text(
            en: """
                Your newest answer counts. “taken” and “unknown” lapse when the owner checks in; \
                “dead” stands until you say otherwise. With --evidence, only the file's hash is \
                published: keep the file.
                """,
            es: """
                Cuenta su respuesta más nueva. «taken» y «unknown» caducan cuando la persona se \
                reporta; «dead» queda hasta que usted diga otra cosa. Con --evidence solo se \
                publica la huella del archivo: consérvelo.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    @Flag(exclusivity: .exclusive)
    var verdict: VerdictFlag

    @Option(
        help: ArgumentHelp(
            Text(
                en: "What it rests on: a notice, a warrant.",
                es: "En qué se basa: una esquela, una orden de arresto."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var evidence: String?

    private static let evidenceCountMax = 256 << 20

    func run(in context: Context) throws -> Outcome {
        let digest = try evidence.map {
            SHA256.hash(try LocalFileSystem().read($0, countMax: Self.evidenceCountMax))
        }
        let trustee = try SeatedTrustee.find(id, context)
        let answer = try trustee.seat.attest(
            verdict.verdict,
            evidenceDigest: digest,
            waiting: trustee.waiting(),
            asOf: trustee.now(context)
        )
        return try trustee.tell(.attestation(answer), context)
    }
}

/// `resguardo trustee delay`.
struct TrusteeDelayCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "delay",
        abstract: Text(
            en: "Ask for up to 72 hours more before a release; once.",
            es: "Pedir hasta 72 horas más antes de una liberación; una vez."
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    @Option(help: Text(en: "How many hours, 1 to 72.", es: "Cuántas horas, de 1 a 72.").help)
    var hours = 24

    func validate() throws {
        guard (1...72).contains(hours) else {
            throw ValidationError(
                Text(en: "Give 1 to 72 hours.", es: "Indique de 1 a 72 horas.").local
            )
        }
    }

    func run(in context: Context) throws -> Outcome {
        let trustee = try SeatedTrustee.find(id, context)
        let delay = try trustee.seat.delay(seconds: Int64(hours) * 3600, asOf: trustee.now(context))
        return try trustee.tell(.delay(delay), context)
    }
}

/// `resguardo trustee consent`.
struct TrusteeConsentCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "consent",
        abstract: Text(
            en: "Agree to what an owner asks, after you have spoken with them.",
            es: "Aceptar lo que pide la persona dueña, tras hablar con ella."
        ).local,
        discussion: Text(
            en: """
                Without --reshare it agrees to the end of the switch; with it, to a new epoch \
                with another dealing.
                """,
            es: """
                Sin --reshare acepta el fin del interruptor; con --reshare, una época nueva con \
                otro reparto.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    @Flag(
        help: Text(en: "To a new epoch, not to the end.", es: "A otra época, no al fin.").help
    )
    var reshare = false

    func run(in context: Context) throws -> Outcome {
        let trustee = try SeatedTrustee.find(id, context)
        let consent = try trustee.seat.consent(
            to: reshare ? .newEpoch : .revocation,
            asOf: trustee.now(context)
        )
        return try trustee.say(consent, context)
    }
}

/// `resguardo trustee release`: first the intent, an hour later the share.
struct TrusteeReleaseCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: Text(
            en: "Release your share: announce it first, publish it an hour later.",
            es: "Liberar su parte: primero anunciarlo, una hora después publicarla."
        ).local,
        discussion: Text(
            en: """
                Run it once to announce, and again when enough trustees have announced for an \
                hour. Publishing a share cannot be undone. This program refuses unless the \
                witnessed log says that it is time.
                """,
            es: """
                Ejecútelo una vez para anunciar, y otra cuando suficientes custodios lleven una \
                hora de haber anunciado. Publicar una parte no se puede deshacer. Este programa \
                se niega mientras la bitácora atestiguada no diga que es hora.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    func run(in context: Context) throws -> Outcome {
        let trustee = try SeatedTrustee.find(id, context)
        let (seat, now) = (trustee.seat, try trustee.now(context))
        if trustee.record.shares[seat.number] != nil {
            context.console.note(
                Text(en: "your share is out already", es: "su parte ya está publicada")
            )
            // Every log should have it.
            let count = try context.republish(in: trustee.place)
            return try trustee.report(receipts: count, context)
        }
        if let intent = try seat.intent(asOf: now) {
            let outcome = try trustee.tell(.intent(intent), context)
            context.console.note(
                Text(
                    en: "announced; run it again once enough trustees have announced for an hour",
                    es: "anunciado; ejecútelo otra vez cuando suficientes custodios lleven una hora"
                        + " de haber anunciado"
                )
            )
            return outcome
        }
        let share = try seat.share(opening: trustee.keys.secret, asOf: now)
        let outcome = try trustee.say(share, context)
        context.console.note(Text(en: "your share is out", es: "su parte está publicada"))
        return outcome
    }
}
