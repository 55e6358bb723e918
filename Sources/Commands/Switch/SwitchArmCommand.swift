// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Statements
import Storage
import Switch
import TransparencyLog
import Vault

extension SwitchProfile: ExpressibleByArgument {}

/// `resguardo switch arm`: first invites, then arms.
struct SwitchArmCommand: UsesPassphrase, UsesTime, UsesNodes {
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
    @OptionGroup var route: RouteOptions
    @OptionGroup var nodes: SwitchNodeOptions
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
        let home = try context.openVault()
        let item = try home.findCase(caseName)
        let owned = try OwnerKeys.all(in: home).filter { $0.pseudonym == item.pseudonym }
        let (draft, terms) =
            try context.exchange == nil
            ? draftOnNodes(owned, home, context) : draftInExchange(owned, context)
        if let first = try armed(owned, terms, context) {
            throw Failure(
                .notAllowed,
                Text(
                    en: "“\(item.name)” has a switch already: \(SwitchName.short(first))",
                    es: "«\(item.name)» ya tiene un interruptor: \(SwitchName.short(first))"
                )
            )
        }
        guard !trustee.isEmpty else {
            return try invite(to: item, home, draft, terms, context)
        }
        guard let draft, let place = try terms?.place ?? opened(draft, context) else {
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
        return try arm(item, draft, home, place, context)
    }

    /// The exchange, and what was asked for there on these terms.
    private func draftInExchange(
        _ owned: [OwnerKeys],
        _ context: Context
    ) throws -> (OwnerKeys?, Terms?) {
        let directory = try context.requireExchange()
        let exchange = try context.patiently {
            try Exchange.openOrCreate(directory, time: context.now, isDemo: context.isDemo)
        }
        try context.requireHonestClock(in: exchange)
        let terms = Terms(origins: exchange.policy.origins, policy: nil, place: exchange)
        return (try draft(owned, origins: terms.origins, onNodes: false), terms)
    }

    /// What was asked for on nodes, or the nodes that were named now.
    private func draftOnNodes(
        _ owned: [OwnerKeys],
        _ home: Home,
        _ context: Context
    ) throws -> (OwnerKeys?, Terms?) {
        guard !nodes.remote.isEmpty || nodes.policy != nil else {
            let draft = try draft(owned, origins: nil, onNodes: true)
            // Without one, only a directory is left to look for.
            if draft == nil { _ = try context.requireExchange() }
            return (draft, nil)
        }
        let policy = try nodes.policyText(home)
        let origins = try LogPolicy(parsing: Array(policy.utf8)).origins
        let terms = Terms(origins: origins, policy: policy, place: nil)
        return (try draft(owned, origins: origins, onNodes: true), terms)
    }

    /// Where a switch is to be traded.
    private struct Terms {
        let origins: [String]
        /// On nodes.
        let policy: String?
        /// In a directory.
        let place: Exchange?
    }

    private func draft(
        _ owned: [OwnerKeys],
        origins: [String]?,
        onNodes: Bool
    ) throws -> OwnerKeys? {
        try owned.last { keys in
            let asked = try keys.invitation.read(SwitchInvitation.self)
            return (origins ?? asked.origins) == asked.origins
                && (asked.access != nil) == onNodes && (profile ?? asked.profile) == asked.profile
        }
    }

    /// The switch of the case that is armed already.
    private func armed(
        _ owned: [OwnerKeys],
        _ terms: Terms?,
        _ context: Context
    ) throws -> SwitchID? {
        if let exchange = terms?.place {
            let ids = Set(SwitchRecord.ids(in: try exchange.log()))
            return owned.map(\.id).first(where: ids.contains)
        }
        for keys in owned {
            let asked = try keys.invitation.read(SwitchInvitation.self)
            guard let nodes = try SwitchNodes(asked, context) else { continue }
            if try SwitchRecord.ids(in: nodes.log()).contains(keys.id) { return keys.id }
        }
        return nil
    }

    private func opened(_ draft: OwnerKeys, _ context: Context) throws -> (any SwitchPlace)? {
        try SwitchNodes(draft.invitation.read(SwitchInvitation.self), context)
    }

    // MARK: Inviting

    private func invite(
        to item: Case,
        _ home: Home,
        _ draft: OwnerKeys?,
        _ terms: Terms?,
        _ context: Context
    ) throws -> Outcome {
        let envelope: Envelope
        if draft == nil, let invitation {
            try OutputFile.requireNew([invitation], force: files.force)
        }
        if let draft {
            envelope = draft.invitation
        } else {
            guard let terms else { preconditionFailure("nodes or a directory") }
            let key = Ed25519.SecretKey()
            let ofCase = SwitchProfile(rawValue: item.profile.rawValue) ?? .standard
            envelope = try SwitchInvitation(
                epoch: 1,
                owner: key.publicKey,
                profile: profile ?? ofCase,
                origins: terms.origins,
                time: context.now,
                access: terms.policy.map {
                    .init(policy: $0, capability: SwitchCapability().bytes)
                }
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
        _ place: any SwitchPlace,
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
        let checkpoint = try context.patiently { try place.refresh(asOf: context.now) }
        let armed = try armer.arm(
            caseIdentity: identity,
            comment: "case \(item.pseudonymText)",
            policy: place.policyText,
            checkpoint: checkpoint,
            owner: draft.key,
            token: home.checkInToken(for: draft.id.bytes)
        )
        // The file first, in two places: an arming that is in the log has its escrow.
        try KeptEscrow.keep(armed.escrow, in: home)
        try place.store(armed.escrow)
        let count = try context.publish([armed.envelope] + armed.briefings, in: place)
        for warning in armed.warnings { context.console.note(Self.text(warning)) }
        let report = try SwitchReport(draft.id, place, receipts: count, context)
        return Outcome(
            json: report.json,
            lines: [
                Text(
                    en: "“\(item.name)” is protected: a recovery was rehearsed and the escrow"
                        + " verified.",
                    es: "«\(item.name)» está protegido: se ensayó una recuperación y se verificó"
                        + " el depósito de la llave."
                ).local
            ] + report.lines,
            kind: report.kind
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
