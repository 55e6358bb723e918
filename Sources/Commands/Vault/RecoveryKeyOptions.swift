// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Sodium
import Storage
import Vault

/// Where a recovery key comes from.
struct RecoveryKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "Read the recovery key from this file, “-” for standard input.",
                es: "Leer la llave de recuperación de este archivo, «-» para la entrada."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var recoveryKeyFile: String?
}

extension Context {
    /// The recovery key that was given, or asked for on the terminal.
    ///
    /// What is copied from paper comes with spaces, and over several lines: on a terminal, lines
    /// are taken until there are enough characters, or an empty one ends the key.
    func recoveryKey(_ options: RecoveryKeyOptions) throws -> SecretBytes {
        if let path = options.recoveryKeyFile {
            let countMax = RecoveryKeyText.byteCountMax
            var bytes: [UInt8]
            if path == "-" {
                bytes = try OpenedFile.standardInput().read(countMax)
            } else {
                bytes = try Directory.contents(of: BytePath(path), countMax: countMax)
            }
            return RecoveryKeyText.tidied(SecretBytes(wiping: &bytes))
        }
        var question = Text(en: "Recovery key", es: "Llave de recuperación")
        var typed: [UInt8] = []
        typed.reserveCapacity(RecoveryKeyText.byteCountMax)
        defer { wipe(&typed) }
        while typed.count < RecoveryKeyText.characterCount {
            let hint = Text(
                en: "give --recovery-key-file FILE",
                es: "indique --recovery-key-file ARCHIVO"
            )
            guard let line = try PassphrasePrompt.askOptional(question[language], hint: hint) else {
                break
            }
            var characters = RecoveryKeyText.tidied(line).reveal()
            typed += characters
            wipe(&characters)
            question = Text(en: "The rest of it", es: "El resto")
        }
        return SecretBytes(copying: typed)
    }

    /// Asks twice for a passphrase that is being chosen.
    ///
    /// - Returns: Nil for an empty answer, if that is allowed.
    func chosenPassphrase(_ question: Text, mayBeEmpty: Bool) throws -> SecretBytes? {
        guard let answer = try PassphrasePrompt.askOptional(question[language]) else {
            if mayBeEmpty { return nil }
            throw VaultError.invalidPassphrase
        }
        let again = Text(en: "Once more, to be sure", es: "Otra vez, para confirmar")
        guard try PassphrasePrompt.ask(again[language]).constantTimeEquals(answer) else {
            throw Failure(
                .failed,
                Text(en: "the two passphrases differ", es: "las dos contraseñas no coinciden")
            )
        }
        return answer
    }
}
