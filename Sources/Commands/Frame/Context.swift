// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
import Glibc
package import Sodium

/// What a command works with: everything of the outside that it may touch.
package struct Context: Sendable {
    /// The directory that holds the keyring, the log and the objects.
    ///
    /// It may not exist yet.
    package let home: String
    /// Where messages go.
    package let console: Console
    /// The language of messages.
    package let language: Language
    /// Set by `--demo`: weak parameters, moved clocks and example keys are accepted.
    package let isDemo: Bool
    /// The shared directory given with `--exchange`.
    package let exchange: String?
    /// The moment given with `--as-of`.
    package let asOf: Timestamp?
    /// Whether the person agrees beforehand to what is signed: `--yes`.
    let agreesBeforehand: Bool
    /// How nodes are reached, by commands that do.
    let route: RouteOptions?
    /// What was given with `--passphrase-file`.
    private let passphraseFile: String?

    /// Whether a passphrase is at hand without asking anybody.
    var hasPassphraseFile: Bool { passphraseFile != nil }

    /// The time to act at, in seconds since 1970: `--as-of` where it is allowed, or the clock.
    ///
    /// A clock before 1970 or after the year 9999 has no place in a statement, and must not keep
    /// anybody from depositing: it counts as the nearest time that has.
    package var now: Int64 { asOf?.seconds ?? min(max(Int64(time(nil)), 0), Self.secondsMax) }
    private static let secondsMax: Int64 = 253_402_300_799

    /// The passphrase of the person at the keyboard, or of `--passphrase-file`.
    ///
    /// - Parameters:
    ///   - confirm: Ask twice; for a passphrase that is being chosen.
    ///   - prompt: What to ask for; “Passphrase” by default.
    /// - Returns: At least one byte.
    /// - Throws: `.usage` when there is neither a terminal nor a file; `.failed` when the file
    ///   cannot be read, or when the two answers differ.
    package func passphrase(confirm: Bool, prompt: Text? = nil) throws -> SecretBytes {
        if let passphraseFile { return try PassphrasePrompt.read(file: passphraseFile) }
        let question = prompt ?? Text(en: "Passphrase", es: "Contraseña")
        let answer = try PassphrasePrompt.ask(question[language])
        guard confirm else { return answer }
        let again = Text(en: "Once more, to be sure", es: "Otra vez, para confirmar")
        guard try PassphrasePrompt.ask(again[language]).constantTimeEquals(answer) else {
            throw Failure(
                .failed,
                Text(en: "the two passphrases differ", es: "las dos contraseñas no coinciden")
            )
        }
        return answer
    }

    /// The directory of `--exchange`, for commands that cannot do without it.
    package func requireExchange() throws -> String {
        if let exchange { return exchange }
        throw Failure(
            .usage,
            Text(
                en: "there is no place to trade statements",
                es: "falta un lugar para intercambiar declaraciones"
            ),
            hint: Text(en: "give --exchange DIR", es: "indique --exchange DIRECTORIO")
        )
    }
}

extension Context {
    /// The context of one command, made from the options that it takes.
    init(of command: any ResguardoCommand, console: Console) throws {
        let time = (command as? any UsesTime)?.time
        if time?.asOf != nil, time?.demo == false, !(command is any ReadsAsOf) {
            throw Failure(
                .usage,
                Text(
                    en: "--as-of would move the clock of a command that signs",
                    es: "--as-of movería el reloj de una orden que firma"
                ),
                hint: Text(
                    en: "moved clocks are for trying things out: add --demo",
                    es: "mover el reloj es solo para probar: agregue --demo"
                )
            )
        }
        if command is any WorksWithoutHome {
            // Whatever it is, nobody looks there.
            home = (try? HomeDirectory.path(option: command.global.home)) ?? ""
        } else {
            home = try HomeDirectory.path(option: command.global.home)
        }
        self.console = console
        language = .current
        isDemo = time?.demo ?? false
        asOf = time?.asOf
        exchange = (command as? any UsesExchange)?.exchange.exchange
        route = (command as? any UsesNodes)?.route
        agreesBeforehand = (command as? any AsksConsent)?.consent.yes ?? false
        passphraseFile = (command as? any UsesPassphrase)?.passphrase.passphraseFile
    }
}
