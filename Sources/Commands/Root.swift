// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `resguardo`: all commands, grouped by what a person does with them.
///
/// **How to add a command.**
/// 1. In `Sources/Commands/<Group>/<Verb>Command.swift` write a struct that conforms to
///    ``ResguardoCommand``: a `static let configuration` with `commandName` and `abstract`, an
///    `@OptionGroup var global: GlobalOptions`, arguments whose help is `Text(en: …, es: …).help`,
///    and `func run(in context: Context) throws -> Outcome`.
/// 2. If it needs a passphrase, the time or the exchange directory, conform to ``UsesPassphrase``,
///    ``UsesTime`` (``ReadsAsOf`` if it signs nothing) or ``UsesExchange`` as well, with that
///    option group; the context then honours the options.
/// 3. Add it to its group's `subcommands`, and a new group to the list below.
/// 4. Throw a ``Failure``, or conform the lower layer's error to ``DescribedFailure`` in
///    `<Group>/<Group>Failures.swift`.
///
/// Help in two languages, exit codes, `--json`, completions and the manual follow by themselves;
/// `Tests/CommandsTests` walks all commands and holds them to that.
struct Root: ParsableCommand {
    /// The version of this source tree.
    static let version = "0.1.0"
    /// When it was released, as mdoc writes dates.
    static let date = "November 21, 2026"

    static let configuration = CommandConfiguration(
        commandName: "resguardo",
        abstract: Text(
            en: "Evidence that outlives its author.",
            es: "Evidencia que sobrevive a su autor."
        ).local,
        discussion: Text(
            en: """
                Keeps evidence that nobody who stores it can read, releases it when its author is \
                silenced, and lets sources be trusted without being named.

                Exit codes: 0 done, 1 failed, 2 wrong usage, 3 does not verify, 4 not allowed in \
                this state, 5 server out of reach, 6 local store damaged, 7 wrong passphrase.
                """,
            es: """
                Guarda evidencia que nadie que la almacene puede leer, la libera cuando callan a \
                su autor, y permite confiar en fuentes sin nombrarlas.

                Códigos de salida: 0 hecho, 1 falló, 2 uso incorrecto, 3 no se verifica, 4 no \
                permitido en este estado, 5 servidor fuera de alcance, 6 almacén local dañado, \
                7 contraseña incorrecta.
                """
        ).local,
        version: version,
        // Add your command or group to the list under what the person is doing.
        groupedSubcommands: [
            CommandGroup(
                name: Text(en: "Keep evidence", es: "Guardar evidencia").local,
                subcommands: [
                    InitCommand.self, PassphraseCommand.self, WipeCommand.self, CaseCommand.self,
                    DepositCommand.self, ListCommand.self, GetCommand.self, VerifyCommand.self,
                    ReceiptCommand.self, DiscloseCommand.self, BagCommand.self, RemoteCommand.self,
                    SyncCommand.self, ReplicaCommand.self, InviteCommand.self,
                ]
            ),
            CommandGroup(
                name: Text(
                    en: "Have it released when you cannot",
                    es: "Que se libere cuando usted no pueda"
                ).local,
                subcommands: [
                    SwitchCommand.self, TrusteeCommand.self, SuccessorCommand.self,
                    RecoverCommand.self,
                ]
            ),
            CommandGroup(
                name: Text(
                    en: "Vouch for sources, name networks",
                    es: "Avalar fuentes, señalar redes"
                ).local,
                subcommands: [RegistryCommand.self]
            ),
            CommandGroup(
                name: Text(en: "Serve and watch logs", es: "Servir y vigilar registros").local,
                subcommands: [ServeCommand.self, WitnessCommand.self, LogCommand.self]
            ),
            CommandGroup(
                name: Text(en: "Study feeds", es: "Estudiar publicaciones").local,
                subcommands: [FeedCommand.self]
            ),
            CommandGroup(
                name: Text(en: "See it all, at once", es: "Verlo todo, de una vez").local,
                subcommands: [DemoCommand.self]
            ),
            CommandGroup(
                name: Text(en: "For programs", es: "Para programas").local,
                subcommands: [PlumbingCommand.self]
            ),
        ]
    )

    @OptionGroup var global: GlobalOptions
}
