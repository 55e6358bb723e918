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

/// A trustee's keys together with the switch they belong to.
struct SeatedTrustee {
    let keys: TrusteeKeys
    let record: SwitchRecord
    let seat: TrusteeSeat
    let place: any SwitchPlace

    /// The seat that this home has in the switch that was named.
    static func find(_ name: String, _ context: Context) throws -> SeatedTrustee {
        let home = try context.openVault()
        let all = try TrusteeKeys.all(in: home)
        let places = try places(all.map(\.asked), context)
        let ids = try places.flatMap { SwitchRecord.ids(in: try $0.log()) }
        let id = try SwitchName.find(name, among: ids)
        let candidates = all.filter { $0.id == id }
        for place in places where try SwitchRecord.ids(in: place.log()).contains(id) {
            try context.requireHonestClock(in: place)
            let record = try context.record(of: id, in: place)
            for candidate in candidates {
                let key = candidate.signer.publicKey
                guard let seat = try? TrusteeSeat(record, signingKey: key) else { continue }
                guard candidate.agreed(to: record.arming) else {
                    let origin = record.arming.policy.origins.first ?? ""
                    throw SwitchError.otherLog(origin: origin)
                }
                try KeptEscrow.settle(record.arming, in: home, place)
                return SeatedTrustee(keys: candidate, record: record, seat: seat, place: place)
            }
        }
        throw SwitchError.notATrustee
    }

    private static func places(
        _ invitations: [SwitchInvitation],
        _ context: Context
    ) throws -> [any SwitchPlace] {
        if let exchange = context.exchange { return [try Exchange.open(exchange)] }
        let nodes = try invitations.compactMap { try SwitchNodes($0, context) }
        return nodes.isEmpty ? [try Exchange.open(context.requireExchange())] : nodes
    }

    /// Signs a statement and has the logs take it.
    ///
    /// - Returns: What is to be said of the switch then.
    func say(_ statement: some Statement, _ context: Context) throws -> Outcome {
        let count = try context.publish(statement.signed(by: keys.signer), in: place)
        return try report(receipts: count, context)
    }

    /// What is to be said of the switch once so many logs have everything.
    func report(receipts count: Int, _ context: Context) throws -> Outcome {
        try SwitchReport(record.id, place, receipts: count, isOwners: false, context).outcome
    }

    /// The time by which the switch counts.
    func now(_ context: Context) throws -> Int64 { try context.witnessedTime(in: place) }
}

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
struct TrusteeAttestCommand: UsesPassphrase, UsesTime, UsesNodes {
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

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions

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
            asOf: trustee.now(context)
        )
        return try trustee.say(answer, context)
    }
}

/// `resguardo trustee delay`.
struct TrusteeDelayCommand: UsesPassphrase, UsesTime, UsesNodes {
    static let configuration = CommandConfiguration(
        commandName: "delay",
        abstract: Text(
            en: "Ask for up to 72 hours more before a release; once.",
            es: "Pedir hasta 72 horas más antes de una liberación; una vez."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions

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
        return try trustee.say(delay, context)
    }
}

/// `resguardo trustee consent`.
struct TrusteeConsentCommand: UsesPassphrase, UsesTime, UsesNodes {
    static let configuration = CommandConfiguration(
        commandName: "consent",
        abstract: Text(
            en: "Agree to the end of a switch, after you have spoken with its owner.",
            es: "Aceptar el fin de un interruptor, tras hablar con la persona dueña."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    func run(in context: Context) throws -> Outcome {
        let trustee = try SeatedTrustee.find(id, context)
        let consent = try trustee.seat.consent(asOf: trustee.now(context))
        return try trustee.say(consent, context)
    }
}

/// `resguardo trustee release`: first the intent, an hour later the share.
struct TrusteeReleaseCommand: UsesPassphrase, UsesTime, UsesNodes {
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

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions

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
            let outcome = try trustee.say(intent, context)
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
