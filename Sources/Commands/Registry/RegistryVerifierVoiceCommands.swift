// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Registry
import Sodium
import Statements

/// `resguardo registry verifier nominate`.
struct RegistryVerifierNominateCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "nominate",
        abstract: Text(
            en: "Say that an organisation should vouch; a council seat can say that it should not.",
            es: "Decir que una organización debería avalar; o, desde el consejo, que no."
        ).local,
        discussion: Text(
            en: """
                What you say is public and counts for 90 days. If all seats of one constituency \
                are against it, it is not accredited.
                """,
            es: """
                Lo que usted dice es público y cuenta 90 días. Si todos los lugares de un sector \
                se oponen, no se acredita.
                """
        ).local
    )

    @Option(
        help: ArgumentHelp(
            Text(en: "The organisation's key.", es: "La llave de la organización.").local,
            valueName: Text(en: "key", es: "llave").local
        )
    )
    var publicKey: String

    @Option(
        help: ArgumentHelp(
            Text(en: "Its constituency.", es: "Su sector.").local,
            valueName: Text(en: "id", es: "id").local
        )
    )
    var constituency: String

    @Flag(
        help: Text(en: "Be against it (council seats).", es: "Oponerse (el consejo).").help
    )
    var against = false

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let statement = NominateStatement(
            head: desk.head(try desk.state()),
            key: try desk.keys.resolve(publicKey).key.bytes,
            constituency: constituency,
            voice: against ? .against : .for
        )
        return try desk.send(statement, with: desk.keys.choose(keys.key), output: keys.output)
    }
}

/// `resguardo registry verifier suspend`.
struct RegistryVerifierSuspendCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: Text(
            en: "Interrupt a verifier for up to 30 days; most of the council signs.",
            es: "Interrumpir a un verificador hasta 30 días; firma más de la mitad del consejo."
        ).local,
        discussion: Text(
            en: """
                It signs nothing in the open meanwhile. What it vouched before counts on, and \
                nobody can tell its sealed vouches.
                """,
            es: """
                Mientras tanto no firma nada en abierto. Lo que avaló antes sigue contando, y \
                nadie distingue sus avales sellados.
                """
        ).local
    )

    @Argument(help: VerifierArgument.help)
    var verifier: String

    @Option(help: Text(en: "Why.", es: "Por qué.").help)
    var reason: RegistryReason

    @Option(help: Text(en: "Days, at most 30.", es: "Días, máximo 30.").help)
    var days: Int64 = 30

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let head = desk.head(state)
        let statement = SuspendVerifierStatement(
            head: head,
            verifier: try VerifierArgument.find(verifier, in: state).bytes,
            until: head.date + min(max(days, 1), 1000) * RegistryHead.daySeconds,
            reason: reason
        )
        return try desk.send(statement, with: desk.keys.choose(keys.key), output: keys.output)
    }
}

/// A verifier as people write it.
enum VerifierArgument {
    static let help = ArgumentHelp(
        Text(
            en: "The verifier's id, or the beginning of it.",
            es: "Identificador del verificador, o su comienzo."
        ).local,
        valueName: Text(en: "verifier", es: "verificador").local
    )

    static func find(_ text: String, in state: RegistryState) throws -> RegistryID {
        let found = state.verifiers.keys.filter { $0.hex.hasPrefix(text) }
        guard let id = found.first, found.count == 1 else {
            throw RegistryFailure.refused(.unknownVerifier)
        }
        return id
    }
}
