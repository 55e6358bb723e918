// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import RingSignature
import Sodium
import Statements

/// `resguardo registry vouch`.
struct RegistryVouchCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "vouch",
        abstract: Text(
            en: "Say that the accounts of a source are a real reporter's.",
            es: "Declarar que las cuentas de una fuente son de quien informa de verdad."
        ).local,
        discussion: Text(
            en: """
                The vouch shows that somebody of your constituency vouches, and not who; \
                --secret opens the ring key that signs. With --named it shows your \
                organisation's name to everybody, for ever. It counts for one quarter and 21 \
                days. Nothing may be given or taken for it.
                """,
            es: """
                El aval muestra que alguien de su sector avala, y no quién; --secret abre la \
                llave de anillo que firma. Con --named muestra el nombre de su organización a \
                todo el mundo, para siempre. Vale un trimestre y 21 días. No se puede dar ni \
                recibir nada a cambio.
                """
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @Flag(
        help: Text(
            en: "Vouch in the open, under your organisation's name.",
            es: "Avalar en público, con el nombre de su organización."
        ).help
    )
    var named = false

    @Option(
        help: ArgumentHelp(
            Text(
                en: "An account that you know to be theirs, as the source gave it to you.",
                es: "Una cuenta que usted sabe que es suya, como se la dio la fuente."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var link: [String] = []

    @Flag(
        help: Text(
            en: "Vouch for the coming quarter, in its last 28 days before it starts.",
            es: "Avalar para el trimestre que viene, en los 28 días antes de que empiece."
        ).help
    )
    var next = false

    @Option(help: RingSecretOption.help, completion: .file())
    var secret: String?

    @OptionGroup var delay: SealedDelayOptions
    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let subject = try SubjectArgument.find(subject, in: state)
        let links = try link.map { try RegistryLink.read($0) }
        let commitments = Set(links.map(\.commitment))
        guard !commitments.isEmpty, commitments.isSubset(of: subject.accounts) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "the source has not shown control of the accounts you vouch for",
                    es: "la fuente no ha demostrado el control de las cuentas que usted avala"
                ),
                hint: Text(
                    en: "give the accounts' files, as the source gave them to you, with --link",
                    es: "indique con --link los archivos de las cuentas que le dio la fuente"
                )
            )
        }
        let epoch = RegistryEpoch(containing: context.now)
        let making = VouchMaking(
            desk: desk,
            state: state,
            subject: subject,
            isNamed: named,
            secretFile: secret,
            delay: delay,
            keys: keys
        )
        return try making.make(for: commitments, in: next ? epoch.next : epoch)
    }
}

/// `resguardo registry withdraw`.
struct RegistryWithdrawCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: Text(
            en: "Take your vouches for a source back.",
            es: "Retirar sus avales para una fuente."
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @Option(help: RingSecretOption.help, completion: .file())
    var secret: String?

    @OptionGroup var delay: SealedDelayOptions
    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let subject = try SubjectArgument.find(subject, in: state)
        let names = secret == nil ? try desk.keys.choose(keys.key) : []
        let vouches = subject.accounts.flatMap {
            state.vouches(for: subject.id, account: $0, at: context.now)
        }
        if let secret { return try withdrawSealed(vouches, subject, state, desk, secret) }
        let own = try Set(names.map { try desk.keys.publicKey($0).id })
        guard let vouch = vouches.last(where: { $0.verifier.map(own.contains) ?? false }) else {
            throw RegistryFailure.refused(.unknownVouch)
        }
        let envelope = try desk.sign(statement(vouch, subject, state, desk), with: names)
        return try desk.outcome(envelope, desk.submit(envelope, output: keys.output))
    }

    private func statement(
        _ vouch: CountedVouch,
        _ subject: Subject,
        _ state: RegistryState,
        _ desk: RegistryDesk
    ) -> WithdrawVouchStatement {
        WithdrawVouchStatement(
            head: desk.head(state),
            subject: subject.id.bytes,
            vouch: vouch.entry.bytes
        )
    }

    /// By the one-time key that the ring key gives.
    private func withdrawSealed(
        _ vouches: [CountedVouch],
        _ subject: Subject,
        _ state: RegistryState,
        _ desk: RegistryDesk,
        _ secret: String
    ) throws -> Outcome {
        let store = RegistryRingStore(home: desk.home)
        for vouch in vouches.reversed() where try store.epochs().contains(vouch.epoch) {
            let ring = try store.open(vouch.epoch, secretFile: secret)
            let key = try ring.withdrawalKey(
                context: state.context,
                subject: subject.id.bytes,
                epoch: vouch.epoch.number
            )
            guard vouch.key == RegistryKey(key.publicKey) else { continue }
            var envelope = try desk.sign(statement(vouch, subject, state, desk), with: [])
            try envelope.sign(with: key)
            if keys.output == nil { SealedDelay.wait(delay, desk.context) }
            return try desk.outcome(envelope, desk.submit(envelope, output: keys.output))
        }
        throw RegistryFailure.refused(.unknownVouch)
    }
}
