// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Storage
import TransparencyLog

/// `resguardo plumbing log keygen`: a key for a log or a witness.
struct PlumbingLogKeygenCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: Text(
            en: "Make a signing key for a log or a witness.",
            es: "Crear una clave de firma para un registro o un testigo."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(
            en: "Name of the log or witness: its URL without scheme, for example.",
            es: "Nombre del registro o testigo: su URL sin esquema, por ejemplo."
        ).help
    )
    var name: String

    @Argument(
        help: Text(
            en: "Write the key to this file, which must not exist.",
            es: "Escribir la clave en este archivo, que no debe existir."
        ).help,
        completion: .file()
    )
    var output: String

    func run(in context: Context) throws -> Outcome {
        let key = SignerKey(name: try KeyName(name), seed: SecretBytes(random: Ed25519.keyCount))
        let file = try LocalFileSystem().create(output, replacing: false)
        var text = key.encoded().reveal() + [UInt8(ascii: "\n")]
        defer { wipe(&text) }
        try file.write(text)
        try file.sync()
        try file.close()
        let publicKey = try key.secretKey().publicKey
        let log = NoteVerifier(name: key.name, algorithm: .ed25519, publicKey: publicKey)
        let witness = NoteVerifier(name: key.name, algorithm: .cosignature, publicKey: publicKey)
        return Outcome(
            json: ["logKey": .string(log.encoded), "witnessKey": .string(witness.encoded)],
            lines: ["log \(log.encoded)", "witness \(witness.encoded)"]
        )
    }
}
