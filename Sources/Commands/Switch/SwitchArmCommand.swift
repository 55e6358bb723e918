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
struct SwitchArmCommand: TradesStatements {
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

    @OptionGroup var trade: TradeOptions
    @OptionGroup var nodes: SwitchNodeOptions
    @OptionGroup var options: ArmingOptions
    @OptionGroup var files: OutputOptions

    @Argument(
        help: Text(
            en: "Name or pseudonym of the case.",
            es: "Nombre o seudónimo del caso."
        ).help
    )
    var caseName: String

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
        guard !options.trustee.isEmpty else {
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
        let report = try ArmingRun(
            options: options,
            item: item,
            draft: draft,
            home: home,
            place: place,
            context: context
        ).run()
        return Outcome(
            json: report.json,
            lines: [
                Text(
                    en: "“\(item.name)” is armed: a recovery was rehearsed and the escrow"
                        + " verified.",
                    es: "«\(item.name)» está armado: se ensayó una recuperación y se verificó"
                        + " el depósito de la llave."
                ).local
            ] + report.lines,
            kind: report.kind
        )
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
