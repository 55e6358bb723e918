// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Sodium
import Statements
import Vrf

/// `resguardo registry beacon`: gives randomness for panels.
///
/// Spec: `docs/spec/sortition.md`, sections 2 and 3.
struct RegistryBeaconCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "beacon",
        abstract: Text(
            en: "Give the randomness from which panels are drawn.",
            es: "Dar el azar con que se sortean los paneles."
        ).local,
        subcommands: [RegistryBeaconKeyCommand.self, RegistryBeaconSpeakCommand.self]
    )
}

/// `resguardo registry beacon key`.
struct RegistryBeaconKeyCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: Text(
            en: "What the charter says of a holder: the key, and that of its function.",
            es: "Lo que la carta dice de quien participa: la llave y la de su función."
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(en: "Name of the key in this home.", es: "Nombre de la llave.").local,
            valueName: Text(en: "name", es: "nombre").local
        )
    )
    var name: String

    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let key = Hex.encode(try desk.keys.publicKey(name).key.bytes)
        let function = Hex.encode(try desk.beaconKey(name).publicKey.bytes)
        return Outcome(
            json: ["function": .string(function), "key": .string(key)],
            lines: ["\(key):\(function)"]
        )
    }
}

/// `resguardo registry beacon speak`.
struct RegistryBeaconSpeakCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "speak",
        abstract: Text(
            en: "Speak for all days that wait for it; daily, from cron.",
            es: "Hablar por todos los días que lo esperan; a diario, desde cron."
        ).local,
        discussion: Text(
            en: """
                Panels are drawn when all holders have spoken for a day, or two days after the \
                first could. Who is silent until then is named in the registry.
                """,
            es: """
                Los paneles se sortean cuando todos han hablado por un día, o dos días después \
                de que se pudo. Quien calla hasta entonces queda nombrado en el registro.
                """
        ).local
    )

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let names = try desk.keys.choose(keys.key)
        _ = try desk.onlyKey(names)
        let key = try desk.beaconKey(names[0])
        let holder = RegistryID(key.publicKey.bytes)
        var days: [JSONValue] = []
        var lines: [String] = []
        for day in state.panels.days(awaiting: holder) {
            let proof: VrfProof
            do {
                proof = try key.prove(PanelSeed.input(context: state.context, day: day))
            } catch {
                preconditionFailure("the input of a day is short")
            }
            let statement = BeaconStatement(
                head: desk.head(state),
                day: day,
                holder: holder.bytes,
                proof: proof.bytes
            )
            let envelope = try desk.sign(statement, with: names)
            days.append(.integer(day))
            lines += try desk.outcome(envelope, desk.submit(envelope, output: keys.output)).lines
        }
        if days.isEmpty {
            lines = [
                Text(en: "no day waits for you", es: "ningún día le espera")[context.language]
            ]
        }
        return Outcome(json: ["days": .array(days)], lines: lines)
    }
}

extension RegistryDesk {
    /// The function that goes with a key.
    fileprivate func beaconKey(_ name: String) throws -> VrfKey {
        let seed = try withPassphrase { try keys.seed(name, passphrase: $0) }
        return try VrfKey(seed: seed)
    }
}
