// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import Encodings
import Sodium
import Statements
import Storage

/// `resguardo successor init`.
struct SuccessorInitCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: Text(
            en: "Make the key that will open what is released to you, and a card to hand out.",
            es: "Crear la llave que abrirá lo que se le libere, y una tarjeta que repartir."
        ).local,
        discussion: Text(
            en: """
                Writes successor.key, an age identity file that age itself can read, sealed with \
                your passphrase as “age -p” does it; and successor.card, for the owners who name \
                you.
                """,
            es: """
                Escribe successor.key, un archivo de identidad que el propio age lee, sellado \
                con su contraseña como lo hace «age -p»; y successor.card, para quienes le nombren.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    @Option(
        help: Text(
            en: "Where you can be compelled: two letters, MX or US for example.",
            es: "Dónde pueden obligarle: dos letras, por ejemplo MX o US."
        ).help
    )
    var jurisdiction: String

    @Option(
        help: Text(
            en: "Directory for the two files (default: here).",
            es: "Directorio para los dos archivos (si falta: aquí)."
        ).help,
        completion: .directory
    )
    var output = "."

    @Flag(
        help: Text(
            en: "For classic cases: an X25519 key, not safe against quantum computers.",
            es: "Para casos clásicos: una llave X25519, no resiste computadoras cuánticas."
        ).help
    )
    var classic = false

    @Flag(
        help: Text(
            en: "Do not seal the key with a passphrase.",
            es: "No sellar la llave con una contraseña."
        ).help
    )
    var plain = false

    func run(in context: Context) throws -> Outcome {
        let country = try JurisdictionOption.read(jurisdiction)
        let (keyPath, cardPath) = (output + "/successor.key", output + "/successor.card")
        // Never replaced, not even with --force: what was sealed to it would be lost.
        try OutputFile.requireNew([keyPath, cardPath], force: false)
        let recipient: String
        let text: SecretBytes
        if classic {
            let identity = X25519Identity()
            recipient = identity.recipient.text
            text = identity.text()
        } else {
            let identity = HybridIdentity()
            recipient = identity.recipient.text
            text = identity.text()
        }
        let signer = try SuccessorSigner.key(of: text)
        let card = try SuccessorCard(
            recipient: recipient,
            signingKey: signer.publicKey,
            jurisdiction: country
        ).signed(by: signer)
        var key = Array("# public key: \(recipient)\n".utf8) + text.reveal() + [0x0a]
        defer { wipe(&key) }
        if !plain {
            let work = context.isDemo ? SuccessorKeyFile.demoLog2N : ScryptRecipient.log2NDefault
            let lock = ScryptRecipient(
                passphrase: try context.passphrase(confirm: true),
                log2N: work
            )
            key = try AgeEncryptor(recipients: [lock], armored: true).seal(key)
        }
        try LocalFileSystem().makeDirectory(output)
        try OutputFile.write(key, to: keyPath, force: false)
        try EnvelopeFile.write(card, to: cardPath, force: false)
        return Outcome(
            json: [
                "identity": .string(keyPath), "card": .string(cardPath),
                "recipient": .string(recipient), "fingerprint": .string(Fingerprint.text(card)),
            ],
            lines: [
                Text(en: "key: \(keyPath) (keep it)", es: "llave: \(keyPath) (guárdela)").local,
                Text(
                    en: "card: \(cardPath) (give it to owners)",
                    es: "tarjeta: \(cardPath) (désela a quienes le nombren)"
                ).local,
                Text(
                    en: "fingerprint of the card: \(Fingerprint.text(card))",
                    es: "huella de la tarjeta: \(Fingerprint.text(card))"
                ).local,
            ]
        )
    }
}

/// The key that signs a successor's receipts: derived, so that one file holds all.
enum SuccessorSigner {
    private static let label = "resguardo/successor-signing/v1"

    /// The signing key that belongs to an identity.
    static func key(of identity: borrowing SecretBytes) throws -> Ed25519.SecretKey {
        let seed = HKDFSHA256.derive(
            secret: identity,
            salt: [],
            info: Array(label.utf8),
            count: Ed25519.keyCount
        )
        return try Ed25519.SecretKey(seed: seed)
    }
}

/// A successor's identity file, sealed with a passphrase or plain.
enum SuccessorKeyFile {
    /// Cheap enough for a demonstration, and refused nowhere: the file is the person's own.
    static let demoLog2N = 10
    private static let countMax = 64 << 10
    private static let beginnings = ["age-encryption.org/", "-----BEGIN AGE"]

    /// Reads identities; asks for the passphrase of a sealed file.
    static func read(_ path: String, _ context: Context) throws -> [any AgeIdentity] {
        var bytes = try LocalFileSystem().read(path, countMax: countMax)
        defer { wipe(&bytes) }
        if beginnings.contains(where: { bytes.starts(with: $0.utf8) }) {
            let prompt = Text(
                en: "Passphrase of \(path)",
                es: "Contraseña de \(path)"
            )
            let lock = ScryptIdentity(
                passphrase: try context.passphrase(confirm: false, prompt: prompt)
            )
            do {
                bytes = try AgeDecryptor(identities: [lock]).open(bytes)
            } catch AgeError.noIdentityMatched {
                throw Failure(
                    .wrongPassphrase,
                    Text(en: "wrong passphrase", es: "contraseña incorrecta")
                )
            }
        }
        return try IdentityFile.identities(in: SecretBytes(copying: bytes))
    }
}
