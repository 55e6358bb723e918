// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Statements
import Storage
import Switch
import Vault

extension SwitchProfile: ExpressibleByArgument {}

/// `resguardo switch arm`: first invites, then arms.
struct SwitchArmCommand: UsesPassphrase, UsesTime, UsesExchange {
    static let configuration = CommandConfiguration(
        commandName: "arm",
        abstract: Text(
            en: "Have a case released if you fall silent.",
            es: "Hacer que un caso se libere si usted calla."
        ).local,
        discussion: Text(
            en: """
                Without --trustee it writes an invitation: give it to at least five people in \
                several countries. Each runs “trustee accept” and gives you a file back. With \
                those files and those of your successors, run it again: it checks everything, \
                rehearses a recovery, and arms. Nothing is protected before that.
                """,
            es: """
                Sin --trustee escribe una invitación: désela al menos a cinco personas de varios \
                países. Cada una ejecuta «trustee accept» y le devuelve un archivo. Con esos \
                archivos y los de sus sucesores, ejecútelo de nuevo: revisa todo, ensaya una \
                recuperación y arma. Antes de eso no se protege nada.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var files: OutputOptions

    @Argument(
        help: Text(
            en: "Name or pseudonym of the case.",
            es: "Nombre o seudónimo del caso."
        ).help
    )
    var caseName: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "What a trustee gave back; once for each.",
                es: "Lo que devolvió un custodio; una vez por cada uno."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var trustee: [String] = []

    @Option(
        help: Text(
            en: "How many trustees open it together (default: 4, or 3 of 5 or 6).",
            es: "Cuántos custodios lo abren juntos (si falta: 4, o 3 de 5 o 6)."
        ).help
    )
    var threshold: Int?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The card of a successor; once for each.",
                es: "La tarjeta de una persona sucesora; una vez por cada una."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var successor: [String] = []

    @Option(
        help: Text(
            en: "How long you may be silent: field, standard or long (default: the case's).",
            es: "Cuánto puede callar: field, standard o long (si falta: el del caso)."
        ).help
    )
    var profile: SwitchProfile?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Where to write the invitation (default: here).",
                es: "Dónde escribir la invitación (si falta: aquí)."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var invitation: String?

    func run(in context: Context) throws -> Outcome {
        let directory = try context.requireExchange()
        let home = try context.openVault()
        let item = try home.findCase(caseName)
        let exchange = try context.patiently {
            try Exchange.openOrCreate(directory, time: context.now, isDemo: context.isDemo)
        }
        try context.requireHonestClock(in: exchange)
        let armed = Set(SwitchRecord.ids(in: try exchange.log()))
        let owned = try OwnerKeys.all(in: home).filter { $0.pseudonym == item.pseudonym }
        if let first = owned.first(where: { armed.contains($0.id) }) {
            throw Failure(
                .notAllowed,
                Text(
                    en: "“\(item.name)” has a switch already: \(SwitchName.short(first.id))",
                    es: "«\(item.name)» ya tiene un interruptor: \(SwitchName.short(first.id))"
                )
            )
        }
        let origins = exchange.policy.origins
        let draft = try owned.last { keys in
            let asked = try keys.invitation.read(SwitchInvitation.self)
            return asked.origins == origins && (profile ?? asked.profile) == asked.profile
        }
        guard !trustee.isEmpty else {
            return try invite(to: item, home, draft, origins: origins, context)
        }
        guard let draft else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "nobody was invited to a switch of “\(item.name)” on these terms",
                    es: "no se invitó a nadie a un interruptor de «\(item.name)» con estos términos"
                ),
                hint: Text(
                    en: "run it without --trustee first, and hand out the invitation",
                    es: "ejecútelo primero sin --trustee, y reparta la invitación"
                )
            )
        }
        return try arm(item, draft, home, exchange, context)
    }

    // MARK: Inviting

    private func invite(
        to item: Case,
        _ home: Home,
        _ draft: OwnerKeys?,
        origins: [String],
        _ context: Context
    ) throws -> Outcome {
        let envelope: Envelope
        if draft == nil, let invitation {
            try OutputFile.requireNew([invitation], force: files.force)
        }
        if let draft {
            envelope = draft.invitation
        } else {
            let key = Ed25519.SecretKey()
            let ofCase = SwitchProfile(rawValue: item.profile.rawValue) ?? .standard
            envelope = try SwitchInvitation(
                epoch: 1,
                owner: key.publicKey,
                profile: profile ?? ofCase,
                origins: origins,
                time: context.now
            ).signed(by: key)
            try OwnerKeys.keep(key, of: item.pseudonym, invitation: envelope, in: home)
        }
        let asked = try envelope.read(SwitchInvitation.self)
        let path = invitation ?? "switch-\(SwitchName.short(asked.epoch.id)).invitation"
        try EnvelopeFile.write(envelope, to: path, force: files.force)
        let least = SwitchTerms.trusteeCountMin
        return Outcome(
            json: [
                "switch": .string(asked.epoch.id.text), "state": "draft", "protected": false,
                "invitation": .string(path), "fingerprint": .string(Fingerprint.text(envelope)),
                "missing": ["trustees", "successors"],
            ],
            lines: [
                Text(
                    en: "“\(item.name)” is NOT PROTECTED yet.",
                    es: "«\(item.name)» todavía NO ESTÁ PROTEGIDO."
                ).local,
                Text(en: "invitation: \(path)", es: "invitación: \(path)").local,
                Text(
                    en: "fingerprint: \(Fingerprint.text(envelope))",
                    es: "huella: \(Fingerprint.text(envelope))"
                ).local,
                Text(
                    en: "Next: \(least) or more trustees run “resguardo trustee accept” on it and"
                        + " give you their files; one successor or more gives you a card. Then run"
                        + " this again with --trustee and --successor.",
                    es: "Sigue: \(least) o más custodios ejecutan «resguardo trustee accept» y le"
                        + " dan sus archivos; una persona sucesora o más le da su tarjeta. Después"
                        + " ejecute esto de nuevo con --trustee y --successor."
                ).local,
            ]
        )
    }

    // MARK: Arming

    private func arm(
        _ item: Case,
        _ draft: OwnerKeys,
        _ home: Home,
        _ exchange: Exchange,
        _ context: Context
    ) throws -> Outcome {
        guard let identity = try item.identityText() else { throw VaultError.noReadKey(item.name) }
        let few = SwitchTerms.trusteeCountDefault
        let k = trustee.count < few ? SwitchTerms.thresholdMin : SwitchTerms.thresholdDefault
        let cards = try successor.map { try EnvelopeFile.read($0) }
        try context.refuseExampleKeys(cards.map { try $0.read(SuccessorCard.self).recipient })
        let armer = try SwitchArmer(
            invitation: draft.invitation,
            acceptances: trustee.map { try EnvelopeFile.read($0) },
            threshold: threshold ?? k,
            successors: cards,
            caseRecipient: item.recipient
        )
        let checkpoint = try context.patiently { try exchange.refresh(asOf: context.now) }
        let armed = try armer.arm(
            caseIdentity: identity,
            comment: "case \(item.pseudonymText)",
            policy: exchange.policyText,
            checkpoint: checkpoint,
            owner: draft.key
        )
        // The file first, in two places: an arming that is in the log has its escrow.
        try KeptEscrow.keep(armed.escrow, in: home)
        try exchange.store(armed.escrow)
        try context.publish(armed.envelope, in: exchange)
        for warning in armed.warnings { context.console.note(Self.text(warning)) }
        let record = try context.record(of: draft.id.text, in: exchange)
        let machine = record.machine(asOf: context.now)
        return Outcome(
            json: SwitchDescription.json(record, machine),
            lines: [
                Text(
                    en: "“\(item.name)” is protected: a recovery was rehearsed and the escrow"
                        + " verified.",
                    es: "«\(item.name)» está protegido: se ensayó una recuperación y se verificó"
                        + " el depósito de la llave."
                ).local
            ] + SwitchDescription.lines(record, machine, now: context.now)
        )
    }

    private static func text(_ warning: SwitchArmer.Warning) -> Text {
        switch warning {
        case .successorsTooFew:
            Text(
                en: "warning: name two successors in two countries; one alone can be silenced too",
                es: "aviso: nombre dos sucesores en dos países; a uno solo también pueden callarlo"
            )
        case .blocksEarlyPath(let country):
            Text(
                en: "warning: the trustees in \(country.code) could block an early release",
                es:
                    "aviso: los custodios en \(country.code) podrían bloquear una liberación "
                    + "temprana"
            )
        }
    }
}

/// What two people read to each other to know that they have the same file.
enum Fingerprint {
    private static let groupCount = 6

    /// Groups of four digits: 96 bits of the envelope's hash.
    static func text(_ envelope: Envelope) -> String {
        let digits = Array(Hex.encode(envelope.digest))
        return (0..<groupCount).map { String(digits[(4 * $0)..<(4 * $0 + 4)]) }
            .joined(separator: " ")
    }
}
