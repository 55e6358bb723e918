// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Escrow
import Sodium
import Statements
import Storage
import Switch
import Vault

/// `resguardo trustee init`.
struct TrusteeInitCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: Text(
            en: "Make a home for the shares that you will hold.",
            es: "Crear un lugar para las partes que custodiará."
        ).local,
        discussion: Text(
            en: "A home that “resguardo init” made will do as well: then nothing is to be done.",
            es: "También sirve el que creó «resguardo init»: entonces no hay nada que hacer."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    func run(in context: Context) throws -> Outcome {
        let created = try Home.create(
            at: context.vaultPath,
            passphrase: context.passphrase(confirm: true),
            work: context.keyringWork
        )
        let key = String(decoding: created.recoveryKey.reveal(), as: UTF8.self)
        return Outcome(
            json: ["home": .string(context.home), "recoveryKey": .string(key)],
            lines: [
                Text(
                    en: "Ready in \(context.home). Next: trustee accept INVITATION.",
                    es: "Listo en \(context.home). Sigue: trustee accept INVITACIÓN."
                ).local,
                Text(
                    en: "Recovery key (shown now and never again; keep it away from this device):",
                    es: "Llave de recuperación (se muestra ahora y nunca más; guárdela lejos de"
                        + " este dispositivo):"
                ).local,
                "    " + key,
            ]
        )
    }
}

/// `resguardo trustee invite`: what somebody asks of a trustee.
struct TrusteeInviteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: Text(
            en: "What somebody asks of you.",
            es: "Lo que alguien le pide."
        ).local,
        subcommands: [TrusteeInviteShowCommand.self]
    )
}

/// `resguardo trustee invite show`.
struct TrusteeInviteShowCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: Text(
            en: "Read an invitation before you accept it.",
            es: "Leer una invitación antes de aceptarla."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(en: "The invitation.", es: "La invitación.").help,
        completion: .file()
    )
    var file: String

    func run(in context: Context) throws -> Outcome {
        let (envelope, asked) = try Invitation.read(file)
        return Outcome(
            json: [
                "switch": .string(asked.epoch.id.text),
                "profile": .string(asked.profile.rawValue),
                "logs": .array(asked.origins.map { .string($0) }),
                "written": .string(Timestamp(seconds: asked.time).rfc3339),
                "fingerprint": .string(Fingerprint.text(envelope)),
            ],
            lines: Invitation.lines(envelope, asked)
        )
    }
}

/// An invitation in a file.
enum Invitation {
    /// Reads one and checks that its owner signed it.
    static func read(_ path: String) throws -> (Envelope, SwitchInvitation) {
        let envelope = try EnvelopeFile.read(path)
        let asked = try envelope.read(SwitchInvitation.self)
        try envelope.verify(keys: [asked.owner])
        return (envelope, asked)
    }

    static func lines(_ envelope: Envelope, _ asked: SwitchInvitation) -> [String] {
        let profile = asked.profile
        let silence = SwitchDescription.duration(profile.intervalSeconds + profile.graceSeconds)
        let written = Timestamp(seconds: asked.time).minutes
        return [
            Text(
                en: "You are asked to hold a share of switch \(SwitchName.short(asked.epoch.id)).",
                es: "Se le pide custodiar una parte del interruptor"
                    + " \(SwitchName.short(asked.epoch.id))."
            ).local,
            Text(
                en: "Profile \(profile.rawValue): after \(silence.en) of silence you will be asked"
                    + " what has become of its owner.",
                es:
                    "Perfil \(profile.rawValue): tras \(silence.es) de silencio se le preguntará "
                    + "qué"
                    + " fue de la persona dueña."
            ).local,
            Text(en: "written: \(written)", es: "escrita: \(written)").local,
            Text(
                en: "fingerprint: \(Fingerprint.text(envelope)) (compare it by voice or in person)",
                es: "huella: \(Fingerprint.text(envelope)) (compárela de voz o en persona)"
            ).local,
        ]
    }
}

