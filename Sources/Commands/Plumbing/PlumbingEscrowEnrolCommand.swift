// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Escrow

/// `resguardo plumbing escrow enrol`: a trustee's key with its proof of possession.
struct PlumbingEscrowEnrolCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol",
        abstract: Text(
            en: "Make a trustee's key for one scope, and prove its possession.",
            es: "Crear la clave de un fiduciario para un ámbito y probar que la posee."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var target: PlumbingOutput
    @OptionGroup var random: PlumbingEntropy

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The file of the secret key; made if it does not exist.",
                es: "El archivo de la clave secreta; se crea si no existe."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var key: String

    @Argument(
        help: Text(
            en: "The scope: logs, switch, owner and epoch (JSON).",
            es: "El ámbito: registros, interruptor, dueño y época (JSON)."
        ).help,
        completion: .file()
    )
    var scope: String

    func run(in context: Context) throws -> Outcome {
        let scope = try EscrowScope(parsing: PlumbingEscrowFiles.text(scope))
        let entropy = try PlumbingEscrowFiles.entropy(random.entropy)
        let secret = try loadOrMake()
        let enrolment = secret.enrolment(in: scope, entropy: entropy)
        return try PlumbingFiles.outcome(of: enrolment.json, output: target.output)
    }

    private func loadOrMake() throws -> TrusteeSecret {
        guard PlumbingFiles.exists(key) else {
            let secret = TrusteeSecret()
            try PlumbingFiles.writeSecret(secret.text(), to: key)
            return secret
        }
        return try TrusteeSecret(text: PlumbingAgeFiles.secret(key))
    }
}
