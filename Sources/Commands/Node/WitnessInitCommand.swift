// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Storage
import TransparencyLog

/// Where a witness keeps its key and its memory, below the home.
struct WitnessHome {
    let directory: String

    init(_ context: Context) {
        directory = context.home + "/witness"
    }

    /// The signing key.
    var key: String { directory + "/key" }
    /// What WitnessStore keeps.
    var state: String { directory + "/state" }

    /// Reads the key.
    ///
    /// - Throws: `.notAllowed` where there is no witness.
    func cosigner() throws -> Cosigner {
        do {
            return try Cosigner(parsing: try PlumbingLogFiles.secret(key))
        } catch FileSystemError.notFound {
            throw Failure(
                .notAllowed,
                Text(
                    en: "there is no witness in \(directory)",
                    es: "no hay ningún testigo en \(directory)"
                ),
                hint: Text(
                    en: "make one with: resguardo witness init NAME",
                    es: "créelo con: resguardo witness init NOMBRE"
                )
            )
        }
    }
}

/// `resguardo witness init`: makes the key of a witness.
struct WitnessInitCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: Text(
            en: "Make the key of a witness; prints what others put into their policies.",
            es: "Crear la clave de un testigo; escribe lo que otros ponen en sus políticas."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(
            en: "Name of the witness: its URL without scheme, for example.",
            es: "Nombre del testigo: su URL sin esquema, por ejemplo."
        ).help
    )
    var name: String

    func run(in context: Context) throws -> Outcome {
        let witness = WitnessHome(context)
        let key = SignerKey(name: try KeyName(name), seed: SecretBytes(random: Ed25519.keyCount))
        try LocalFileSystem().make(BytePath(witness.directory))
        var text = key.encoded().reveal() + [UInt8(ascii: "\n")]
        defer { wipe(&text) }
        do {
            let file = try LocalFileSystem().create(witness.key, replacing: false)
            try file.write(text)
            try file.sync()
            try file.close()
        } catch FileSystemError.exists {
            throw Failure(
                .notAllowed,
                Text(
                    en: "there is a witness in \(witness.directory) already",
                    es: "ya hay un testigo en \(witness.directory)"
                )
            )
        }
        try LocalFileSystem().syncDirectory(witness.directory)
        let verifier = try witness.cosigner().verifier
        return Outcome(
            json: ["witnessKey": .string(verifier.encoded)],
            lines: [verifier.encoded]
        )
    }
}
