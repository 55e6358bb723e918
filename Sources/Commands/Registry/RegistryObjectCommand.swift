// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import RingSignature
import Statements

/// What sealed acts against a subject ask for.
struct SealedActOptions: ParsableArguments {
    @Argument(help: SubjectArgument.help)
    var subject: String

    @Option(help: Text(en: "Why.", es: "Por qué.").help)
    var reason: RegistryReason

    @Option(help: RingSecretOption.help, completion: .file())
    var secret: String

    @OptionGroup var delay: SealedDelayOptions
}

/// `resguardo registry object`.
struct RegistryObjectCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "object",
        abstract: Text(
            en: "Object to a source's badge before it is there, without showing who does.",
            es: "Objetar el distintivo de una fuente antes de que lo tenga, sin mostrar quién."
        ).local,
        discussion: Text(
            en: """
                Two objections of one quarter stop it: the vouches so far count no more, and \
                nothing is shown for 30 days. Everybody sees the reason and your constituency.
                """,
            es: """
                Dos objeciones de un trimestre lo detienen: los avales hasta entonces ya no \
                cuentan, y no se muestra nada por 30 días. Todo el mundo ve el motivo y su sector.
                """
        ).local
    )

    @OptionGroup var act: SealedActOptions
    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        try SealedActDesk.submit(.object, act, keys, context)
    }
}

/// `resguardo registry alarm`.
struct RegistryAlarmCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "alarm",
        abstract: Text(
            en: "Raise the alarm about a source, without showing who does.",
            es: "Dar la alarma sobre una fuente, sin mostrar quién."
        ).local,
        discussion: Text(
            en: """
                Alarms of two members of two constituencies suspend it for days. You can raise \
                two in a quarter. Everybody sees the reason and your constituency.
                """,
            es: """
                Las alarmas de dos integrantes de dos sectores la suspenden por días. Puede dar \
                dos por trimestre. Todo el mundo ve el motivo y su sector.
                """
        ).local
    )

    @OptionGroup var act: SealedActOptions
    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        try SealedActDesk.submit(.suspend, act, keys, context)
    }
}

/// Does a sealed act.
private enum SealedActDesk {
    static func submit(
        _ act: SealedAct,
        _ options: SealedActOptions,
        _ keys: RegistryKeyOptions,
        _ context: Context
    ) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let subject = try SubjectArgument.find(options.subject, in: state)
        let (_, constituency) = try desk.constituency(state, desk.keys.choose(keys.key))
        let statement = SealedActStatement(
            head: desk.head(state),
            act: act,
            subject: subject.id.bytes,
            epoch: RegistryEpoch(containing: context.now),
            reason: options.reason,
            seal: .blank(constituency)
        )
        let envelope = try desk.seal(statement, state, secretFile: options.secret)
        let told = Text(
            en: "everybody will see that somebody of “\(constituency)” did this, and not who",
            es: "todo el mundo verá que alguien de «\(constituency)» hizo esto, y no quién"
        )
        if keys.output == nil { SealedDelay.wait(options.delay, context) }
        let place = try desk.submit(envelope, output: keys.output)
        return try desk.outcome(envelope, place, lines: [told[context.language]])
    }
}
