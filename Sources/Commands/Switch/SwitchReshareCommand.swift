// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Statements
import Switch
import Vault

/// `resguardo switch reshare`: a new epoch, with a new secret.
struct SwitchReshareCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "reshare",
        abstract: Text(
            en: "Arm anew: other trustees, other successors, a new secret, new words.",
            es: "Armar de nuevo: otros custodios o sucesores, otro secreto, otras palabras."
        ).local,
        discussion: Text(
            en: """
                As “switch arm”: without --trustee it writes an invitation for the new epoch; with \
                the files that come back it asks for the new epoch. It takes effect once as many \
                of the trustees of now as it takes have spoken with you and run “trustee consent \
                --reshare”. What was dealt before stays what it is: the old trustees can still \
                open the old escrow file together.

                A case that is written to only is armed anew with --recovery-key-file. Without \
                it, as with the passphrase that is given to captors, the request is accepted, \
                void, and an alarm to the trustees.
                """,
            es: """
                Como «switch arm»: sin --trustee escribe una invitación para la época nueva; con \
                los archivos que vuelven pide la época nueva. Entra en vigor cuando suficientes \
                custodios de ahora hablaron con usted y ejecutaron «trustee consent --reshare». \
                Lo repartido antes queda como está: los custodios anteriores aún pueden abrir \
                juntos el archivo depositado anterior.

                Un caso de solo escritura se arma de nuevo con --recovery-key-file. Sin ella, \
                como con la frase que se da a captores, la solicitud se acepta, no vale y es una \
                alarma para los custodios.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions
    @OptionGroup var options: ArmingOptions
    @OptionGroup var files: OutputOptions

    @Argument(help: SwitchNameHelp.owned)
    var name: String?

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
        let owned = try OwnedSwitch.find(name, in: home, context)
        try context.requireHonestClock(in: owned.place)
        let epoch = owned.record.epochInForce + 1
        let draft = try OwnerKeys.all(in: home).first { keys in
            let asked = try keys.invitation.read(SwitchInvitation.self)
            return keys.id == owned.keys.id && asked.epoch.number == epoch
        }
        guard !options.trustee.isEmpty else {
            return try invite(owned, epoch, draft, home, context)
        }
        guard let draft else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "nobody was invited to a new epoch of this switch",
                    es: "no se invitó a nadie a una época nueva de este interruptor"
                ),
                hint: Text(
                    en: "run it without --trustee first, and hand out the invitation",
                    es: "ejecútelo primero sin --trustee, y reparta la invitación"
                )
            )
        }
        let item = try home.cases().first { $0.pseudonym == draft.pseudonym }
        guard let item else { throw SwitchError.caseIdentityMismatch }
        let machine = owned.record.machine(asOf: try context.witnessedTime(in: owned.place))
        guard !machine.state.isFinal, machine.facts?.isDeadForCertain == false else {
            throw SwitchError.notAllowed(machine.state)
        }
        let report = try ArmingRun(
            options: options,
            item: item,
            mayStandIn: true,
            draft: draft,
            home: home,
            place: owned.place,
            context: context
        ).run()
        return Outcome(
            json: report.json.adding(["requestedEpoch": .integer(epoch)]),
            lines: fate(of: owned.record, epoch) + report.lines,
            kind: report.kind
        )
    }

    /// What becomes of the old dealing and of the new one.
    private func fate(of record: SwitchRecord, _ epoch: Int64) -> [String] {
        let (k, n) = (record.arming.terms.threshold, record.arming.terms.trusteeCount)
        let out = record.shares.count
        return [
            Text(
                en: "Epoch \(epoch) is asked for: it takes \(k) consents (trustee consent"
                    + " --reshare). Until then epoch \(epoch - 1) stands.",
                es: "Se pidió la época \(epoch): faltan \(k) consentimientos (trustee consent"
                    + " --reshare). Hasta entonces vale la época \(epoch - 1)."
            ).local,
            Text(
                en: "The old dealing is not undone: any \(k) of its \(n) trustees can open the old"
                    + " escrow file; \(out) of their shares are out. Have them destroy their keys.",
                es: "El reparto anterior no se deshace: \(k) de sus \(n) custodios pueden abrir el"
                    + " archivo depositado anterior; ya salieron \(out) partes. Pídales destruir"
                    + " sus llaves."
            ).local,
        ]
    }

    private func invite(
        _ owned: OwnedSwitch,
        _ epoch: Int64,
        _ draft: OwnerKeys?,
        _ home: Home,
        _ context: Context
    ) throws -> Outcome {
        let path = invitation ?? "switch-\(SwitchName.short(owned.keys.id))-\(epoch).invitation"
        let envelope: Envelope
        if let draft {
            envelope = draft.invitation
        } else {
            try OutputFile.requireNew([path], force: files.force)
            let asked = try owned.keys.invitation.read(SwitchInvitation.self)
            envelope = try SwitchInvitation(
                epoch: epoch,
                owner: asked.owner,
                profile: asked.profile,
                origins: asked.origins,
                time: context.now,
                access: asked.access
            ).signed(by: owned.keys.key)
            let key = owned.keys
            try OwnerKeys.keep(key.key, of: key.pseudonym, invitation: envelope, in: home)
        }
        try EnvelopeFile.write(envelope, to: path, force: files.force)
        return Outcome(
            json: [
                "switch": .string(owned.keys.id.text), "epoch": .integer(epoch),
                "invitation": .string(path), "fingerprint": .string(Fingerprint.text(envelope)),
            ],
            lines: [
                Text(en: "invitation: \(path)", es: "invitación: \(path)").local,
                Text(
                    en: "fingerprint: \(Fingerprint.text(envelope))",
                    es: "huella: \(Fingerprint.text(envelope))"
                ).local,
                Text(
                    en: "Next: all trustees of the new epoch run “trustee accept” on it; then run"
                        + " this again with --trustee and --successor.",
                    es: "Sigue: todos los custodios de la época nueva ejecutan «trustee accept»;"
                        + " después ejecute esto de nuevo con --trustee y --successor."
                ).local,
            ]
        )
    }
}