/// `resguardo trustee accept`.
struct TrusteeAcceptCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: Text(
            en: "Agree to hold a share.",
            es: "Aceptar la custodia de una parte."
        ).local,
        discussion: Text(
            en: """
                Makes two keys for this switch alone and writes the file that its owner needs. \
                Your name is in none of it; the country is for the owner only and reaches no log.
                """,
            es: """
                Crea dos llaves solo para este interruptor y escribe el archivo que necesita la \
                persona dueña. Su nombre no aparece; el país es solo para ella y no llega a \
                ninguna bitácora.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var files: OutputOptions

    @Argument(
        help: Text(en: "The invitation.", es: "La invitación.").help,
        completion: .file()
    )
    var file: String

    @Option(
        help: Text(
            en: "Where you can be compelled: two letters, MX or US for example.",
            es: "Dónde pueden obligarle: dos letras, por ejemplo MX o US."
        ).help
    )
    var jurisdiction: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Where to write the acceptance (default: here).",
                es: "Dónde escribir la aceptación (si falta: aquí)."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var output: String?

    func run(in context: Context) throws -> Outcome {
        let country = try JurisdictionOption.read(jurisdiction)
        let (invitation, asked) = try Invitation.read(file)
        let home = try context.openVault()
        let id = asked.epoch.id
        // Two at once would else make two seats of one person.
        let lock = try LocalFileSystem().lock(home.layout.lock, waiting: true)
        defer { withExtendedLifetime(lock) {} }
        let envelope: Envelope
        if let known = try TrusteeKeys.all(in: home).first(where: { $0.asked.epoch == asked.epoch })
        {
            guard known.invitation == invitation,
                try known.acceptance.read(TrusteeAcceptance.self).jurisdiction == country
            else { throw Self.answered }
            envelope = known.acceptance
        } else {
            envelope = try accept(invitation, country, in: home)
        }
        let path = output ?? "switch-\(SwitchName.short(id)).acceptance"
        try EnvelopeFile.write(envelope, to: path, force: files.force)
        return Outcome(
            json: [
                "switch": .string(id.text), "acceptance": .string(path),
                "fingerprint": .string(Fingerprint.text(envelope)),
            ],
            lines: [
                Text(en: "Accepted: \(path)", es: "Aceptado: \(path)").local,
                Text(
                    en: "fingerprint: \(Fingerprint.text(envelope))",
                    es: "huella: \(Fingerprint.text(envelope))"
                ).local,
                Text(
                    en: "Give the file to the owner, and compare the fingerprint by voice.",
                    es: "Dele el archivo a la persona dueña, y comparen la huella de voz."
                ).local,
            ]
        )
    }

    /// Makes the keys and the answer, and keeps all.
    private func accept(
        _ invitation: Envelope,
        _ country: Jurisdiction,
        in home: Home
    ) throws -> Envelope {
        let signer = Ed25519.SecretKey()
        let secret = TrusteeSecret()
        let acceptance = try TrusteeAcceptance.answer(
            invitation,
            from: country,
            signer: signer,
            secret: secret
        )
        try TrusteeKeys.keep(
            signer,
            secret,
            invitation: invitation,
            acceptance: acceptance,
            in: home
        )
        return acceptance
    }

    private static let answered = Failure(
        .notAllowed,
        Text(
            en: "this home has answered for that switch already, in other words",
            es: "desde aquí ya se respondió por ese interruptor, con otros datos"
        ),
        hint: Text(
            en: "one person holds one share: repeat the same invitation and country",
            es: "una persona custodia una sola parte: repita la misma invitación y país"
        )
    )
}

/// The option `--jurisdiction`.
enum JurisdictionOption {
    static func read(_ text: String) throws -> Jurisdiction {
        if let value = Jurisdiction(text.uppercased()) { return value }
        throw Failure(
            .usage,
            Text(
                en: "“\(text)” is no country code",
                es: "«\(text)» no es un código de país"
            ),
            hint: Text(
                en: "two letters of ISO 3166, as in MX, US or GB",
                es: "dos letras de ISO 3166, como en MX, US o GB"
            )
        )
    }
}
